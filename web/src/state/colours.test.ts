// Colours are stable, and runs that are shown together differ.
import { describe, expect, test } from 'vitest';
import { assignSlots, colourGroup, colourRule, hashName, PALETTE, SLOTS } from './colours';

const names = Array.from({ length: 30 }, (_, i) => `exp/run${i}`);

describe('assignSlots', () => {
  test('the same names get the same colours', () => {
    expect(assignSlots(names)).toEqual(assignSlots(names));
  });
  test('a lone run has the colour of its hash', () => {
    expect(assignSlots(['adam']).get('adam')).toBe(hashName('adam') % SLOTS);
  });
  test('as many runs as colours all differ', () => {
    expect(new Set(assignSlots(names.slice(0, SLOTS)).values()).size).toBe(SLOTS);
  });
  test('colours are shared evenly', () => {
    const slots = [...assignSlots(names).values()];
    const counts = Array.from({ length: SLOTS }, (_, slot) => slots.filter((used) => used === slot).length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
  test('a run that appears later changes no other', () => {
    const before = assignSlots(names);
    const after = assignSlots(['exp/run0a', ...names], before);
    for (const name of names) expect(after.get(name)).toBe(before.get(name));
  });
});

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// WCAG 2.2, success criterion 1.4.11: graphics need 3:1.
test.each([
  ['light', '#ffffff'],
  ['dark', '#16191f'],
] as const)('every %s colour stands out from its surface', (theme, surface) => {
  for (const colour of PALETTE[theme]) {
    const [high, low] = [luminance(colour), luminance(surface)].sort((a, b) => b - a);
    expect((high + 0.05) / (low + 0.05)).toBeGreaterThanOrEqual(3);
  }
});

test('runs share a colour by folder or by what an expression captures', () => {
  expect(colourGroup(colourRule('run'), 'a/b/c')).toBe('a/b/c');
  expect(colourGroup(colourRule('folder'), 'a/b/c')).toBe('a/b');
  const bySeed = colourRule('regex:(vit|res).*lr=(\\d+)');
  expect(colourGroup(bySeed, 'x/VIT/lr=3/s1')).toBe(colourGroup(bySeed, 'y/VIT/lr=3/s2'));
  expect(colourGroup(bySeed, 'x/vit/lr=3')).not.toBe(colourGroup(bySeed, 'x/vit/lr=4'));
  expect(colourGroup(bySeed, 'other')).toBeNull();
  expect(colourRule('regex:(')).toBe('run');
});
