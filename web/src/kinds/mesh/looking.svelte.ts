// How all meshes are looked at.
import type { Turn } from './orbit';

/** Which cameras move as one. */
export type Cameras = 'page' | 'card' | 'each';

class Looking {
  cameras = $state<Cameras>('card');
  /** How all cards are turned while they are linked; null where nobody turned one. */
  turn = $state.raw<Turn | null>(null);
  wireframe = $state(false);
  /** CSS pixels. */
  pointSize = $state(2);
  /** Counts up when all views go back to where they began. */
  resets = $state(0);

  reset(): void {
    this.turn = null;
    this.resets++;
  }
}

export const looking = new Looking();
