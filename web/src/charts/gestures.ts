// Turns pointer, wheel and key events on a chart into wishes: look here, zoom to this, go back, mark these steps.
import type { Plot } from './types';

export interface GestureHandlers {
  plot(): Plot;
  hover(px: number, py: number): void;
  leave(): void;
  /** The box being dragged, as two x positions inside the plot; null when the drag ends. */
  box(box: [number, number] | null): void;
  /** The user chose this part of the plot, as two x positions (they may lie outside when zooming out). */
  zoom(from: number, to: number): void;
  reset(): void;
  /** Shift and drag: the plot is to follow the pointer, which is `dx` pixels from where it took hold. */
  pan(dx: number, begins: boolean): void;
  /** A press on the x axis, or a drag along it from where it began. */
  mark(from: number, to: number, begins: boolean): void;
  /** A click into the plot. */
  pick(px: number, py: number): void;
  /** Arrow keys: one point to the left (-1) or right (1); `far` with Shift. */
  move(direction: -1 | 1, far: boolean): void;
  /** The key that marks the step under the cursor. */
  markHere(): void;
}

const DRAG_THRESHOLD = 4;
const ZOOM_STEP = 0.25;

export function attachGestures(element: HTMLElement, handlers: GestureHandlers): () => void {
  const drag = dragGesture(element, handlers);
  const listeners: [string, EventListener, AddEventListenerOptions?][] = [
    ['pointerdown', drag.down as EventListener],
    ['pointermove', drag.move as EventListener],
    ['pointerenter', ((event: PointerEvent) => drag.enter(event)) as EventListener],
    ['pointerup', drag.up as EventListener],
    // The finger began to scroll the page: what it passed over is not being read.
    ['pointercancel', () => (drag.cancel(), handlers.leave())],
    ['pointerleave', ((event: PointerEvent) => drag.leave(event)) as EventListener],
    ['click', drag.click as EventListener],
    ['dblclick', () => handlers.reset()],
    // Plain scrolling belongs to the page; only Ctrl (or a pinch, which looks the same) and Alt zoom.
    ['wheel', ((event: WheelEvent) => wheel(element, handlers, event)) as EventListener, { passive: false }],
    ['keydown', ((event: KeyboardEvent) => key(handlers, event)) as EventListener],
    // Later: a chart that is removed while it has the focus blurs in the middle of being taken away.
    ['blur', () => queueMicrotask(() => handlers.leave())],
  ];
  for (const [name, listener, options] of listeners) element.addEventListener(name, listener, options);
  return () => {
    for (const [name, listener] of listeners) element.removeEventListener(name, listener);
  };
}

type Drag = 'zoom' | 'pan' | 'mark';

function dragGesture(element: HTMLElement, handlers: GestureHandlers) {
  let start: number | null = null;
  let kind: Drag = 'zoom';
  let dragging = false;
  let clicked = false;
  const local = (event: MouseEvent): [number, number] => {
    const bounds = element.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  };
  const inside = (px: number): number => {
    const { left, width } = handlers.plot();
    return Math.min(Math.max(px, left), left + width);
  };
  const cancel = (): void => {
    start = null;
    dragging = false;
    handlers.box(null);
  };
  const begin = (event: PointerEvent): void => {
    dragging = true;
    element.setPointerCapture(event.pointerId);
    if (kind === 'pan') handlers.pan(0, true);
  };
  const follow = (from: number, px: number): void => {
    if (kind === 'zoom') handlers.box(ordered(from, inside(px)));
    else if (kind === 'pan') handlers.pan(px - from, false);
    else handlers.mark(from, inside(px), false);
  };
  return {
    cancel,
    down(event: PointerEvent): void {
      if (event.button > 1) return;
      const [px, py] = local(event);
      const { top, height } = handlers.plot();
      clicked = false;
      kind = py > top + height ? 'mark' : event.shiftKey || event.button === 1 ? 'pan' : 'zoom';
      start = inside(px);
      if (kind !== 'mark') return;
      // What the mark brings below the plot makes it smaller, and the pointer would be let go outside of it.
      element.setPointerCapture(event.pointerId);
      handlers.mark(start, start, true);
    },
    move(event: PointerEvent): void {
      const [px, py] = local(event);
      if (start !== null && !dragging && Math.abs(px - start) >= DRAG_THRESHOLD) begin(event);
      if (dragging && start !== null) follow(start, px);
      else if (py <= handlers.plot().top + handlers.plot().height) handlers.hover(px, py);
      else handlers.leave();
    },
    // A menu that closes under a resting pointer uncovers the chart, and no move is told then.
    enter(event: PointerEvent): void {
      if (event.pointerType !== 'touch' && start === null) this.move(event);
    },
    up(event: PointerEvent): void {
      const [px, py] = local(event);
      const from = start;
      const wasDragging = dragging;
      cancel();
      if (kind !== 'zoom') return;
      if (wasDragging && from !== null) {
        const [left, right] = ordered(from, inside(px));
        if (right - left >= DRAG_THRESHOLD) handlers.zoom(left, right);
      } else if (event.pointerType === 'touch') {
        handlers.hover(px, py);
      } else {
        clicked = true;
      }
    },
    // Only now, because what opens while a button is released would be closed by that very release.
    click(event: MouseEvent): void {
      if (clicked) handlers.pick(...local(event));
      clicked = false;
    },
    leave(event: PointerEvent): void {
      // A finger that lifts "leaves"; its tooltip should stay to be read.
      if (!dragging && event.pointerType !== 'touch') handlers.leave();
    },
  };
}

function ordered(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a];
}

function wheel(element: HTMLElement, handlers: GestureHandlers, event: WheelEvent): void {
  if (!event.ctrlKey && !event.altKey) return;
  event.preventDefault();
  const px = event.clientX - element.getBoundingClientRect().left;
  zoomAround(handlers, px, Math.exp(Math.max(-1, Math.min(1, (event.deltaY || event.deltaX) * 0.004))));
}

/** Zooms by `factor` (below 1: in) so that what is under `px` stays there. */
function zoomAround({ plot, zoom }: GestureHandlers, px: number, factor: number): void {
  const { left, width } = plot();
  const at = Math.min(Math.max(px, left), left + width);
  zoom(at - (at - left) * factor, at + (left + width - at) * factor);
}

function key(handlers: GestureHandlers, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { left, width } = handlers.plot();
  const middle = left + width / 2;
  const actions: Record<string, () => void> = {
    ArrowLeft: () => handlers.move(-1, event.shiftKey),
    ArrowRight: () => handlers.move(1, event.shiftKey),
    '+': () => zoomAround(handlers, middle, 1 - 2 * ZOOM_STEP),
    '=': () => zoomAround(handlers, middle, 1 - 2 * ZOOM_STEP),
    '-': () => zoomAround(handlers, middle, 1 / (1 - 2 * ZOOM_STEP)),
    '0': () => handlers.reset(),
    m: () => handlers.markHere(),
    Escape: () => {
      handlers.leave();
      handlers.reset();
    },
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  // Escape also means the marked steps, which belong to the page.
  if (event.key !== 'Escape') event.stopPropagation();
  action();
}
