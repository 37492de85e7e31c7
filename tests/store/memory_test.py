"""Columns that are moved to disk say what they said in memory, and no more stay in memory than is allowed."""

from __future__ import annotations

import errno
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.store import index as index_module
from runlens.store import series as series_module
from runlens.store import table as table_module
from runlens.store.index import Index
from runlens.store.joins import Joins
from runlens.store.mapped import ColumnWriter, GrowingFile, Mapping, Stretch
from runlens.store.memory import Memory
from runlens.store.table import Table
from runlens.wire.record import frame_scalars
from tests.support import indexed_scalars, random_walk, write_scalars


def on_disk(table: Table, folder: Path) -> None:
    """Move a table to a file, as the cache does and the limit of memory."""
    with tempfile.TemporaryFile(dir=folder) as file:
        rows = table.count, *ColumnWriter(file).write(table.view())
        file.flush()
        table.move(Stretch(Mapping(file, folder), *rows))


@pytest.mark.parametrize("large", [0, 1 << 30])
@given(data=st.data())
def test_a_table_is_what_was_appended_wherever_it_lies(
    large: int, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("columns")
    rows = st.lists(st.tuples(st.sampled_from([1, 2, 2**40]), st.sampled_from([0.5, 0.1])), min_size=1, max_size=20)
    table: Table | None = None
    expected: list[tuple[int, float]] = []
    views: list[tuple[list[Any], int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_module, "LARGE", large)
        for chunk in data.draw(st.lists(rows, min_size=1, max_size=6)):
            steps, numbers = (np.array(column) for column in zip(*chunk, strict=True))
            narrow = [steps.astype(np.int32) if steps.max() < 2**31 else steps, numbers]
            if table is None:
                table = Table(narrow)
            else:
                table.append(narrow)
            expected += chunk
            if data.draw(st.booleans()):
                on_disk(table, folder)
                assert table.held() == 0
            views.append((table.view(), len(expected)))
    for view, count in views:  # also those taken before it moved or grew
        assert list(zip(*(column.tolist() for column in view), strict=True)) == expected[:count]


def test_what_repeats_itself_is_written_once(tmp_path: Path) -> None:
    steps = np.arange(1000, dtype=np.int32)
    with (tmp_path / "columns").open("w+b") as file:
        writer = ColumnWriter(file)
        first, second = writer.write([steps, steps.astype(np.float64)]), writer.write([steps, steps.astype(np.float32)])
    assert first[1][0] == second[1][0]
    assert writer.size == 1000 * (4 + 8 + 4)


def test_rows_that_came_since_a_table_was_written_keep_it_in_memory(tmp_path: Path) -> None:
    table = Table([np.arange(10)])
    with tempfile.TemporaryFile(dir=tmp_path) as file:
        rows = table.count, *ColumnWriter(file).write(table.view())
        file.flush()
        table.append([np.array([10])])
        table.move(Stretch(Mapping(file, tmp_path), *rows))
    assert table.view()[0].tolist() == list(range(11))


def test_a_limit_is_kept_while_many_runs_are_read(tmp_path: Path) -> None:
    for number in range(30):
        write_scalars(tmp_path / f"run{number}" / "tfevents", "loss", random_walk(2000, number))
    everything = Index(tmp_path)
    everything.refresh()
    limit = 200_000
    index = Index(tmp_path, memory=Memory(limit, tmp_path))
    index.refresh()
    assert sum(table.held() for run in index.runs.values() for table in run.tables()) <= limit
    assert sum(table.held() for run in everything.runs.values() for table in run.tables()) > limit * 3
    assert indexed_scalars(index) == indexed_scalars(everything)
    assert not [path for path in tmp_path.iterdir() if not path.is_dir()]  # no file has a name


def test_one_tag_grows_beyond_the_limit_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "PIECE", 1 << 20)
    monkeypatch.setattr(table_module, "LARGE", 1 << 18)
    path = tmp_path / "tfevents"
    count = 200_000
    path.write_bytes(frame_scalars([("loss", float(step % 977), step, step * 0.1) for step in range(count)]))
    index = Index(tmp_path, memory=Memory(1_000_000))
    index.refresh()
    (table,) = index.runs["."].tables()
    steps, wall_times, values = index.runs["."].scalars["loss"].columns()
    assert table.held() == 0
    assert np.array_equal(steps, np.arange(count))
    assert np.array_equal(wall_times, np.arange(count) * 0.1) and np.array_equal(values, np.arange(count) % 977)


def test_a_full_disk_sends_a_growing_table_back_to_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_module, "LARGE", 0)
    table = Table([np.arange(10), np.arange(10.0)])
    on_disk(table, tmp_path)
    table.append([np.array([10]), np.array([10.0])])
    assert table.held() == 0

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(GrowingFile, "write", refuse)
    table.append([np.array([11]), np.array([11.0])])
    assert table.held() > 0
    assert [column.tolist() for column in table.view()] == [list(range(12)), list(range(12))]


def test_copies_of_joined_files_are_kept_for_the_series_looked_at_last(tmp_path: Path) -> None:
    for first in (0, 50):
        rows = [(tag, float(step), step, 1e9 + step) for step in range(first, first + 50) for tag in "abc"]
        (tmp_path / f"events.out.tfevents.{first}").write_bytes(frame_scalars(rows))
    index = Index(tmp_path)
    index.refresh()
    series = index.runs["."].scalars
    one_copy = sum(column.nbytes for column in series["a"].columns())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series_module, "joins", Joins(room=2 * one_copy))
        for tag in "abcab":
            steps, _, values = series[tag].columns()
            assert steps.tolist() == values.tolist() == list(range(100))
            held = {name for name, one in series.items() if one._joined is not None}
            assert tag in held
        assert held == {"a", "b"}
