// A chart as a picture to keep: with its title, the name of its x axis and a legend, on a surface of its own colour.
import { labelWidth } from './axes';
import { fitHorizontal, fitVertical, paintChart } from './paint';
import { SvgPath, SvgSurface } from './svg';
import type { LineInput, LinePath, Plot, Surface } from './types';

export interface FigureText {
  title: string;
  xLabel: string;
}

const FAMILY = 'ui-sans-serif, system-ui, sans-serif';
const MARGIN = 12;
const TITLE = 26;
const AXIS = 24;
const X_LABEL = 20;
const ROW = 18;
const SWATCH = 16;
const GAP = 18;
/** Device pixels per CSS pixel of a PNG: fine enough for print. */
const FINE = 3;

interface Figure {
  width: number;
  height: number;
  plot: Plot;
  legend: { x: number; y: number; name: string; colour: string; dash: readonly number[] }[];
}

/** As on the screen: the plot's size is kept, and so is each of its pixel columns. */
export function figureOf(
  input: LineInput,
  onScreen: Plot,
  text: FigureText,
): { svg: () => string; canvas: () => HTMLCanvasElement } {
  const scratch = document.createElement('canvas').getContext('2d');
  if (!scratch) throw new Error('figure: this browser gives no 2d canvas');
  const measure = (words: string, font: string): number => {
    scratch.font = font;
    return scratch.measureText(words).width;
  };
  const figure = arrange(input, onScreen, (words) => measure(words, `11px ${FAMILY}`), scratch);
  return {
    svg: () => {
      const surface = new SvgSurface(figure.width, figure.height, measure);
      paintFigure(surface, () => new SvgPath(), 1, figure, input, text);
      return surface.toString();
    },
    canvas: () => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [figure.width * FINE, figure.height * FINE];
      const context = canvas.getContext('2d');
      if (!context) throw new Error('figure: this browser gives no 2d canvas');
      context.scale(FINE, FINE);
      paintFigure(context, () => new Path2D(), FINE, figure, input, text);
      return canvas;
    },
  };
}

function arrange(
  input: LineInput,
  { width: plotWidth, height: plotHeight }: Plot,
  measure: (name: string) => number,
  scratch: CanvasRenderingContext2D,
): Figure {
  const top = MARGIN + TITLE;
  const { axis } = fitVertical(input, { left: 0, top, width: plotWidth, height: plotHeight });
  const left = Math.ceil(labelWidth(scratch, axis.labels)) + MARGIN + 8;
  const plot = { left, top, width: plotWidth, height: plotHeight };
  const width = Math.ceil(left + plotWidth + MARGIN);
  const legend: Figure['legend'] = [];
  let x = left;
  let y = top + plotHeight + AXIS + X_LABEL + ROW / 2;
  for (const { name, colour, dash } of input.series) {
    const wanted = SWATCH + measure(name);
    if (x > left && x + wanted > width - MARGIN) [x, y] = [left, y + ROW];
    legend.push({ x, y, name, colour, dash });
    x += wanted + GAP;
  }
  return { width, height: Math.ceil(y + ROW / 2 + MARGIN), plot, legend };
}

function paintFigure(
  context: Surface,
  newPath: () => LinePath,
  ratio: number,
  { width, height, plot, legend }: Figure,
  input: LineInput,
  text: FigureText,
): void {
  const { colours } = input;
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, width, height);
  context.fillStyle = colours.ink;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.font = `600 13px ${FAMILY}`;
  context.fillText(text.title, plot.left, MARGIN + 8);
  const x = fitHorizontal(input, plot);
  if (x) paintChart({ context, newPath, ratio, isFile: true }, input, plot, x, fitVertical(input, plot));
  context.font = `11px ${FAMILY}`;
  context.fillStyle = colours.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text.xLabel, plot.left + plot.width / 2, plot.top + plot.height + AXIS + 6);
  context.textAlign = 'left';
  for (const entry of legend) {
    context.strokeStyle = entry.colour;
    context.lineWidth = 2;
    context.setLineDash([...entry.dash]);
    context.beginPath();
    context.moveTo(entry.x, entry.y);
    context.lineTo(entry.x + SWATCH - 5, entry.y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.ink;
    context.fillText(entry.name, entry.x + SWATCH, entry.y);
  }
}
