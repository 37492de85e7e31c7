// How single cards are looked at: pinned, wide, zoomed, with limits of their own. Part of the link.
import type { Scale } from './url';

export type Interval = readonly [number, number];

export interface CardView {
  wide: boolean;
  /** How many columns it takes and its height in CSS pixels; null for what all cards have. */
  columns: number | null;
  height: number | null;
  /** The part of the x axis that is looked at; null for all. */
  zoom: Interval | null;
  /** Typed ends of the y axis; null for one that follows the curves. */
  low: number | null;
  high: number | null;
  /** The y axis's own scale; null for the one that all cards share. */
  scale: Scale | null;
  /** A value at which a horizontal line is drawn, and what it is called. */
  line: number | null;
  lineName: string;
}

/** By kind and tag: `scalar:train/loss`. */
export type CardViews = ReadonlyMap<string, CardView>;

export const PLAIN_CARD: CardView = {
  wide: false,
  columns: null,
  height: null,
  zoom: null,
  low: null,
  high: null,
  scale: null,
  line: null,
  lineName: '',
};
/** Bounds of a card's own size, in columns and CSS pixels. */
export const CARD_SIZE = { columns: 12, lowest: 140, highest: 1200 };

export function changeCard(cards: CardViews, key: string, change: Partial<CardView>): CardViews {
  const changed = new Map(cards);
  const card = { ...(cards.get(key) ?? PLAIN_CARD), ...change };
  const isPlain = Object.entries(PLAIN_CARD).every(
    ([field, plain]) => card[field as keyof CardView] === plain,
  );
  if (isPlain) changed.delete(key);
  else changed.set(key, card);
  return changed;
}

export function withoutZooms(cards: CardViews): CardViews {
  let left = cards;
  for (const key of cards.keys()) left = changeCard(left, key, { zoom: null });
  return left;
}

export function writeCards(query: URLSearchParams, cards: CardViews): void {
  for (const [key, { wide, columns, height, zoom, low, high, scale, line, lineName }] of cards) {
    if (wide) query.append('wide', key);
    if (columns !== null || height !== null) query.append('size', `${columns ?? ''},${height ?? ''},${key}`);
    if (zoom) query.append('zoom', `${zoom[0]},${zoom[1]},${key}`);
    if (low !== null || high !== null) query.append('limits', `${low ?? ''},${high ?? ''},${key}`);
    if (scale) query.append('card_y', `${scale},${key}`);
    if (line !== null) query.append('line', `${line},${lineName.replaceAll(',', ' ')},${key}`);
  }
}

export function readCards(query: URLSearchParams): CardViews {
  let cards: CardViews = new Map();
  for (const key of query.getAll('wide')) cards = changeCard(cards, key, { wide: true });
  for (const text of query.getAll('size')) {
    const [columns, height, key] = fields(text, 3);
    cards = changeCard(cards, key, {
      columns: within(numberOf(columns), 1, CARD_SIZE.columns),
      height: within(numberOf(height), CARD_SIZE.lowest, CARD_SIZE.highest),
    });
  }
  for (const text of query.getAll('zoom')) {
    const [from, to, key] = fields(text, 3);
    const zoom = intervalOf(from, to);
    if (zoom) cards = changeCard(cards, key, { zoom });
  }
  for (const text of query.getAll('limits')) {
    const [low, high, key] = fields(text, 3);
    cards = changeCard(cards, key, { low: numberOf(low), high: numberOf(high) });
  }
  for (const text of query.getAll('card_y')) {
    const [scale, key] = fields(text, 2);
    if (scale === 'linear' || scale === 'log' || scale === 'symlog')
      cards = changeCard(cards, key, { scale });
  }
  return readLines(query, cards);
}

function readLines(query: URLSearchParams, cards: CardViews): CardViews {
  for (const text of query.getAll('line')) {
    const [value, lineName, key] = fields(text, 3);
    const line = numberOf(value);
    if (line !== null) cards = changeCard(cards, key, { line, lineName });
  }
  return cards;
}

/** The first fields of a comma-separated text; the last takes the rest, for tags may hold commas. */
function fields(text: string, count: number): string[] {
  const parts = text.split(',');
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(',')];
}

export function intervalOf(from: string, to: string): Interval | null {
  const [low, high] = [numberOf(from), numberOf(to)];
  return low !== null && high !== null && low < high ? [low, high] : null;
}

function within(value: number | null, low: number, high: number): number | null {
  return value === null ? null : Math.round(Math.min(Math.max(value, low), high));
}

/** A finite number that somebody typed; null where there is none. */
export function numberOf(text: string | null): number | null {
  const value = Number(text ?? NaN);
  return text?.trim() && Number.isFinite(value) ? value : null;
}
