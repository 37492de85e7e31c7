// Two pens that draw the same: on a canvas, and as the text of an SVG file.

export interface Stroke {
  colour: string;
  width: number;
  dash?: readonly number[];
}

export interface TextStyle {
  colour: string;
  size: number;
  weight?: number;
  align?: 'left' | 'center';
  mono?: boolean;
}

/** All lengths in the picture's own units. */
export interface Pen {
  box(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: string,
    stroke?: Stroke,
  ): void;
  /** A line with rounded corners. */
  line(points: readonly { x: number; y: number }[], radius: number, stroke: Stroke): void;
  shape(points: readonly { x: number; y: number }[], fill: string): void;
  text(x: number, y: number, text: string, style: TextStyle): void;
}

export const SANS =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', sans-serif";
export const MONO = "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace";

const fontOf = ({ weight = 400, size, mono }: TextStyle): string =>
  `${weight} ${size}px ${mono ? MONO : SANS}`;

export function canvasPen(context: CanvasRenderingContext2D): Pen {
  const apply = ({ colour, width, dash = [] }: Stroke): void => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.setLineDash([...dash]);
    context.stroke();
  };
  return {
    box(x, y, width, height, radius, fill, stroke) {
      context.beginPath();
      context.roundRect(x, y, width, height, radius);
      context.fillStyle = fill;
      context.fill();
      if (stroke) apply(stroke);
    },
    line(points, radius, stroke) {
      context.beginPath();
      context.moveTo(points[0].x, points[0].y);
      for (let i = 1; i < points.length - 1; i++) {
        const room = cornerRoom(points, i, radius);
        context.arcTo(points[i].x, points[i].y, points[i + 1].x, points[i + 1].y, room);
      }
      const last = points[points.length - 1];
      context.lineTo(last.x, last.y);
      apply(stroke);
    },
    shape(points, fill) {
      context.beginPath();
      points.forEach(({ x, y }, i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
      context.closePath();
      context.fillStyle = fill;
      context.fill();
    },
    text(x, y, text, style) {
      context.font = fontOf(style);
      context.textAlign = style.align ?? 'left';
      context.textBaseline = 'middle';
      context.fillStyle = style.colour;
      context.fillText(text, x, y);
    },
  };
}

/** Collects elements; `finish` gives the file. Numbers are cut to hundredths of a unit. */
export class SvgPen implements Pen {
  private readonly parts: string[] = [];

  box(
    x: number,
    y: number,
    width: number,
    height: number,
    radius: number,
    fill: string,
    stroke?: Stroke,
  ): void {
    this.parts.push(
      `<rect x="${cut(x)}" y="${cut(y)}" width="${cut(width)}" height="${cut(height)}" rx="${cut(radius)}" fill="${fill}"${strokeOf(stroke)}/>`,
    );
  }

  line(points: readonly { x: number; y: number }[], radius: number, stroke: Stroke): void {
    let path = `M${cut(points[0].x)} ${cut(points[0].y)}`;
    for (let i = 1; i < points.length - 1; i++) {
      const room = cornerRoom(points, i, radius);
      const [before, after] = [
        towards(points[i], points[i - 1], room),
        towards(points[i], points[i + 1], room),
      ];
      path += `L${cut(before.x)} ${cut(before.y)}Q${cut(points[i].x)} ${cut(points[i].y)} ${cut(after.x)} ${cut(after.y)}`;
    }
    const last = points[points.length - 1];
    this.parts.push(`<path d="${path}L${cut(last.x)} ${cut(last.y)}" fill="none"${strokeOf(stroke)}/>`);
  }

  shape(points: readonly { x: number; y: number }[], fill: string): void {
    const list = points.map(({ x, y }) => `${cut(x)},${cut(y)}`).join(' ');
    this.parts.push(`<polygon points="${list}" fill="${fill}"/>`);
  }

  text(x: number, y: number, text: string, style: TextStyle): void {
    this.parts.push(
      `<text x="${cut(x)}" y="${cut(y)}" font-family="${escape(style.mono ? MONO : SANS)}" font-size="${style.size}" ` +
        `font-weight="${style.weight ?? 400}" fill="${style.colour}" dominant-baseline="central" ` +
        `text-anchor="${style.align === 'center' ? 'middle' : 'start'}">${escape(text)}</text>`,
    );
  }

  finish(left: number, top: number, width: number, height: number, background: string): string {
    const view = [left, top, width, height].map(cut).join(' ');
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${view}" width="${cut(width)}" height="${cut(height)}">` +
      `<rect x="${cut(left)}" y="${cut(top)}" width="100%" height="100%" fill="${background}"/>${this.parts.join('')}</svg>\n`
    );
  }
}

/** Names come from logs: nothing of them may become markup, nor what XML cannot hold. */
export function escape(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function cut(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function strokeOf(stroke?: Stroke): string {
  if (!stroke) return '';
  const dash = stroke.dash ? ` stroke-dasharray="${stroke.dash.join(' ')}"` : '';
  return ` stroke="${stroke.colour}" stroke-width="${cut(stroke.width)}"${dash}`;
}

function cornerRoom(points: readonly { x: number; y: number }[], at: number, radius: number): number {
  const [a, b, c] = [points[at - 1], points[at], points[at + 1]];
  return Math.min(radius, Math.hypot(a.x - b.x, a.y - b.y) / 2, Math.hypot(c.x - b.x, c.y - b.y) / 2);
}

function towards(
  from: { x: number; y: number },
  to: { x: number; y: number },
  by: number,
): { x: number; y: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}
