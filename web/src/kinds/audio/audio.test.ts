// Samples, peaks and spectra against values worked out apart from the code.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeColumns } from '../../api/payload';
import { fileName, formatRate, formatTime, takesOf, type Info, type Take } from './data';
import { FourierTransform } from './fft';
import { peaksOf, spectrogramOf } from './spectrum';
import { decodeWav } from './wav';

test('the transform is the sum that defines it', () => {
  const size = 16;
  const real = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i));
  const imaginary = Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i));
  const want = Array.from({ length: size }, (_, k) => {
    let [re, im] = [0, 0];
    for (let i = 0; i < size; i++) {
      const angle = (-2 * Math.PI * k * i) / size;
      re += real[i] * Math.cos(angle) - imaginary[i] * Math.sin(angle);
      im += real[i] * Math.sin(angle) + imaginary[i] * Math.cos(angle);
    }
    return [re, im];
  });
  new FourierTransform(size).transform(real, imaginary);
  want.forEach(([re, im], k) => {
    expect(real[k]).toBeCloseTo(re, 10);
    expect(imaginary[k]).toBeCloseTo(im, 10);
  });
});

test('peaks keep every extreme, also of fewer samples than columns', () => {
  const samples = new Float32Array(1000);
  samples[501] = 0.75;
  samples[999] = -0.5;
  const peaks = peaksOf(samples, 10);
  expect([peaks[11], peaks[18]]).toEqual([0.75, -0.5]);
  expect([...peaksOf(Float32Array.from([1, -1]), 4)]).toEqual([1, 1, 1, 1, -1, -1, -1, -1]);
});

test.each([100, 440, 3000])('a tone of %d Hz is brightest in its row, and silence is dark', (hertz) => {
  const rate = 16_000;
  const tone = Float32Array.from({ length: 2 * rate }, (_, i) =>
    i < rate ? Math.sin((2 * Math.PI * hertz * i) / rate) : 0,
  );
  const { levels, columns, rows, lowest, highest } = spectrogramOf(tone, rate, 20, 64);
  expect([lowest, highest]).toEqual([50, 8000]);
  const column = (at: number) => Array.from({ length: rows }, (_, row) => levels[row * columns + at]);
  const loudest = column(5);
  const want = rows * (1 - Math.log(hertz / lowest) / Math.log(highest / lowest));
  expect(Math.max(...loudest)).toBeGreaterThan(250);
  // Low rows are narrower than what the window can tell apart.
  expect(Math.abs(loudest.indexOf(Math.max(...loudest)) + 0.5 - want)).toBeLessThan(hertz < 200 ? 3 : 1.1);
  expect(Math.max(...column(15))).toBe(0);
});

test('silence and no samples give no light and no NaN', () => {
  expect(Math.max(...spectrogramOf(new Float32Array(100), 8000, 4, 8).levels)).toBe(0);
  expect(Math.max(...spectrogramOf(new Float32Array(0), 8000, 4, 8).levels)).toBe(0);
});

function wav(form: number, bits: number, channels: number, body: number[]): ArrayBuffer {
  const file = new Uint8Array(44 + body.length);
  const data = new DataView(file.buffer);
  file.set(new TextEncoder().encode('RIFF....WAVEfmt '));
  data.setUint32(16, 16, true);
  data.setUint16(20, form, true);
  data.setUint16(22, channels, true);
  data.setUint32(24, 8000, true);
  data.setUint16(34, bits, true);
  file.set(new TextEncoder().encode('data'), 36);
  data.setUint32(40, body.length, true);
  file.set(body, 44);
  return file.buffer;
}

test.each([
  [1, 8, [0, 128, 192], [-1, 0, 0.5]],
  [1, 16, [0, 128, 0, 64], [-1, 0.5]],
  [1, 24, [0, 0, 128, 0, 0, 64], [-1, 0.5]],
  [1, 32, [0, 0, 0, 128, 0, 0, 0, 64], [-1, 0.5]],
  [3, 32, [0, 0, 128, 191, 0, 0, 0, 63], [-1, 0.5]],
  [3, 64, [0, 0, 0, 0, 0, 0, 240, 191], [-1]],
])('samples of format %d with %d bits', (form, bits, body, want) => {
  const decoded = decodeWav(wav(form, bits, 1, body));
  expect(decoded?.sampleRate).toBe(8000);
  expect([...(decoded?.channels[0] ?? [])]).toEqual(want);
});

test('channels are told apart, and what is no WAV is left to the browser', () => {
  const stereo = decodeWav(wav(1, 8, 2, [0, 192, 128, 64]));
  expect(stereo?.channels.map((samples) => [...samples])).toEqual([
    [-1, 0],
    [0.5, -0.5],
  ]);
  expect(decodeWav(new ArrayBuffer(100))).toBeNull();
  expect(decodeWav(wav(7, 8, 1, [1, 2]))).toBeNull();
});

test("the server's answer becomes sounds, each with its own message", () => {
  const golden = readFileSync(new URL('../../../../tests/kinds/audio.golden.bin', import.meta.url));
  const { header } = decodeColumns<{ charts: Info[] }>(new Uint8Array(golden).buffer);
  const [info, unknown] = header.charts;
  const column = Float64Array.from([5]);
  const entries = (run: string) => ({ run, generation: 1, step: column, wallTime: column, key: column });
  const rows = ['a', 'b', 'c'].map((run) => ({ entries: entries(run), row: 0 }));
  const takes = takesOf(
    rows,
    new Map([
      ['a', info],
      ['b', unknown],
    ]),
  );
  expect(takes.map(({ about }) => about && [about.label, about.error?.slice(0, 11) ?? null])).toEqual([
    ['one', null],
    ['two', 'not a sound'],
    ['', expect.any(String)],
    undefined,
  ]);
  expect(takes[0].about).toMatchObject({ sample_rate: 8000, channels: 1, frames: 4000 });
  expect(fileName('a/b c', takes[1] as Take, 'audio/mpeg')).toBe('a_a_b_c_step_5_1.mp3');
});

test('rates and times for reading', () => {
  expect([formatRate(22050), formatRate(500)]).toEqual(['22.05 kHz', '500 Hz']);
  expect([formatTime(1.234), formatTime(12.34), formatTime(75)]).toEqual(['1.23 s', '12.3 s', '1m 15s']);
});
