"""PR curves from the event file to the bytes that the page gets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.kinds import pr_curve
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.curve import Curve, curve_of
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of
from tests.tensorboard_app import TensorBoardApp

GOLDEN = Path(__file__).with_name("pr_curve.golden.bin")
NAMES = Curve._fields


def rows(index: Index, run: str, tag: str) -> list[dict[str, Any]]:
    """The answers for all rows of a tag, columns in place of their numbers."""
    header, arrays = decode(pr_curve.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    (series,) = header["charts"][0]["series"]
    asked = [{"run": run, "tag": tag, "row": n, "key": int(key)} for n, key in enumerate(arrays[series["key"]])]
    header, arrays = decode(pr_curve.QUERIES["rows"](index, {"charts": asked}).encode())
    return [
        {name: value if name == "error" else arrays[value] for name, value in chart.items()}
        for chart in header["charts"]
    ]


def classified(seed: int, count: int = 300) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Labels and scores that have to do with them."""
    generator = np.random.default_rng(seed)
    labels = generator.random(count) < 0.4
    return labels, np.clip(generator.normal(0.35 + 0.3 * labels, 0.2), 0, 1)


def test_threshold_for_threshold_as_tensorboard_answers(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    tag = "add_pr_curve 实例：/label_0"  # noqa: RUF001 - full-width, as a tutorial has it
    with TorchWriter(str(tmp_path / "torch")) as theirs, SummaryWriter(tmp_path / "ours") as ours:
        for step in range(3):
            labels, scores = classified(step)
            theirs.add_pr_curve(tag, labels, scores * 0.9, step)  # none at the highest thresholds
            ours.add_pr_curve(tag, labels, scores, step, num_thresholds=50)
    index = index_of(tmp_path)
    answer = TensorBoardApp(tmp_path).get("pr_curves/pr_curves", tag=tag, run=["torch", "ours"])
    for run, theirs in answer.items():
        for found, want in zip(rows(index, run, tag), theirs, strict=True):
            count = len(want["thresholds"])  # TensorBoard leaves out those at which nothing is predicted
            assert (found["true_positives"] + found["false_positives"])[count:].tolist() == [0] * (
                len(found["recall"]) - count
            )
            for name in NAMES:
                assert found[name][:count].tolist() == want[name]
            thresholds = np.linspace(0, 1, len(found["recall"]))
            assert thresholds[:count] == pytest.approx(want["thresholds"], abs=1e-12)
    assert set(answer) == {"torch", "ours"}


@pytest.mark.parametrize("thresholds", [2, 11, 127, 5000])
def test_areas_are_scikit_learns_of_the_quantised_scores(tmp_path: Path, thresholds: int) -> None:
    from sklearn import metrics

    labels, scores = classified(7)
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_pr_curve("x", labels, scores, num_thresholds=thresholds)
    (found,) = rows(index_of(tmp_path), "a", "x")
    quantised = np.floor(scores * (thresholds - 1))
    precision, recall, _ = metrics.precision_recall_curve(labels, quantised)
    want = [
        metrics.average_precision_score(labels, quantised),
        metrics.auc(recall, precision),
        metrics.roc_auc_score(labels, quantised),
    ]
    assert found["areas"] == pytest.approx(want, rel=1e-12)
    if thresholds == 5000:  # fine enough to be those of the scores themselves
        assert found["areas"][0] == pytest.approx(metrics.average_precision_score(labels, scores), abs=2e-3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 10)), min_size=2, max_size=40))
def test_areas_of_any_counts(pairs: list[tuple[bool, int]]) -> None:
    from sklearn import metrics

    labels, scores = np.array([label for label, _ in pairs]), np.array([score for _, score in pairs])
    reached = scores[:, None] >= np.arange(11)
    true, false = labels.astype(int), (~labels).astype(int)
    counts = [true @ reached, false @ reached, false @ ~reached, true @ ~reached]
    curve = curve_of(np.array([*counts, np.zeros(11), np.zeros(11)], float))
    if labels.any():
        assert pr_curve.average_precision(curve) == pytest.approx(metrics.average_precision_score(labels, scores))
    else:
        assert np.isnan(pr_curve.average_precision(curve))
    if labels.any() and not labels.all():
        assert pr_curve.roc_area(curve) == pytest.approx(metrics.roc_auc_score(labels, scores))
    else:
        assert np.isnan(pr_curve.roc_area(curve))


def curve_record(array: Any, step: int = 0) -> bytes:
    value = event.tensor_value("x", tensor.of_array(np.asarray(array)), event.metadata("pr_curves"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((5, 3), np.float32), r"got a tensor of shape \(5, 3\), want \(6, thresholds\)"),
        (np.zeros((6, 0), np.float32), r"shape \(6, 0\)"),
        (np.full((6, 2), np.nan, np.float32), "got float32 with NaN"),
        (np.zeros((6, 2), bool), "got bool"),
    ],
)
def test_what_is_no_curve_is_told(tmp_path: Path, array: Any, reason: str) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "tfevents.1").write_bytes(curve_record(array))
    (found,) = rows(index_of(tmp_path), "a", "x")
    assert re.search(reason, found["error"])


def test_a_row_that_is_gone_is_told(tmp_path: Path) -> None:
    asked = {"run": "a", "tag": "x", "row": 3, "key": 1}
    header, _ = decode(pr_curve.QUERIES["rows"](index_of(tmp_path), {"charts": [asked]}).encode())
    assert header["charts"] == [{"error": "row 3 of 'x' in 'a' is not there any more"}]


def test_golden(tmp_path: Path) -> None:
    """The answer of `rows` that the page's tests read; delete the file to make it anew."""
    labels, scores = np.array([1, 0, 1, 1, 0]), np.array([0.9, 0.8, 0.6, 0.3, 0.1])
    (tmp_path / "a").mkdir()
    counts = [[np.sum((labels == y) & ((scores >= t) == p)) for t in np.linspace(0, 1, 5)]
              for y, p in ((1, True), (0, True), (0, False), (1, False))]  # fmt: skip
    tp, fp, _, fn = np.array(counts, float)
    ratios = [tp / np.maximum(tp + fp, 1), tp / (tp + fn)]
    (tmp_path / "a" / "tfevents.1").write_bytes(curve_record(np.array([*counts, *ratios], np.float32)))
    index = index_of(tmp_path)
    index.revision = 42
    header, arrays = decode(pr_curve.QUERIES["entries"](index, {"charts": [{"tag": "x", "runs": ["a"]}]}).encode())
    key = int(arrays[header["charts"][0]["series"][0]["key"]][0])
    asked = {"run": "a", "tag": "x", "row": 0, "key": key}
    answer = pr_curve.QUERIES["rows"](index, {"charts": [asked, {**asked, "row": 9}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
