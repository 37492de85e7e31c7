// Which box lies under a point, and which in a direction.
import type { Placed, Point, Rect } from './layout';

/** The innermost box at the point. */
export function boxAt(placed: Placed, { x, y }: Point): number | null {
  let hit: number | null = null;
  // Boxes stand before what is in them.
  for (const [item, rect] of placed.boxes) {
    if (x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height) hit = item;
  }
  return hit;
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The nearest closed box in a direction: what lies straight ahead before what lies aside. */
export function nextBox(
  placed: Placed,
  from: number,
  direction: Direction,
  isOpen: (item: number) => boolean,
): number | null {
  const start = placed.boxes.get(from);
  if (!start) return null;
  let best: number | null = null;
  let least = Infinity;
  for (const [item, rect] of placed.boxes) {
    if (item === from || isOpen(item)) continue;
    const [dx, dy] = [middle(rect).x - middle(start).x, middle(rect).y - middle(start).y];
    const ahead = { up: -dy, down: dy, left: -dx, right: dx }[direction];
    const aside = direction === 'up' || direction === 'down' ? Math.abs(dx) : Math.abs(dy);
    const cost = ahead + 2.5 * aside;
    if (ahead > 2 && aside <= 2 * ahead + 60 && cost < least) [best, least] = [item, cost];
  }
  return best;
}

function middle({ x, y, width, height }: Rect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}
