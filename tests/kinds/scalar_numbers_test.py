"""scalar: reductions on other scales, summaries between steps, and the files that are saved."""

from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runlens.api.kinds.scalar import data, file, summaries
from runlens.api.payload import Stream
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.store.smoothing import smooth
from tests.columns import curves, decode
from tests.support import index_of, random_walk, write_scalars


def ask(index: Index, **chart: Any) -> dict[str, dict[str, Any]]:
    question = {"tag": "loss", "runs": sorted(index.runs), "x": "step", **chart}
    return {run: series for (_, run), series in curves(data(index, {"charts": [question]}).encode()).items()}


def summarised(index: Index, low: float, high: float, *runs: str) -> dict[str, dict[str, float]]:
    question = {"tag": "loss", "runs": list(runs) or sorted(index.runs), "range": [low, high]}
    header, columns = decode(summaries(index, {"charts": [question]}).encode())
    (chart,) = header["charts"]
    names = [name for name in chart if name not in ("tag", "runs")]
    return {run: {name: float(columns[chart[name]][at]) for name in names} for at, run in enumerate(chart["runs"])}


def saved(index: Index, **parameters: Any) -> bytes:
    answer = file(index, {"tag": "loss", "runs": json.dumps(sorted(index.runs)), **parameters})
    assert isinstance(answer, Stream)
    return b"".join(answer.pieces)


def test_on_a_logarithmic_axis_each_pixel_keeps_its_own_extremes(tmp_path: Path) -> None:
    walk = random_walk(50_000)
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    series = ask(index_of(tmp_path), width=100, scale="log")["run"]
    assert series["domain"] == [1, 49_999]
    pixel = np.floor(np.log10(np.arange(1, 50_000)) / math.log10(49_999) * 100).clip(0, 99)
    values = np.array(walk[1:])
    kept = dict(zip(series["step"].tolist(), series["value"].tolist(), strict=True))
    for column in range(100):
        inside = np.flatnonzero(pixel == column) + 1
        if len(inside):
            shown = [kept[step] for step in inside.tolist() if step in kept]
            assert (min(shown), max(shown)) == (values[inside - 1].min(), values[inside - 1].max())


def test_a_symmetric_logarithm_keeps_what_is_below_zero(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", random_walk(2000), first_step=-1000)
    series = ask(index_of(tmp_path), width=64, scale="symlog")["run"]
    assert {-1000, 0, 999} <= set(series["step"])
    assert series["domain"] == [-1000, 999]


def test_only_the_last_steps(tmp_path: Path) -> None:
    write_scalars(tmp_path / "a" / "tfevents", "loss", random_walk(100))
    write_scalars(tmp_path / "b" / "tfevents", "loss", random_walk(300))
    found = ask(index_of(tmp_path), last=50)
    assert found["b"]["domain"] == [249, 299]
    assert list(found["b"]["step"]) == list(range(248, 300))


def test_a_summary_is_of_all_points_between_two_steps(tmp_path: Path) -> None:
    walk = random_walk(5000)
    walk[77], walk[78], walk[79] = math.nan, math.inf, -(2.0**33)
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    numbers = summarised(index_of(tmp_path), 60, 90.5)["run"]
    finite = [value for value in walk[60:91] if math.isfinite(value)]
    assert numbers["mean"] == pytest.approx(sum(finite) / len(finite))
    assert (numbers["min"], numbers["min_step"], numbers["max"]) == (-(2.0**33), 79, max(finite))
    assert numbers["max_step"] == walk.index(max(finite))
    ends = ("count", "first_step", "last_step", "first", "last")
    assert [numbers[name] for name in ends] == [31, 60, 90, walk[60], walk[90]]
    assert math.isnan(summarised(index_of(tmp_path), 77, 78)["run"]["mean"])


def test_one_step_means_the_nearest_point(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0, 2.0, 3.0])
    index = index_of(tmp_path)
    assert [summarised(index, at, at)["run"]["last"] for at in (-5, 0.4, 1, 1e9)] == [1, 1, 2, 3]


def test_what_a_restart_gave_up_does_not_count(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents.1", "loss", [0.0, 1.0, 2.0, 3.0])
    write_scalars(tmp_path / "run" / "tfevents.2", "loss", [20.0, 30.0], first_step=2, epoch=1.8e9)
    index = index_of(tmp_path)
    numbers = summarised(index, 0, 9)["run"]
    assert (numbers["count"], numbers["last"], numbers["mean"]) == (4, 30, (0 + 1 + 20 + 30) / 4)
    assert summarised(index, 2, 2)["run"]["last"] == 20
    assert summarised(index, 50, 60) == {}
    assert summarised(index, 0, 9, "gone") == {}


NAMES = ["a", 'b,"c"']


def test_a_csv_file_has_every_point_in_full(tmp_path: Path) -> None:
    walk = [*random_walk(50), math.nan, math.inf, 0.125]
    for name in NAMES:
        write_scalars(tmp_path / name / "tfevents", "loss", walk)
    lines = list(csv.reader(io.StringIO(saved(index_of(tmp_path)).decode())))
    assert lines[0] == ["run", "step", "wall_time", "value"]
    assert [line[0] for line in lines[1:]] == [name for name in NAMES for _ in walk]
    assert [float(line[2]) for line in lines[1:54]] == [1.7e9 + step for step in range(53)]
    assert np.array_equal([float(line[3]) for line in lines[1:54]], walk, equal_nan=True)


def test_a_json_file_is_json(tmp_path: Path) -> None:
    for name in NAMES:
        write_scalars(tmp_path / name / "tfevents", "loss", [0.1, math.nan, math.inf, -math.inf])
    found = json.loads(saved(index_of(tmp_path), format="json"), parse_constant=lambda _: pytest.fail("not JSON"))
    assert [run["run"] for run in found["runs"]] == NAMES
    assert found["runs"][0]["points"][0] == [0, 1.7e9, float(np.float32(0.1))]
    assert [point[2] for point in found["runs"][1]["points"][1:]] == ["NaN", "Infinity", "-Infinity"]


def test_a_bad_question_names_the_field(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0])
    index = index_of(tmp_path)
    for change, complaint in (
        ({"scale": "cubic"}, "scale: got 'cubic', want one of linear, log, symlog"),
        ({"last": 0}, "last: got 0, want a number"),
        ({"last": "5"}, "last: got '5'"),
    ):
        with pytest.raises(BadQuestion, match=complaint):
            ask(index, **change)
    with pytest.raises(BadQuestion, match=r"range: got .*low <= high"):
        summarised(index, 2, 1)
    with pytest.raises(BadQuestion, match="format: got 'xls', want one of csv, json"):
        saved(index, format="xls")
    for runs in ("loss", "[1]", "[" * 100_000):
        with pytest.raises(BadQuestion, match="runs: got"):
            saved(index, runs=runs)
    with pytest.raises(NotFound, match="no scalar 'loss'"):
        saved(index, runs='["gone"]')


@pytest.mark.parametrize("smoother", ["time", "mean", "gaussian", "median"])
def test_a_smoother_gives_the_same_curve_whatever_is_shown(tmp_path: Path, smoother: str) -> None:
    walk = random_walk(3000)
    write_scalars(tmp_path / "run" / "tfevents", "loss", walk)
    index = index_of(tmp_path)
    expected = smooth(smoother, np.array(walk), np.arange(3000), 0.95)
    whole = ask(index, smoothing=0.95, smoother=smoother, width=50)["run"]
    part = ask(index, smoothing=0.95, smoother=smoother, range=[1000, 1100], width=50)["run"]
    for series in (whole, part):
        assert series["smoothed"] == pytest.approx(expected[series["step"]])
    write_scalars(tmp_path / "run" / "tfevents", "loss", [9.0], first_step=3000, append=True)
    index.refresh()
    have = {"run": [whole["generation"], whole["count"]]}
    after = ask(index, smoothing=0.95, smoother=smoother, width=50, have=have)["run"]
    assert (after["from"], after["count"]) == (0, 3001)
    assert ask(index, smoothing=0.95, width=50, have=have)["run"]["from"] == 3000
