// Loads of one thing, of which no two run at once.

/**
 * What changes while an answer is on its way may not be in it: calls meanwhile are one more load, after it. The promise
 * ends when nothing is left to load; once `signal` aborts, nothing more is.
 */
export function oneAtATime(load: () => Promise<void>, signal?: AbortSignal): () => Promise<void> {
  let running: Promise<void> | null = null;
  let stale = false;
  const run = async (): Promise<void> => {
    try {
      while (stale && !signal?.aborted) {
        stale = false;
        await load();
      }
    } finally {
      running = null;
    }
  };
  return () => {
    stale = true;
    return (running ??= run());
  };
}
