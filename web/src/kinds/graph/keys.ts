// What keys do while the picture has the focus; the page lists them.
import type { Shortcut } from '../types';
import { zoomAt } from './camera';
import { nextBox, type Direction } from './hit';
import type { Point } from './layout';
import type { GraphModel } from './model.svelte';
import type { Motion } from './motion.svelte';
import { NONE } from './tree';

interface Command extends Shortcut {
  /** As an event calls them, `Shift+` before the key where it is held. */
  on: readonly string[];
  act: (picture: Pictured, key: string) => void;
}

interface Pictured {
  model: GraphModel;
  motion: Motion;
  /** Of the window, in CSS pixels. */
  size: Point;
}

const ARROWS: Record<string, Direction> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

const COMMANDS: readonly Command[] = [
  {
    on: Object.keys(ARROWS),
    keys: ['←', '↑', '↓', '→'],
    does: 'graphKeyMove',
    act: (picture, key) => step(picture, ARROWS[key]),
  },
  {
    on: ['Enter', ' '],
    keys: ['Enter'],
    does: 'graphKeyOpen',
    act: ({ model }) => withSelected(model, (item) => model.toggle(item)),
  },
  {
    on: ['Shift+Enter', 'Shift+ '],
    keys: ['Shift', 'Enter'],
    does: 'graphExpandBeneath',
    act: ({ model }) => withSelected(model, (item) => model.expandAll(item)),
  },
  { on: ['e'], keys: ['e'], does: 'graphExpandAll', act: ({ model }) => model.expandAll(NONE) },
  { on: ['c'], keys: ['c'], does: 'graphCollapseAll', act: ({ model }) => model.collapseAll(NONE) },
  { on: ['a'], keys: ['a'], does: 'graphReset', act: ({ model }) => model.reset() },
  {
    on: ['i'],
    keys: ['i'],
    does: 'graphTraceInputs',
    act: ({ model }) => withSelected(model, (item) => model.toggleTrace(item, 'inputs')),
  },
  {
    on: ['o'],
    keys: ['o'],
    does: 'graphTraceOutputs',
    act: ({ model }) => withSelected(model, (item) => model.toggleTrace(item, 'outputs')),
  },
  {
    on: ['x'],
    keys: ['x'],
    does: 'graphPutAside',
    act: ({ model }) => withSelected(model, (item) => model.choose(item, true)),
  },
  {
    on: ['+', '=', 'Shift++', '-'],
    keys: ['+', '−'],
    does: 'graphKeyZoom',
    act: ({ motion, size }, key) =>
      motion.look(zoomAt(motion.camera, size.x / 2, size.y / 2, key === '-' ? 0.8 : 1.25)),
  },
  { on: ['0'], keys: ['0'], does: 'graphFit', act: ({ model }) => model.look(NONE, 'fit') },
  {
    on: ['z'],
    keys: ['z'],
    does: 'graphZoom',
    act: ({ model }) => model.look(model.selected ?? NONE, 'fit'),
  },
  {
    on: ['f'],
    keys: ['f'],
    does: 'graphSearch',
    act: () => document.getElementById('graph-search')?.focus(),
  },
  {
    on: ['Escape'],
    keys: ['Esc'],
    does: 'graphKeyLeave',
    act: ({ model }) => {
      if (model.traced) model.traced = null;
      else model.selected = null;
    },
  },
];

export const SHORTCUTS: readonly Shortcut[] = COMMANDS;

export function onKey(event: KeyboardEvent, picture: Pictured): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const pressed = event.shiftKey ? `Shift+${event.key}` : event.key;
  const command = COMMANDS.find(({ on }) => on.includes(pressed));
  if (!command) return;
  command.act(picture, event.key);
  event.preventDefault();
  event.stopPropagation();
}

function withSelected(model: GraphModel, act: (item: number) => void): void {
  if (model.selected !== null) act(model.selected);
}

function step({ model, motion, size }: Pictured, direction: Direction): void {
  const { shown, selected } = model;
  if (!shown || !motion.placed) return;
  const { inside } = shown.scene;
  const next =
    selected === null || !motion.placed.boxes.has(selected)
      ? (inside.get(NONE)?.[0] ?? null)
      : (nextBox(motion.placed, selected, direction, (item) => inside.has(item)) ?? selected);
  model.selected = next;
  const rect = next === null ? undefined : motion.placed.boxes.get(next);
  if (next === null || !rect) return;
  const { x, y, zoom } = motion.camera;
  const isInView =
    rect.x > x &&
    rect.y > y &&
    rect.x + rect.width < x + size.x / zoom &&
    rect.y + rect.height < y + size.y / zoom;
  if (!isInView) model.look(next, 'show');
}
