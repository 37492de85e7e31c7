// What parallel coordinates and the scatter-plot matrix share: their axes, the runs' colours, the way to the curves.
import { preferences } from '../../state/preferences.svelte';
import { selection } from '../../state/selection.svelte';
import { shownAgain } from '../../ui/shownAgain';
import { axisOf, type Axis } from './axes';
import type { Table } from './data';
import { layout } from './layout.svelte';
import { rampColour } from './ramp';

export interface Plotted {
  table: Table;
  /** Rows that the name's filter lets through, and those of them that pass the columns' filters too. */
  named: readonly number[];
  rows: readonly number[];
  columns: readonly string[];
  chosen: readonly string[];
}

/** An axis for each column that is a hyper-parameter or a metric and of which the runs have any value. */
export function axesOf(table: Table, rows: readonly number[], columns: readonly string[]): Axis[] {
  return columns.flatMap((id) => {
    const column = table.columns.get(id);
    if (column?.sort !== 'hparam' && column?.sort !== 'metric') return [];
    return axisOf(column, rows, layout.scales[id] ?? 'linear') ?? [];
  });
}

/** The colour of what is left out, or has no place. */
export function faint(): string {
  return preferences.effectiveTheme === 'dark' ? '#333a45' : '#d3d8df';
}

/** The colour of each row: by the chosen axis, or by run. */
export function colourRule(table: Table, axes: readonly Axis[]): (row: number) => string {
  const theme = preferences.effectiveTheme;
  const axis = axes.find(({ id }) => id === layout.colour);
  if (!axis) return (row) => selection.colourOf(table.runs[row], theme);
  return (row) => {
    const place = axis.place(table.columns.get(axis.id)?.cells[row]);
    return place === null ? faint() : rampColour(place, theme);
  };
}

export function showCurves(table: Table, row: number): void {
  const run = table.runs[row];
  selection.tickOnly([run, table.parts.get(run) ?? run], shownAgain);
  selection.kind = 'scalar';
}
