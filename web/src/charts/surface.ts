// A chart on a canvas, as far as all are alike: its size, when it is drawn, what the pointer is on.
import { cancelDraw, scheduleDraw } from './queue';

export abstract class Surface<Input, Hit> {
  protected readonly context: CanvasRenderingContext2D;
  /** In CSS pixels; `ratio` are the device's pixels in one. */
  protected size = { width: 0, height: 0, ratio: 1 };
  protected hovered: Hit | null = null;
  private readonly redraw = (): number => this.draw();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    protected input: Input,
  ) {
    const context = canvas.getContext('2d');
    if (!context) throw new Error('chart: this browser gives no 2d canvas');
    this.context = context;
  }

  resize(width: number, height: number, ratio: number): void {
    this.size = { width, height, ratio };
    scheduleDraw(this.redraw);
  }

  update(input: Input): void {
    this.input = input;
    scheduleDraw(this.redraw);
  }

  /** Marks what is under the pointer. */
  hover(hit: Hit | null): void {
    this.hovered = hit;
    scheduleDraw(this.redraw);
  }

  destroy(): void {
    cancelDraw(this.redraw);
  }

  /** What is at a place of the canvas, in CSS pixels; null where nothing is near. */
  abstract hit(px: number, py: number): Hit | null;

  /** Draws on the empty canvas, and returns how many points. */
  protected abstract paint(): number;

  private draw(): number {
    const { context, canvas, size } = this;
    if (size.width === 0) return 0;
    const [width, height] = [Math.round(size.width * size.ratio), Math.round(size.height * size.ratio)];
    if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
    context.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    return this.paint();
  }
}
