// Has the server find the runs that the query asks for: when it is typed, and again while runs grow.
import { isAbort, postJson, reasonOf } from '../api/client';
import { selection } from '../state/selection.svelte';
import type { Mistake } from '../state/runQuery';
import { session } from './session.svelte';

interface Answer {
  runs: string[];
  error: Mistake | null;
}

/** A query is asked when the typing rests, and of runs that grow this often at most. */
const REST_MS = 150;
const AGAIN_MS = 1000;

/** Called once, while the page is made. */
export function followQuery(): void {
  let isFirst = true;
  $effect(() => {
    const query = selection.runQuery;
    if (!query) return;
    const controller = new AbortController();
    let timer = setTimeout(() => void ask(query, controller.signal), isFirst ? 0 : REST_MS);
    isFirst = false;
    let isWaiting = false;
    const stop = session.onChange(() => {
      if (isWaiting) return;
      isWaiting = true;
      timer = setTimeout(() => {
        isWaiting = false;
        void ask(query, controller.signal);
      }, AGAIN_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
      controller.abort();
    };
  });
}

async function ask(query: string, signal: AbortSignal): Promise<void> {
  try {
    const { runs, error } = await postJson<Answer>('runs/select', { query }, signal);
    if (!signal.aborted) selection.take(new Set(runs), error);
  } catch (error) {
    if (isAbort(error) || signal.aborted) return;
    const detail = reasonOf(error);
    selection.take(null, { code: 'failed', start: 0, end: 0, detail });
  }
}
