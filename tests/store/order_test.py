"""Several files of a run are one series by time, whatever order they are written and read in."""

from __future__ import annotations

import itertools
import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.store.index import Index
from runlens.store.series import ScalarSeries
from runlens.wire.record import frame_scalars
from tests.support import index_of, write_scalars

Row = tuple[int, float, float]  # step, wall time, value

# A file appended to, and how far its clock goes on with each row: seldom back.
chunks = st.lists(
    st.tuples(st.integers(0, 2), st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0, -2.0]), min_size=1, max_size=6)),
    min_size=1,
    max_size=8,
)


def series_of(index: Index) -> ScalarSeries:
    return index.runs["run"].scalars["loss"]


def rows_of(index: Index) -> list[Row]:
    columns = series_of(index).columns()
    return [(int(s), float(t), float(v)) for s, t, v in zip(*columns, strict=True)]


def in_order(files: dict[str, list[Row]]) -> list[Row]:
    """The rule, in slow words: each row is due at the latest time so far in its file; the first due comes first."""
    due: list[tuple[float, int, int, Row]] = []
    by_time = sorted(files, key=lambda name: (files[name][0][1], max(row[1] for row in files[name]), name))
    for place, name in enumerate(by_time):
        latest = -math.inf
        for number, row in enumerate(files[name]):
            latest = max(latest, row[1])
            due.append((latest, place, number, row))
    return [row for *_, row in sorted(due, key=lambda item: item[:3])]


def append(root: Path, name: str, rows: list[Row]) -> None:
    path = root / "run" / f"{name}.tfevents"
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(frame_scalars([("loss", value, step, when) for step, when, value in rows]))


@given(chunks, st.tuples(*[st.integers(0, 12)] * 3))
def test_rows_come_by_time_and_old_ones_stay_where_the_generation_does(
    written: list[tuple[int, list[float]]], begins: tuple[int, int, int]
) -> None:
    clocks = [float(begin) for begin in begins]
    files: dict[str, list[Row]] = {}
    values = itertools.count()
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder))
        held: tuple[int, list[Row]] | None = None
        for number, advances in written:
            rows = []
            for advance in advances:
                clocks[number] += advance
                rows.append((0, clocks[number], float(next(values))))
            append(Path(folder), "abc"[number], rows)
            files.setdefault("abc"[number], []).extend(rows)
            index.refresh()
            series = series_of(index)
            found = rows_of(index)
            assert found == in_order(files)
            if held is not None and held[0] == series.generation:
                assert found[: len(held[1])] == held[1]
            held = series.generation, found
            places = [series.place(row) for row in range(series.count)]
            traced = [files[path.name[0]][row] for path, row in places]
            strands = [strand.table.view()[2].tolist() for strand in series.strands()]
            assert [row[2] for row in traced] == list(itertools.chain(*strands))


def test_a_file_that_goes_on_after_the_others_keeps_the_generation(tmp_path: Path) -> None:
    append(tmp_path, "b", [(0, 1.0, 1.0)])
    index = index_of(tmp_path)
    generation = series_of(index).generation
    for name, when in [("b", 2.0), ("a", 2.0), ("a", 5.0), ("c", 9.0)]:
        append(tmp_path, name, [(0, when, when)])
        index.refresh()
        assert rows_of(index)[-1] == (0, when, when)
    assert series_of(index).generation == generation
    assert len(series_of(index).strands()) == 1
    append(tmp_path, "b", [(0, 10.0, 10.0)])
    index.refresh()
    assert series_of(index).generation != generation
    assert [strand.paths[0].name[0] for strand in series_of(index).strands()] == ["b", "a", "c"]


def test_a_file_that_grows_after_another_of_the_same_moment_comes_after_it_whole(tmp_path: Path) -> None:
    index = Index(tmp_path)
    for name, when, value in [("a", 0.0, 0.0), ("b", 0.0, 1.0), ("a", 0.5, 2.0)]:
        append(tmp_path, name, [(0, when, value)])
        index.refresh()
    assert [row[2] for row in rows_of(index)] == [1.0, 0.0, 2.0]


def test_two_files_written_in_turn_are_read_as_they_grow(tmp_path: Path) -> None:
    index = Index(tmp_path)
    for step in range(20):
        append(tmp_path, "ab"[step % 2], [(step, float(step), float(step))])
        index.refresh()
        assert [row[0] for row in rows_of(index)] == list(range(step + 1))


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf, 1e300, 1.7e12])
@pytest.mark.parametrize("place", [0, 1])
def test_times_that_cannot_be_leave_files_in_the_order_of_their_names(tmp_path: Path, odd: float, place: int) -> None:
    append(tmp_path, "b", [(0, 1.0, 0.0)])
    times = [2.0, 3.0]
    times[place] = odd
    append(tmp_path, "a", [(0, when, 1.0 + n) for n, when in enumerate(times)])
    index = index_of(tmp_path)
    assert [row[2] for row in rows_of(index)] == [1.0, 2.0, 0.0]
    append(tmp_path, "b", [(0, 4.0, 3.0)])
    index.refresh()
    assert [row[2] for row in rows_of(index)] == [1.0, 2.0, 0.0, 3.0]
    append(tmp_path, "aa", [(0, 9.0, 4.0)])
    index.refresh()
    assert [row[2] for row in rows_of(index)] == [1.0, 2.0, 4.0, 0.0, 3.0]


def test_a_file_that_is_gone_leaves_the_others_in_order(tmp_path: Path) -> None:
    for name, when in [("a", 9.0), ("b", 1.0), ("c", 5.0)]:
        append(tmp_path, name, [(0, when, when)])
    index = index_of(tmp_path)
    assert [row[1] for row in rows_of(index)] == [1.0, 5.0, 9.0]
    (tmp_path / "run" / "b.tfevents").unlink()
    index.refresh()
    assert [row[1] for row in rows_of(index)] == [5.0, 9.0]
    append(tmp_path, "c", [(0, 7.0, 7.0)])
    index.refresh()
    assert [row[1] for row in rows_of(index)] == [5.0, 7.0, 9.0]


@pytest.mark.parametrize(("second", "ascends"), [([3, 4], True), ([2, 3], True), ([1, 2], False), ([4, 3], False)])
def test_steps_ascend_over_files_when_they_do_in_each_and_between(
    tmp_path: Path, second: list[int], ascends: bool
) -> None:
    for number, steps in enumerate([[0, 1, 2], second]):
        for n, step in enumerate(steps):
            path = tmp_path / "run" / f"tfevents.{number}"
            write_scalars(path, "loss", [1.0], step, append=True, epoch=100.0 * number + 10 * n)
    series = series_of(index_of(tmp_path))
    assert series.ascends(series.STEP) is ascends
    assert ascends is bool(np.all(np.diff(series.scalars().steps) >= 0))
