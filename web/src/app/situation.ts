// Tells what the page has to show instead of charts, if anything.
import type { LoadState } from '../api/types';

export type Situation =
  'loading' | 'missing' | 'empty' | 'unreachable' | 'failed' | 'unticked' | 'unmatched' | 'nothing';

export interface Facts {
  /** Null until the server first answered. */
  state: LoadState | null;
  /** HTTP status of the last error, 0 when the server did not answer; null when all is well. */
  errorStatus: number | null;
  runs: number;
  /** Whether what is shown is about runs, ticked or not, and whatever tags they have. */
  ofRuns: boolean;
  ticked: number;
  /** Tags of the ticked runs, before and after the filter. */
  tags: number;
  matching: number;
}

/** Null when there are charts to show. */
export function situationOf(facts: Facts): Situation | null {
  // What was shown before stays on the screen while the server is away.
  if (facts.state === null) {
    if (facts.errorStatus === null) return 'loading';
    return facts.errorStatus === 0 ? 'unreachable' : 'failed';
  }
  if (facts.state === 'missing') return 'missing';
  if (facts.runs === 0) return facts.state === 'loading' ? 'loading' : 'empty';
  if (facts.ofRuns) return null;
  if (facts.ticked === 0) return 'unticked';
  if (facts.tags === 0) return facts.state === 'loading' ? 'loading' : 'nothing';
  return facts.matching === 0 ? 'unmatched' : null;
}
