// The moments that the ticked runs marked: charts flag them, the list of them names them.

export interface Mark {
  run: string;
  name: string;
  step: number;
  /** Seconds since the epoch. */
  wallTime: number;
  description: string;
}

class Marks {
  /** By run, in the order of time. */
  byRun = $state.raw<ReadonlyMap<string, readonly Mark[]>>(new Map());
}

export const marks = new Marks();
