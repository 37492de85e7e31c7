"""Precision-recall curves: the counts at each threshold, and the areas under them. Contract: docs/kinds/pr_curve.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from runlens.api.entries import entries_query, find_row, payload_of
from runlens.api.payload import Columns
from runlens.api.question import NotFound, Object, a_list, an_object
from runlens.wire.curve import Curve, curve_of
from runlens.wire.fields import Malformed
from runlens.wire.value import tensor_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runlens.store.index import Index

KIND: Final = "pr_curve"


def rows(index: Index, question: Object) -> Columns:
    """The curves of single rows, and the areas under each."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        row = {name: str(part) for name, part in an_object(value, "charts").items()}
        try:
            entry = find_row(index, KIND, row)
            curve = curve_of(tensor_of(entry.form, payload_of(entry)))
        except (NotFound, Malformed) as error:
            answer.header["charts"].append({"error": str(error)})
            continue
        columns: dict[str, Any] = {name: answer.add(column) for name, column in curve._asdict().items()}
        areas = np.array([average_precision(curve), precision_recall_area(curve), roc_area(curve)])
        answer.header["charts"].append({"error": None, "areas": answer.add(areas), **columns})
    return answer


QUERIES = {"entries": entries_query(KIND), "rows": rows}


def average_precision(curve: Curve) -> float:
    """Sum of (R[n] - R[n-1]) * P[n], highest threshold first: scikit-learn's average_precision_score."""
    precision, recall = _from_counts(curve)
    return float(np.sum(np.diff(recall, prepend=0) * precision))


def precision_recall_area(curve: Curve) -> float:
    """The area under straight lines between the points (recall, precision), from (0, 1) on: scikit-learn's auc."""
    precision, recall = _from_counts(curve)
    return _under_lines(np.append(0, recall), np.append(1, precision))


def roc_area(curve: Curve) -> float:
    """The area under straight lines between the points (false, true positive rate), from (0, 0) to (1, 1).

    Fawcett, "An introduction to ROC analysis", 2006, section 7.
    """
    false = _ratio(curve.false_positives, curve.true_negatives)[::-1]
    true = _ratio(curve.true_positives, curve.false_negatives)[::-1]
    return _under_lines(np.r_[0, false, 1], np.r_[0, true, 1])


def _from_counts(curve: Curve) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Precision and recall from the highest threshold at which anything is predicted to the lowest.

    They follow from the counts, which are exact where the logged ratios are rounded to float32.
    """
    counted = curve.true_positives + curve.false_positives > 0
    precision = _ratio(curve.true_positives, curve.false_positives)[counted]
    recall = _ratio(curve.true_positives, curve.false_negatives)[counted]
    return precision[::-1], recall[::-1]


def _ratio(part: NDArray[np.float64], rest: NDArray[np.float64]) -> NDArray[np.float64]:
    """part / (part + rest), NaN where there is neither."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        return np.asarray(part / (part + rest))


def _under_lines(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    return float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
