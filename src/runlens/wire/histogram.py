"""Histograms -> HistogramProto bytes, by the field numbers of summary.proto."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from runlens import _kernel
from runlens.wire.message import bytes_field, double_field, int_field

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Ours, far from those of summary.proto: other readers step over them.
NAN = 1001
POSITIVE_INFINITY = 1002
NEGATIVE_INFINITY = 1003


class Statistics(NamedTuple):
    """What a histogram says of its values beside the buckets."""

    min: float
    max: float
    num: float  # of all values, also those that are not finite
    sum: float
    sum_squares: float


class Tally(NamedTuple):
    """What `tally` found."""

    counts: NDArray[np.int64]  # below the first of `edges`, in each bucket between two of them, above the last
    nan: int
    positive_infinity: int
    negative_infinity: int
    min: float  # of the finite values; NaN without any, and so is max
    max: float

    def not_finite(self) -> bytes:
        """Fields that say how many values are in no bucket because they are NaN or infinite."""
        return (
            int_field(NAN, self.nan)
            + int_field(POSITIVE_INFINITY, self.positive_infinity)
            + int_field(NEGATIVE_INFINITY, self.negative_infinity)
        )


def edges() -> NDArray[np.float64]:
    """The 1,549 edges that TensorFlow's writers share: 0, and plus and minus 1e-12 · 1.1**k below 1e20."""
    return _kernel.histogram_edges()


def tally(values: NDArray[np.float32] | NDArray[np.float64]) -> Tally:
    """Count values, one-dimensional, between `edges`. Releases the GIL."""
    return Tally(*_kernel.histogram(values))


def histogram(statistics: Statistics, limits: NDArray[np.float64], counts: NDArray[np.float64]) -> bytes:
    """A HistogramProto. `limits` are right edges: bucket i reaches from limit i - 1 to limit i."""
    fields = b"".join(double_field(number, value) for number, value in enumerate(statistics, 1))
    return fields + bytes_field(6, limits.astype("<f8").tobytes()) + bytes_field(7, counts.astype("<f8").tobytes())
