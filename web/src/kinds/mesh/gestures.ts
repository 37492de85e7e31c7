// Pointer, wheel and keys -> another view.
import { moved, turned, zoomed, type View } from './orbit';

/** Follows a drag until it ends: it turns, and with Shift or another button it moves. */
export function drag(event: PointerEvent, view: View, fov: number, look: (next: View) => void): void {
  const canvas = event.currentTarget as HTMLElement;
  const height = canvas.clientHeight;
  const moves = event.shiftKey || event.button !== 0;
  canvas.setPointerCapture(event.pointerId);
  const follow = (to: PointerEvent): void => {
    const [right, down] = [(to.clientX - event.clientX) / height, (to.clientY - event.clientY) / height];
    look(moves ? moved(view, right, down, fov) : turned(view, right, down));
  };
  canvas.addEventListener('pointermove', follow);
  canvas.addEventListener('lostpointercapture', () => canvas.removeEventListener('pointermove', follow), {
    once: true,
  });
}

/** What a key makes of a view: null where it brings back the first one, undefined where it means nothing. */
export function keyed(key: string, view: View): View | null | undefined {
  const by = { ArrowLeft: [-0.05, 0], ArrowRight: [0.05, 0], ArrowUp: [0, -0.05], ArrowDown: [0, 0.05] }[key];
  const factor = { '+': 1.2, '=': 1.2, '-': 1 / 1.2 }[key];
  if (by) return turned(view, by[0], by[1]);
  if (factor) return zoomed(view, factor);
  return key === '0' ? null : undefined;
}
