"""histogram: how often the numbers of an array fall into each of many buckets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event
from runlens.wire import histogram as wire
from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

TENSORFLOW: Final = "tensorflow"
NUMPY_NAMES: Final = frozenset(("auto", "doane", "fd", "rice", "scott", "sqrt", "stone", "sturges"))
LONGEST_DOT: Final = 10_000

Floats = NDArray[np.float32] | NDArray[np.float64]
Bins = str | int | NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Histogram:
    """Values to be counted; the array is one-dimensional and of numbers."""

    values: NDArray[Any]
    bins: Bins
    max_bins: int | None

    @property
    def size(self) -> int:
        """Bytes it holds on to."""
        return self.values.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary. A histogram's form says what the tag is, so it needs no metadata."""
        values = _as_floats(self.values)
        tally = wire.tally(values)
        finite = values if tally.counts.sum() == values.size else values[np.isfinite(values)]
        counts, limits = _count(finite, self.bins, tally)
        if self.max_bins is not None and len(counts) > self.max_bins:
            counts, limits = _merged(counts, limits, len(counts) // self.max_bins)
        if isinstance(self.bins, str) and self.bins == TENSORFLOW:
            counts, limits = _with_outer_buckets(counts, limits, tally)
        buckets = wire.histogram(_statistics(finite, values.size, tally), *_trimmed(counts, limits))
        return event.summary(event.histogram_value(tag, buckets + tally.not_finite()))


@dataclass(frozen=True, slots=True)
class RawHistogram:
    """A histogram that was counted elsewhere."""

    statistics: wire.Statistics
    limits: NDArray[np.float64]
    counts: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Bytes it holds on to."""
        return self.limits.nbytes + self.counts.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary."""
        return event.summary(event.histogram_value(tag, wire.histogram(self.statistics, self.limits, self.counts)))


def of_values(tag: str, values: object, bins: object, max_bins: object) -> Histogram:
    """Values copied and bins checked.

    Raises:
        TypeError: `values` holds no real numbers, or `bins` or `max_bins` is of a wrong type.
        ValueError: there is no value, or `bins` or `max_bins` is none that `add_histogram` names.
    """
    name = f"values of {tag!r}"
    array = snapshot(name, values)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: got {describe(values)} of dtype {array.dtype}, want real numbers")
    if array.size == 0:
        raise ValueError(f"{name}: got {describe(values)}, want at least one element")
    return Histogram(array.reshape(-1), _checked_bins(tag, bins), _checked_max_bins(tag, max_bins))


def of_buckets(tag: str, statistics: dict[str, object], bucket_limits: object, bucket_counts: object) -> RawHistogram:
    """A counted histogram, checked and copied. `statistics` are the fields of `wire.histogram.Statistics`.

    Raises:
        TypeError, ValueError: something is no number, or the buckets are not two lists of one length.
    """
    numbers = {name: _number(f"{name} of {tag!r}", value) for name, value in statistics.items()}
    limits = _list(f"bucket_limits of {tag!r}", bucket_limits)
    counts = _list(f"bucket_counts of {tag!r}", bucket_counts)
    if len(limits) != len(counts):
        raise ValueError(
            f"bucket_limits and bucket_counts of {tag!r}: got {len(limits)} and {len(counts)} elements, "
            "want one limit, the right edge, for each count"
        )
    return RawHistogram(wire.Statistics(**numbers), limits, counts)


def _number(name: str, value: object) -> float:
    array = snapshot(name, value)
    if array.size != 1 or array.dtype.kind == "c":
        raise ValueError(f"{name}: got {describe(value)}, want one real number")
    return float(array.reshape(-1)[0])


def _list(name: str, value: object) -> NDArray[np.float64]:
    array = snapshot(name, value)
    if array.ndim != 1 or array.dtype.kind == "c":
        raise ValueError(f"{name}: got {describe(value)}, want a list of real numbers")
    return array.astype(np.float64)


def _checked_bins(tag: str, bins: object) -> Bins:
    name = f"bins of {tag!r}"
    want = f"want 'tensorflow', a number of bins, ascending edges, or one of {', '.join(sorted(NUMPY_NAMES))}"
    if isinstance(bins, str):
        if bins != TENSORFLOW and bins not in NUMPY_NAMES:
            raise ValueError(f"{name}: got {bins!r}, {want}")
        return bins
    array = snapshot(name, bins)
    if array.ndim == 0 and array.dtype.kind in "iu" and array > 0:
        return int(array)
    if array.ndim != 1 or array.dtype.kind == "c" or len(array) < 2:
        raise ValueError(f"{name}: got {describe(bins)}, {want}")
    edges = array.astype(np.float64)
    if not np.isfinite(edges).all() or (np.diff(edges) < 0).any():
        raise ValueError(f"{name}: got {describe(bins)} with edges that descend or are not finite, {want}")
    return edges


def _checked_max_bins(tag: str, max_bins: object) -> int | None:
    if max_bins is None:
        return None
    array = snapshot(f"max_bins of {tag!r}", max_bins)
    if array.size != 1 or array.dtype.kind not in "iu" or int(array.reshape(-1)[0]) < 1:
        raise ValueError(f"max_bins of {tag!r}: got {describe(max_bins)}, want a positive integer or None")
    return int(array.reshape(-1)[0])


def _as_floats(values: NDArray[Any]) -> Floats:
    if values.dtype in (np.float32, np.float64):
        return values
    return values.astype(np.float64)


@cache
def _default_edges() -> NDArray[np.float64]:
    return wire.edges()


def _count(finite: Floats, bins: Bins, tally: wire.Tally) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Counts of the buckets and the edges between which they lie, one more."""
    if isinstance(bins, str) and bins == TENSORFLOW:
        return tally.counts[1:-1], _default_edges()
    return np.histogram(finite.astype(np.float64, copy=False), bins=bins)


def _merged(
    counts: NDArray[Any], edges: NDArray[np.float64], together: int
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """So many neighbouring buckets made one each; the last may get fewer."""
    starts = np.arange(0, len(counts), together)
    return np.add.reduceat(counts, starts), np.append(edges[starts], edges[-1])


def _with_outer_buckets(
    counts: NDArray[Any], edges: NDArray[np.float64], tally: wire.Tally
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Values beyond the default edges get a bucket that reaches as far as they do."""
    below, above = tally.counts[0], tally.counts[-1]
    if below:
        counts, edges = np.append(below, counts), np.append(tally.min, edges)
    if above:
        counts, edges = np.append(counts, above), np.append(edges, tally.max)
    return counts, edges


def _trimmed(counts: NDArray[Any], edges: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[Any]]:
    """Limits and counts of the buckets from the first to the last that is not empty, and an empty one before them.

    The format has right edges only: the empty bucket gives the left edge of the one behind it. If all are empty, none
    is left: there is no least and greatest value between which TensorBoard's Rust data server could show them.
    """
    filled = np.flatnonzero(counts)
    if len(filled) == 0:
        return np.zeros(0), np.zeros(0)
    first, last = filled[0], filled[-1]
    return edges[first : last + 2], np.append(0, counts[first : last + 1])


def _statistics(finite: Floats, num: int, tally: wire.Tally) -> wire.Statistics:
    doubles = finite.astype(np.float64)  # first, so that the last bit is torch's
    with np.errstate(over="ignore"):
        total = doubles.sum()
        if len(doubles) <= LONGEST_DOT:
            squares = doubles.dot(doubles)
        else:  # a longer dot product wakes BLAS's own threads, which compete with the training's
            squares = np.multiply(doubles, doubles, out=doubles).sum()
    return wire.Statistics(tally.min, tally.max, num, float(total), float(squares))
