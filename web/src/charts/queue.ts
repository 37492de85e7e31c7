// Spreads drawing over frames, so that many charts appearing at once never block scrolling.

/** Draws, and returns how many points it drew. */
export type Draw = () => number;

// Painting follows the script in the same frame and costs more than it, by the number of points.
const BUDGET_MS = 10;
const BUDGET_POINTS = 32_000;

const waiting = new Set<Draw>();
let frame = 0;

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
  let points = 0;
  for (const draw of waiting) {
    waiting.delete(draw);
    points += draw();
    if (points > BUDGET_POINTS || performance.now() - started > BUDGET_MS) break;
  }
  if (waiting.size > 0 && frame === 0) frame = requestAnimationFrame(drawSome);
}
