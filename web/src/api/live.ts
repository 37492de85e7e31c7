// Listens to the server's events, and keeps trying when the connection is lost.
import { apiUrl } from './client';
import type { ChangeEvent, HelloEvent, ProgressEvent } from './types';

export type Connection = 'connecting' | 'connected' | 'reconnecting';

export interface LiveHandlers {
  hello(event: HelloEvent): void;
  change(event: ChangeEvent): void;
  progress(event: ProgressEvent): void;
  connection(state: Connection): void;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 8000;

/** Opens the stream while the page can be seen; the returned function closes it for good. */
export function listen(handlers: LiveHandlers): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;

  const close = (): void => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const open = (): void => {
    close();
    source = new EventSource(apiUrl('live'));
    source.addEventListener('hello', (event) => {
      retryMs = FIRST_RETRY_MS;
      handlers.connection('connected');
      handlers.hello(JSON.parse(event.data) as HelloEvent);
    });
    source.addEventListener('change', (event) => handlers.change(JSON.parse(event.data) as ChangeEvent));
    source.addEventListener('progress', (event) =>
      handlers.progress(JSON.parse(event.data) as ProgressEvent),
    );
    // The browser retries by itself only after a clean break; one rule of our own covers every case.
    source.addEventListener('error', () => {
      close();
      handlers.connection('reconnecting');
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
    });
  };
  // A browser allows six connections to one server: tabs that nobody looks at must not hold them all.
  const follow = (): void => (document.hidden ? close() : open());

  handlers.connection('connecting');
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close();
  };
}
