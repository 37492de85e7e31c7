// Records what is drawn and writes it as SVG: the part of a canvas's context that the charts use.
import type { LinePath, Surface } from './types';

const DIGITS = 2;
const number = (value: number): string => String(Number(value.toFixed(DIGITS)));
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`).replace(/[\0-\x08\x0b-\x1f]/g, '');

/** How far below its place a text's base line lies, as a part of the type's size. */
const BASE: Partial<Record<CanvasTextBaseline, number>> = { top: 0.8, middle: 0.35 };
const ANCHOR: Partial<Record<CanvasTextAlign, string>> = { right: 'end', center: 'middle' };

export class SvgPath implements LinePath {
  data = '';
  moveTo(x: number, y: number): void {
    this.data += `M${number(x)} ${number(y)}`;
  }
  lineTo(x: number, y: number): void {
    this.data += `L${number(x)} ${number(y)}`;
  }
}

interface State {
  dx: number;
  dy: number;
  /** Groups opened since `save`. */
  groups: number;
}

export class SvgSurface implements Surface {
  fillStyle: Surface['fillStyle'] = '#000';
  strokeStyle: Surface['strokeStyle'] = '#000';
  globalAlpha = 1;
  lineWidth = 1;
  lineJoin: CanvasLineJoin = 'miter';
  font = '10px sans-serif';
  textAlign: CanvasTextAlign = 'start';
  textBaseline: CanvasTextBaseline = 'alphabetic';
  private readonly parts: string[] = [];
  private path = '';
  private dash: number[] = [];
  private state: State = { dx: 0, dy: 0, groups: 0 };
  private readonly saved: State[] = [];
  private clips = 0;

  /** `measure` says how wide a text is in a font. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly measure: (text: string, font: string) => number,
  ) {}

  toString(): string {
    const { width, height } = this;
    const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${this.parts.join('\n')}\n</svg>\n`;
  }

  beginPath(): void {
    this.path = '';
  }
  moveTo(x: number, y: number): void {
    this.path += `M${this.place(x, y)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `L${this.place(x, y)}`;
  }
  /** Whole circles only: nothing else is drawn. */
  arc(x: number, y: number, radius: number): void {
    const half = (end: number): string =>
      `A${number(radius)} ${number(radius)} 0 1 1 ${this.place(x + end * radius, y)}`;
    this.path += `M${this.place(x + radius, y)}${half(-1)}${half(1)}Z`;
  }
  rect(x: number, y: number, width: number, height: number): void {
    this.path += `M${this.place(x, y)}h${number(width)}v${number(height)}h${number(-width)}Z`;
  }
  closePath(): void {
    this.path += 'Z';
  }
  fill(): void {
    if (this.path)
      this.parts.push(`<path d="${this.path}" fill="${this.paint(this.fillStyle)}"${this.opacity()}/>`);
  }
  stroke(path?: LinePath): void {
    const data = path instanceof SvgPath ? path.data : this.path;
    if (!data) return;
    const { dx, dy } = this.state;
    const moved = path && (dx || dy) ? ` transform="translate(${number(dx)} ${number(dy)})"` : '';
    const dash = this.dash.length > 0 ? ` stroke-dasharray="${this.dash.join(' ')}"` : '';
    const look = `stroke="${this.paint(this.strokeStyle)}" stroke-width="${number(this.lineWidth)}"`;
    this.parts.push(
      `<path d="${data}" fill="none" ${look} stroke-linejoin="${this.lineJoin}"${dash}${this.opacity()}${moved}/>`,
    );
  }
  fillRect(x: number, y: number, width: number, height: number): void {
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
  }
  fillText(text: string, x: number, y: number): void {
    const [size, ...family] = this.font.split('px');
    const points = Number(size.split(' ').pop());
    const weight = size.includes(' ') ? ` font-weight="${size.split(' ')[0]}"` : '';
    const anchor = ANCHOR[this.textAlign] ? ` text-anchor="${ANCHOR[this.textAlign]}"` : '';
    const base = y + this.state.dy + points * (BASE[this.textBaseline] ?? 0);
    this.parts.push(
      `<text x="${number(x + this.state.dx)}" y="${number(base)}" font-size="${points}"${weight}` +
        ` font-family="${escaped(family.join('px').trim())}" fill="${this.paint(this.fillStyle)}"${anchor}` +
        `${this.opacity()}>${escaped(text)}</text>`,
    );
  }
  measureText(text: string): { width: number } {
    return { width: this.measure(text, this.font) };
  }
  setLineDash(segments: number[]): void {
    this.dash = segments;
  }
  translate(x: number, y: number): void {
    this.state = { ...this.state, dx: this.state.dx + x, dy: this.state.dy + y };
  }
  save(): void {
    this.saved.push(this.state);
    this.state = { ...this.state, groups: 0 };
  }
  restore(): void {
    this.parts.push(...Array.from({ length: this.state.groups }, () => '</g>'));
    this.state = this.saved.pop() ?? this.state;
  }
  clip(): void {
    const id = `clip${this.clips++}`;
    this.parts.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath><g clip-path="url(#${id})">`);
    this.state.groups++;
  }

  private place(x: number, y: number): string {
    return `${number(x + this.state.dx)} ${number(y + this.state.dy)}`;
  }
  private paint(style: Surface['fillStyle']): string {
    return escaped(String(style));
  }
  private opacity(): string {
    return this.globalAlpha === 1 ? '' : ` opacity="${number(this.globalAlpha)}"`;
  }
}
