"""pr_curve: precision and recall of a binary classifier at evenly spaced thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, pr_curve, tensor
from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

# Keeps a division by a count of zero at zero, as TensorBoard's own summary op has it.
LEAST_COUNT: Final = 1e-7
TORCH_THRESHOLDS: Final = 127  # torch goes no further
MAX_THRESHOLDS: Final = 1_000_000

ROWS: Final = (
    "true_positive_counts",
    "false_positive_counts",
    "true_negative_counts",
    "false_negative_counts",
    "precision",
    "recall",
)


@dataclass(frozen=True, slots=True)
class Curve:
    """Labels, predictions and weights of equal shape, to be counted."""

    labels: NDArray[Any]
    predictions: NDArray[Any]
    weights: NDArray[np.float64]  # broadcasts to the others' shape
    num_thresholds: int

    @property
    def size(self) -> int:
        """Bytes it holds on to."""
        return self.labels.nbytes + self.predictions.nbytes + self.weights.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary."""
        return _summary(tag, self._rows(), is_first)

    def _rows(self) -> NDArray[np.float64]:
        """[6, num_thresholds]: counts of what lies at or above each threshold, then precision and recall."""
        last = self.num_thresholds - 1
        # In the predictions' own precision, so that one near a threshold is counted where torch counts it; it would
        # not do for more thresholds than torch has.
        is_as_torch = self.num_thresholds <= TORCH_THRESHOLDS
        predictions = self.predictions if is_as_torch else self.predictions.astype(np.float64)
        reached = np.floor(predictions * last).astype(np.int32)
        labels = self.labels.astype(np.float64)
        true = self._at_or_above(reached, labels * self.weights)
        false = self._at_or_above(reached, (1.0 - labels) * self.weights)
        missed = true[0] - true
        precision = true / np.maximum(LEAST_COUNT, true + false)
        recall = true / np.maximum(LEAST_COUNT, true + missed)
        return np.stack((true, false, false[0] - false, missed, precision, recall))

    def _at_or_above(self, reached: NDArray[np.int32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        last = self.num_thresholds - 1
        sums, _ = np.histogram(reached, self.num_thresholds, (0, last), weights=weights)
        return np.cumsum(sums[::-1])[::-1]


@dataclass(frozen=True, slots=True)
class RawCurve:
    """A curve that was counted elsewhere: [6, thresholds], rows as `ROWS`."""

    rows: NDArray[np.float64]

    @property
    def size(self) -> int:
        """Bytes it holds on to."""
        return self.rows.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary."""
        return _summary(tag, self.rows, is_first)


def of_predictions(tag: str, labels: object, predictions: object, num_thresholds: object, weights: object) -> Curve:
    """Labels and predictions, checked and copied.

    Raises:
        TypeError: something is no array of real numbers.
        ValueError: shapes differ, there is nothing, a number is not where it must be, or there is no threshold.
    """
    truth = _within_0_and_1(f"labels of {tag!r}", labels)
    guess = _within_0_and_1(f"predictions of {tag!r}", predictions)
    if truth.shape != guess.shape:
        raise ValueError(
            f"labels and predictions of {tag!r}: got shapes {truth.shape} and {guess.shape}, want a label for each"
        )
    share = _reals(f"weights of {tag!r}", 1.0 if weights is None else weights).astype(np.float64)
    if not _broadcasts(share.shape, truth.shape):
        raise ValueError(f"weights of {tag!r}: got shape {share.shape}, want what broadcasts to {truth.shape}")
    if not np.isfinite(share).all():
        raise ValueError(f"weights of {tag!r}: got NaN or an infinity, want finite numbers")
    return Curve(truth, guess, share, _thresholds(tag, num_thresholds))


def of_counts(tag: str, rows: Sequence[object]) -> RawCurve:
    """Six lists of one length, in the order of `ROWS`, checked and copied.

    Raises:
        TypeError: one is no array of real numbers.
        ValueError: one is not one-dimensional, empty or of another length than the first.
    """
    arrays = [_reals(f"{name} of {tag!r}", row) for name, row in zip(ROWS, rows, strict=True)]
    for name, array in zip(ROWS, arrays, strict=True):
        if array.ndim != 1 or array.shape != arrays[0].shape:
            want = "want six lists with one number for each threshold"
            raise ValueError(f"{name} of {tag!r}: got shape {array.shape} (the first: {arrays[0].shape}), {want}")
    return RawCurve(np.stack([array.astype(np.float64) for array in arrays]))


def _summary(tag: str, rows: NDArray[np.float64], is_first: bool) -> bytes:
    content = pr_curve.content(rows.shape[1])
    metadata = event.metadata("pr_curves", content, event.DATA_CLASS_TENSOR) if is_first else b""
    with np.errstate(over="ignore"):
        proto = tensor.of_array(rows.astype(np.float32))
    return event.summary(event.tensor_value(tag, proto, metadata))


def _reals(name: str, value: object) -> NDArray[Any]:
    array = snapshot(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: got {describe(value)} of dtype {array.dtype}, want real numbers")
    if array.size == 0:
        raise ValueError(f"{name}: got {describe(value)}, want at least one element")
    return array


def _within_0_and_1(name: str, value: object) -> NDArray[Any]:
    array = np.atleast_1d(_reals(name, value))
    low, high = array.min(), array.max()
    if not (low >= 0 and high <= 1):  # NaN compares as false
        raise ValueError(f"{name}: got numbers from {low:g} to {high:g}, want all within 0 and 1")
    return array


def _broadcasts(shape: tuple[int, ...], to: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(shape, to) == to
    except ValueError:
        return False


def _thresholds(tag: str, num_thresholds: object) -> int:
    array = snapshot(f"num_thresholds of {tag!r}", num_thresholds)
    if array.size != 1 or array.dtype.kind not in "iu" or not 1 <= int(array.reshape(-1)[0]) <= MAX_THRESHOLDS:
        want = f"want an integer from 1 to {MAX_THRESHOLDS:,}"
        raise ValueError(f"num_thresholds of {tag!r}: got {describe(num_thresholds)}, {want}")
    return int(array.reshape(-1)[0])
