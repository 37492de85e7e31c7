// Puts the rows of a readout in order.
import type { Hit, LineSeries } from '../../charts/types';

export type Order = 'nearest' | 'runs' | 'descending' | 'ascending';

/** The hits in the wished order; NaN comes last. `hits` come nearest first, and `series` count in the order of runs. */
export function ordered(hits: readonly Hit[], lines: readonly LineSeries[], order: Order): Hit[] {
  if (order === 'nearest') return [...hits];
  if (order === 'runs') return [...hits].sort((a, b) => a.series - b.series);
  const sign = order === 'ascending' ? 1 : -1;
  const value = ({ series, index }: Hit): number => lines[series]?.y[index] ?? NaN;
  return [...hits].sort((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return one === other ? 0 : one < other ? -sign : sign;
  });
}
