// Paints a placed scene with either pen: boxes, edges on them, labels last.
import type { Theme } from '../../state/colours';
import { mix, type Colouring } from './colours';
import { LABEL, labelsOf } from './labels';
import { HEADER, type Placed, type Rect, type Route, type Size } from './layout';
import { fitted, type Measure } from './measure';
import type { Pen } from './pen';
import { countText } from './quantity';
import { canExpand, type Bundle, type Scene } from './scene';
import { subtitleOf, titleOf, type Tree } from './tree';

export interface Inks {
  theme: Theme;
  page: string;
  surface: string;
  text: string;
  soft: string;
  line: string;
  lineStrong: string;
  accent: string;
}

export interface Picture {
  scene: Scene;
  placed: Placed;
  colouring: Colouring;
  inks: Inks;
  measure: Measure;
  selected: number | null;
  hovered: number | null;
  /** What a trace or a search leaves bright; null for everything. */
  lit: ReadonlySet<number> | null;
}

const TITLE = 12.5;
const SMALL = 11;
/** The height of a box with a title and a line below it. */
const TWO_LINES = 44;
const WIDEST = 230;
/** Less of a class than this says nothing. */
const FEWEST_LETTERS = 5;
/** Below this zoom no text can be read. */
const TEXT_FROM = 0.34;
const LABELS_FROM = 0.55;

/** What a closed box needs; its height is that of one line or two. */
export function boxSize(tree: Tree, item: number, measure: Measure): Size {
  const detail = detailOf(tree, item);
  const mark = canExpand(tree, item) || tree.calls.has(item) ? 20 : 0;
  const wide = Math.max(measure(titleOf(tree, item), TITLE, 600) + mark, measure(detail, SMALL, 400));
  return { width: Math.round(Math.min(Math.max(wide + 30, 84), WIDEST)), height: detail ? TWO_LINES : 30 };
}

/** What the title of an open box needs. */
export function openWidth(tree: Tree, item: number, measure: Measure): number {
  const words = measure(titleOf(tree, item), TITLE, 600) + measure(detailOf(tree, item), SMALL, 400);
  return Math.min(words + 56, 2 * WIDEST);
}

/** What stands below the title: its class, and a quantity: what the colours say, or else its parameters. */
function detailOf(tree: Tree, item: number, colouring?: Colouring): string {
  return detailsOf(tree, item, colouring).filter(Boolean).join(' · ');
}

function detailsOf(tree: Tree, item: number, colouring?: Colouring): [string, string] {
  const parameters = tree.parameters[item] > 0 ? countText(tree.parameters[item]) : '';
  const group = tree.groups.get(item);
  const times = group?.kind === 'series' ? `${group.count} ×` : '';
  const kind = [times, subtitleOf(tree, item)].filter(Boolean).join(' ');
  return [kind, colouring?.textOf?.(item) ?? parameters];
}

/** The same in so much room: a quantity says nothing when its end is missing, a class still does. */
function fittedDetail({ scene, colouring, measure }: Picture, item: number, room: number): string {
  const whole = detailOf(scene.tree, item, colouring);
  if (measure(whole, SMALL, 400) <= room) return whole;
  const [kind, quantity] = detailsOf(scene.tree, item, colouring);
  if (!quantity) return fitted(kind, room, SMALL, 400, measure);
  const left = fitted(kind, room - measure(` · ${quantity}`, SMALL, 400), SMALL, 400, measure);
  return left.length >= FEWEST_LETTERS
    ? `${left} · ${quantity}`
    : fitted(quantity, room, SMALL, 400, measure);
}

/** `view` is the part that can be seen, in the picture's units; `zoom` pixels a unit. */
export function paint(pen: Pen, picture: Picture, view: Rect, zoom: number): void {
  const { placed, scene, lit } = picture;
  const seen = (rect: Rect): boolean => overlap(rect, view);
  const visible = [...placed.boxes].filter(([, rect]) => seen(rect));
  for (const [item, rect] of visible) if (scene.inside.has(item)) paintOpen(pen, picture, item, rect);
  const routes = placed.routes.filter(({ points }) => seen(around(points)));
  const [dim, bright] = divide(routes, (route) => isBright(picture, route));
  for (const route of dim) paintRoute(pen, picture, route, false);
  for (const [item, rect] of visible) {
    if (!scene.inside.has(item)) paintClosed(pen, picture, item, rect, zoom, lit !== null && !lit.has(item));
  }
  for (const route of bright) paintRoute(pen, picture, route, true);
  if (zoom >= TEXT_FROM) {
    for (const [item, rect] of visible) if (scene.inside.has(item)) paintTitle(pen, picture, item, rect);
  }
  if (zoom >= LABELS_FROM) paintLabels(pen, picture, view);
}

function paintOpen(pen: Pen, picture: Picture, item: number, rect: Rect): void {
  const { inks, colouring } = picture;
  const colour = colouring.of(item) ?? inks.soft;
  const isChosen = item === picture.selected;
  const isPointed = item === picture.hovered;
  pen.box(rect.x, rect.y, rect.width, rect.height, 10, groundOf(picture, item), {
    colour: isChosen ? inks.accent : mix(inks.lineStrong, colour, isPointed ? 0.7 : 0.25),
    width: isChosen ? 2 : 1,
  });
}

/** Over the lines that enter the box, on a ground of its own. */
function paintTitle(pen: Pen, picture: Picture, item: number, rect: Rect): void {
  const { inks, scene, measure } = picture;
  const middle = rect.y + HEADER / 2;
  const room = rect.width - 40;
  const title = fitted(titleOf(scene.tree, item), room, TITLE, 600, measure);
  const used = measure(title, TITLE, 600) + 8;
  const detail = fittedDetail(picture, item, room - used);
  const width = 26 + used + measure(detail, SMALL, 400);
  pen.box(rect.x + 6, rect.y + 7, Math.min(width, rect.width - 12), HEADER - 14, 5, groundOf(picture, item));
  paintChevron(pen, rect.x + 16, middle, true, inks.soft);
  pen.text(rect.x + 26, middle, title, { colour: inks.text, size: TITLE, weight: 600 });
  if (detail) pen.text(rect.x + 26 + used, middle, detail, { colour: inks.soft, size: SMALL });
}

function groundOf({ inks, colouring }: Picture, item: number): string {
  const part = inks.theme === 'dark' ? 0.07 : 0.05;
  return mix(inks.page, (colouring.most === null ? colouring.of(item) : null) ?? inks.soft, part);
}

function paintClosed(
  pen: Pen,
  picture: Picture,
  item: number,
  rect: Rect,
  zoom: number,
  isDim: boolean,
): void {
  const { inks, scene, colouring } = picture;
  const colour = colouring.of(item);
  const strength = colouring.most === null ? (inks.theme === 'dark' ? 0.17 : 0.1) : 0.85;
  const faded = (ink: string): string => (isDim ? mix(inks.page, ink, 0.3) : ink);
  const fill = faded(colour ? mix(inks.surface, colour, strength) : inks.surface);
  const edge = faded(colour ? mix(inks.lineStrong, colour, 0.55) : inks.lineStrong);
  const isChosen = item === picture.selected;
  const isPointed = item === picture.hovered;
  const rim = { colour: isChosen || isPointed ? inks.accent : edge, width: isChosen ? 2 : 1 };
  const { x, y, width, height } = rect;
  if (scene.tree.groups.has(item)) {
    for (const back of [6, 3])
      pen.box(x + back, y + back, width, height, 7, fill, { colour: edge, width: 1 });
  }
  pen.box(x, y, width, height, 7, fill, rim);
  if (colour && colouring.most === null) pen.box(x + 6, y + 7, 3, height - 14, 1.5, faded(colour));
  if (zoom >= TEXT_FROM) paintText(pen, picture, item, rect, faded);
}

function paintText(
  pen: Pen,
  picture: Picture,
  item: number,
  { x, y, width, height }: Rect,
  faded: (ink: string) => string,
): void {
  const { scene, inks, measure, colouring } = picture;
  const opens = canExpand(scene.tree, item);
  const calls = !opens && scene.tree.calls.has(item);
  const isScale = colouring.most !== null;
  const middle = y + height / 2;
  const detail = fittedDetail(picture, item, width - 26);
  const title = fitted(titleOf(scene.tree, item), width - (opens || calls ? 42 : 24), TITLE, 600, measure);
  // A quantity that the colours brought stands in a box that was made for a title alone.
  const tight = height < TWO_LINES ? 2 : 0;
  const weight = opens ? 600 : 500;
  const top = detail ? middle - 8 + tight : middle;
  pen.text(x + 16, top, title, { colour: faded(inks.text), size: TITLE - (detail ? tight / 2 : 0), weight });
  if (detail) {
    const colour = faded(isScale ? mix(inks.soft, inks.text, 0.6) : inks.soft);
    pen.text(x + 16, middle + 9 - tight, detail, { colour, size: SMALL - tight / 2 });
  }
  if (opens) paintChevron(pen, x + width - 13, top, false, faded(inks.soft));
  if (calls) pen.text(x + width - 13, top, 'ƒ', { colour: faded(inks.soft), size: TITLE, align: 'center' });
}

function paintChevron(pen: Pen, x: number, y: number, isOpen: boolean, colour: string): void {
  const points = isOpen
    ? [
        { x: x - 3.5, y: y - 1.8 },
        { x, y: y + 1.8 },
        { x: x + 3.5, y: y - 1.8 },
      ]
    : [
        { x: x - 1.8, y: y - 3.5 },
        { x: x + 1.8, y },
        { x: x - 1.8, y: y + 3.5 },
      ];
  pen.line(points, 0, { colour, width: 1.5 });
}

function paintRoute(
  pen: Pen,
  { inks, lit, hovered, selected }: Picture,
  route: Route,
  isBright: boolean,
): void {
  const { bundles } = route.segment;
  const control = bundles.every((bundle) => bundle.control);
  const isFaint = lit !== null && !isBright;
  const plain = mix(inks.page, inks.soft, isFaint ? 0.22 : 0.62);
  const ofInterest = isBright && (hovered !== null || selected !== null || lit !== null);
  const colour = ofInterest ? inks.accent : plain;
  const width = control ? 1 : widthOf(bundles) + (ofInterest ? 0.4 : 0);
  const points = route.arrives ? shortened(route.points, 6) : route.points;
  pen.line(points, 7, { colour, width, ...(control ? { dash: [2, 4] } : {}) });
  if (route.arrives) paintHead(pen, route.points, colour, Math.min(3 + width, 6));
}

/** Wider with the logarithm of the largest tensor, so that a bias and an activation can be told apart. */
function widthOf(bundles: readonly Bundle[]): number {
  const elements = Math.max(...bundles.map((bundle) => bundle.elements));
  return 1.1 + Math.min(2.4, Math.log10(Math.max(1, elements)) * 0.3);
}

function paintHead(pen: Pen, points: Route['points'], colour: string, half: number): void {
  const [before, tip] = [points[points.length - 2], points[points.length - 1]];
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const back = { x: tip.x - dx * 8, y: tip.y - dy * 8 };
  pen.shape(
    [tip, { x: back.x - dy * half, y: back.y + dx * half }, { x: back.x + dy * half, y: back.y - dx * half }],
    colour,
  );
}

function shortened(points: Route['points'], by: number): Route['points'] {
  const [before, tip] = [points[points.length - 2], points[points.length - 1]];
  const length = Math.hypot(tip.x - before.x, tip.y - before.y);
  if (length <= by) return points;
  const part = (length - by) / length;
  const end = { x: before.x + (tip.x - before.x) * part, y: before.y + (tip.y - before.y) * part };
  return [...points.slice(0, -1), end];
}

/** On the lines that are seen, on a ground of their own. */
function paintLabels(pen: Pen, picture: Picture, view: Rect): void {
  const { scene, placed, inks, lit } = picture;
  for (const { x, y, width, height, text, route } of labelsOf(scene.tree, placed)) {
    if (!overlap({ x, y, width, height }, view)) continue;
    if (lit !== null && !route.segment.bundles.some((bundle) => lit.has(bundle.to))) continue;
    pen.box(x, y, width, height, 4, route.box < 0 ? inks.page : groundOf(picture, route.box));
    const style = { colour: inks.soft, size: LABEL, align: 'center', mono: true } as const;
    pen.text(x + width / 2, y + height / 2, text, style);
  }
}

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function around(points: Route['points']): Rect {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs) - 120, Math.min(...ys) - 10];
  return { x, y, width: Math.max(...xs) + 120 - x, height: Math.max(...ys) + 10 - y };
}

function isBright({ lit, hovered, selected }: Picture, { segment }: Route): boolean {
  return segment.bundles.some(({ from, to }) => {
    if (hovered !== null) return from === hovered || to === hovered;
    if (lit !== null) return lit.has(from) && lit.has(to);
    return selected !== null && (from === selected || to === selected);
  });
}

function divide<Item>(items: readonly Item[], test: (item: Item) => boolean): [Item[], Item[]] {
  const [no, yes]: [Item[], Item[]] = [[], []];
  for (const item of items) (test(item) ? yes : no).push(item);
  return [no, yes];
}
