// Asks the server: relative URLs, abortable, and errors that carry the server's own words.
import { decodeColumns, type Columns } from './payload';
import type { RunsAnswer } from './types';

/** The server answered, but with an error; `status` 0 means that it did not answer at all. */
export class ServerError extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = 'ServerError';
  }
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** What went wrong, in words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function apiUrl(path: string): URL {
  return new URL(path, new URL('api/', document.baseURI));
}

export async function fetchRuns(signal?: AbortSignal): Promise<RunsAnswer> {
  // The server has it revalidated each time, so an unchanged answer costs a 304. The first is in flight since the HTML
  // named it, and is taken only by a request that is exactly like that one.
  const response = await ask('runs', { signal });
  return (await response.json()) as RunsAnswer;
}

export async function postColumns<Header>(
  path: string,
  question: unknown,
  signal?: AbortSignal,
): Promise<Columns<Header>> {
  const response = await post(path, question, signal);
  return decodeColumns<Header>(await response.arrayBuffer());
}

export async function postJson<Answer>(
  path: string,
  question: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  return (await (await post(path, question, signal)).json()) as Answer;
}

function post(path: string, question: unknown, signal?: AbortSignal): Promise<Response> {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(question),
    signal,
  });
}

/** Hands a file to the server, which answers and keeps nothing of it. */
export async function postBytes<Header>(
  path: string,
  body: Blob,
  signal?: AbortSignal,
): Promise<Columns<Header>> {
  return decodeColumns<Header>(await (await sendBytes(path, body, signal)).arrayBuffer());
}

/** Hands a file to the server. */
export function sendBytes(path: string, body: Blob, signal?: AbortSignal): Promise<Response> {
  const headers = { 'Content-Type': 'application/octet-stream' };
  return ask(path, { method: 'POST', headers, body, signal });
}

/** The columns behind a URL that names what it means for ever (see `entryUrl`). */
export async function fetchColumns<Header>(url: string, signal: AbortSignal): Promise<Columns<Header>> {
  return decodeColumns<Header>(await (await ask(url, { signal })).arrayBuffer());
}

/** `path` is below `api/`, or a whole URL. */
export async function ask(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(apiUrl(path), init);
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ServerError(reasonOf(error), 0);
  }
  if (!response.ok) throw new ServerError(await reason(response), response.status);
  return response;
}

async function reason(response: Response): Promise<string> {
  const fallback = `HTTP ${response.status} ${response.statusText}`.trim();
  try {
    const body = (await response.json()) as { error?: unknown };
    return typeof body.error === 'string' ? body.error : fallback;
  } catch {
    return fallback;
  }
}
