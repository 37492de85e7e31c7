// WAV files -> samples, at the rate they were logged with (Microsoft and IBM, RIFF 1.0). Pure.

export interface Samples {
  sampleRate: number;
  /** One for each channel, from -1 to 1. */
  channels: Float32Array[];
}

const FLOAT = 3;
const EXTENSIBLE = 0xfffe;

/** The samples of a whole WAV file; of anything else null, which the browser may be able to decode. */
export function decodeWav(file: ArrayBuffer): Samples | null {
  const data = new DataView(file);
  if (file.byteLength < 12 || letters(data, 0) !== 'RIFF' || letters(data, 8) !== 'WAVE') return null;
  let format: { form: number; count: number; sampleRate: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= file.byteLength;) {
    const size = data.getUint32(at + 4, true);
    const start = at + 8;
    if (letters(data, at) === 'fmt ' && start + 16 <= file.byteLength) {
      const form = data.getUint16(start, true);
      format = {
        form: form === EXTENSIBLE && size >= 26 ? data.getUint16(start + 24, true) : form,
        count: data.getUint16(start + 2, true),
        sampleRate: data.getUint32(start + 4, true),
        bits: data.getUint16(start + 14, true),
      };
    } else if (letters(data, at) === 'data' && format) {
      const { form, count, sampleRate, bits } = format;
      const read = readerOf(data, form, bits);
      if (!read || count === 0) return null;
      const bytes = bits / 8;
      const frames = Math.floor(Math.min(size, file.byteLength - start) / (bytes * count));
      const channels = Array.from({ length: count }, (_, channel) => {
        const samples = new Float32Array(frames);
        for (let i = 0; i < frames; i++) samples[i] = read(start + (i * count + channel) * bytes);
        return samples;
      });
      return { sampleRate, channels };
    }
    at = start + size + (size % 2);
  }
  return null;
}

/** Reads the sample at a byte. */
function readerOf(data: DataView, form: number, bits: number): ((at: number) => number) | null {
  if (form === FLOAT && bits === 32) return (at) => data.getFloat32(at, true);
  if (form === FLOAT && bits === 64) return (at) => data.getFloat64(at, true);
  if (form !== 1) return null;
  if (bits === 8) return (at) => (data.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => data.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (at) => (data.getUint16(at, true) + data.getInt8(at + 2) * 2 ** 16) / 2 ** 23;
  if (bits === 32) return (at) => data.getInt32(at, true) / 2 ** 31;
  return null;
}

function letters(data: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => data.getUint8(at + i)));
}
