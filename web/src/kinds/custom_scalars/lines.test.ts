// Lines of several tags in one chart, and bands where both bounds are there.
import { expect, test } from 'vitest';
import type { Held, Series } from '../../ui/curves';
import { margins, multiline, type Look } from './lines';

function held(...runs: string[]): Held {
  return new Map(
    runs.map((run) => {
      const column = Float64Array.of(0, 1);
      const series: Series = {
        run,
        generation: 1,
        count: 2,
        from: 0,
        start: 0,
        step: column,
        wallTime: column,
        value: column,
        smoothed: null,
        row: null,
        x: null,
        group: null,
        segments: [],
      };
      return [run, series];
    }),
  );
}
const look: Look = { axis: 'step', smooth: false, restarts: 'faded', colourOf: (run) => `#${run}` };

test('each run and tag has a line, tags of a run differ by their dashes', () => {
  const { lines, of } = multiline(
    ['x', 'y', 'none'],
    new Map([
      ['x', held('a', 'b')],
      ['y', held('a')],
    ]),
    look,
  );
  expect(lines.map(({ name, colour, dash }) => [name, colour, dash.length])).toEqual([
    ['a', '#a', 0],
    ['b', '#b', 0],
    ['a', '#a', 2],
  ]);
  expect(of.map(({ tag }) => tag)).toEqual(['x', 'x', 'y']);
});

test('a band needs both of its bounds', () => {
  const { lines, of, bands } = margins(
    [{ value: 'v', lower: 'l', upper: 'u' }],
    new Map([
      ['v', held('a', 'b')],
      ['l', held('a', 'b')],
      ['u', held('b')],
    ]),
    look,
  );
  expect(of.map(({ tag }, i) => [lines[i].name, tag])).toEqual([
    ['a', 'v'],
    ['b', 'v'],
    ['b', 'l'],
    ['b', 'u'],
  ]);
  expect(bands).toEqual([[2, 3]]);
});
