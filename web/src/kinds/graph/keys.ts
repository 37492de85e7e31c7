// What keys do while the picture has the focus.
import { zoomAt } from './camera';
import { nextBox, type Direction } from './hit';
import type { Point } from './layout';
import type { GraphModel } from './model.svelte';
import type { Motion } from './motion.svelte';
import { NONE } from './tree';

const ARROWS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

/** `size` is that of the window, in CSS pixels. */
export function onKey(event: KeyboardEvent, model: GraphModel, motion: Motion, size: Point): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { selected } = model;
  const zoom = (factor: number): void => motion.look(zoomAt(motion.camera, size.x / 2, size.y / 2, factor));
  const open = (): void => {
    if (selected === null) return;
    if (event.shiftKey) model.expandAll(selected);
    else model.toggle(selected);
  };
  const acts: Record<string, () => void> = {
    '+': () => zoom(1.25),
    '=': () => zoom(1.25),
    '-': () => zoom(0.8),
    '0': () => model.look(NONE, 'fit'),
    z: () => model.look(selected ?? NONE, 'fit'),
    Enter: open,
    ' ': open,
    Escape: () => {
      if (model.traced) model.traced = null;
      else model.selected = null;
    },
  };
  const direction = ARROWS[event.key];
  if (direction) step(model, motion, direction, size);
  else if (acts[event.key]) acts[event.key]();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function step(model: GraphModel, motion: Motion, direction: Direction, size: Point): void {
  const { shown, selected } = model;
  if (!shown || !motion.placed) return;
  const { inside } = shown.scene;
  const next =
    selected === null || !motion.placed.boxes.has(selected)
      ? (inside.get(NONE)?.[0] ?? null)
      : (nextBox(motion.placed, selected, direction, (item) => inside.has(item)) ?? selected);
  model.selected = next;
  const rect = next === null ? undefined : motion.placed.boxes.get(next);
  if (next === null || !rect) return;
  const { x, y, zoom } = motion.camera;
  const isInView =
    rect.x > x &&
    rect.y > y &&
    rect.x + rect.width < x + size.x / zoom &&
    rect.y + rect.height < y + size.y / zoom;
  if (!isInView) model.look(next, 'show');
}
