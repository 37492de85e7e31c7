"""Precision-recall curves beside torch's, to the count."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from tests.written import by_us_and_torch, events, scanned, value, values

RNG = np.random.default_rng(11)
PREDICTIONS = RNG.random(500)
LABELS = (RNG.random(500) < PREDICTIONS).astype(np.int64)
TAG = "实例：/label_0"  # noqa: RUF001 - a tag as users have them
COUNTS = np.arange(30.0).reshape(6, 5)


def rows(written: Any) -> np.ndarray[Any, Any]:
    """The tensor [6, thresholds] of a value, as TensorBoard reads it."""
    from tensorboard.util import tensor_util

    return np.asarray(tensor_util.make_ndarray(written.tensor))


def num_thresholds(written: Any) -> int:
    """What the metadata say, as TensorBoard's plugin reads them."""
    from tensorboard.plugins.pr_curve import metadata

    return int(metadata.parse_plugin_metadata(written.metadata.plugin_data.content).num_thresholds)


def assert_equal_to_torchs(directory: Path, **arguments: Any) -> None:
    directories = by_us_and_torch(directory, lambda writer: writer.add_pr_curve("p/r", **arguments))
    mine, torchs = (value(directory) for directory in directories)
    assert rows(mine).dtype == np.float32
    assert np.array_equal(rows(mine), rows(torchs))
    assert num_thresholds(mine) == num_thresholds(torchs)
    assert mine.metadata.plugin_data == torchs.metadata.plugin_data
    assert mine.tag == torchs.tag


GOLDEN: dict[str, dict[str, Any]] = {
    "integers": {"labels": LABELS, "predictions": PREDICTIONS},
    "bools": {"labels": LABELS > 0, "predictions": PREDICTIONS},
    "floats": {"labels": LABELS * 1.0, "predictions": PREDICTIONS.astype(np.float32)},
    "halves": {"labels": LABELS * 1.0, "predictions": PREDICTIONS.astype(np.float16)},
    "soft labels": {"labels": RNG.random(500), "predictions": PREDICTIONS},
    "two-dimensional": {"labels": LABELS.reshape(5, 100), "predictions": PREDICTIONS.reshape(5, 100)},
    "certain": {"labels": LABELS, "predictions": LABELS},
    "on the thresholds": {"labels": np.arange(127) % 2, "predictions": np.linspace(0, 1, 127, dtype=np.float32)},
    "all true": {"labels": np.ones(9), "predictions": PREDICTIONS[:9]},
    "all false": {"labels": np.zeros(9), "predictions": PREDICTIONS[:9]},
    "one": {"labels": np.array([1]), "predictions": np.array([0.0])},
    "few thresholds": {"labels": LABELS, "predictions": PREDICTIONS, "num_thresholds": 3},
    "one threshold": {"labels": LABELS, "predictions": PREDICTIONS, "num_thresholds": 1},
    "weights": {"labels": LABELS, "predictions": PREDICTIONS, "weights": RNG.random(500)},
    "a weight": {"labels": LABELS, "predictions": PREDICTIONS, "weights": 2.5},
    "weights of columns": {
        "labels": LABELS.reshape(5, 100),
        "predictions": PREDICTIONS.reshape(5, 100),
        "weights": RNG.random(100),
    },
    "more than one of numpy's blocks": {
        "labels": RNG.integers(0, 2, 70_000),
        "predictions": RNG.random(70_000),
        "weights": RNG.random(70_000),
    },
}


@pytest.mark.parametrize("name", GOLDEN)
def test_equal_to_torchs(tmp_path: Path, name: str) -> None:
    assert_equal_to_torchs(tmp_path, **GOLDEN[name], global_step=4, walltime=2.5)
    assert [(event.step, event.wall_time) for event in events(tmp_path / "ours")] == [(4, 2.5)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.tuples(st.booleans(), st.floats(0, 1, width=32)), min_size=1, max_size=40),
    thresholds=st.integers(1, 127),
)
def test_any_equal_to_torchs(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[bool, float]], thresholds: int
) -> None:
    labels, predictions = (np.array(column) for column in zip(*pairs, strict=True))
    assert_equal_to_torchs(
        tmp_path_factory.mktemp("run"),
        labels=labels,
        predictions=predictions.astype(np.float32),
        num_thresholds=thresholds,
    )


def test_torch_tensors(tmp_path: Path) -> None:
    import torch

    labels, predictions = torch.from_numpy(LABELS), torch.from_numpy(PREDICTIONS).requires_grad_()
    assert_equal_to_torchs(tmp_path, labels=labels, predictions=predictions)


def test_worked_out_by_hand(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_pr_curve(TAG, [True, False, True, False], [0.9, 0.6, 0.4, 0.1], num_thresholds=3)
    written = value(tmp_path)
    assert written.tag == TAG
    # thresholds 0, 0.5, 1
    assert rows(written)[:4].tolist() == [[2, 1, 0], [2, 1, 0], [0, 1, 2], [0, 1, 2]]
    assert rows(written)[4:].tolist() == [[0.5, 0.5, 0], [1, 0.5, 0]]
    assert written.metadata.data_class == 2


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int8])
def test_more_thresholds_than_torch_has(tmp_path: Path, dtype: Any) -> None:
    predictions = np.array([0, 1, 0.75, 1, 0]).astype(dtype)
    with SummaryWriter(tmp_path) as writer:
        writer.add_pr_curve("curve", np.ones(5), predictions, num_thresholds=65_001)
    written = value(tmp_path)
    thresholds = np.arange(65_001) / 65_000
    assert num_thresholds(written) == 65_001
    reaching = predictions.astype(float)[:, None] >= thresholds
    assert np.array_equal(rows(written)[0], reaching.sum(axis=0))


def test_tensorboard_shows_all_thresholds(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.pr_curve.pr_curves_plugin import PrCurvesPlugin

    with SummaryWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_pr_curve("a/curve", LABELS, PREDICTIONS, step, num_thresholds=301)
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(tmp_path)).Reload()
    plugin = PrCurvesPlugin(TBContext(data_provider=MultiplexerDataProvider(multiplexer, str(tmp_path))))
    (shown,) = plugin.pr_curves_impl(RequestContext(), "", ["."], "a/curve").values()
    assert [curve["step"] for curve in shown] == [0, 1, 2]
    assert shown[0]["thresholds"] == np.linspace(0, 1, 301)[: len(shown[0]["thresholds"])].tolist()
    want = [(PREDICTIONS[LABELS == 1] >= threshold).sum() for threshold in shown[0]["thresholds"]]
    assert shown[0]["true_positives"] == want


def test_metadata_come_with_the_first_and_our_scan_finds_all(tmp_path: Path) -> None:
    from tensorboard.compat.proto.tensor_pb2 import TensorProto

    with SummaryWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_pr_curve("curve", LABELS, PREDICTIONS, step)
    written = values(tmp_path)
    assert [each.metadata.plugin_data.plugin_name for each in written] == ["pr_curves", "", ""]
    found = scanned(tmp_path)
    assert [(tag.name, tag.plugin, form, step) for tag, form, step, _ in found] == [
        ("curve", "pr_curves", 8, step) for step in range(3)
    ]
    assert [TensorProto.FromString(body) for *_, body in found] == [each.tensor for each in written]


@pytest.mark.parametrize("counts", [COUNTS, COUNTS.astype(np.int64), COUNTS.astype(np.float32)])
def test_raw_equal_to_torchs(tmp_path: Path, counts: Any) -> None:
    directories = by_us_and_torch(
        tmp_path, lambda writer: writer.add_pr_curve_raw("raw", *counts, global_step=6, num_thresholds=5)
    )
    mine, torchs = (value(directory) for directory in directories)
    assert np.array_equal(rows(mine), rows(torchs))
    assert mine.metadata.plugin_data == torchs.metadata.plugin_data
    assert [event.step for event in events(directories[0])] == [6]


def test_the_callers_arrays_may_change_at_once(tmp_path: Path) -> None:
    labels, predictions = np.ones(50_000), np.ones(50_000)
    with SummaryWriter(tmp_path) as writer:
        writer.add_pr_curve("curve", labels, predictions)
        labels[:], predictions[:] = 0, 0
    assert rows(value(tmp_path))[0, -1] == 50_000


ERRORS: list[tuple[type[Exception], str, dict[str, Any]]] = [
    (ValueError, "labels and predictions of 'c': got shapes .2,. and .3,., want a label for each", {"labels": [0, 1]}),
    (ValueError, "labels of 'c': got numbers from 0 to 2, want all within 0 and 1", {"labels": [0, 1, 2]}),
    (ValueError, "predictions of 'c': got numbers from -0.1 to 1, want", {"predictions": [-0.1, 0.5, 1]}),
    (ValueError, "predictions of 'c': got numbers from nan to nan", {"predictions": [math.nan, 0.5, 1]}),
    (ValueError, "predictions of 'c': got numbers from 0 to inf", {"predictions": [0, 0.5, math.inf]}),
    (TypeError, "predictions of 'c': got NoneType", {"predictions": None}),
    (TypeError, "labels of 'c': got list .* want an array of numbers", {"labels": ["a", "b", "c"]}),
    (TypeError, "labels of 'c': got ndarray .* want real numbers", {"labels": np.ones(3) * 1j}),
    (ValueError, "labels of 'c': got list .*, want at least one element", {"labels": [], "predictions": []}),
    (ValueError, "weights of 'c': got shape .2,., want what broadcasts to .3,.", {"weights": [1, 2]}),
    (ValueError, "weights of 'c': got shape .2, 3., want what broadcasts", {"weights": np.ones((2, 3))}),
    (ValueError, "weights of 'c': got NaN or an infinity", {"weights": [1, math.nan, 1]}),
    (ValueError, "num_thresholds of 'c': got int 0, want an integer from 1", {"num_thresholds": 0}),
    (ValueError, "num_thresholds of 'c': got int 1000001", {"num_thresholds": 1_000_001}),
    (ValueError, "num_thresholds of 'c': got float 1.5", {"num_thresholds": 1.5}),
    (TypeError, "tag: got NoneType None, want a str", {"tag": None}),
]


@pytest.mark.parametrize(("kind", "text", "changes"), ERRORS)
def test_errors(tmp_path: Path, kind: type[Exception], text: str, changes: dict[str, Any]) -> None:
    arguments = {"tag": "c", "labels": [0, 1, 1], "predictions": [0.1, 0.2, 0.3], **changes}
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=text):
        writer.add_pr_curve(**arguments)
    assert events(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "text", "row", "value_"),
    [
        (ValueError, "recall of 'c': got shape .4,. .the first: .5,.., want six lists", 5, COUNTS[5, :4]),
        (ValueError, "true_positive_counts of 'c': got shape .1, 5.", 0, COUNTS[:1]),
        (TypeError, "precision of 'c': got NoneType", 4, None),
    ],
)
def test_raw_errors(tmp_path: Path, kind: type[Exception], text: str, row: int, value_: Any) -> None:
    arguments: list[Any] = list(COUNTS)
    arguments[row] = value_
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=text):
        writer.add_pr_curve_raw("c", *arguments)
    assert events(tmp_path) == []
