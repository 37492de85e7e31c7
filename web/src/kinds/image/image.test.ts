// Layout of cells, names of files, arithmetic on pixels, and the view of a picture.
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { acceptEntries, rowAt } from '../../api/entries';
import { decodeColumns } from '../../api/payload';
import { tableOf } from '../../charts/colourMap';
import { fit, zoomed, type Loaded } from './canvas';
import { columnsFor, fileName, frameAfter, pictureUrl, type Shot } from './data';
import { colour, difference, isGray, valueAt } from './pixels';
import { spread } from './sheet';

vi.stubGlobal('document', { baseURI: 'http://host/prefix/' });

const golden = decodeColumns<{ charts: unknown[] }>(
  Uint8Array.from(readFileSync('../tests/kinds/image.golden.bin')).buffer,
);

test('the golden answer: rows of two runs, and where their pictures are', () => {
  const held = acceptEntries(new Map(), { chart: golden.header.charts[0], columns: golden.columns });
  const entries = held.get('a');
  expect([...held.keys()]).toEqual(['a', 'b']);
  expect([...(entries?.step ?? [])]).toEqual([0, 10, 20]);
  if (!entries) return;
  const shot: Shot = { entries, row: rowAt(entries.step, 12), sample: 1 };
  const url = new URL(pictureUrl('pictures/one', shot));
  expect(url.pathname).toBe('/prefix/api/image/picture');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    run: 'a',
    tag: 'pictures/one',
    row: '1',
    key: String(entries.key[1]),
    sample: '1',
  });
});

test('a file name says run, tag and step, whatever letters they have', () => {
  const entries = {
    run: 'a b/c',
    generation: 1,
    step: Float64Array.of(7),
    wallTime: Float64Array.of(0),
    key: Float64Array.of(0),
  };
  expect(fileName('图像/x:y', { entries, row: 0, sample: 0 }, 'image/jpeg')).toBe(
    'a_b_c_图像_x_y_step_7.jpg',
  );
});

test.each([
  [1, 500, 250, 1, 1],
  [3, 500, 250, 1, 3],
  [4, 300, 300, 1, 2],
  [3, 500, 250, 4, 1], // wide pictures stand one below the other
  [0, 500, 250, 1, 1],
])('%d pictures on %d x %d of ratio %d: %d columns', (count, width, height, ratio, columns) => {
  expect(columnsFor(count, width, height, ratio, 0)).toBe(columns);
});

const pixels = (...data: number[]) => ({
  width: data.length / 4,
  height: 1,
  data: Uint8ClampedArray.from(data),
});

test('the difference is signed around gray', () => {
  const out = new Uint8ClampedArray(8);
  difference(pixels(200, 100, 0, 255, 9, 9, 9, 0), pixels(100, 100, 200, 255, 9, 9, 9, 255), out);
  expect([...out]).toEqual([178, 128, 28, 255, 128, 128, 128, 255]);
});

test('gray is where all channels agree', () => {
  expect(isGray(pixels(5, 5, 5, 255, 9, 9, 9, 0))).toBe(true);
  expect(isGray(pixels(5, 5, 5, 255, 9, 8, 9, 0))).toBe(false);
});

test('a colour map runs from its first colour to its last, and keeps alpha', () => {
  const image = pixels(0, 0, 0, 255, 255, 255, 255, 7);
  colour(image, tableOf('viridis'));
  expect([...image.data]).toEqual([68, 1, 84, 255, 253, 231, 37, 7]);
});

test('values under the pointer', () => {
  const image = pixels(5, 5, 5, 255, 1, 2, 3, 128);
  expect([valueAt(image, 0, 0), valueAt(image, 1, 0), valueAt(image, 2, 0), valueAt(image, -1, 0)]).toEqual([
    '5',
    '1, 2, 3, α 128',
    '',
    '',
  ]);
});

test('a picture fits into its pane and stands in the middle', () => {
  const picture = { pixels: { width: 100, height: 50 } } as Loaded;
  expect(fit(picture, 300, 300)).toEqual({ scale: 3, x: 0, y: 75 });
});

test('the point under the pointer stays where it is while zooming', () => {
  const view = { scale: 2, x: 10, y: 20 };
  const next = zoomed(view, 3, 110, 70);
  expect(next.scale).toBe(6);
  expect((110 - next.x) / next.scale).toBeCloseTo((110 - view.x) / view.scale);
  expect((70 - next.y) / next.scale).toBeCloseTo((70 - view.y) / view.scale);
  expect(zoomed(view, 1e9, 0, 0).scale).toBe(64);
});

test('a sheet of many has the first and the last', () => {
  expect(spread(3, 5)).toEqual([0, 1, 2]);
  expect(spread(10, 4)).toEqual([0, 3, 6, 9]);
});

test.each([
  [0, 0],
  [99, 0],
  [100, 1],
  [399, 2],
  [400, 0],
  [930, 1],
])('after %d ms of an endless animation frame %d is shown', (elapsed, frame) => {
  expect(frameAfter([100, 100, 200], elapsed)).toBe(frame);
});
