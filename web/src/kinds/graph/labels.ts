// What stands on the edges, and where: on an upright part of a line, over as little else as can be.
import { sizesText } from './data';
import type { Placed, Point, Rect, Route } from './layout';
import type { Bundle } from './scene';
import type { Tree } from './tree';

/** CSS pixels at zoom 1. */
export const LABEL = 10.5;
const HEIGHT = 13;
/** Of the letters of every monospaced font in use, as a part of their size. */
const LETTER = 0.605;
/** An upright part that is shorter has no room for a label and the arrow's head. */
const SHORTEST = 21;
/** Where on a line a label is tried, as parts of its length: a little above the middle first. */
const TRIED = [0.45, 0.28, 0.65, 0.82, 0.15];
/** So many other lines may run below a label. */
const MOST_BELOW = 1;
const CELL = 200;

export interface Label extends Rect {
  text: string;
  route: Route;
}

const known = new WeakMap<readonly Route[], readonly Label[]>();

/** The labels of all edges; found once for a layout. */
export function labelsOf(tree: Tree, placed: Placed): readonly Label[] {
  if (placed.routes.length === 0) return [];
  const held = known.get(placed.routes);
  if (held) return held;
  const lines = new Lines(placed);
  const labels: Label[] = [];
  const said = new Set<string>();
  for (const route of placed.routes) {
    const { from, bundles } = route.segment;
    const text = route.isMain ? textOf(tree, bundles) : '';
    // Of edges that leave one box together, one tells the tensor.
    const key = `${from.item} ${from.port} ${text}`;
    if (!text || said.has(key)) continue;
    const place = placeOf(route.points, text.length * LABEL * LETTER + 4, lines);
    if (!place) continue;
    lines.addLabel(place);
    labels.push({ ...place, text, route });
    said.add(key);
  }
  known.set(placed.routes, labels);
  return labels;
}

/** The shape, and the dtype where it is not the usual one; or how many tensors there are. */
export function textOf(tree: Tree, bundles: readonly Bundle[]): string {
  const flowing = bundles.filter((bundle) => !bundle.control);
  const tensor = flowing[0]?.tensor ?? -1;
  if (tensor >= 0 && flowing.every((bundle) => bundle.tensor === tensor)) {
    const { dtype } = tree.graph.tensors[tensor];
    const sizes = sizesText(tree.graph.tensors[tensor]);
    return dtype && dtype !== 'float32' ? `${sizes} ${dtype}`.trim() : sizes;
  }
  const tensors = Math.max(0, ...flowing.map((bundle) => bundle.tensors));
  return tensors > 1 ? `${tensors} ⋮` : '';
}

function placeOf(points: readonly Point[], width: number, lines: Lines): Rect | null {
  let best: Rect | null = null;
  let least = MOST_BELOW + 1;
  for (const [a, b] of uprights(points)) {
    for (const part of TRIED) {
      const middle = a.y + (b.y - a.y) * part;
      const top = Math.min(a.y, b.y) + 2;
      const bottom = Math.max(a.y, b.y) - HEIGHT - 6;
      const y = Math.min(Math.max(middle - HEIGHT / 2, top), Math.max(top, bottom));
      const place = { x: a.x - width / 2, y, width, height: HEIGHT };
      const below = lines.under(place);
      if (below < least) [best, least] = [place, below];
      if (below === 0) return best;
    }
  }
  return best;
}

/** The upright parts that are long enough, the longest first. */
function uprights(points: readonly Point[]): [Point, Point][] {
  const pairs = points.slice(1).map((point, i): [Point, Point] => [points[i], point]);
  const length = ([a, b]: [Point, Point]): number => Math.abs(b.y - a.y);
  return pairs
    .filter((pair) => Math.abs(pair[1].x - pair[0].x) <= 1 && length(pair) > SHORTEST)
    .sort((a, b) => length(b) - length(a));
}

/** All lines of a layout, borders of boxes and labels too, by the cells of a grid. */
class Lines {
  private readonly cells = new Map<string, Rect[]>();
  private readonly labels = new Set<Rect>();

  constructor({ boxes, routes }: Placed) {
    for (const box of boxes.values()) this.addBox(box);
    for (const { points } of routes) {
      for (let i = 1; i < points.length; i++) {
        const [a, b] = [points[i - 1], points[i]];
        const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
        this.add({ x, y, width: Math.abs(b.x - a.x), height: Math.abs(b.y - a.y) });
      }
    }
  }

  addLabel(label: Rect): void {
    this.labels.add(label);
    this.add(label);
  }

  private addBox({ x, y, width, height }: Rect): void {
    this.add({ x, y, width, height: 0 });
    this.add({ x, y: y + height, width, height: 0 });
    this.add({ x, y, width: 0, height });
    this.add({ x: x + width, y, width: 0, height });
  }

  /** How many lines run below a label, those left out on which it stands; infinitely many for another label. */
  under(place: Rect): number {
    const middle = place.x + place.width / 2;
    const found = new Set<Rect>();
    for (const cell of cellsOf(place)) {
      for (const line of this.cells.get(cell) ?? []) {
        const isItsOwn = line.width < 1 && Math.abs(line.x - middle) < 1;
        if (isItsOwn || !touches(line, place)) continue;
        if (this.labels.has(line)) return Infinity;
        found.add(line);
      }
    }
    return found.size;
  }

  private add(line: Rect): void {
    for (const cell of cellsOf(line)) {
      const held = this.cells.get(cell);
      if (held) held.push(line);
      else this.cells.set(cell, [line]);
    }
  }
}

function* cellsOf({ x, y, width, height }: Rect): Generator<string> {
  for (let column = Math.floor(x / CELL); column <= Math.floor((x + width) / CELL); column++)
    for (let row = Math.floor(y / CELL); row <= Math.floor((y + height) / CELL); row++)
      yield `${column} ${row}`;
}

function touches(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
