// The layout engine in its worker; ended and begun anew when nobody waits for what it is at.
import ELK, { type ELK as Engine, type ElkNode } from 'elkjs/lib/elk-api.js';
import workerUrl from 'elkjs/lib/elk-worker.min.js?url';

let engine: Engine | null = null;

export async function layered(graph: ElkNode, signal: AbortSignal): Promise<ElkNode> {
  signal.throwIfAborted();
  engine ??= new ELK({ workerFactory: () => new Worker(workerUrl) });
  const mine = engine;
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => {
      // A layout cannot be interrupted: only the end of its worker ends it.
      mine.terminateWorker();
      if (engine === mine) engine = null;
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([mine.layout(graph), stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
