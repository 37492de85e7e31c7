"""scalar, from the event file to the bytes that the page reads."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.api.kinds.scalar import data
from runlens.api.payload import narrow
from runlens.api.question import BadQuestion
from runlens.store.index import Index
from tests.columns import curves, decode
from tests.support import comparable, index_of, random_walk, write_scalars

GOLDEN = Path(__file__).parent / "scalar.golden.bin"


def ask(index: Index, **chart: Any) -> dict[str, dict[str, Any]]:
    """The series of one chart, by run."""
    question = {"tag": "loss", "runs": sorted(index.runs), "x": "step", **chart}
    answer = data(index, {"charts": [question]}).encode()
    return {run: series for (_, run), series in curves(answer).items()}


def test_golden_payload(tmp_path: Path) -> None:
    """The bytes that web/src/kinds/scalar also reads; delete the file to make it anew, and look at the difference."""
    expected = json.loads(GOLDEN.with_suffix(".json").read_text())
    for run in expected["runs"]:
        values = [float(value) for value in run["value"]]
        for step, wall_time, value in zip(run["step"], run["wall_time"], values, strict=True):
            assert wall_time == 1.7e9 + step
            write_scalars(tmp_path / run["name"] / "tfevents", expected["tag"], [value], step, append=True)
    index = index_of(tmp_path)
    index.revision = 1
    for name in index.runs:
        index.runs[name].scalars[expected["tag"]].generation = 1
    answer = data(index, {"charts": [expected["question"]]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    decoded = {run: series for (_, run), series in curves(answer).items()}
    for run in expected["runs"]:
        series = decoded[run["name"]]
        values = [float(value) for value in run["value"]]
        assert series["domain"] == expected["domain"]
        assert comparable(series["step"], series["wall_time"], series["value"]) == comparable(
            run["step"], run["wall_time"], values
        )
        assert series["smoothed"] == pytest.approx([float(v) for v in run["smoothed"]], rel=1e-12, nan_ok=True)


def test_a_short_series_comes_whole(tmp_path: Path) -> None:
    walk = random_walk(100)
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    series = ask(index_of(tmp_path), width=1000)["run"]
    assert list(series["value"]) == walk
    assert list(series["step"]) == list(range(100))
    assert list(series["wall_time"]) == [1.7e9 + step for step in range(100)]
    assert (series["from"], series["count"], series["domain"]) == (0, 100, [0, 99])


def test_a_long_series_keeps_every_spike(tmp_path: Path) -> None:
    walk = random_walk(50_000)
    walk[31_234] = 1e6
    walk[77] = -1e6
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    series = ask(index_of(tmp_path), width=100)["run"]
    assert len(series["step"]) <= 400
    assert {77, 31_234, 0, 49_999} <= set(series["step"])


@pytest.mark.parametrize(
    ("axis", "interval", "first", "last"),
    [("step", [10, 20], 9, 21), ("relative", [10.0, 20.5], 9, 21), ("wall", [1.7e9 + 10, 1.7e9 + 20], 9, 21)],
)
def test_a_range_brings_its_points_and_a_neighbour_on_each_side(
    tmp_path: Path, axis: str, interval: list[float], first: int, last: int
) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", random_walk(100))
    series = ask(index_of(tmp_path), x=axis, range=interval)["run"]
    assert list(series["step"]) == list(range(first, last + 1))
    assert series["domain"] == interval


def test_smoothing_is_of_the_whole_series_whatever_is_shown(tmp_path: Path) -> None:
    walk = random_walk(5000)
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    mean, smoothed = 0.0, []
    for n, value in enumerate(walk, 1):
        mean = 0.9 * mean + 0.1 * value
        smoothed.append(mean / (1 - 0.9**n))
    for interval in (None, [4000, 4100]):
        series = ask(index_of(tmp_path), smoothing=0.9, range=interval, width=50)["run"]
        assert series["smoothed"] == pytest.approx([smoothed[step] for step in series["step"]], rel=1e-9)


def test_the_domain_covers_all_runs(tmp_path: Path) -> None:
    write_scalars(tmp_path / "a" / "tfevents", "loss", [1.0, 2.0], first_step=-5)
    write_scalars(tmp_path / "b" / "tfevents", "loss", [1.0, 2.0], first_step=40)
    found = ask(index_of(tmp_path))
    assert [series["domain"] for series in found.values()] == [[-5, 41], [-5, 41]]
    assert ask(index_of(tmp_path), x="relative")["b"]["domain"] == [0, 1]


def test_unknown_runs_and_tags_are_left_out(tmp_path: Path) -> None:
    write_scalars(tmp_path / "a" / "tfevents", "loss", [1.0])
    index = index_of(tmp_path)
    assert ask(index, runs=["a", "gone"]).keys() == {"a"}
    header, _ = decode(data(index, {"charts": [{"tag": "none", "runs": ["a"]}]}).encode())
    assert header["charts"] == [{"tag": "none", "domain": None, "series": []}]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6), st.sampled_from([0, 0.6]))
def test_tails_add_up_to_the_whole(pieces: list[int], smoothing: float) -> None:
    import tempfile

    walk = random_walk(sum(pieces))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run" / "tfevents"
        index = Index(Path(folder))
        held: dict[str, list[float]] = {"value": [], "smoothed": []}
        have: dict[str, list[int]] = {}
        for piece in pieces:
            step = len(held["value"])
            write_scalars(path, "loss", walk[step : step + piece], first_step=step, append=True)
            index.refresh()
            series = ask(index, have=have, smoothing=smoothing, width=4000)["run"]
            assert series["from"] == step
            held["value"] += list(series["value"])
            held["smoothed"] += list(series["smoothed"]) if smoothing else []
            have = {"run": [series["generation"], series["count"]]}
        assert ask(index, have=have) == {}
        whole = ask(index, smoothing=smoothing, width=4000)["run"]
        assert held["value"] == list(whole["value"]) == walk
        assert held["smoothed"] == (list(whole["smoothed"]) if smoothing else [])


def test_another_generation_brings_everything(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0, 3.0])
    index = index_of(tmp_path)
    before = ask(index)["run"]
    write_scalars(path, "loss", [9.0])
    index.refresh()
    after = ask(index, have={"run": [before["generation"], before["count"]]})["run"]
    assert (after["from"], list(after["value"])) == (0, [9.0])


def test_restarts_keep_every_point_in_the_order_it_was_logged(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents.1", "loss", [0.0, 1.0, 2.0, 3.0])
    write_scalars(tmp_path / "run" / "tfevents.2", "loss", [20.0, 30.0], first_step=2, epoch=1.8e9)
    series = ask(index_of(tmp_path))["run"]
    assert list(series["step"]) == [0, 1, 2, 3, 2, 3]
    assert list(series["value"]) == [0.0, 1.0, 2.0, 3.0, 20.0, 30.0]


def test_not_a_number_and_infinities_arrive(tmp_path: Path) -> None:
    values = [1.0, math.nan, math.inf, -math.inf, 2.0]
    write_scalars(tmp_path / "run" / "tfevents", "loss", values)
    series = ask(index_of(tmp_path), smoothing=0.5)["run"]
    assert [str(value) for value in series["value"]] == ["1.0", "nan", "inf", "-inf", "2.0"]
    assert series["smoothed"][4] == pytest.approx(5 / 3)  # 1 and 2 alone: (0.25*1 + 0.5*2) / 0.75


@given(st.lists(st.floats() | st.floats(width=32), max_size=20))
def test_narrowing_floats_changes_no_value(values: list[float]) -> None:
    column = np.array(values, np.float64)
    assert np.array_equal(narrow(column).astype(np.float64), column, equal_nan=True)


@given(st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-100, 100), max_size=20))
def test_narrowing_integers_changes_no_value(values: list[int]) -> None:
    assert [int(value) for value in narrow(np.array(values, np.int64))] == values


@pytest.mark.parametrize(
    ("chart", "complaint"),
    [
        ({"tag": 3}, "tag: got 3, want a string"),
        ({"runs": "a"}, "runs: got 'a', want a list"),
        ({"runs": [1]}, "want a list of strings"),
        ({"x": "time"}, "x: got 'time', want one of step, relative, wall"),
        ({"range": [2, 1]}, "range: got .*low < high"),
        ({"range": [None, 1]}, "range: got"),
        ({"range": [-math.inf, math.inf]}, "range: got .*both finite"),
        ({"range": [0, math.nan]}, "range: got"),
        ({"width": 5}, "width: got 5, want a number from 16 to 16384"),
        ({"width": math.nan}, "width: got nan"),
        ({"smoothing": 1}, "smoothing: got 1"),
        ({"smoothing": True}, "smoothing: got True"),
        ({"have": {"run": 3}}, r"have: got 3, want \[generation, count\]"),
        ({"have": []}, "have: got"),
    ],
)
def test_a_bad_question_names_the_field(tmp_path: Path, chart: dict[str, Any], complaint: str) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0])
    with pytest.raises(BadQuestion, match=complaint):
        ask(index_of(tmp_path), **chart)
