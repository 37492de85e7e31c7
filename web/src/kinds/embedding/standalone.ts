// The script of the page that is saved: draws the points that the page holds, turns them, tells their labels.
import { matrixOf, nearestRow, onScreen, panned, pointSize, turned, zoomed, type Camera } from './camera';
import { FAINT, HIDDEN, Scene, STRONG } from './scene';

export interface Shown {
  title: string;
  theme: string;
  flat: boolean;
  camera: Camera;
  /** Float32 x, y, z of each point; bytes red, green, blue; a byte that says how it is drawn (scene.ts). */
  places: string;
  colours: string;
  marks: string;
  legend: readonly { label: string; colour: string }[];
  columns: readonly string[];
  labels: readonly (readonly string[])[];
}

const REACH = 10;

function show(shown: Shown, canvas: HTMLCanvasElement): void {
  const places = new Float32Array(bytesOf(shown.places).buffer);
  const marks = bytesOf(shown.marks);
  const rows = Uint32Array.from(marks, (_, row) => row);
  const scene = new Scene(canvas);
  let camera = shown.camera;
  let found: ReadonlySet<number> | null = null;
  const size = pointSize(rows.length);
  const matrix = (): Float32Array =>
    matrixOf(
      shown.flat ? { ...camera, yaw: 0, pitch: 0 } : camera,
      canvas.clientWidth / canvas.clientHeight,
      shown.flat,
    );
  const draw = (): void => {
    canvas.width = canvas.clientWidth * devicePixelRatio;
    canvas.height = canvas.clientHeight * devicePixelRatio;
    scene.draw(matrix(), size, 0, false);
    canvas.dataset['points'] = String(rows.length);
  };
  const mark = (): void => {
    scene.mark(marks.map((one, row) => (one === HIDDEN || !found ? one : found.has(row) ? STRONG : FAINT)));
    draw();
  };
  scene.place(places);
  scene.colour(bytesOf(shown.colours));
  steer(canvas, (change) => {
    camera = change(camera, shown.flat);
    draw();
  });
  canvas.addEventListener('pointermove', ({ offsetX, offsetY, buttons }) => {
    if (buttons) return;
    const screen = onScreen(places, rows, matrix(), canvas.clientWidth, canvas.clientHeight);
    const row = nearestRow(screen, (one) => marks[one] !== HIDDEN, offsetX, offsetY, REACH);
    tell(
      row === null ? '' : shown.columns.map((name, k) => `${name}: ${shown.labels[row][k] ?? ''}`).join('\n'),
    );
  });
  document.querySelector('input')?.addEventListener('input', (event) => {
    const text = (event.target as HTMLInputElement).value.toLowerCase();
    const has = (cells: readonly string[]): boolean =>
      cells.some((cell) => cell.toLowerCase().includes(text));
    found = text ? new Set([...rows].filter((row) => has(shown.labels[row] ?? []))) : null;
    tell(found ? `${found.size.toLocaleString()} / ${rows.length.toLocaleString()}` : '');
    mark();
  });
  addEventListener('resize', draw);
  mark();
}

function steer(
  canvas: HTMLCanvasElement,
  move: (change: (camera: Camera, flat: boolean) => Camera) => void,
): void {
  canvas.addEventListener('pointerdown', (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener('pointermove', ({ buttons, shiftKey, movementX: dx, movementY: dy }) => {
    if (!buttons) return;
    const half = canvas.clientHeight / 2;
    move((camera, flat) =>
      flat || shiftKey || buttons === 2 ? panned(camera, dx / half, dy / half) : turned(camera, dx, dy),
    );
  });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const [half, x, y] = [canvas.clientHeight / 2, event.offsetX, event.offsetY];
      move((camera) =>
        zoomed(camera, Math.exp(-event.deltaY * 0.0015), [(x - canvas.clientWidth / 2) / half, 1 - y / half]),
      );
    },
    { passive: false },
  );
}

function tell(text: string): void {
  const card = document.getElementById('card');
  if (card) card.textContent = text;
}

function explain(legend: Shown['legend']): void {
  for (const { label, colour } of legend) {
    const entry = document.createElement('span');
    const dot = document.createElement('i');
    dot.style.background = colour;
    entry.append(dot, label);
    document.querySelector('footer')?.append(entry);
  }
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

const canvas = document.querySelector('canvas');
const data = document.querySelector('script[type="application/json"]');
if (canvas && data) {
  const shown = JSON.parse(data.textContent) as Shown;
  explain(shown.legend);
  show(shown, canvas);
}
