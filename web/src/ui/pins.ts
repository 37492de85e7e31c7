// How a card's frame learns whether its card is pinned: the board tells it, so that no kind has to pass it on.
import { getContext, setContext } from 'svelte';

export interface Pin {
  readonly isPinned: boolean;
  toggle(): void;
}

const KEY = Symbol('pin');

export function providePin(pin: Pin): void {
  setContext(KEY, pin);
}

/** Undefined where a card stands somewhere else than on the board. */
export function findPin(): Pin | undefined {
  return getContext<Pin | undefined>(KEY);
}
