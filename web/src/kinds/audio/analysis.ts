// Fetches a sound and has it looked at by the worker; what came out is kept for a second look.
import type { Spectrogram } from './spectrum';
import type { Samples } from './wav';
import type { Done, Job } from './worker';

/** What is drawn of a sound. */
export interface Drawn {
  sampleRate: number;
  seconds: number;
  /** Of each channel, least and greatest sample of each column. */
  peaks: Float32Array[];
  spectrogram: Spectrogram;
}

/** Larger files are played, but not drawn: their samples would fill the browser's memory. */
export const MOST_BYTES = 64 << 20;
const MOST_KEPT = 100;

const kept = new Map<string, Promise<Drawn>>();
const waiting = new Map<number, (done: Done) => void>();
let worker: Worker | null = null;
let lastId = 0;

export function drawnOf(url: string, sampleRate: number | null): Promise<Drawn> {
  let found = kept.get(url);
  if (!found) {
    found = analyse(url, sampleRate);
    found.catch(() => kept.delete(url));
    kept.set(url, found);
    for (const old of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(old);
  }
  return found;
}

async function analyse(url: string, sampleRate: number | null): Promise<Drawn> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const file = await response.arrayBuffer();
  const drawn = (await work(file)) ?? (await work(await decode(file, sampleRate)));
  if (!drawn || !(drawn.seconds > 0)) throw new Error('no samples');
  return drawn;
}

/** Other formats than WAV are the browser's affair; it gives samples at the rate of the context. */
async function decode(file: ArrayBuffer, sampleRate: number | null): Promise<Samples> {
  const rate = sampleRate && sampleRate >= 8000 && sampleRate <= 96_000 ? sampleRate : 48_000;
  const buffer = await new OfflineAudioContext(1, 1, rate).decodeAudioData(file);
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
  return { sampleRate: buffer.sampleRate, channels };
}

function work(sound: Job['sound']): Promise<Drawn | null> {
  worker ??= start();
  const job: Job = { id: ++lastId, sound };
  worker.postMessage(job);
  return new Promise((resolve, reject) => {
    waiting.set(job.id, ({ drawn, error }) => (error ? reject(new Error(error)) : resolve(drawn)));
  });
}

function start(): Worker {
  const started = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  started.onmessage = ({ data }: MessageEvent<Done>) => {
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  };
  return started;
}
