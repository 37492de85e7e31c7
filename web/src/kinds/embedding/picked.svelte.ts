// The points that were chosen. Pictures side by side with as many points share one, so that a choice in one is seen in both.
import type { Near } from './questions';

export class Picked {
  selected = $state.raw<readonly number[]>([]);
  /** The point that is looked at closely, and its neighbours once they are found. */
  focus = $state<number | null>(null);
  near = $state.raw<Near | null>(null);
  /** The rows that alone are shown; null for all. */
  isolated = $state.raw<ReadonlySet<number> | null>(null);
  /** The point under the pointer. */
  hover = $state<number | null>(null);

  isolate(): void {
    this.isolated = new Set(this.selected);
  }

  clear(showAll: boolean): void {
    this.selected = [];
    this.focus = this.near = null;
    if (showAll) this.isolated = null;
  }
}
