"""Curves in one number each: of ten thousand runs at once, kept until a curve grows.

All points count that were logged, also those that a restart gave up. NaN is no least, greatest or mean; infinities are
least and greatest, but the mean is of finite values.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from runlens.store.index import Index
    from runlens.store.run import Run

WHOLE: Final = ("last", "min", "max", "mean", "first", "count")  # statistics of a whole curve
BATCH: Final = 1 << 21  # points joined at once: some 40 MB while they are looked at

Version = tuple[int, int]  # a curve's generation and count
Numbers = list[float]  # value and step of each of WHOLE
Columns = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Found:
    """A number of each run that has one: `rows` are the runs' places in the question.

    `steps` are those at which the values were logged; a mean or a count, which was not, stands at the last.
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float64]
    steps: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Curve:
    row: int
    run: Run
    version: Version
    steps: Columns
    values: Columns


class Statistics:
    """The numbers of whole curves, as they were found last."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Run, dict[str, tuple[Version, Numbers]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def whole(self, index: Index, runs: Sequence[str], tag: str, statistic: str) -> Found:
        """One of WHOLE for each of the runs that has the tag."""
        with self._lock:
            found, news = self._look(index, runs, tag)
            for batch in _batches(news):
                for curve, numbers in zip(batch, _numbers(batch), strict=True):
                    self._known.setdefault(curve.run, {})[tag] = curve.version, numbers
                    found.append((curve.row, numbers))
        place = 2 * WHOLE.index(statistic)
        return _found((row, numbers[place], numbers[place + 1]) for row, numbers in sorted(found))

    def _look(self, index: Index, runs: Sequence[str], tag: str) -> tuple[list[tuple[int, Numbers]], list[_Curve]]:
        """What is known of the runs, by row, and the curves that are new or grew."""
        found, news = [], []
        with index.lock:
            for row, run in _having(index, runs, tag):
                series = run.scalars[tag]
                version = series.generation, series.count
                known = self._known.get(run, {}).get(tag)
                if known is not None and known[0] == version:
                    found.append((row, known[1]))
                else:
                    steps, _, values = series.columns()
                    news.append(_Curve(row, run, version, steps, values))
        return found, news


STATISTICS: Final = Statistics()  # shared by all that ask, so that nothing is found twice


def as_of(index: Index, runs: Sequence[str], tag: str, step: float) -> Found:
    """The value as of a step, for each of the runs that has any: the last one logged that is not of a later step."""
    with index.lock:
        columns = [(row, run.scalars[tag].columns()) for row, run in _having(index, runs, tag)]
    curves = ((row, steps, values, np.flatnonzero(steps <= step)) for row, (steps, _, values) in columns)
    return _found((row, values[at[-1]], steps[at[-1]]) for row, steps, values, at in curves if len(at))


def with_parts(find: Callable[[Sequence[str]], Found], runs: Sequence[str], parts: Sequence[str | None]) -> Found:
    """What is found of the runs, and of their parts where nothing was: a run's own curve goes before its part's."""
    found = find(runs)
    if not any(parts):
        return found
    others = find([part or "" for part in parts])
    is_more = ~np.isin(others.rows, found.rows)
    columns = ((found.rows, others.rows), (found.values, others.values), (found.steps, others.steps))
    return Found(*(np.concatenate([own, theirs[is_more]]) for own, theirs in columns))


def scalar_tags(index: Index) -> set[str]:
    """The tags of all curves of all runs."""
    with index.lock:
        return {tag for run in index.runs.values() for tag in run.scalars}


def _having(index: Index, runs: Sequence[str], tag: str) -> Iterator[tuple[int, Run]]:
    for row, name in enumerate(runs):
        run = index.runs.get(name)
        if run is not None and tag in run.scalars:
            yield row, run


def _batches(curves: list[_Curve]) -> Iterator[list[_Curve]]:
    """Curves in groups of at most BATCH points, or of one curve."""
    batch: list[_Curve] = []
    size = 0
    for curve in curves:
        if batch and size + len(curve.values) > BATCH:
            yield batch
            batch, size = [], 0
        batch.append(curve)
        size += len(curve.values)
    if batch:
        yield batch


def _numbers(curves: list[_Curve]) -> list[Numbers]:
    """Value and step of each of WHOLE, for each curve; all curves are looked through at once."""
    lengths = np.array([len(curve.values) for curve in curves])
    starts = np.cumsum(lengths) - lengths
    values, steps = _joined([c.values for c in curves]).astype(np.float64), _joined([c.steps for c in curves])
    last = starts + lengths - 1
    lowest, highest = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    is_finite = np.isfinite(values)
    counts = np.add.reduceat(is_finite, starts, dtype=np.int64)
    sums = np.add.reduceat(np.where(is_finite, values, 0.0), starts)
    means = np.divide(sums, counts, out=np.full(len(curves), np.nan), where=counts > 0)
    least, greatest = (_first_equal(values, wanted, starts, lengths) for wanted in (lowest, highest))
    # Taken from where they stand: 0.0 and -0.0 are equal, and the value is to be the one of its step.
    columns = (values[last], values[least], values[greatest], means, values[starts], lengths)
    pairs = zip(columns, (last, least, greatest, last, starts, last), strict=True)
    table: list[Numbers] = np.column_stack([column for found, row in pairs for column in (found, steps[row])]).tolist()
    return table


def _first_equal(values: Columns, wanted: Columns, starts: Columns, lengths: Columns) -> Columns:
    """Where each curve first has its wanted value; its last place where it never does, as with NaN."""
    places = np.arange(len(values))
    never = np.repeat(starts + lengths - 1, lengths)
    first: Columns = np.minimum.reduceat(np.where(values == np.repeat(wanted, lengths), places, never), starts)
    return first


def _joined(columns: list[Columns]) -> Columns:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def _found(rows: Iterable[tuple[int, float, float]]) -> Found:
    table = np.array(list(rows), np.float64).reshape(-1, 3)
    return Found(table[:, 0].astype(np.int64), table[:, 1], table[:, 2])
