"""A tensor of the PR curve plugin -> counts and curves; the other way is in `wire/pr_curve.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from runlens.wire.fields import Malformed

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Curve(NamedTuple):
    """The rows of the tensor, [T] each for T thresholds from 0 to 1, evenly spaced."""

    true_positives: NDArray[np.float64]
    false_positives: NDArray[np.float64]
    true_negatives: NDArray[np.float64]
    false_negatives: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]

    @property
    def thresholds(self) -> NDArray[np.float64]:
        """They divide 0 to 1 evenly."""
        return np.linspace(0, 1, len(self.precision))


def curve_of(tensor: NDArray[Any]) -> Curve:
    """The curve in a tensor [6, T].

    Raises:
        Malformed: it has another shape, or holds what are no real numbers.
    """
    if tensor.ndim != 2 or tensor.shape[0] != len(Curve._fields) or tensor.shape[1] == 0:
        raise Malformed(f"pr_curve: got a tensor of shape {tensor.shape}, want (6, thresholds)")
    if tensor.dtype.kind not in "fiu" or not np.isfinite(tensor).all():
        raise Malformed(f"pr_curve: got {tensor.dtype} with NaN or infinities, want real numbers")
    return Curve(*tensor.astype(np.float64))
