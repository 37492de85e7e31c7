// The scatter-plot matrix: where its cells and points are, what is drawn, and what a pointer means. Pure but for drawing.
import type { Axis } from './axes';
import type { Cell } from './data';

export interface Point {
  row: number;
  colour: string;
  /** Whether it passes the filters; others are drawn faintly below. */
  inside: boolean;
  /** Where it stands on each axis, from 0 to 1; null where it has no place. */
  places: readonly (number | null)[];
}

export interface Grid {
  /** Numbers of the axes that run to the right, and of those that run up. */
  across: readonly number[];
  up: readonly number[];
  left: number;
  top: number;
  /** Of a cell, in CSS pixels, and what lies between two. */
  width: number;
  height: number;
  gap: number;
}

export interface Place {
  across: number;
  up: number;
  /** From 0 to 1 within the cell, from the left and from below. */
  x: number;
  y: number;
}

const INSET = 7;
const BINS = 12;

export function cellAt(grid: Grid, px: number, py: number): Place | null {
  const column = Math.floor((px - grid.left) / (grid.width + grid.gap));
  const line = Math.floor((py - grid.top) / (grid.height + grid.gap));
  if (grid.across[column] === undefined || grid.up[line] === undefined) return null;
  return { across: column, up: line, ...within(grid, column, line, px, py) };
}

/** Where a pointer is in a cell, held to its edges. */
export function within(
  grid: Grid,
  column: number,
  line: number,
  px: number,
  py: number,
): { x: number; y: number } {
  const [left, top] = cornerOf(grid, column, line);
  const held = (value: number): number => Math.min(1, Math.max(0, value));
  return {
    x: held((px - left - INSET) / (grid.width - 2 * INSET)),
    y: held(1 - (py - top - INSET) / (grid.height - 2 * INSET)),
  };
}

export function cornerOf(grid: Grid, column: number, line: number): [number, number] {
  return [grid.left + column * (grid.width + grid.gap), grid.top + line * (grid.height + grid.gap)];
}

export function pixelOf(grid: Grid, column: number, line: number, x: number, y: number): [number, number] {
  const [left, top] = cornerOf(grid, column, line);
  return [
    left + INSET + x * (grid.width - 2 * INSET),
    top + grid.height - INSET - y * (grid.height - 2 * INSET),
  ];
}

/** The row whose point in the cell is nearest, within `reach` pixels; null for none. */
export function nearestPoint(
  grid: Grid,
  points: readonly Point[],
  { across, up }: Place,
  px: number,
  py: number,
  reach = 12,
): number | null {
  const [i, j] = [grid.across[across], grid.up[up]];
  let nearest: number | null = null;
  let distance = reach;
  for (const { row, inside, places } of points) {
    const [x, y] = [places[i], places[j]];
    if (!inside || x === null || y === null) continue;
    const [left, top] = pixelOf(grid, across, up, x, y);
    const away = Math.hypot(left - px, top - py);
    if (away < distance) [nearest, distance] = [row, away];
  }
  return nearest;
}

export function pointsOf(
  axes: readonly Axis[],
  rows: readonly number[],
  cellOf: (id: string, row: number) => Cell,
  colourOf: (row: number) => string,
  passing: ReadonlySet<number>,
): Point[] {
  return rows.map((row) => ({
    row,
    colour: colourOf(row),
    inside: passing.has(row),
    places: axes.map((axis) => axis.place(cellOf(axis.id, row))),
  }));
}

/** How many of the points lie in each of equal stretches of an axis. */
export function histogramOf(points: readonly Point[], axis: number): number[] {
  const counts = new Array<number>(BINS).fill(0);
  for (const { inside, places } of points) {
    const place = places[axis];
    if (inside && place !== null) counts[Math.min(BINS - 1, Math.floor(place * BINS))]++;
  }
  return counts;
}

export interface Look {
  faint: string;
  line: string;
  bar: string;
  emphasis: number | null;
}

export function drawMatrix(
  canvas: HTMLCanvasElement,
  grid: Grid,
  points: readonly Point[],
  look: Look,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  context.scale(devicePixelRatio, devicePixelRatio);
  const left = points.filter(({ inside }) => !inside);
  const shown = points.filter(({ inside }) => inside);
  const chosen = shown.filter(({ row }) => row === look.emphasis);
  const radius = shown.length > 2000 ? 1.2 : shown.length > 300 ? 1.8 : 2.6;
  grid.up.forEach((j, line) =>
    grid.across.forEach((i, column) => {
      const [x, y] = cornerOf(grid, column, line);
      context.strokeStyle = look.line;
      context.strokeRect(x + 0.5, y + 0.5, grid.width - 1, grid.height - 1);
      const draw = (some: readonly Point[], size: number, alpha: number, colour?: string): void => {
        context.globalAlpha = alpha;
        for (const { places, colour: own } of some) {
          const [a, b] = [places[i], places[j]];
          if (a === null || b === null) continue;
          context.fillStyle = colour ?? own;
          const [px, py] = pixelOf(grid, column, line, a, b);
          context.beginPath();
          context.arc(px, py, size, 0, 2 * Math.PI);
          context.fill();
        }
        context.globalAlpha = 1;
      };
      if (i === j) return drawHistogram(context, grid, column, line, histogramOf(points, i), look.bar);
      draw(left, 1.4, 0.6, look.faint);
      draw(shown, radius, shown.length > 300 ? 0.55 : 0.85);
      draw(chosen, 5, 1);
    }),
  );
}

/** A column beside itself: how its values are spread. */
function drawHistogram(
  context: CanvasRenderingContext2D,
  grid: Grid,
  column: number,
  line: number,
  counts: readonly number[],
  colour: string,
): void {
  const most = Math.max(1, ...counts);
  context.fillStyle = colour;
  counts.forEach((count, bin) => {
    const [left, bottom] = pixelOf(grid, column, line, bin / counts.length, 0);
    const [right, top] = pixelOf(grid, column, line, (bin + 1) / counts.length, (0.9 * count) / most);
    context.fillRect(left + 0.5, top, right - left - 1, bottom - top);
  });
}
