// Where the eye is: on a sphere around a point, y upwards. Pure.
import type { Extent } from './data';

export interface View {
  /** Radians: around the y axis from the z axis, and up from the plane. */
  yaw: number;
  pitch: number;
  /** From the target to the eye. */
  distance: number;
  target: readonly [number, number, number];
}

const STEEPEST = Math.PI / 2 - 0.01;

/** All is seen, from the front and somewhat above; `fov` is the height of the view in degrees. */
export function fitted({ middle, radius }: Extent, fov: number): View {
  return {
    yaw: 0.6,
    pitch: 0.4,
    distance: (1.1 * radius) / Math.sin((fov * Math.PI) / 360),
    target: middle,
  };
}

export function eyeOf({ yaw, pitch, distance, target }: View): [number, number, number] {
  const flat = distance * Math.cos(pitch);
  return [
    target[0] + flat * Math.sin(yaw),
    target[1] + distance * Math.sin(pitch),
    target[2] + flat * Math.cos(yaw),
  ];
}

/** Turned as if one pulled the thing by so many parts of the view's height. */
export function turned(view: View, right: number, down: number): View {
  const pitch = view.pitch + down * Math.PI;
  return {
    ...view,
    yaw: view.yaw - right * Math.PI,
    pitch: Math.min(STEEPEST, Math.max(-STEEPEST, pitch)),
  };
}

/** Moved along the screen by parts of its height, so that the thing follows the pointer. */
export function moved(view: View, right: number, down: number, fov: number): View {
  const { yaw, pitch, distance, target } = view;
  const height = 2 * distance * Math.tan((fov * Math.PI) / 360);
  const [x, y] = [-right * height, down * height];
  return {
    ...view,
    target: [
      target[0] + x * Math.cos(yaw) - y * Math.sin(pitch) * Math.sin(yaw),
      target[1] + y * Math.cos(pitch),
      target[2] - x * Math.sin(yaw) - y * Math.sin(pitch) * Math.cos(yaw),
    ],
  };
}

export function zoomed(view: View, factor: number): View {
  return { ...view, distance: view.distance / factor };
}

/** How a view differs from the one that a card begins with, so that cards of other sizes are looked at alike. */
export interface Turn {
  yaw: number;
  pitch: number;
  /** Times the distance at the beginning. */
  distance: number;
  /** Of the target, in distances at the beginning. */
  shift: readonly [number, number, number];
}

export function turnOf(view: View, start: View): Turn {
  const [x, y, z] = view.target.map((value, axis) => (value - start.target[axis]) / start.distance);
  return {
    yaw: view.yaw - start.yaw,
    pitch: view.pitch - start.pitch,
    distance: view.distance / start.distance,
    shift: [x, y, z],
  };
}

/** The view after a turn; null is where a card begins. */
export function viewOf(turn: Turn | null, start: View): View {
  if (!turn) return start;
  const [x, y, z] = start.target.map((value, axis) => value + turn.shift[axis] * start.distance);
  return {
    yaw: start.yaw + turn.yaw,
    pitch: start.pitch + turn.pitch,
    distance: start.distance * turn.distance,
    target: [x, y, z],
  };
}
