// Moves camera and boxes from where they were to where they belong.
import { between, firstLook, fit, type Camera } from './camera';
import type { Placed, Rect } from './layout';
import type { Goal, Shown } from './model.svelte';
import { NONE } from './tree';

const DURATION_MS = 200;
/** More boxes than this jump: moving them would stutter. */
const MOST_MOVING = 600;
/** A box that was opened is shown whole, unless it would become smaller than this. */
const READABLE = 0.5;

export class Motion {
  camera = $state.raw<Camera>({ x: 0, y: 0, zoom: 1 });
  /** What is painted: on its way, or `shown` itself. */
  placed = $state.raw<Placed | null>(null);
  /** 1 when everything has arrived. */
  part = $state(1);
  private frame = 0;
  private shown: Shown | null = null;

  constructor(private readonly windowSize: () => { width: number; height: number }) {}

  /** Takes a new layout, or a new wish where to look. */
  take(shown: Shown, goal: Goal | null): void {
    const before = this.shown?.scene.tree.graph === shown.scene.tree.graph ? this.placed : null;
    const isNew = shown !== this.shown;
    this.shown = shown;
    const camera = this.target(shown.placed, before, goal);
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const moves = before && !calm && shown.placed.boxes.size <= MOST_MOVING;
    if (!moves) return this.jump(camera, shown.placed);
    this.run(this.camera, camera, isNew ? before : shown.placed, shown.placed, goal);
  }

  look(camera: Camera): void {
    cancelAnimationFrame(this.frame);
    if (this.shown) this.jump(camera, this.shown.placed);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private jump(camera: Camera, placed: Placed): void {
    this.camera = camera;
    this.placed = placed;
    this.part = 1;
  }

  private run(from: Camera, to: Camera, before: Placed, after: Placed, goal: Goal | null): void {
    cancelAnimationFrame(this.frame);
    const start = performance.now();
    const origin = goal ? before.boxes.get(goal.item) : undefined;
    const step = (now: number): void => {
      const part = Math.min(1, Math.max(0, (now - start) / DURATION_MS));
      const eased = 1 - (1 - part) ** 3;
      this.camera = between(from, to, eased);
      this.part = part;
      this.placed = part < 1 && before !== after ? blend(before, after, origin, eased) : after;
      if (part < 1) this.frame = requestAnimationFrame(step);
    };
    step(start);
  }

  private target(placed: Placed, before: Placed | null, goal: Goal | null): Camera {
    const { width, height } = this.windowSize();
    const whole: Rect = { x: 0, y: 0, width: placed.width, height: placed.height };
    const rect = goal && (goal.item === NONE ? whole : placed.boxes.get(goal.item));
    if (rect && goal.how === 'show' && goal.item !== NONE) return this.showing(rect, width, height);
    if (!before || !goal || (goal.how === 'first' && goal.item === NONE))
      return firstLook(whole, width, height);
    if (!rect) return this.camera;
    if (goal.how === 'fit') return fit(rect, width, height, goal.item === NONE ? 1 : 1.4);
    const old = before.boxes.get(goal.item);
    return old ? this.keeping(old, rect, width, height) : this.camera;
  }

  /** What was clicked stays under the pointer; an opened box that does not fit is shown whole where that is readable. */
  private keeping(old: Rect, rect: Rect, width: number, height: number): Camera {
    const { zoom } = this.camera;
    const dx = rect.x + rect.width / 2 - (old.x + old.width / 2);
    const kept = { x: this.camera.x + dx, y: this.camera.y + rect.y - old.y, zoom };
    const isInView =
      rect.x >= kept.x &&
      rect.y >= kept.y &&
      rect.x + rect.width <= kept.x + width / zoom &&
      rect.y + rect.height <= kept.y + height / zoom;
    if (isInView || rect.height <= old.height) return kept;
    const around = fit(rect, width, height, zoom);
    if (around.zoom >= READABLE) return around;
    return firstLook(rect, width, height, Math.min(zoom, 0.7));
  }

  /** Into the middle, at a zoom that can be read. */
  private showing(rect: Rect, width: number, height: number): Camera {
    const zoom = Math.min(Math.max(this.camera.zoom, 0.8), 1.2);
    if (rect.width * zoom > width || rect.height * zoom > height) return fit(rect, width, height);
    return {
      x: rect.x + rect.width / 2 - width / 2 / zoom,
      y: rect.y + rect.height / 2 - height / 2 / zoom,
      zoom,
    };
  }
}

/** Boxes on their way; new ones come out of the box that was opened. */
function blend(before: Placed, after: Placed, origin: Rect | undefined, part: number): Placed {
  const boxes = new Map<number, Rect>();
  for (const [item, to] of after.boxes) {
    const from = before.boxes.get(item) ?? (origin && { ...origin });
    boxes.set(item, from ? lerp(from, to, part) : to);
  }
  return { ...after, boxes, routes: part > 0.75 ? after.routes : [] };
}

function lerp(from: Rect, to: Rect, part: number): Rect {
  const at = (a: number, b: number): number => a + (b - a) * part;
  return {
    x: at(from.x, to.x),
    y: at(from.y, to.y),
    width: at(from.width, to.width),
    height: at(from.height, to.height),
  };
}
