"""Arithmetic on histograms: sums of several, percentiles, moments. Within a bucket values are taken to lie evenly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from runlens.wire.buckets import Histogram
from runlens.wire.fields import Malformed

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Basis points of TensorBoard's bands: a normal distribution's at whole and half standard deviations.
BASIS_POINTS: Final = np.array([0, 668, 1587, 3085, 5000, 6915, 8413, 9332, 10000])

MOST_BUCKETS: Final = 2048  # of one histogram in a chart: more than it has pixels
MOST_SUMMED: Final = 512  # of a sum, of which a chart shows many
_FARTHEST: Final = 1e300  # edges, so that widths are finite, too
_LARGEST: Final = 1e30  # counts, so that float32 holds them
_NARROWEST: Final = 1e-290  # of what lies in one point, so that densities are finite, too
_MOST_UNORDERED: Final = 1 << 16  # buckets of one histogram that overlap or lie in disorder
_CHUNK: Final = 1024


@dataclass(frozen=True, slots=True)
class Buckets:
    """Left edges, right edges and counts of k buckets."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    count: NDArray[np.float64]


NO_BUCKETS: Final = Buckets(*np.zeros((3, 0)))


def checked(histogram: Histogram) -> Buckets:
    """The buckets in order.

    Raises:
        Malformed: an edge or a count is no number that can be drawn.
    """
    left, right, count = histogram.left, histogram.right, histogram.count
    if not ((np.abs(left) <= _FARTHEST).all() and (np.abs(right) <= _FARTHEST).all()):
        raise Malformed(f"histogram: an edge of a bucket is infinite or no number, want at most {_FARTHEST:g}")
    if not ((count >= 0) & (count <= _LARGEST)).all():
        raise Malformed(f"histogram: the count of a bucket is negative or no number, want 0 to {_LARGEST:g}")
    if (left > right).any() or (left[:-1] > left[1:]).any():
        left, right = np.minimum(left, right), np.maximum(left, right)
        order = np.argsort(left, kind="stable")
        left, right, count = left[order], right[order], count[order]
    return Buckets(left, right, count)


def total(parts: Sequence[Buckets]) -> Buckets:
    """The sum of histograms on the edges of all of them: of one histogram its own buckets.

    Where these are too many, neighbouring buckets are joined, evenly over the edges. Counts of a sum are rounded to
    float32: parts of a bucket are an estimate anyway.
    """
    if len(parts) == 1 and len(parts[0].count) <= MOST_BUCKETS:
        return parts[0]
    wide = [_widened(part) for part in parts if len(part.count)]
    if not wide:
        return NO_BUCKETS
    edges = np.unique(np.concatenate([side for part in wide for side in (part.left, part.right)]))
    most = MOST_SUMMED if len(wide) > 1 else MOST_BUCKETS
    if len(edges) > most:
        edges = edges[np.linspace(0, len(edges) - 1, most + 1).astype(np.int64)]
    below = np.zeros(len(edges))
    for part in wide:
        below += _count_below(part, edges)
    count = np.maximum(np.diff(below), 0).astype(np.float32).astype(np.float64)
    kept = np.flatnonzero(count)
    inner = slice(kept[0], kept[-1] + 1) if len(kept) else slice(0)
    return Buckets(edges[:-1][inner], edges[1:][inner], count[inner])


def percentiles(buckets: Buckets) -> NDArray[np.float64]:
    """The values below which the parts `BASIS_POINTS` of all values lie, [9]; NaN where there is no value.

    Interpolated linearly within a bucket, as TensorBoard's plugins/distribution/compressor.py does.
    """
    weights = buckets.count.cumsum()
    if len(weights) == 0 or not weights[-1] > 0:
        return np.full(len(BASIS_POINTS), np.nan)
    weights *= BASIS_POINTS[-1] / weights[-1]
    at = np.searchsorted(weights, BASIS_POINTS, "right")
    at = np.minimum(at, np.searchsorted(weights, weights[-1]))  # the last that adds to the sum
    before = np.where(at > 0, weights[at - 1], 0)
    part = np.clip((BASIS_POINTS - before) / (weights[at] - before), 0, 1)
    values = buckets.left[at] * (1 - part) + buckets.right[at] * part
    return np.asarray(np.maximum.accumulate(values))  # where buckets overlap


def _widened(buckets: Buckets) -> Buckets:
    """Buckets that all have a width: what lies in one point gets nearly none."""
    least = np.maximum(np.nextafter(buckets.left, np.inf), buckets.left + _NARROWEST)
    return Buckets(buckets.left, np.maximum(buckets.right, least), buckets.count)


def _count_below(buckets: Buckets, edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """How many values lie below each edge."""
    left, right, count = buckets.left, buckets.right, buckets.count
    if np.array_equal(left[1:], right[:-1]):
        knots = np.append(left, right[-1])
        return np.asarray(np.interp(edges, knots, np.append(0, count.cumsum())))
    if len(count) > _MOST_UNORDERED:
        raise Malformed(f"histogram: got {len(count)} buckets that do not join, want at most {_MOST_UNORDERED}")
    below = np.zeros(len(edges))
    for start in range(0, len(count), _CHUNK):
        part = slice(start, start + _CHUNK)
        with np.errstate(over="ignore"):
            reach = (edges[:, None] - left[part]) / (right[part] - left[part])
        below += np.clip(reach, 0, 1) @ count[part]
    return below
