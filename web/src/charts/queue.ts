// Spreads drawing over frames, so that many charts appearing at once never block scrolling.

/** Draws, and returns how many points it drew. */
export type Draw = () => number;

// Painting follows the script in the same frame and costs more than it, by the number of points.
const BUDGET_MS = 10;
const BUDGET_POINTS = 32_000;
/** After a frame that took longer than this, only half as many points are drawn in the next. */
const LATE_MS = 50;

const waiting = new Set<Draw>();
let frame = 0;
/** When something was drawn while more waited; infinite when nothing did. */
let drawnAt = Infinity;

/** Runs `draw` in one of the next frames; asking twice before that draws once. */
export function scheduleDraw(draw: Draw): void {
  waiting.add(draw);
  if (frame === 0) frame = requestAnimationFrame(drawSome);
}

export function cancelDraw(draw: Draw): void {
  waiting.delete(draw);
}

function drawSome(): void {
  frame = 0;
  const started = performance.now();
  const most = started - drawnAt > LATE_MS ? BUDGET_POINTS / 2 : BUDGET_POINTS;
  let points = 0;
  for (const draw of waiting) {
    waiting.delete(draw);
    points += draw();
    if (points > most || performance.now() - started > BUDGET_MS) break;
  }
  drawnAt = waiting.size > 0 ? started : Infinity;
  if (waiting.size > 0 && frame === 0) frame = requestAnimationFrame(drawSome);
}
