// Moves a cursor along the points of a curve by keys.
import type { LineChart } from './line';
import type { Hit, LineSeries } from './types';

/** How many points Shift jumps over, as a part of the curve. */
const FAR = 0.05;

/** Where the next point stands in the plot; from the last visible point when there is no cursor yet. */
export function stepCursor(
  chart: LineChart,
  series: readonly LineSeries[],
  from: Hit | null,
  direction: -1 | 1,
  far: boolean,
): { px: number; py: number } | null {
  const { x, y } = chart;
  const line = series[from?.series ?? 0];
  if (!x || !y || !line) return null;
  const stride = far ? Math.max(1, Math.round(line.x.length * FAR)) : 1;
  const start = from?.index ?? (direction === 1 ? -1 : line.x.length);
  let index = Math.min(Math.max(start + direction * stride, 0), line.x.length - 1);
  // Points outside of a zoomed range are passed over.
  while (
    index >= 0 &&
    index < line.x.length &&
    (line.x[index] < x.domain[0] || line.x[index] > x.domain[1])
  ) {
    index += direction;
  }
  if (index < 0 || index >= line.x.length) return null;
  const py = y.toPixel(line.y[index]);
  return { px: x.toPixel(line.x[index]), py: Number.isFinite(py) ? py : chart.plot.top + chart.plot.height };
}
