// The lines of parallel coordinates on a canvas, and which of them is nearest to a point.

export interface Line {
  row: number;
  colour: string;
  /** Whether it passes the filters; others are drawn faintly below. */
  inside: boolean;
  /** CSS pixels, from the left; a gap where a run has no place on an axis. */
  points: readonly ({ x: number; y: number } | null)[];
}

export function drawLines(
  canvas: HTMLCanvasElement,
  lines: readonly Line[],
  faint: string,
  emphasis: number | null,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  context.scale(ratio, ratio);
  context.lineJoin = 'round';
  const inside = lines.filter((line) => line.inside);
  // Many lines are drawn thinner through each other, so that where they gather shows.
  const alpha = Math.min(0.9, Math.max(0.12, 60 / Math.max(1, inside.length)));
  for (const line of lines) if (!line.inside) draw(context, line, faint, 1, 0.5);
  for (const line of inside) draw(context, line, line.colour, 1.4, alpha);
  const chosen = lines.find(({ row }) => row === emphasis);
  if (chosen) draw(context, chosen, chosen.colour, 3, 1);
}

function draw(
  context: CanvasRenderingContext2D,
  { points }: Line,
  colour: string,
  width: number,
  alpha: number,
): void {
  context.globalAlpha = alpha;
  context.strokeStyle = context.fillStyle = colour;
  context.lineWidth = width;
  context.beginPath();
  points.forEach((point, i) => {
    if (!point) return;
    if (points[i - 1]) context.lineTo(point.x, point.y);
    else context.moveTo(point.x, point.y);
    // A point with nothing on either side would not be seen.
    if (!points[i - 1] && !points[i + 1]) context.fillRect(point.x - 3, point.y - 1, 6, 2);
  });
  context.stroke();
}

/** The row whose line passes nearest to a point, within `reach` pixels up or down; null for none. */
export function nearestLine(lines: readonly Line[], x: number, y: number, reach = 12): number | null {
  let nearest: number | null = null;
  let distance = reach;
  for (const { row, inside, points } of lines) {
    if (!inside) continue;
    const away = Math.abs(heightAt(points, x) - y);
    if (away < distance) [nearest, distance] = [row, away];
  }
  return nearest;
}

function heightAt(points: Line['points'], x: number): number {
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1], points[i]];
    if (a && b && x >= a.x && x <= b.x) return a.y + ((b.y - a.y) * (x - a.x)) / (b.x - a.x);
  }
  return NaN;
}
