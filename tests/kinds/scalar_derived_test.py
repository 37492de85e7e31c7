"""Formulas, other tags as x, and groups, from the event file to the answer, against numpy and plain Python."""

from __future__ import annotations

import json
import math
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runlens.api.kinds.scalar import data, file, formula
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.wire.record import frame_scalars
from tests.columns import decode
from tests.support import index_of, random_walk

NAN = math.nan


def log(root: Path, run: str, **tags: dict[int, float]) -> None:
    """Points {step: value} of each tag of a run; `__` in a name stands for a slash. Wall time is 1.7e9 + step."""
    (root / run).mkdir(parents=True, exist_ok=True)
    scalars = [
        (tag.replace("__", "/"), value, step, 1.7e9 + step)
        for tag, points in tags.items()
        for step, value in points.items()
    ]
    with (root / run / "tfevents").open("ab") as out:
        out.write(frame_scalars(scalars))


def ask(index: Index, **chart: Any) -> dict[str, Any]:
    """The one chart of an answer; each series' columns in place of their numbers, under its run."""
    question = {"tag": "loss", "runs": sorted(index.runs), **chart}
    header, arrays = decode(data(index, {"charts": [question]}).encode())
    (answer,) = header["charts"]
    columns = ("step", "wall_time", "value", "smoothed", "x", "lower", "upper", "runs")
    for series in answer["series"]:
        series.update({name: arrays[series[name]] for name in columns if series.get(name) is not None})
    return {**answer, **{series["run"]: series for series in answer["series"]}}


def group(index: Index, *runs: str, **chart: Any) -> Any:
    return ask(index, groups=[{"name": "all", "runs": list(runs) or sorted(index.runs)}], **chart)["all"]


def test_a_formula_has_a_point_at_each_step_that_all_of_its_tags_have(tmp_path: Path) -> None:
    log(tmp_path, "a", train__loss={s: s / 2 for s in range(20)}, val__loss={s: 3.0 + s for s in range(0, 30, 5)})
    log(tmp_path, "b", train__loss={0: 1.0})
    answer = ask(index_of(tmp_path), tag="gap", formula="val/loss - train/loss")
    assert list(answer["a"]["step"]) == [0, 5, 10, 15]
    assert list(answer["a"]["value"]) == [3.0 + s - s / 2 for s in (0, 5, 10, 15)]
    assert list(answer["a"]["wall_time"]) == [1.7e9 + s for s in (0, 5, 10, 15)]
    assert "b" not in answer and answer["domain"] == [0, 15] and "problem" not in answer


def test_what_a_restart_gave_up_does_not_enter_a_formula(tmp_path: Path) -> None:
    log(tmp_path, "a", x={0: 1.0, 1: 2.0, 2: 3.0, 3: 4.0}, y=dict.fromkeys(range(4), 10.0))
    log(tmp_path, "a", x={1: 20.0, 2: 30.0})
    series = ask(index_of(tmp_path), formula="x + y")["a"]
    assert (list(series["step"]), list(series["value"])) == ([0, 1, 2], [11.0, 30.0, 40.0])


def test_of_a_step_logged_twice_the_last_value_counts_and_the_latest_time(tmp_path: Path) -> None:
    scalars = [("x", 1.0, 0, 5.0), ("x", 2.0, 0, 6.0), ("y", 10.0, 0, 9.0), ("y", 20.0, 1, 10.0), ("x", 3.0, 1, 11.0)]
    (tmp_path / "tfevents").write_bytes(frame_scalars(scalars))
    (series,) = ask(index_of(tmp_path), formula="x + y")["series"]
    assert (list(series["value"]), list(series["wall_time"])) == ([12.0, 23.0], [9.0, 11.0])


def test_a_formula_is_reduced_after_it_was_worked_out(tmp_path: Path) -> None:
    first, second = random_walk(30_000, 1), random_walk(30_000, 2)
    first[12_345] += 1e5
    second[12_345] += 1e5 - 3e3
    log(tmp_path, "a", x=dict(enumerate(first)), y=dict(enumerate(second)))
    series = ask(index_of(tmp_path), formula="x - y", width=100)["a"]
    assert len(series["step"]) <= 400
    expected = np.array(first, np.float32).astype(float) - np.array(second, np.float32)
    assert list(series["value"]) == [expected[step] for step in series["step"]]
    assert {int(np.argmin(expected)), int(np.argmax(expected)), 12_345} <= set(series["step"].tolist())


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x -", "got the end, want a tag, a number or a bracket (at letter 4)"),
        ("x + absent", "none of these runs has the tag 'absent'"),
        ("x/2 + x", "none of these runs has the tag 'x/2'; a slash that divides wants spaces around it"),
        ("x + late", "no step of any run has all of x, late"),
    ],
)
def test_a_wrong_formula_says_so_in_its_chart(tmp_path: Path, text: str, problem: str) -> None:
    log(tmp_path, "a", x={0: 1.0}, late={1: 1.0})
    answer = ask(index_of(tmp_path), formula=text)
    assert (answer["problem"], answer["series"], answer["domain"]) == (problem, [], None)


def test_a_formula_can_be_checked_and_saved(tmp_path: Path) -> None:
    log(tmp_path, "a", x={0: 1.0, 1: 2.0})
    index = index_of(tmp_path)
    assert json.loads(formula(index, {"formula": "2 * x"}).encode()) == {
        "tags": ["x"],
        "problem": None,
        "position": None,
    }
    assert json.loads(formula(index, {"formula": "2 * "}).encode())["position"] == 4
    saved = b"".join(file(index, {"tag": "twice", "runs": '["a"]', "formula": "2 * x"}).pieces).decode()
    assert saved.splitlines()[1:] == ["a,0,1700000000.0,2.0", "a,1,1700000001.0,4.0"]
    with pytest.raises(BadQuestion, match=r"formula: got the end.*at letter 5"):
        file(index, {"tag": "twice", "runs": '["a"]', "formula": "2 * "})
    with pytest.raises(NotFound, match="none of these runs has the tag 'y'"):
        file(index, {"runs": '["a"]', "formula": "2 * y"})


def test_only_what_changed_is_sent_again(tmp_path: Path) -> None:
    log(tmp_path, "a", x={0: 1.0, 1: 2.0}, epoch={0: 0.0})
    index = index_of(tmp_path)
    charts: list[dict[str, Any]] = [
        {"formula": "x + 1"},
        {"tag": "x", "x": "tag", "along": "epoch"},
        {"tag": "x", "groups": [{"name": "a", "runs": ["a"]}]},
    ]
    for step, chart in enumerate(charts, 2):
        before = ask(index, **chart)["a"]
        have = {"a": [before["generation"], before["count"]]}
        assert ask(index, **chart, have=have)["series"] == []
        log(tmp_path, "a", x={step: 5.0}, epoch={step: float(step)})
        index.refresh()
        after = ask(index, **chart, have=have)["a"]
        assert after["from"] == 0 and after["generation"] != before["generation"]
        assert len(after["value"]) == len(before["value"]) + 1


def test_x_is_another_tag_at_the_same_step_or_the_nearest_before(tmp_path: Path) -> None:
    log(tmp_path, "a", loss={s: float(7 * s % 10) for s in range(10)}, epoch={2: 0.5, 5: 1.0, 7: NAN})
    series = ask(index_of(tmp_path), x="tag", along="epoch")["a"]
    # Steps 0 and 1 come before the first epoch, and from step 7 on it is no number.
    assert list(series["step"]) == [2, 3, 4, 5, 6]
    assert list(series["x"]) == [0.5, 0.5, 0.5, 1.0, 1.0]
    assert list(series["value"]) == [4, 1, 8, 5, 2]
    assert series["count"] == 5


def test_a_run_without_the_tag_of_the_axis_has_no_place_on_it(tmp_path: Path) -> None:
    log(tmp_path, "a", loss={0: 1.0}, tokens={0: 512.0})
    log(tmp_path, "b", loss={0: 1.0})
    answer = ask(index_of(tmp_path), x="tag", along="tokens")
    assert (answer["domain"], [series["run"] for series in answer["series"]]) == ([512, 512], ["a"])
    with pytest.raises(BadQuestion, match="along"):
        ask(index_of(tmp_path), x="tag")


def test_an_axis_that_goes_back_and_a_zoom_into_it(tmp_path: Path) -> None:
    walk = random_walk(5000)
    x = [float(10 * math.sin(s / 300)) for s in range(5000)]
    log(tmp_path, "a", loss=dict(enumerate(walk)), where=dict(enumerate(x)))
    index = index_of(tmp_path)
    whole = ask(index, x="tag", along="where", width=50)["a"]
    stored = np.array(x, np.float32).astype(float)
    assert list(whole["x"]) == [stored[step] for step in whole["step"]]
    answer = ask(index, x="tag", along="where", range=[2.0, 3.0], width=16384)
    inside = {int(step) for step in np.flatnonzero((stored >= 2) & (stored <= 3))}
    assert inside <= set(answer["a"]["step"].tolist()) and answer["domain"] == [2, 3]


@pytest.fixture
def three(tmp_path: Path) -> Index:
    """Runs that log every step, every third step, and from step 4 on, with an infinity and a NaN."""
    log(tmp_path, "g/a", loss={s: math.cos(s) for s in range(13)})
    log(tmp_path, "g/b", loss={s: float(s) for s in range(0, 13, 3)})
    log(tmp_path, "g/c", loss={s: (math.inf if s == 8 else NAN if s == 10 else s / 2 + 5) for s in range(4, 11)})
    return index_of(tmp_path)


def taking_part(step: float) -> list[float]:
    """What each of the three comes to at a step, by hand."""
    found = []
    curves = [
        {s: float(np.float32(math.cos(s))) for s in range(13)},
        {s: float(s) for s in range(0, 13, 3)},
        {s: NAN if s in (8, 10) else s / 2 + 5 for s in range(4, 11)},
    ]
    for curve in curves:
        if not min(curve) <= step <= max(curve):
            continue
        before, after = max(s for s in curve if s <= step), min(s for s in curve if s >= step)
        part = 0.0 if after == before else (step - before) / (after - before)
        value = curve[before] if part == 0 else curve[before] + part * (curve[after] - curve[before])
        found += [] if math.isnan(value) else [value]
    return found


@pytest.mark.parametrize("centre", ["mean", "median"])
def test_the_centre_of_runs_with_different_steps(three: Index, centre: str) -> None:
    series = group(three, centre=centre)
    assert list(series["x"]) == list(series["step"]) == list(range(13))
    expected = [getattr(statistics, centre)(taking_part(step)) for step in range(13)]
    assert series["value"] == pytest.approx(expected, rel=1e-12)
    assert list(series["runs"]) == [2, 2, 2, 2, 3, 3, 3, 3, 2, 3, 2, 2, 2]


@pytest.mark.parametrize("band", ["std", "sem", "range"])
def test_bands(three: Index, band: str) -> None:
    series = group(three, band=band)
    for step in range(13):
        values = taking_part(step)
        mean, deviation = statistics.fmean(values), statistics.stdev(values)
        reach = deviation if band == "std" else deviation / math.sqrt(len(values))
        expected = (min(values), max(values)) if band == "range" else (mean - reach, mean + reach)
        assert (series["lower"][step], series["upper"][step]) == pytest.approx(expected, rel=1e-9)


def test_a_lone_run_has_no_deviation(three: Index) -> None:
    series = group(three, "g/a", band="std")
    assert np.isnan(series["lower"]).all() and not np.isnan(series["value"]).any()
    assert group(three, band="none")["lower"] is None


@pytest.mark.parametrize("centre", ["mean", "median"])
def test_a_bootstrap_is_the_same_each_time_and_near_to_another_draw(tmp_path: Path, centre: str) -> None:
    rng = np.random.default_rng(7)
    values = rng.normal(size=(12, 40)).astype(np.float32)
    for run, row in enumerate(values):
        log(tmp_path, f"r{run:02}", loss={s: float(v) for s, v in enumerate(row)})
    index = index_of(tmp_path)
    series = group(index, centre=centre, band="bootstrap")
    again = group(index, centre=centre, band="bootstrap")
    assert np.array_equal(series["lower"], again["lower"]) and np.array_equal(series["upper"], again["upper"])
    reckon = getattr(np, centre)
    other = reckon(values.astype(float)[rng.integers(0, 12, (20_000, 12))], axis=1)
    low, high = np.percentile(other, [2.5, 97.5], axis=0)
    width = high - low
    assert np.all(np.abs(series["lower"] - low) < 0.25 * width)
    assert np.all(np.abs(series["upper"] - high) < 0.25 * width)
    # Over all steps the draws' chance evens out.
    assert np.mean((series["upper"] - series["lower"]) / width) == pytest.approx(1, abs=0.05)


def test_each_run_is_smoothed_by_itself(tmp_path: Path) -> None:
    rows = [random_walk(50, seed) for seed in range(3)]
    for run, row in enumerate(rows):
        log(tmp_path, f"r{run}", loss=dict(enumerate(row)))
    index = index_of(tmp_path)
    series = group(index, centre="median", band="range", smoothing=0.8)
    alone = ask(index, smoothing=0.8)
    smoothed = np.array([alone[f"r{run}"]["smoothed"] for run in range(3)])
    assert series["value"] == pytest.approx(np.median(rows, axis=0))
    assert series["smoothed"] == pytest.approx(np.median(smoothed, axis=0))
    assert series["lower"] == pytest.approx(smoothed.min(axis=0))


def test_a_group_is_reduced_after_all_points_entered(tmp_path: Path) -> None:
    rows = np.array([random_walk(20_000, seed) for seed in range(4)])
    rows[2, 7777] += 1e4
    for run, row in enumerate(rows):
        log(tmp_path, f"r{run}", loss={step: float(value) for step, value in enumerate(row)})
    index = index_of(tmp_path)
    series = group(index, width=64, centre="median", band="range")
    steps = series["step"].astype(int)
    stored = rows.astype(np.float32).astype(float)
    assert len(steps) <= 3 * 4 * 64 + 2 and series["count"] == 20_000
    assert 7777 in steps
    assert series["value"] == pytest.approx(np.median(stored, axis=0)[steps], rel=1e-12)
    assert list(series["upper"]) == list(stored.max(axis=0)[steps])
    zoomed = group(index, range=[5000, 5100], band="std")
    assert list(zoomed["step"]) == list(range(4999, 5102))


@pytest.mark.parametrize(("axis", "first"), [("relative", 0.0), ("wall", 1.7e9)])
def test_groups_along_time(tmp_path: Path, axis: str, first: float) -> None:
    log(tmp_path, "a", loss={0: 0.0, 10: 10.0})
    log(tmp_path, "b", loss={0: 2.0, 4: 4.0})
    series = group(index_of(tmp_path), x=axis)
    assert list(series["x"]) == [first, first + 4, first + 10]
    assert series["value"] == pytest.approx([1.0, 4.0, 10.0])
    assert list(series["runs"]) == [2, 2, 1]


def test_groups_of_a_formula_along_another_tag(tmp_path: Path) -> None:
    log(tmp_path, "a", loss={0: 1.0, 1: 2.0}, epoch={0: 0.0, 1: 1.0})
    log(tmp_path, "b", loss={0: 3.0, 2: 5.0}, epoch={0: 0.0, 2: 2.0})
    series = group(index_of(tmp_path), formula="10 * loss", x="tag", along="epoch")
    assert list(series["x"]) == [0, 1, 2]
    assert series["value"] == pytest.approx([20.0, 30.0, 50.0])


def test_groups_are_checked(tmp_path: Path) -> None:
    log(tmp_path, "a", loss={0: 1.0})
    index = index_of(tmp_path)
    for wrong in ({"groups": 5}, {"groups": [{"name": 1, "runs": []}]}, {"groups": [], "centre": "mode"}):
        with pytest.raises(BadQuestion):
            ask(index, **wrong)
    assert ask(index, groups=[{"name": "none", "runs": ["absent"]}])["series"] == []
