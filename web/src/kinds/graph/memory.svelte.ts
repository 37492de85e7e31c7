// The link's part of the page of graphs: what it says is done once, and what is done then it says.
import { untrack } from 'svelte';
import { PLAIN_GRAPH, type GraphLink } from '../../state/graphLink';
import { selection } from '../../state/selection.svelte';
import type { Opened } from './choice.svelte';
import type { GraphModel } from './model.svelte';

export type Pane = 'node' | 'layers' | null;

export class Memory {
  /** What stands beside the picture. */
  pane = $state<Pane>(null);
  private readonly usualPane: Pane;
  /** What a link says of items waits for the graph whose items they are. */
  private waiting: GraphLink | null = selection.graph;

  constructor(private readonly model: GraphModel) {
    const { pane, find } = selection.graph;
    // On a narrow screen it would lie over the picture.
    this.usualPane = matchMedia('(max-width: 800px)').matches ? null : 'node';
    this.pane = pane === '' ? this.usualPane : pane === 'none' ? null : pane;
    if (find) model.seek(find);
  }

  /** What the link says of the graph that is opened; without items if they are those of other bytes. */
  of({ source, other }: Opened): GraphLink | null {
    const { waiting } = this;
    if (!waiting) return null;
    const isMeant = waiting.graph === source.key && waiting.other === (other?.key ?? '');
    if (isMeant) this.waiting = null;
    const { colour, fold, showAside } = waiting;
    return isMeant ? waiting : { ...PLAIN_GRAPH, colour, fold, showAside };
  }

  /** Another graph was chosen by hand. */
  forget(): void {
    this.waiting = null;
  }

  /** Call it while a component is made. */
  follow(choice: { opened: Opened | null; profileKey: string; usualKey: string }): void {
    $effect(() => {
      const { opened, profileKey, usualKey } = choice;
      if (!opened || !this.model.tree) return;
      const link = { ...this.link(), profile: profileKey };
      // A file of the user's is in no log, so no link leads to it.
      const graph = opened.source.entry ? opened.source.key : null;
      const other = opened.other?.entry ? opened.other.key : '';
      untrack(() => {
        const isPlain = JSON.stringify({ ...link, find: '', pane: '' }) === JSON.stringify(PLAIN_GRAPH);
        const isUsual = isPlain && graph === usualKey && other === '';
        const { find, pane } = link;
        if (graph === null) selection.graph = { ...PLAIN_GRAPH, find, pane };
        else selection.graph = { ...link, other, graph: isUsual ? '' : graph };
      });
    });
  }

  private link(): GraphLink {
    const { model, pane, usualPane } = this;
    const { colourBy, filter, fold, showAside, chosen, expanded, usual, selected, traced } = model;
    const wished = (aside: boolean): number[] =>
      [...chosen].filter(([, is]) => is === aside).map(([item]) => item);
    return {
      ...PLAIN_GRAPH,
      colour: colourBy === (model.changeOf ? 'difference' : 'type') ? '' : colourBy,
      find: filter.text,
      fold,
      showAside,
      opened: [...expanded].filter((item) => !usual.has(item)),
      closed: [...usual].filter((item) => !expanded.has(item)),
      putAside: wished(true),
      brought: wished(false),
      selected,
      traced,
      pane: pane === usualPane ? '' : (pane ?? 'none'),
    };
  }
}
