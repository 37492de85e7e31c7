// t-SNE and UMAP, which the server computes in a process of its own: how far they are, and their pictures.
import { postColumns, postJson } from '../../api/client';
import type { Column } from '../../api/payload';
import type { MethodName, Settings } from './look';
import type { Which } from './questions';

const REST_MS = 250;

/** `ended` was cancelled, or never begun. */
export type ReductionState = 'waiting' | 'running' | 'done' | 'failed' | 'ended';

export interface Progress {
  state: ReductionState;
  stage: string;
  /** From 0 to 1. */
  part: number;
  error: string;
  /** How many points take part. */
  sampled: number;
  /** A newer picture; null where there is none. */
  axes: Column[] | null;
}

interface Wanted {
  method: MethodName;
  dimensions: number;
  settings: Settings;
  spherise: boolean;
}

interface Header {
  state: ReductionState;
  stage?: string;
  progress?: number;
  error?: string;
  sampled?: number;
  frame?: number;
  places?: number[];
}

/** How far a reduction is, again and again until it is over; `start` begins it where it is not known yet. */
export async function* reduced(
  which: Which,
  wanted: Wanted,
  start: boolean,
  signal: AbortSignal,
): AsyncGenerator<Progress> {
  const question = questionOf(which, wanted);
  let frame = 0;
  for (let begin = start; ; begin = false) {
    const { header, columns } = await postColumns<Header>(
      'embedding/reduce',
      { ...question, start: begin, frame },
      signal,
    );
    frame = header.frame ?? frame;
    yield {
      state: header.state,
      stage: header.stage ?? '',
      part: header.progress ?? 0,
      error: header.error ?? '',
      sampled: header.sampled ?? 0,
      axes: header.places?.map((at) => columns[at]) ?? null,
    };
    if (header.state !== 'waiting' && header.state !== 'running') return;
    await rested(signal);
  }
}

export async function cancelReduction(which: Which, wanted: Wanted, signal: AbortSignal): Promise<void> {
  await postJson('embedding/cancel', questionOf(which, wanted), signal);
}

function questionOf(which: Which, { method, dimensions, settings, spherise }: Wanted): object {
  const { perplexity, iterations, neighbours, min_dist, sample } = settings;
  const own = method === 'tsne' ? { perplexity, iterations } : { neighbours, min_dist };
  return { ...which, method, dimensions, spherise, sample, ...own };
}

function rested(signal: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const stop = (): void => {
      clearTimeout(timer);
      failed(new DOMException('', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      done();
    }, REST_MS);
    signal.addEventListener('abort', stop, { once: true });
  });
}
