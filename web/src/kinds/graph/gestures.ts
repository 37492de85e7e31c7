// Pan, zoom and pinch of the picture, and which box is pointed at.
import { zoomAt, toPicture } from './camera';
import { boxAt } from './hit';
import type { Point } from './layout';
import type { Motion } from './motion.svelte';

/** A pointer that moved less than this, in CSS pixels, clicked. */
const CLICK = 4;

export interface Hears {
  hover: (item: number | null) => void;
  select: (item: number | null) => void;
  open: (item: number) => void;
  dragging: (on: boolean) => void;
}

/** Listens to an element; returns how to stop. */
export function listenTo(node: HTMLElement, motion: Motion, hears: Hears): () => void {
  const pointers = new Map<number, Point>();
  let start: Point | null = null;
  let moved = false;

  const at = (event: MouseEvent): Point => {
    const box = node.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const itemAt = (event: MouseEvent): number | null => {
    const { x, y } = at(event);
    return motion.placed ? boxAt(motion.placed, toPicture(motion.camera, x, y)) : null;
  };
  const pan = (from: Point, to: Point): void => {
    const { x, y, zoom } = motion.camera;
    motion.look({ x: x - (to.x - from.x) / zoom, y: y - (to.y - from.y) / zoom, zoom });
  };
  const pinch = (id: number, to: Point): void => {
    const from = pointers.get(id);
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!from || !other) return;
    const factor =
      Math.hypot(to.x - other.x, to.y - other.y) / Math.hypot(from.x - other.x, from.y - other.y);
    if (Number.isFinite(factor) && factor > 0) motion.look(zoomAt(motion.camera, other.x, other.y, factor));
  };

  const acts: Record<string, (event: PointerEvent) => void> = {
    pointerdown: (event) => {
      node.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      if (pointers.size === 1) [start, moved] = [at(event), false];
    },
    pointermove: (event) => {
      const now = at(event);
      const before = pointers.get(event.pointerId);
      if (!before || !start) {
        if (event.pointerType === 'mouse') hears.hover(itemAt(event));
        return;
      }
      const far = Math.hypot(now.x - start.x, now.y - start.y) > CLICK;
      if (!moved && (far || pointers.size > 1)) hears.dragging((moved = true));
      if (!moved) return;
      if (pointers.size === 1) pan(before, now);
      else pinch(event.pointerId, now);
      pointers.set(event.pointerId, now);
    },
    pointerup: (event) => {
      if (pointers.delete(event.pointerId) && !moved && pointers.size === 0) hears.select(itemAt(event));
      if (pointers.size === 0) hears.dragging(false);
    },
    pointercancel: (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size === 0) hears.dragging(false);
    },
    pointerleave: () => hears.hover(null),
  };
  const wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const { x, y } = at(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const { camera } = motion;
    const across = ((event.deltaX || event.deltaY) * lines) / camera.zoom;
    if (event.shiftKey) motion.look({ ...camera, x: camera.x + across });
    else motion.look(zoomAt(camera, x, y, Math.exp((-event.deltaY * lines) / 500)));
  };
  const open = (event: MouseEvent): void => {
    const item = itemAt(event);
    if (item !== null) hears.open(item);
  };

  const stop = new AbortController();
  const { signal } = stop;
  for (const [name, act] of Object.entries(acts))
    node.addEventListener(name, act as EventListener, { signal });
  node.addEventListener('wheel', wheel, { passive: false, signal });
  node.addEventListener('dblclick', open, { signal });
  return () => stop.abort();
}
