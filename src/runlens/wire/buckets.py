"""HistogramProto bytes, or tensors of TensorFlow 2 -> histograms."""

from __future__ import annotations

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
