// How all sounds are shown and played.
import type { Shown } from './draw';

class Listening {
  shown = $state<Shown>('both');
  loop = $state(false);
}

export const listening = new Listening();
