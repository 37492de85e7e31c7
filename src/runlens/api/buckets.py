"""Arithmetic on histograms: sums of several, percentiles, moments. Within a bucket values are taken to lie evenly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from runlens.wire.buckets import BucketTable, Histogram, buckets_in_table, sum_buckets
from runlens.wire.fields import Malformed

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Basis points of TensorBoard's bands: a normal distribution's at whole and half standard deviations.
BASIS_POINTS: Final = np.array([0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000])

MOST_BUCKETS: Final = 2048  # of one histogram in a chart: more than it has pixels
MOST_SUMMED: Final = 512  # of a sum, of which a chart shows many
_ALL: Final = 1 << 40


@dataclass(frozen=True, slots=True)
class Buckets:
    """Left edges, right edges and counts of k buckets."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    count: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sum:
    """Several histograms, added up."""

    buckets: Buckets
    parts: int


def checked(histogram: Histogram) -> Buckets:
    """The buckets in order.

    Raises:
        Malformed: an edge or a count is no number that can be drawn.
    """
    table = buckets_in_table([histogram])
    (one,), reasons = _sums(table, np.ones(1, np.int64), _ALL)
    if reasons[0] is not None:
        raise Malformed(reasons[0])
    return one.buckets


def sums(table: BucketTable, groups: NDArray[np.int64]) -> tuple[list[Sum], list[str | None]]:
    """The sum of each group of histograms on the edges of all of them, of one histogram its own buckets.

    Group i has the histograms before `groups[i]`. Where edges are too many, neighbouring buckets are joined (see
    kernel/bucket_sums.hpp). The list says of each histogram why it is in no sum, if it is not. Releases the GIL.
    """
    return _sums(table, groups, MOST_BUCKETS)


def total(parts: Sequence[Buckets]) -> Buckets:
    """The sum of what was checked or summed already."""
    ends = np.cumsum([len(part.count) for part in parts], dtype=np.int64)
    left, right, count = (np.concatenate([getattr(part, name) for part in parts]) for name in Buckets.__slots__)
    table = BucketTable(ends, left, right, count, [None] * len(parts))
    (one,), _ = sums(table, np.array([len(parts)]))
    return one.buckets


def _sums(table: BucketTable, groups: NDArray[np.int64], most: int) -> tuple[list[Sum], list[str | None]]:
    summed, reasons = sum_buckets(table, groups, most, MOST_SUMMED)
    taken = np.concatenate([[0], np.cumsum([reason is None for reason in reasons], dtype=np.int64)])
    merged = np.diff(taken[groups], prepend=0).tolist()
    ends = summed.ends.tolist()
    parts = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    columns = summed.left, summed.right, summed.count
    return [Sum(Buckets(*(column[p] for column in columns)), n) for p, n in zip(parts, merged, strict=True)], reasons


def percentiles(buckets: Buckets) -> NDArray[np.float64]:
    """The values below which the parts `BASIS_POINTS` of all values lie, [9]; NaN where there is no value.

    Interpolated linearly within a bucket, as TensorBoard's plugins/distribution/compressor.py does.
    """
    weights = buckets.count.cumsum()
    if len(weights) == 0 or not weights[-1] > 0:
        return np.full(len(BASIS_POINTS), np.nan)
    weights = weights / weights[-1] * BASIS_POINTS[-1]
    at = np.searchsorted(weights, BASIS_POINTS, "right")
    at = np.minimum(at, np.searchsorted(weights, weights[-1]))  # the last that adds to the sum
    before = np.where(at > 0, weights[at - 1], 0)
    part = np.clip((BASIS_POINTS - before) / (weights[at] - before), 0, 1)
    values = buckets.left[at] * (1 - part) + buckets.right[at] * part
    return np.asarray(np.maximum.accumulate(values))  # where buckets overlap
