// Files of the user's own, which the server keeps for a while; they stand in the lists beside what was logged.
import { sendBytes } from '../../api/client';
import type { Which } from './questions';

interface Upload {
  key: string;
  name: string;
}

/** Begins the name under which an upload stands in the list of runs; no folder can be called so. */
const MARK = '\0';

class Uploads {
  all = $state.raw<readonly Upload[]>([]);

  /** Sends a matrix and, if there is one, the file of its labels; `shape` is needed for raw numbers. */
  async send(tensors: File, labels: File | null, shape: readonly [number, number] | null): Promise<Upload> {
    const [rows, columns] = shape ?? [];
    const more: Record<string, string> =
      rows === undefined ? {} : { rows: String(rows), columns: String(columns) };
    const { upload } = await post<{ upload: string }>('upload', { name: tensors.name, ...more }, tensors);
    if (labels) await post('upload_labels', { upload }, labels);
    const sent = { key: upload, name: tensors.name };
    this.all = [...this.all, sent];
    return sent;
  }

  tags(logged: readonly string[]): readonly string[] {
    return this.all.length === 0 ? logged : [...new Set([...logged, ...this.all.map(({ name }) => name)])];
  }

  runsOf(tag: string, logged: readonly string[]): readonly string[] {
    return [...logged, ...this.all.filter(({ name }) => name === tag).map(({ key }) => MARK + key)];
  }
}

export const uploads = new Uploads();

export function runOf({ key }: Upload): string {
  return MARK + key;
}

/** The key of an upload that stands in the list of runs; null for a run. */
export function keyOf(run: string): string | null {
  return run.startsWith(MARK) ? run.slice(MARK.length) : null;
}

export function whichOf(run: string, tag: string): Which {
  const upload = keyOf(run);
  return upload === null ? { run, tag } : { run, tag, upload };
}

async function post<Answer>(path: string, query: Record<string, string>, body: File): Promise<Answer> {
  const response = await sendBytes(`embedding/${path}?${new URLSearchParams(query).toString()}`, body);
  return (await response.json()) as Answer;
}
