// Where cards stand.
import { expect, test } from 'vitest';
import { groupTags, PINNED } from './groups';
import { placeCards, SIZES, visibleBoxes, type CardShape } from './layout';
import { PLAIN_CARD } from '../state/cards';

const tags = (...names: string[]) => names.map((name) => ({ kind: 'scalar', name }));
const open = () => true;
const never = () => PLAIN_CARD;
const shapes = (own: Record<string, Partial<CardShape>>) => (key: string) => ({ ...PLAIN_CARD, ...own[key] });

test('tags are grouped by their first segment, those without one first', () => {
  const groups = groupTags(tags('loss', 'train/a', 'train/b/c', 'run10/x', 'run2/x'));
  expect(groups.map((group) => [group.name, group.tags.length])).toEqual([
    ['', 1],
    ['run2', 1],
    ['run10', 1],
    ['train', 2],
  ]);
});

test('cards fill rows from the left', () => {
  const [group] = placeCards(groupTags(tags('a', 'b', 'c', 'd', 'e')), 1200, open, never).groups;
  expect(group.cards.map((card) => Math.round((card.top - SIZES.header) / card.height))).toEqual([
    0, 0, 0, 1, 1,
  ]);
  expect(group.cards.every((card) => card.width >= SIZES.card)).toBe(true);
});

test('a wide card takes a row, and no place stays empty before it', () => {
  const wide = shapes({ 'scalar:b': { wide: true } });
  const [group] = placeCards(groupTags(tags('a', 'b', 'c', 'd', 'e')), 1200, open, wide).groups;
  expect(group.cards.map((card) => card.tag.name)).toEqual(['a', 'c', 'd', 'b', 'e']);
});

test('a closed group is only its header', () => {
  const placed = placeCards(groupTags(tags('a/x', 'b/x')), 1200, (name) => name !== 'a', never);
  expect(placed.groups[0].cards).toEqual([]);
  expect(placed.groups[1].top).toBe(SIZES.header);
});

test('a phone has one column', () => {
  const [group] = placeCards(groupTags(tags('a', 'b')), 390, open, never).groups;
  expect(group.cards.map((card) => card.left)).toEqual([SIZES.gap, SIZES.gap]);
  expect(group.cards[0].canWiden).toBe(false);
});

test('of 5,000 cards only those on the screen exist', () => {
  const many = tags(...Array.from({ length: 5000 }, (_, i) => `t${i}`));
  const [group] = placeCards(groupTags(many), 1600, open, never).groups;
  const visible = visibleBoxes(group.cards, 100000, 101000);
  expect(visible.length).toBeLessThan(30);
  expect(visible).toEqual(group.cards.filter((box) => box.top <= 101000 && box.top + box.height >= 100000));
});

test('cards of all groups stand in the same columns', () => {
  const groups = [1, 3, 7].map((size, at) => ({
    name: `group ${at}`,
    tags: Array.from({ length: size }, (_, tag) => ({ kind: 'scalar', name: `group ${at}/${tag}` })),
  }));
  const placed = placeCards(groups, 1400, open, never);
  const widths = new Set(placed.groups.flatMap((group) => group.cards.map((card) => card.width)));
  expect(widths.size).toBe(1);
});

test('small groups stand side by side, in order, and none over another', () => {
  const sizes = [1, 1, 1, 5, 2, 2];
  const groups = sizes.map((size, at) => ({
    name: `g${at}`,
    tags: Array.from({ length: size }, (_, tag) => ({ kind: 'scalar', name: `g${at}/${tag}` })),
  }));
  const placed = placeCards(groups, 1400, open, never);
  const column = placed.groups[0].width + SIZES.gap;
  const places = placed.groups.map(({ left, top, width }) => [
    Math.round((left - SIZES.margin) / column),
    Math.round((width + SIZES.gap) / column),
    top,
  ]);
  const row = SIZES.header + 264 + SIZES.gap;
  const wideRow = row + 264 + SIZES.gap;
  expect(places).toEqual([
    [0, 1, 0],
    [1, 1, 0],
    [2, 1, 0],
    [0, 3, row],
    [0, 2, row + wideRow],
    [0, 2, 2 * row + wideRow],
  ]);
  expect(placed.height).toBe(3 * row + wideRow + SIZES.margin);
});

test('pinned cards have a row of their own', () => {
  const groups = [
    { name: PINNED, tags: tags('a/x') },
    { name: 'a', tags: tags('a/y') },
  ];
  expect(placeCards(groups, 1400, open, never).groups[1].top).toBeGreaterThan(SIZES.header);
});

test('a card of its own size takes its columns, and cards as high as it stand beside it', () => {
  const shape = shapes({
    'scalar:b': { columns: 2 },
    'scalar:d': { height: 500 },
    'scalar:e': { columns: 9 },
  });
  const [group] = placeCards(groupTags(tags('a', 'b', 'c', 'd', 'e')), 1200, open, shape).groups;
  const places = group.cards.map(({ tag, left, top, span, height }) => [
    tag.name,
    Math.round(left),
    top,
    span,
    height,
  ]);
  const third = Math.round((1200 - 2 * SIZES.margin + SIZES.gap) / 3);
  const row = 264 + SIZES.gap;
  const { margin, header } = SIZES;
  expect(places).toEqual([
    ['a', margin, header, 1, 264],
    ['b', margin + third, header, 2, 264],
    ['c', margin, header + row, 1, 264],
    ['d', margin, header + 2 * row, 1, 500],
    ['e', margin, header + 2 * row + 512, 3, 264],
  ]);
});

test('a column that no row reaches is shared out, until cards would be too wide', () => {
  const groups = groupTags(tags('a/x', 'b/x', 'c/x', 'd/1', 'd/2', 'd/3', 'e/1', 'e/2'));
  const [first] = placeCards(groups, 2270, open, never).groups;
  expect(Math.round(first.width)).toBe(Math.round((2270 - 2 * SIZES.margin - 2 * SIZES.gap) / 3));
  const [alone] = placeCards(groupTags(tags('a')), 2270, open, never).groups;
  expect(alone.cards[0].width).toBeLessThan(SIZES.cardWidest);
});
