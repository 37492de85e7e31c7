// Filters over what is said of runs.
import { expect, test } from 'vitest';
import { isListed, tally } from './marks';

test.each([
  [[], {}, false, true],
  [[], {}, true, false],
  [['archived'], {}, true, true],
  [['archived'], { star: true }, false, false],
  [['star'], { star: true }, false, true],
  [['star'], {}, false, false],
  [['tag:a', 'tag:b'], { tags: ['b'] }, false, true],
  [['tag:a', 'star'], { tags: ['a'] }, false, false],
  [['group:x', 'tag:a'], { group: 'x', tags: ['a'] }, false, true],
  [['group:x'], { group: 'y' }, false, false],
] as const)('%j over %j, archived: %s', (only, said, archived, listed) => {
  const { tags, ...others } = said as { tags?: readonly string[] };
  expect(isListed(only, { ...others, ...(tags && { tags: [...tags] }) }, archived)).toBe(listed);
});

test('tags are counted in natural order', () => {
  const runs = [{ tags: ['v10', 'v9'] }, { tags: ['v9'] }, {}];
  expect(tally(runs, ({ tags }) => tags ?? [])).toEqual([
    ['v9', 2],
    ['v10', 1],
  ]);
});
