// The Columns answer, byte by byte.
import { describe, expect, test } from 'vitest';
import { decodeColumns } from './payload';

interface Header {
  revision: number;
}

function answer(header: object, body: ArrayBuffer, magic = 'RLC1'): ArrayBuffer {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const padded = Math.ceil((8 + json.length) / 8) * 8 - 8;
  const bytes = new Uint8Array(8 + padded + body.byteLength).fill(0x20);
  bytes.set(new TextEncoder().encode(magic));
  new DataView(bytes.buffer).setUint32(4, padded, true);
  bytes.set(json, 8);
  bytes.set(new Uint8Array(body), 8 + padded);
  return bytes.buffer;
}

/** The arrays begin at byte 512 in these tests: the header is padded up to there. */
function withArrays(entries: object[], body: ArrayBuffer): ArrayBuffer {
  const header = { revision: 7, arrays: entries, padding: '' };
  header.padding = ' '.repeat(512 - 8 - JSON.stringify(header).length);
  return answer(header, body);
}

describe('decodeColumns', () => {
  test('gives views of every dtype over the one buffer', () => {
    const body = new ArrayBuffer(32);
    new Float64Array(body, 0, 1).set([0.1]);
    new Float32Array(body, 8, 2).set([1.5, NaN]);
    new Int32Array(body, 16, 2).set([-1, 2]);
    new BigInt64Array(body, 24, 1).set([2n ** 40n]);
    const buffer = withArrays(
      [
        { dtype: 'f8', offset: 512, length: 1 },
        { dtype: 'f4', offset: 520, length: 2 },
        { dtype: 'i4', offset: 528, length: 2 },
        { dtype: 'i8', offset: 536, length: 1 },
      ],
      body,
    );
    const { header, columns } = decodeColumns<Header>(buffer);
    expect(header.revision).toBe(7);
    expect(columns.map((column) => [...column])).toEqual([[0.1], [1.5, NaN], [-1, 2], [2 ** 40]]);
    expect(columns.slice(0, 3).every((column) => column.buffer === buffer)).toBe(true);
  });

  test('reads the header as UTF-8', () => {
    const { header } = decodeColumns<{ tag: string }>(
      answer({ tag: 'verlust/Prüfung', arrays: [] }, new ArrayBuffer(0)),
    );
    expect(header.tag).toBe('verlust/Prüfung');
  });

  test.each([
    ['an empty answer', new ArrayBuffer(0), /0 bytes/],
    ['other letters', answer({ arrays: [] }, new ArrayBuffer(0), 'HTML'), /'HTML', want 'RLC1'/],
    ['a header beyond the end', new Uint8Array([82, 76, 67, 49, 255, 0, 0, 0]).buffer, /255 bytes/],
    ['an unknown dtype', withArrays([{ dtype: 'u2', offset: 512, length: 0 }], new ArrayBuffer(8)), /'u2'/],
  ])('refuses %s', (_, buffer, message) => {
    expect(() => decodeColumns(buffer)).toThrow(message);
  });
});
