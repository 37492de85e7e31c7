// The code of kinds, as far as it was wanted.
import { KINDS } from '../kinds';
import type { Kind } from '../kinds/types';
import { USUAL } from '../kinds/usual';

class LoadedKinds {
  private loaded = $state.raw<ReadonlyMap<string, Kind>>(new Map(USUAL.map((kind) => [kind.name, kind])));
  private readonly wanted = new Set<string>();

  /** The kind, as soon as its code is there. */
  get(name: string): Kind | undefined {
    return this.loaded.get(name);
  }

  /** Fetches a kind's code; only the first call does anything. */
  want(name: string): void {
    const entry = KINDS.find((kind) => kind.name === name);
    if (!entry?.load || this.wanted.has(name)) return;
    this.wanted.add(name);
    entry.load().then(
      (kind) => (this.loaded = new Map(this.loaded).set(name, kind)),
      () => this.wanted.delete(name), // the server went away: the next look tries again
    );
  }
}

export const kinds = new LoadedKinds();
