"""Restarts, several writers and provenance in the answers of scalar: what is drawn and what it is said to stand for."""

from __future__ import annotations

import itertools
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.api.kinds.scalar import data, point
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.store.reduction import m4
from runlens.wire import event, tensor
from runlens.wire.record import frame, frame_scalars
from tests.columns import decode
from tests.store.reduction_test import assert_same_ink, ink
from tests.support import index_of, random_walk, write_scalars


def ask(index: Index, **chart: Any) -> dict[str, Any]:
    """The one series of the one chart, its columns in place of their numbers."""
    question = {"tag": "loss", "runs": ["run"], **chart}
    header, arrays = decode(data(index, {"charts": [question]}).encode())
    (series,) = header["charts"][0]["series"]
    for name in ("step", "wall_time", "value"):
        series[name] = arrays[series[name]]
    rows = series["row"]
    series["row"] = np.arange(series["from"], series["count"]) if rows is None else arrays[rows]
    return {**series, "domain": header["charts"][0]["domain"]}


def stretches(series: dict[str, Any]) -> list[slice]:
    """The sent points of each segment."""
    ends = list(itertools.accumulate((segment["points"] for segment in series["segments"]), initial=0))
    assert ends[-1] == len(series["step"])
    return [slice(*pair) for pair in itertools.pairwise(ends)]


@given(
    st.lists(st.lists(st.integers(-30, 5), min_size=1, max_size=80), min_size=1, max_size=3),
    st.booleans(),
    st.sampled_from(["step", "wall"]),
    st.integers(16, 40),
    st.one_of(st.none(), st.tuples(st.floats(0, 50), st.floats(1, 30))),
)
def test_every_segment_draws_the_line_of_all_its_points(
    files: list[list[int]], at_once: bool, axis: str, width: int, zoom: tuple[float, float] | None
) -> None:
    rng = np.random.default_rng(len(files[0]))
    with tempfile.TemporaryDirectory() as folder:
        for number, advances in enumerate(files):
            steps = np.cumsum(np.abs(advances) * np.where(np.array(advances) < -25, -1, 1))
            path = Path(folder) / "run" / f"tfevents.{number}"
            path.parent.mkdir(exist_ok=True)
            times = np.arange(len(steps)) + (number / 4 if at_once else 100.0 * number)
            values = [float(value) for value in rng.normal(size=len(steps)).astype(np.float32)]
            rows = zip(values, steps.tolist(), times.tolist(), strict=True)
            path.write_bytes(frame_scalars([("loss", *row) for row in rows]))
        index = index_of(Path(folder))
        tables = [strand.table.view() for strand in index.runs["run"].scalars["loss"].strands()]
        interval = None if zoom is None else [zoom[0], zoom[0] + zoom[1]]
        series = ask(index, x=axis, width=width, range=interval)
    every = dict(zip(("step", "wall_time", "value"), map(np.concatenate, zip(*tables, strict=True)), strict=True))
    x = "step" if axis == "step" else "wall_time"
    low, high = series["domain"]
    high = max(high, low + 1)
    ends = [segment["row"] for segment in series["segments"]] + [series["count"]]
    for (first, last), kept in zip(itertools.pairwise(ends), stretches(series), strict=True):
        assert list(every["step"][first:last]) == sorted(every["step"][first:last])
        for name, column in every.items():
            assert list(series[name][kept]) == list(column[series["row"][kept]])
        assert_same_ink(
            ink(series[x][kept].tolist(), series["value"][kept].tolist(), low, high, width),
            ink(every[x][first:last].tolist(), every["value"][first:last].tolist(), low, high, width),
        )


def test_a_restart_is_listed_with_why_and_what_it_gives_up(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents.1", "loss", random_walk(100))
    write_scalars(tmp_path / "run" / "tfevents.2", "loss", random_walk(10), first_step=40, epoch=1.8e9)
    series = ask(index_of(tmp_path))
    assert series["segments"] == [
        {
            "row": 0, "step": 0, "wall_time": 1.7e9, "cause": "first", "abandons": None, "abandoned": 40, "points": 100,
        },
        {
            "row": 100, "step": 40, "wall_time": 1.8e9 + 40, "cause": "rewind", "abandons": 40, "abandoned": None,
            "points": 10,
        },
    ]  # fmt: skip
    assert series["domain"] == [0, 99]


def test_a_tail_counts_its_own_points_by_segment(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0, 3.0])
    index = index_of(tmp_path)
    before = ask(index)
    write_scalars(path, "loss", [4.0], first_step=3, append=True)
    write_scalars(path, "loss", [5.0, 6.0], first_step=1, append=True, epoch=1.8e9)
    index.refresh()
    after = ask(index, have={"run": [before["generation"], before["count"]]})
    assert (after["from"], list(after["value"]), list(after["row"])) == (3, [4.0, 5.0, 6.0], [3, 4, 5])
    assert [(segment["row"], segment["points"]) for segment in after["segments"]] == [(0, 1), (4, 2)]


def test_rows_tell_how_many_points_a_drawn_one_stands_for(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", random_walk(5000))
    series = ask(index_of(tmp_path), width=16)
    assert len(series["row"]) < 100
    assert list(series["row"]) == list(series["step"])  # one row a step
    assert series["count"] == 5000


def test_smoothing_begins_anew_in_each_segment(tmp_path: Path) -> None:
    for number, epoch in enumerate([1.7e9, 1.8e9]):
        write_scalars(tmp_path / "run" / f"tfevents.{number}", "loss", random_walk(500, number), epoch=epoch)
    index = index_of(tmp_path)
    question = {"tag": "loss", "runs": ["run"], "smoothing": 0.9, "width": 2000}
    header, arrays = decode(data(index, {"charts": [question]}).encode())
    (series,) = header["charts"][0]["series"]
    expected = []
    for number in range(2):
        mean = 0.0
        for n, value in enumerate(random_walk(500, number), 1):
            mean = 0.9 * mean + 0.1 * value
            expected.append(mean / (1 - 0.9**n))
    assert arrays[series["smoothed"]] == pytest.approx(expected, rel=1e-9)


def trace(index: Index, **question: Any) -> dict[str, Any]:
    return dict(json.loads(point(index, {"run": "run", "tag": "loss", **question}).encode()))


def test_a_point_is_traced_to_its_record(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents.1", "loss", [0.1, 0.2])
    write_scalars(tmp_path / "run" / "tfevents.2", "loss", [0.3, 0.4], epoch=1.8e9)
    index = index_of(tmp_path)
    size = len(frame_scalars([("loss", 0.3, 0, 1.8e9)]))
    assert trace(index, row=3) == {
        "run": "run", "tag": "loss", "row": 3, "step": 1, "wall_time": 1.8e9 + 1, "value": "0.4", "dtype": "float32",
        "file": "run/tfevents.2", "offset": size, "record": 2, "segment": 1,
    }  # fmt: skip
    assert trace(index, step=1, wall_time=1.7e9 + 1)["row"] == 1


@pytest.mark.parametrize(
    ("body", "value", "dtype"),
    [
        (event.simple_value("loss", 1 / 3), "0.33333334", "float32"),
        (event.simple_value("loss", float("nan")), "nan", "float32"),
        (event.tensor_value("loss", tensor.double_scalar(1 / 3), event.metadata("scalars")), repr(1 / 3), "float64"),
        (event.tensor_value("loss", tensor.of_array(np.array(7)), event.metadata("scalars")), "7", "int64"),
    ],
)
def test_the_value_has_the_digits_of_its_dtype(tmp_path: Path, body: bytes, value: str, dtype: str) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "tfevents").write_bytes(frame(event.event(1.0, 1, event.summary(body))))
    found = trace(index_of(tmp_path), row=0)
    assert (found["value"], found["dtype"]) == (value, dtype)


@pytest.mark.parametrize(
    ("question", "error", "complaint"),
    [
        ({"row": 3}, BadQuestion, "row: got 3, want a whole number from 0 to 2"),
        ({"row": True}, BadQuestion, "row: got True"),
        ({"tag": "none", "row": 0}, NotFound, "no scalar 'none' in run 'run'"),
        ({"run": "none", "row": 0}, NotFound, "in run 'none'"),
        ({}, BadQuestion, "step: got nan"),
        ({"step": 1, "wall_time": 5.0}, NotFound, "no point of step 1 and wall_time 5.0"),
    ],
)
def test_a_point_that_is_not_there_is_told(
    tmp_path: Path, question: dict[str, Any], error: type[Exception], complaint: str
) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0, 2.0, 3.0])
    with pytest.raises(error, match=complaint):
        trace(index_of(tmp_path), **question)


def test_a_file_that_was_replaced_is_told_in_words(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0, 2.0])
    index = index_of(tmp_path)
    write_scalars(tmp_path / "run" / "tfevents", "loss", [9.0, 9.0])
    with pytest.raises(NotFound, match="tfevents: was changed since point 1 of loss"):
        trace(index, row=1)


def test_a_clock_that_was_set_back_loses_no_point(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    times = np.random.default_rng(0).permutation(2000).astype(float)
    rows = [("loss", float(step % 7), step, when) for step, when in enumerate(times.tolist())]
    (tmp_path / "run" / "tfevents").write_bytes(frame_scalars(rows))
    series = ask(index_of(tmp_path), x="wall", width=16)
    values = np.arange(2000.0) % 7
    assert list(series["row"]) == list(m4(times, values, 0.0, 1999.0, 16))
    assert series["domain"] == [0, 1999]
