// How points come onto the screen: turned, zoomed, moved; and which lie under a pointer or in an outline. Pure.

export interface Camera {
  /** Radians about the vertical and the horizontal axis. */
  yaw: number;
  pitch: number;
  zoom: number;
  /** In half heights of the picture. */
  pan: readonly [number, number];
}

export const START: Camera = { yaw: 0.5, pitch: 0.35, zoom: 1, pan: [0, 0] };
export const FLAT: Camera = { yaw: 0, pitch: 0, zoom: 1, pan: [0, 0] };

/** From the eye to the origin, in units of space: what is at 1 is then some 40 % larger than what is at -1. */
const EYE = 4;
/** Parts of half the picture's shorter side that one unit of space takes. */
const SCALE = 0.85;

const LEAST_ZOOM = 0.2;
const MOST_ZOOM = 500;
const QUARTER = Math.PI / 2;

/** CSS pixels of a point where there are so many. */
export function pointSize(count: number): number {
  return Math.min(9, Math.max(2.5, 520 / Math.sqrt(count || 1)));
}

/** Turned by a drag of so many pixels. */
export function turned(camera: Camera, dx: number, dy: number): Camera {
  const pitch = Math.max(-QUARTER, Math.min(QUARTER, camera.pitch + dy * 0.008));
  return { ...camera, yaw: camera.yaw + dx * 0.008, pitch };
}

/** Moved by a drag of so many half heights. */
export function panned(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, pan: [camera.pan[0] + dx, camera.pan[1] - dy] };
}

/** Zoomed, with what lies at a place, in half heights from the middle, staying there. */
export function zoomed(camera: Camera, by: number, [x, y]: readonly [number, number] = [0, 0]): Camera {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, camera.zoom * by));
  const real = zoom / camera.zoom;
  return { ...camera, zoom, pan: [x - (x - camera.pan[0]) * real, y - (y - camera.pan[1]) * real] };
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What a key does to the camera; null for keys without a meaning. */
export function steered(camera: Camera, key: string, pans: boolean): Camera | null {
  const arrow = ARROWS[key];
  if (arrow)
    return pans ? panned(camera, arrow[0] / 10, arrow[1] / 10) : turned(camera, 12 * arrow[0], 12 * arrow[1]);
  if (key === '+') return zoomed(camera, 1.2);
  return key === '-' ? zoomed(camera, 1 / 1.2) : null;
}

export type Matrix = Float32Array;

/**
 * Column by column, from space to clip coordinates. Zooming magnifies without coming nearer, so that nothing is ever
 * behind the eye or cut off.
 */
export function matrixOf({ yaw, pitch, zoom, pan }: Camera, aspect: number, flat: boolean): Matrix {
  const [cy, sy, cp, sp] = [Math.cos(yaw), Math.sin(yaw), Math.cos(pitch), Math.sin(pitch)];
  const right = [cy, 0, sy];
  const up = [sp * sy, cp, -sp * cy];
  const near = [-cp * sy, sp, cp * cy];
  const scale = SCALE * EYE * zoom * Math.min(1, aspect);
  const depth = flat ? 0 : 1;
  const matrix = new Float32Array(16);
  for (let k = 0; k < 3; k++) {
    // What is nearer to the eye divides by less; panning moves the picture and so scales with the divisor.
    matrix[4 * k] = (scale * right[k] - depth * near[k] * pan[0]) / aspect;
    matrix[4 * k + 1] = scale * up[k] - depth * near[k] * pan[1];
    matrix[4 * k + 2] = -near[k] * 0.02;
    matrix[4 * k + 3] = -near[k] * depth;
  }
  matrix[12] = (EYE * pan[0]) / aspect;
  matrix[13] = EYE * pan[1];
  matrix[15] = EYE;
  return matrix;
}

/** Places on the screen in CSS pixels, x and y of each row; NaN for what has no place. */
export function onScreen(
  places: Float32Array,
  rows: ArrayLike<number>,
  m: Matrix,
  width: number,
  height: number,
): Float32Array {
  const screen = new Float32Array(2 * rows.length);
  for (let i = 0; i < rows.length; i++) {
    const at = 3 * rows[i];
    const [x, y, z] = [places[at], places[at + 1], places[at + 2]];
    const w = m[3] * x + m[7] * y + m[11] * z + m[15];
    const visible = w > 0.05;
    screen[2 * i] = visible ? ((m[0] * x + m[4] * y + m[8] * z + m[12]) / w / 2 + 0.5) * width : NaN;
    screen[2 * i + 1] = visible ? (0.5 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w / 2) * height : NaN;
  }
  return screen;
}

/** The row whose place is nearest to a pixel, within `reach` pixels; null where there is none. */
export function nearestRow(
  screen: Float32Array,
  isShown: (row: number) => boolean,
  x: number,
  y: number,
  reach: number,
): number | null {
  let found: number | null = null;
  let least = reach ** 2;
  for (let row = 0; row < screen.length / 2; row++) {
    const distance = (screen[2 * row] - x) ** 2 + (screen[2 * row + 1] - y) ** 2;
    if (distance < least && isShown(row)) [found, least] = [row, distance];
  }
  return found;
}

/** The rows inside an outline, x and y of each corner; crossing outlines by the even-odd rule. */
export function rowsInside(
  screen: Float32Array,
  isShown: (row: number) => boolean,
  outline: readonly (readonly [number, number])[],
): number[] {
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const rows: number[] = [];
  for (let row = 0; row < screen.length / 2; row++) {
    const [x, y] = [screen[2 * row], screen[2 * row + 1]];
    const near = x >= left && x <= right && y >= top && y <= bottom;
    if (near && isInside(outline, x, y) && isShown(row)) rows.push(row);
  }
  return rows;
}

function isInside(outline: readonly (readonly [number, number])[], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, before = outline.length - 1; i < outline.length; before = i++) {
    const [ax, ay] = outline[i];
    const [bx, by] = outline[before];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Which of the labels beginning at these places can be written without touching one before; `size` in pixels. */
export function withoutOverlap(screen: Float32Array, size: readonly [number, number]): boolean[] {
  const taken: [number, number][] = [];
  return Array.from({ length: screen.length / 2 }, (_, i) => {
    const [x, y] = [screen[2 * i], screen[2 * i + 1]];
    const isFree = taken.every(([a, b]) => Math.abs(a - x) >= size[0] || Math.abs(b - y) >= size[1]);
    if (isFree && Number.isFinite(x)) taken.push([x, y]);
    return isFree && Number.isFinite(x);
  });
}
