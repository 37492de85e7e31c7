// Places group headers and cards on the board, so that only what is on the screen need exist.
import { KINDS } from '../kinds';
import { CARD_SIZE, type CardView } from '../state/cards';
import { PINNED, type Tag, type TagGroup } from './groups';

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What a card may have of its own. */
export type CardShape = Pick<CardView, 'wide' | 'columns' | 'height'>;

export interface PlacedCard extends Box {
  tag: Tag;
  wide: boolean;
  /** How many columns it takes. */
  span: number;
  /** Whether a row holds more than one card, so that being wide means something. */
  canWiden: boolean;
}

export interface PlacedGroup extends Box {
  group: TagGroup;
  open: boolean;
  /** By ascending top; none when the group is closed. */
  cards: PlacedCard[];
}

export interface Placed {
  groups: PlacedGroup[];
  height: number;
}

export const SIZES = {
  card: 340,
  cardMost: 580,
  cardWidest: 800,
  header: 38,
  gap: 12,
  margin: 16,
};

/** A card that takes a row is so much higher than one that shares it. */
const WIDER = 1.5;
const HEIGHTS = new Map(KINDS.map(({ name, height }) => [name, height ?? 0]));
/** Cards can be made so much higher by preference. */
const HIGHEST = 2;
const TALLEST = Math.max(CARD_SIZE.highest, WIDER * HIGHEST * Math.max(...HEIGHTS.values()));

/** What the user prefers: the least width of a card (null for what suits the screen), and its height as a multiple. */
export interface CardSize {
  width: number | null;
  height: number;
}

export function cardKey(tag: Tag): string {
  return `${tag.kind}:${tag.name}`;
}

interface Area {
  left: number;
  top: number;
  width: number;
  columns: number;
  stretch: number;
}

export function placeCards(
  groups: readonly TagGroup[],
  width: number,
  isOpen: (group: string) => boolean,
  shapeOf: (key: string) => CardShape,
  size: CardSize = { width: null, height: 1 },
): Placed {
  const placed: Placed = { groups: [], height: 0 };
  const left = width < 600 ? SIZES.gap : SIZES.margin;
  const room = Math.max(0, width - 2 * left);
  // One grid for the whole board, so that cards of all groups stand in the same columns.
  const most = Math.max(1, ...groups.map((group) => group.tags.length));
  const usual = size.width ? fitting(room, size.width) : columnsFor(room, most);
  const filled = widestRow(groups, usual, isOpen, shapeOf);
  // A last column that no row reaches is shared out among the others.
  const columns = !size.width && room / filled <= SIZES.cardWidest ? filled : usual;
  const share = (room + SIZES.gap) / columns;
  let top = 0;
  let used = 0;
  let below = 0;
  for (const group of groups) {
    const open = isOpen(group.name);
    const needs = columnsOf(group, columns, open, shapeOf);
    // Small groups stand side by side: one of a single card a row would leave most of the screen empty.
    if (used + needs > columns) [top, used] = [below, 0];
    const width = share * needs - SIZES.gap;
    const header: PlacedGroup = { group, open, left: left + used * share, top, width, height: 0, cards: [] };
    placed.groups.push(header);
    const area = { left: header.left, top: top + SIZES.header, width, columns: needs, stretch: size.height };
    const end = open ? placeGroup(header.cards, group, area, shapeOf, columns > 1) : area.top;
    header.height = end - top;
    below = Math.max(used === 0 ? 0 : below, end);
    used += needs;
  }
  top = below;
  placed.height = top + SIZES.margin;
  return placed;
}

/** How many of the board's columns a group takes: as many as it has cards, where one row holds them all. */
function columnsOf(
  { name, tags }: TagGroup,
  columns: number,
  open: boolean,
  shapeOf: (key: string) => CardShape,
): number {
  if (!open || name === PINNED || tags.length >= columns) return columns;
  const isLevel = new Set(tags.map(({ kind }) => HEIGHTS.get(kind))).size === 1;
  const isPlain = (tag: Tag): boolean => {
    const { wide, columns: own, height } = shapeOf(cardKey(tag));
    return !wide && own === null && height === null;
  };
  return isLevel && tags.every(isPlain) ? tags.length : columns;
}

/** How many columns the fullest row of cards takes. */
function widestRow(
  groups: readonly TagGroup[],
  columns: number,
  isOpen: (group: string) => boolean,
  shapeOf: (key: string) => CardShape,
): number {
  let used = 0;
  let widest = 1;
  for (const group of groups) {
    const needs = columnsOf(group, columns, isOpen(group.name), shapeOf);
    if (used + needs > columns) used = 0;
    const isPlain =
      group.tags.length >= needs || group.tags.every((tag) => shapeOf(cardKey(tag)).columns === null);
    const filled = isPlain ? Math.min(needs, group.tags.length) : needs;
    widest = Math.max(widest, used + filled);
    used += needs;
  }
  return widest;
}

/** As many columns as fit; where no group has many, cards grow up to a comfortable width instead of leaving a large screen empty. */
export function columnsFor(width: number, mostCards: number): number {
  const most = fitting(width, SIZES.card);
  return Math.min(most, Math.max(mostCards, Math.min(most, fitting(width, SIZES.cardMost) + 1)));
}

function fitting(width: number, card: number): number {
  return Math.max(1, Math.floor((width + SIZES.gap) / (card + SIZES.gap)));
}

interface Row {
  cards: PlacedCard[];
  used: number;
}

// Rows fill from the left; a card that does not fit into one, as a wide one never does, begins another, and the holes before
// it are filled by those after it. Cards of different heights share no row.
function placeGroup(
  placed: PlacedCard[],
  group: TagGroup,
  area: Area,
  shapeOf: (key: string) => CardShape,
  canWiden: boolean,
): number {
  const rows: Row[] = [];
  let open: Row[] = [];
  const share = (area.width + SIZES.gap) / area.columns;
  for (const tag of group.tags) {
    const card = shaped(tag, area, shapeOf(cardKey(tag)), canWiden);
    const { span, height } = card;
    let row = open.find(({ cards, used }) => used + span <= area.columns && cards[0].height === height);
    if (!row) {
      row = { cards: [], used: 0 };
      rows.push(row);
      open.push(row);
    }
    card.left += row.used * share;
    row.cards.push(card);
    row.used += span;
    if (row.used === area.columns) open = open.filter((other) => other !== row);
  }
  let top = area.top;
  for (const { cards } of rows) {
    for (const card of cards) placed.push({ ...card, top });
    top += cards[0].height + SIZES.gap;
  }
  return top;
}

/** A card of its size, in the first column. */
function shaped(tag: Tag, area: Area, shape: CardShape, canWiden: boolean): PlacedCard {
  const { left, columns, stretch } = area;
  const usual = Math.round((HEIGHTS.get(tag.kind) ?? 0) * stretch);
  const wide = columns > 1 && shape.wide;
  const span = wide ? columns : Math.min(columns, shape.columns ?? 1);
  const height = shape.height ?? (wide ? usual * WIDER : usual);
  const width = ((area.width + SIZES.gap) / columns) * span - SIZES.gap;
  return { tag, wide, canWiden, span, left, top: 0, width, height };
}

/** The part of `boxes` (by ascending top) that touches the interval [top, bottom]. */
export function visibleBoxes<B extends Box>(boxes: readonly B[], top: number, bottom: number): B[] {
  let low = 0;
  let high = boxes.length;
  // The tallest card bounds how far above the interval a box may begin.
  const reach = top - TALLEST;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (boxes[middle].top < reach) low = middle + 1;
    else high = middle;
  }
  const visible: B[] = [];
  for (let i = low; i < boxes.length && boxes[i].top <= bottom; i++) {
    if (boxes[i].top + boxes[i].height >= top) visible.push(boxes[i]);
  }
  return visible;
}
