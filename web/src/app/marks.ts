// Keeps the marks of the ticked runs up to date, where there are any.
import { isAbort } from '../api/client';
import { marks } from '../state/marks.svelte';
import { readMarks } from '../ui/flags';
import { makeAsk } from './batch';
import { session } from './session.svelte';

const ask = makeAsk('mark');

/** Asks for the marks of these runs now and when they change; returns how to stop. */
export function followMarks(runs: readonly string[]): () => void {
  const controller = new AbortController();
  const load = async (): Promise<void> => {
    try {
      marks.byRun = readMarks(await ask('data', { runs }, controller.signal)).byRun;
    } catch (error) {
      // The charts are right without flags; the connection's own sign tells that the server is away.
      if (!isAbort(error)) marks.byRun = new Map();
    }
  };
  if (runs.length > 0) void load();
  else marks.byRun = new Map();
  const stop = session.onChange((changed) => {
    if (runs.length > 0 && (changed === 'all' || runs.some((run) => changed.has(run)))) void load();
  });
  return () => {
    stop();
    controller.abort();
  };
}
