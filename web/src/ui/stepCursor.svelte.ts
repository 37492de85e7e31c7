// Which step is looked at: one for all cards while steps are linked, otherwise each its own.
import { selection } from '../state/selection.svelte';

export class StepCursor {
  /** The step while steps are not linked; null for the newest. */
  own = $state<number | null>(null);
  /** The step that is asked for; null for the newest. */
  readonly at: number | null = $derived(selection.linkSteps ? selection.at : this.own);

  goTo(step: number | null): void {
    if (selection.linkSteps) selection.at = step;
    else this.own = step;
  }
}
