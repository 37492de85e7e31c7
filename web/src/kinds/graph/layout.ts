// Places what a scene shows: each open box by itself, inner ones first, as far as it is not known already.
import type { ElkExtendedEdge, ElkNode, ElkPort } from 'elkjs/lib/elk-api.js';
import { makePlans, type End, type Plan, type Segment } from './plan';
import type { Scene } from './scene';
import { NONE } from './tree';

export interface Point {
  x: number;
  y: number;
}

export interface Rect extends Point {
  width: number;
  height: number;
}

/** A piece of bundles on its way, in the coordinates of the whole. */
export interface Route {
  segment: Segment;
  points: readonly Point[];
  /** The open box in which it lies; NONE for the whole. */
  box: number;
  /** Whether it ends at a box rather than at a border it passes: there is the arrow's head. */
  arrives: boolean;
  /** Whether it lies in the box that holds both ends: there is the label. */
  isMain: boolean;
}

/** Everything in CSS pixels at zoom 1. */
export interface Placed {
  width: number;
  height: number;
  /** In the order of painting: boxes before what is in them. */
  boxes: ReadonlyMap<number, Rect>;
  routes: readonly Route[];
}

export interface Size {
  width: number;
  height: number;
}

export type Engine = (graph: ElkNode, signal: AbortSignal) => Promise<ElkNode>;

/** One open box: its children and edges in its own coordinates, and where its ports came to lie. */
interface Inner extends Size {
  children: ReadonlyMap<number, Rect>;
  routes: readonly { segment: Segment; points: readonly Point[] }[];
  ports: ReadonlyMap<string, number>;
}

/** A box's title lies in this much of its top. */
export const HEADER = 34;
const PADDING = 14;
const MOST_KEPT = 600;
/** Above so many children of one box the engine tries less hard. */
const MANY = 120;

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.aspectRatio': '1.6',
  'elk.spacing.nodeNode': '20',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '9',
  'elk.spacing.componentComponent': '24',
  'elk.layered.spacing.nodeNodeBetweenLayers': '36',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '9',
  'elk.layered.mergeEdges': 'true',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
};

export class Layouter {
  private readonly kept = new Map<string, ElkNode>();

  constructor(
    private readonly engine: Engine,
    /** What a closed box needs. */
    private readonly sizeOf: (item: number) => Size,
    /** What the title of an open one needs. */
    private readonly titleWidth: (item: number) => number,
  ) {}

  async place(scene: Scene, signal: AbortSignal): Promise<Placed> {
    const plans = makePlans(scene);
    const inner = new Map<number, Inner>();
    // Boxes stand in `inside` before what is in them.
    for (const item of [...scene.inside.keys()].reverse()) {
      const plan = plans.get(item);
      if (plan) inner.set(item, await this.placeBox(plan, inner, signal));
    }
    return assemble(inner);
  }

  private async placeBox(plan: Plan, inner: ReadonlyMap<number, Inner>, signal: AbortSignal): Promise<Inner> {
    const question = describe(plan, inner, this.sizeOf);
    const key = JSON.stringify(question);
    let answer = this.kept.get(key);
    if (!answer) {
      answer = await this.engine(question, signal);
      this.kept.set(key, answer);
      for (const oldest of this.kept.keys()) {
        if (this.kept.size <= MOST_KEPT) break;
        this.kept.delete(oldest);
      }
    }
    const least = plan.item === NONE ? 0 : this.titleWidth(plan.item);
    return read(plan, answer, least);
  }
}

const portId = ({ item, port }: End): string => (port ? `${item}:${port}` : String(item));

function describe(plan: Plan, inner: ReadonlyMap<number, Inner>, sizeOf: (item: number) => Size): ElkNode {
  const children = plan.children.map((item): ElkNode => {
    const open = inner.get(item);
    if (!open) return { id: String(item), ...sizeOf(item) };
    const ports = [...open.ports].map(([port, x]): ElkPort => {
      const isEntry = port.startsWith('in');
      return {
        id: portId({ item, port }),
        x,
        y: isEntry ? 0 : open.height,
        width: 0,
        height: 0,
        layoutOptions: { 'elk.port.side': isEntry ? 'NORTH' : 'SOUTH' },
      };
    });
    const layoutOptions = { 'elk.portConstraints': 'FIXED_POS' };
    return { id: String(item), width: open.width, height: open.height, ports, layoutOptions };
  });
  const edges = plan.segments.map(({ id, from, to }): ElkExtendedEdge => ({
    id,
    sources: [portId(from)],
    targets: [portId(to)],
  }));
  const isBox = plan.item !== NONE;
  const ports = [...plan.entries, ...plan.exits].map((port): ElkPort => {
    const side = port.startsWith('in') ? 'NORTH' : 'SOUTH';
    const id = portId({ item: plan.item, port });
    return { id, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
  });
  const box = {
    id: String(plan.item),
    children,
    edges,
    ports,
    layoutOptions: {
      ...OPTIONS,
      'elk.layered.thoroughness': children.length > MANY ? '2' : '7',
      'elk.padding': isBox
        ? `[top=${HEADER + 12},left=${PADDING},bottom=${PADDING + 4},right=${PADDING}]`
        : '[top=0,left=0,bottom=0,right=0]',
      ...(isBox ? { 'elk.portConstraints': 'FIXED_SIDE' } : {}),
    },
  };
  // The engine wants ports only of what lies in something else.
  return { id: 'whole', children: [box], layoutOptions: OPTIONS };
}

/** The engine's answer in our words; a box narrower than its title is widened on both sides. */
function read(plan: Plan, { children: [answer] = [{ id: '' }] }: ElkNode, least: number): Inner {
  const width = Math.max(answer.width ?? 0, least);
  const shift = (width - (answer.width ?? 0)) / 2;
  const children = new Map<number, Rect>();
  for (const child of answer.children ?? []) {
    const { x = 0, y = 0, width: wide = 0, height: high = 0 } = child;
    children.set(Number(child.id), { x: x + shift, y, width: wide, height: high });
  }
  const ports = new Map<string, number>();
  for (const port of answer.ports ?? []) {
    ports.set(port.id.slice(port.id.indexOf(':') + 1), (port.x ?? 0) + shift);
  }
  const segments = new Map(plan.segments.map((segment) => [segment.id, segment]));
  const routes = (answer.edges ?? []).flatMap(({ id, sections = [] }) => {
    const segment = segments.get(id);
    if (!segment) return [];
    return sections.map(({ startPoint, bendPoints = [], endPoint }) => ({
      segment,
      points: [startPoint, ...bendPoints, endPoint].map(({ x, y }) => ({ x: x + shift, y })),
    }));
  });
  return { width, height: answer.height ?? 0, children, routes, ports };
}

function assemble(inner: ReadonlyMap<number, Inner>): Placed {
  const boxes = new Map<number, Rect>();
  const routes: Route[] = [];
  const put = (item: number, left: number, top: number): void => {
    const box = inner.get(item);
    if (!box) return;
    for (const { segment, points } of box.routes) {
      routes.push({
        segment,
        points: points.map(({ x, y }) => ({ x: x + left, y: y + top })),
        box: item,
        arrives: segment.to.port === '',
        isMain: segment.from.item !== item && segment.to.item !== item,
      });
    }
    for (const [child, rect] of box.children) {
      boxes.set(child, { ...rect, x: rect.x + left, y: rect.y + top });
      put(child, rect.x + left, rect.y + top);
    }
  };
  put(NONE, 0, 0);
  const whole = inner.get(NONE);
  return { width: whole?.width ?? 0, height: whole?.height ?? 0, boxes, routes };
}
