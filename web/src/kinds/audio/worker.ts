// Runs beside the page: from samples, or a WAV file, to what is drawn of them.
import { peaksOf, spectrogramOf } from './spectrum';
import { decodeWav, type Samples } from './wav';
import type { Drawn } from './analysis';

export interface Job {
  id: number;
  /** A file, or what the browser decoded of it. */
  sound: ArrayBuffer | Samples;
}

export interface Done {
  id: number;
  /** Null for a file that is no WAV, or could not be looked at. */
  drawn: Drawn | null;
  error?: string;
}

const COLUMNS = 800;
const ROWS = 128;

self.onmessage = ({ data: { id, sound } }: MessageEvent<Job>): void => {
  const say = (done: Done): void => self.postMessage(done);
  try {
    const samples = sound instanceof ArrayBuffer ? decodeWav(sound) : sound;
    say({ id, drawn: samples && analyse(samples) });
  } catch (error) {
    say({ id, drawn: null, error: String(error) });
  }
};

function analyse({ sampleRate, channels }: Samples): Drawn {
  const mixed = mix(channels);
  return {
    sampleRate,
    seconds: mixed.length / sampleRate,
    peaks: channels.map((samples) => peaksOf(samples, COLUMNS)),
    spectrogram: spectrogramOf(mixed, sampleRate, COLUMNS / 2, ROWS),
  };
}

/** The mean of all channels. */
function mix(channels: Float32Array[]): Float32Array {
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, i) => channels.reduce((sum, samples) => sum + samples[i], 0) / channels.length);
}
