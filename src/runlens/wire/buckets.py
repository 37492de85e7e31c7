"""HistogramProto bytes, or tensors of TensorFlow 2 -> histograms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from runlens import _kernel
from runlens.wire.fields import Malformed
from runlens.wire.histogram import Statistics

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Histogram:
    """What was logged at one step: k buckets, and what is said beside them."""

    left: NDArray[np.float64]
    right: NDArray[np.float64]
    count: NDArray[np.float64]
    statistics: Statistics
    nan: float  # numbers of values that are in no bucket
    positive_infinity: float
    negative_infinity: float
    is_exact: bool  # whether the writer said the statistics; else they follow from the buckets


@dataclass(frozen=True, slots=True)
class BucketTable:
    """The buckets of n histograms, one behind the other: those of histogram i end before `ends[i]`."""

    ends: NDArray[np.int64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    count: NDArray[np.float64]
    reasons: list[str | None]  # what is wrong with each, which then has no buckets


def read_buckets(messages: list[bytes]) -> BucketTable:
    """The buckets of many HistogramProtos, as `read_histograms` gives them, without an object for each."""
    ends, left, right, count, _, reasons = _kernel.read_histograms(messages)
    return BucketTable(ends, left, right, count, [reason and f"HistogramProto: {reason}" for reason in reasons])


def buckets_in_table(histograms: Sequence[Histogram | Malformed]) -> BucketTable:
    """The same of histograms that were read."""
    sound = [one for one in histograms if isinstance(one, Histogram)]
    sizes = [len(one.count) if isinstance(one, Histogram) else 0 for one in histograms]
    left, right, count = (
        np.concatenate([np.zeros(0), *(getattr(one, name) for one in sound)]) for name in ("left", "right", "count")
    )
    reasons = [None if isinstance(one, Histogram) else str(one) for one in histograms]
    return BucketTable(np.cumsum(sizes, dtype=np.int64), left, right, count, reasons)


def sum_buckets(
    table: BucketTable, groups: NDArray[np.int64], most_single: int, most_summed: int
) -> tuple[BucketTable, list[str | None]]:
    """The sums of groups of histograms, as kernel/bucket_sums.hpp has it. Releases the GIL.

    Group i has the histograms before `groups[i]`. The list says of each histogram why it is in no sum, if it is not.
    """
    is_sound = np.array([reason is None for reason in table.reasons], bool)
    # What is malformed is no histogram without buckets: that would make a sum of a single one beside it.
    kept = np.concatenate([[0], is_sound.cumsum()])
    ends, left, right, count, faults = _kernel.sum_histograms(
        table.ends[is_sound], table.left, table.right, table.count, kept[groups], most_single, most_summed
    )
    reasons, places = list(table.reasons), np.flatnonzero(is_sound)
    for number, fault in faults:
        reasons[places[number]] = f"histogram: {fault}"
    return BucketTable(ends, left, right, count, [None] * len(groups)), reasons


def read_histograms(messages: list[bytes]) -> list[Histogram | Malformed]:
    """HistogramProtos, each in its place; what is none is returned as an error. Releases the GIL.

    Empty buckets at both ends are left out, and the outermost edges become the least and greatest value, as
    TensorBoard's data_compat.py has it, but in float64 and only where these are finite and on their side of the bucket.
    """
    ends, left, right, count, flat, reasons = _kernel.read_histograms(messages)
    found: list[Histogram | Malformed] = []
    start = 0
    for end, reason, said in zip(ends.tolist(), reasons, flat.reshape(-1, 8).tolist(), strict=True):
        part, start = slice(start, end), end
        found.append(
            Histogram(left[part], right[part], count[part], Statistics(*said[:5]), said[5], said[6], said[7], True)
            if reason is None
            else Malformed(f"HistogramProto: {reason}")
        )
    return found


def histogram_of_buckets(buckets: NDArray[Any]) -> Histogram:
    """Of a tensor [k, 3]: left edge, right edge and count. Within a bucket values are taken to lie evenly.

    Raises:
        Malformed: the shape is another, or the numbers are not real.
    """
    if buckets.ndim != 2 or buckets.shape[1] != 3 or buckets.dtype.kind not in "fiu":
        raise Malformed(f"histogram: got {buckets.dtype} of shape {buckets.shape}, want real numbers of shape (k, 3)")
    left, right, count = np.ascontiguousarray(buckets.T, np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        squares = (left * left + left * right + right * right) / 3  # mean of x squared, x even from left to right
        said = left.min(initial=np.inf), right.max(initial=-np.inf), count.sum()
        statistics = Statistics(*map(float, (*said, count @ (left / 2 + right / 2), count @ squares)))
    return Histogram(left, right, count, statistics, 0.0, 0.0, 0.0, False)
