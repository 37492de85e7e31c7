// How an open box is handed to the layout: its children, and edges cut where they cross the border of a box.
//
// Each open box is laid out by itself, the inner ones first, so that opening one moves only what is around it. Where an
// edge crosses a border it passes a port; all edges from one source share it, as they carry the same tensors.
import type { Bundle, Scene } from './scene';
import { NONE } from './tree';

export interface End {
  item: number;
  /** A port on the item's border; '' for anywhere. */
  port: string;
}

/** A piece of bundles within one open box. */
export interface Segment {
  id: string;
  from: End;
  to: End;
  bundles: Bundle[];
}

export interface Plan {
  item: number;
  children: readonly number[];
  segments: Segment[];
  /** Ports on its own border: where edges enter at the top and leave at the bottom. */
  entries: string[];
  exits: string[];
}

export function makePlans(scene: Scene): Map<number, Plan> {
  const plans = new Map<number, Plan>();
  const known = new Map<number, Map<string, Segment>>();
  for (const [item, children] of scene.inside) {
    plans.set(item, { item, children, segments: [], entries: [], exits: [] });
    known.set(item, new Map());
  }
  const add = (box: number, from: End, to: End, bundle: Bundle): void => {
    const plan = plans.get(box);
    const segments = known.get(box);
    if (!plan || !segments) return;
    const id = `${from.item}.${from.port}>${to.item}.${to.port}`;
    const segment = segments.get(id) ?? { id, from, to, bundles: [] };
    if (segment.bundles.length === 0) {
      segments.set(id, segment);
      plan.segments.push(segment);
      if (from.item === box && !plan.entries.includes(from.port)) plan.entries.push(from.port);
      if (to.item === box && !plan.exits.includes(to.port)) plan.exits.push(to.port);
    }
    segment.bundles.push(bundle);
  };
  for (const bundle of scene.bundles) cut(scene, bundle, add);
  return plans;
}

function cut(
  scene: Scene,
  bundle: Bundle,
  add: (box: number, from: End, to: End, bundle: Bundle) => void,
): void {
  const up = boxesAround(scene, bundle.from);
  const down = boxesAround(scene, bundle.to);
  while (up.length > 1 && down.length > 1 && up[up.length - 2] === down[down.length - 2]) {
    up.pop();
    down.pop();
  }
  // `up` and `down` now end with the innermost box that holds both ends.
  const kind = bundle.control ? 'c' : 't';
  let from: End = { item: bundle.from, port: '' };
  for (const box of up.slice(0, -1)) {
    const exit = { item: box, port: `out${kind}${bundle.from}` };
    add(box, from, exit, bundle);
    from = exit;
  }
  let to: End = { item: bundle.to, port: '' };
  for (const box of down.slice(0, -1)) {
    const entry = { item: box, port: `in${kind}${bundle.from}` };
    add(box, entry, to, bundle);
    to = entry;
  }
  add(up[up.length - 1], from, to, bundle);
}

/** The open boxes around an item, the nearest first, the whole last. */
function boxesAround(scene: Scene, item: number): number[] {
  const boxes: number[] = [];
  for (let at = scene.tree.parent[item]; at >= 0; at = scene.tree.parent[at]) boxes.push(at);
  boxes.push(NONE);
  return boxes;
}
