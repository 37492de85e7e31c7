// Which tags the regular expressions of a chart find. They come from logs, so they are tried where they can be stopped.

/** Per expression the tags that it finds, in their order; null for one that is none. */
export type Found = (string[] | null)[];

/** Finds tags from their beginning on, as TensorBoard does; Python's spelling of groups, ends and flags is understood. */
export function findTags(expressions: readonly string[], tags: readonly string[]): Found {
  return expressions.map((expression) => {
    const compiled = compile(expression);
    return compiled && tags.filter((tag) => compiled.test(tag));
  });
}

function compile(expression: string): RegExp | null {
  const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?([^]*)$/.exec(expression) ?? [];
  const ours = rest
    .replace(/\(\?P</g, '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '^')
    .replace(/\\Z/g, '$');
  try {
    return new RegExp(`^(?:${ours})`, flags);
  } catch {
    return null;
  }
}

/** An expression may take for ever; then it is given up after this long. */
const PATIENCE_MS = 1000;

/** As `findTags`, in a worker; rejects when that takes too long. */
export function findTagsApart(expressions: readonly string[], tags: readonly string[]): Promise<Found> {
  return new Promise((found, failed) => {
    const worker = new Worker(new URL('./match.worker.ts', import.meta.url), { type: 'module' });
    const end = (): void => {
      clearTimeout(timer);
      worker.terminate();
    };
    // The time runs from when the worker says that it is there.
    let timer: ReturnType<typeof setTimeout> | undefined;
    worker.onmessage = ({ data }: MessageEvent<Found | 'ready'>) => {
      if (data === 'ready') {
        timer = setTimeout(() => (end(), failed(new Error('slow'))), PATIENCE_MS);
        worker.postMessage([expressions, tags]);
      } else {
        end();
        found(data);
      }
    };
    worker.onerror = (event) => (end(), failed(new Error(event.message)));
  });
}
