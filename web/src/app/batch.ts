// Gathers the questions of one moment into few requests per kind, and shares out the answers.
import { postColumns } from '../api/client';
import type { Columns } from '../api/payload';
import type { Ask, Part } from '../api/ask';

/** A screenful is asked for in a few parts, so that the first charts are painted while the others travel. */
const MOST_PER_REQUEST = 8;

interface Waiting {
  question: object;
  signal: AbortSignal;
  resolve: (part: Part) => void;
  reject: (reason: unknown) => void;
}

interface ChartsHeader {
  charts: unknown[];
}

export type Post = (path: string, body: unknown, signal: AbortSignal) => Promise<Columns<ChartsHeader>>;
export type Soon = (run: () => void) => void;

/** How a kind's cards ask. `post` and `soon` are replaced in tests. Cards that appear together ask within
 * one task; waiting for the next frame would let the server rest while the page lays itself out. */
export function makeAsk(
  kind: string,
  post: Post = postColumns,
  soon: Soon = (run) => void setTimeout(run),
): Ask {
  const waiting = new Map<string, Waiting[]>();

  const send = (query: string): void => {
    const asked = (waiting.get(query) ?? []).filter(({ signal }) => !signal.aborted);
    waiting.delete(query);
    for (let i = 0; i < asked.length; i += MOST_PER_REQUEST) {
      void exchange(`${kind}/${query}`, asked.slice(i, i + MOST_PER_REQUEST), post);
    }
  };

  return (query, question, signal) =>
    new Promise<Part>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      const queue = waiting.get(query);
      const entry: Waiting = { question, signal, resolve, reject };
      if (queue) {
        queue.push(entry);
        return;
      }
      waiting.set(query, [entry]);
      soon(() => send(query));
    });
}

async function exchange(path: string, asked: Waiting[], post: Post): Promise<void> {
  const controller = new AbortController();
  const abortWhenUnwanted = (): void => {
    if (asked.every(({ signal }) => signal.aborted)) controller.abort();
  };
  for (const { signal } of asked) signal.addEventListener('abort', abortWhenUnwanted, { once: true });
  try {
    const body = { charts: asked.map(({ question }) => question) };
    const { header, columns } = await post(path, body, controller.signal);
    if (header.charts.length !== asked.length) {
      throw new Error(`${path}: got ${header.charts.length} charts, want ${asked.length}`);
    }
    asked.forEach(({ resolve }, i) => resolve({ chart: header.charts[i], columns }));
  } catch (error) {
    for (const { reject } of asked) reject(error);
  }
}
