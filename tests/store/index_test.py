"""The index follows the disk: what it holds equals what an independent reader finds, whatever happens to files."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from runlens.store.index import Change, Index, natural_order
from runlens.store.open import Store
from runlens.wire.record import frame_scalars
from runlens.wire.scan import EventFile, Scan
from tests.support import (
    DATA,
    FRAMEWORKS,
    eventually,
    expected_scalars,
    index_of,
    indexed_scalars,
    random_walk,
    write_scalars,
)


def values(index: Index, run: str = "run", tag: str = "loss") -> list[float]:
    return [value for _, _, value in indexed_scalars(index).get(run, {}).get(tag, [])]  # type: ignore[misc]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_real_logdirs_are_what_their_frameworks_say(framework: str) -> None:
    assert indexed_scalars(index_of(DATA / framework)) == expected_scalars(framework)


def test_runs_are_directories_at_any_depth(tmp_path: Path) -> None:
    for run in (".", "a", "a/b/c", ".hidden"):
        write_scalars(tmp_path / run / "my.tfevents.file", "loss", [1.0])
    (tmp_path / "a" / "notes.txt").write_text("not an event file")
    (tmp_path / "a" / "x.tfevents.profile-empty").write_text("")
    index = index_of(tmp_path)
    assert sorted(index.runs) == [".", ".hidden", "a", "a/b/c"]
    assert index.problems() == []


def test_appending_keeps_the_generation(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    expected: list[float] = []
    write_scalars(path, "loss", [])
    index = index_of(tmp_path)
    generations = set()
    for round_number in range(20):
        more = random_walk(37, seed=round_number)
        write_scalars(path, "loss", more, first_step=len(expected), append=True)
        expected += more
        index.refresh()
        assert values(index) == expected
        generations.add(index.runs["run"].scalars["loss"].generation)
    assert len(generations) == 1


def test_columns_widen_when_a_later_point_needs_it(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    written = [(1, 0.5, 2.0), (2**40, 1.7e9 + 0.1, 3.0), (-(2**62), 1e-9, -1.0)]
    path.parent.mkdir()
    index = Index(tmp_path)
    for step, wall_time, value in written:
        with path.open("ab") as file:
            file.write(frame_scalars([("loss", value, step, wall_time)]))
        index.refresh()
    assert indexed_scalars(index)["run"]["loss"] == written
    steps, wall_times, values = index.runs["run"].scalars["loss"].columns()
    assert [column.dtype for column in (steps, wall_times, values)] == [np.int64, np.float64, np.float32]


def test_a_view_taken_before_an_append_does_not_change(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0])
    index = index_of(tmp_path)
    view = index.runs["run"].scalars["loss"].scalars()
    write_scalars(path, "loss", random_walk(500), append=True)
    index.refresh()
    assert np.array_equal(view.values, [1.0, 2.0])


def test_a_file_cut_short_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", random_walk(100))
    index = index_of(tmp_path)
    write_scalars(path, "loss", [7.0])
    index.refresh()
    assert values(index) == [7.0]


def test_a_file_replaced_by_a_longer_one_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0])
    index = index_of(tmp_path)
    path.write_bytes(b"")  # the same inode: only the content tells
    write_scalars(path, "other", random_walk(100))
    index.refresh()
    assert indexed_scalars(index)["run"].keys() == {"other"}


def test_deleted_files_and_runs_disappear(tmp_path: Path) -> None:
    for run in ("a", "b"):
        write_scalars(tmp_path / run / "tfevents.1", "loss", [1.0])
    write_scalars(tmp_path / "b" / "tfevents.2", "acc", [1.0])
    index = index_of(tmp_path)
    shutil.rmtree(tmp_path / "a")
    (tmp_path / "b" / "tfevents.2").unlink()
    index.refresh()
    assert {run: list(tags) for run, tags in indexed_scalars(index).items()} == {"b": ["loss"]}
    assert index.progress.files_total == 1


def test_a_link_to_a_directory_above_is_not_followed_for_ever(tmp_path: Path) -> None:
    write_scalars(tmp_path / "real" / "tfevents", "loss", [1.0])
    (tmp_path / "real" / "up").symlink_to(tmp_path)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "broken.tfevents").symlink_to(tmp_path / "nowhere")
    assert sorted(index_of(tmp_path).runs) == ["link", "real"]


def test_damage_is_listed_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0, 3.0], first_step=1)
    data = bytearray(path.read_bytes())
    size = len(data) // 3
    data[size + 20] ^= 1
    path.write_bytes(data)
    index = index_of(tmp_path)
    assert values(index) == [1.0, 3.0]
    (problem,) = index.problems()
    assert (problem.path, problem.offset, problem.length) == (path, size, size)
    assert "payload checksum" in problem.reason


def test_a_file_that_cannot_be_read_is_listed_while_the_rest_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for run in ("bad", "good"):
        write_scalars(tmp_path / run / "tfevents", "loss", [1.0])
    advance = EventFile.advance

    def refuse_bad(file: EventFile, limit: int) -> Scan:
        if file.path.parent.name == "bad":
            raise PermissionError(13, "Permission denied")
        return advance(file, limit)

    monkeypatch.setattr(EventFile, "advance", refuse_bad)
    index = index_of(tmp_path)
    assert values(index, "good") == [1.0]
    assert [(p.path.parent.name, p.reason) for p in index.problems()] == [("bad", "Permission denied")]
    revision = index.revision
    index.refresh()
    assert index.revision == revision  # tried again, told once
    monkeypatch.undo()
    index.refresh()
    assert values(index, "bad") == [1.0] and index.problems() == []


@pytest.mark.parametrize("content", [b"", b"x", bytes(1000), bytes(range(256)) * 40])
def test_files_that_are_no_event_files_harm_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "junk.tfevents").write_bytes(content)
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0])
    index = index_of(tmp_path)
    assert values(index) == [1.0]
    assert len(index.problems()) == (1 if len(content) > 12 else 0)


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.tfevents")  # opening it would wait for ever
    (tmp_path / "directory.tfevents").mkdir()
    write_scalars(tmp_path / "directory.tfevents" / "tfevents", "loss", [1.0])
    index = index_of(tmp_path)
    assert indexed_scalars(index) == {"directory.tfevents": {"loss": [(0, 1.7e9, 1.0)]}}
    assert index.problems() == []


def test_listeners_hear_which_runs_changed(tmp_path: Path) -> None:
    heard: list[Change] = []
    write_scalars(tmp_path / "a" / "tfevents", "loss", [1.0])
    index = index_of(tmp_path)
    unsubscribe = index.subscribe(heard.append)
    write_scalars(tmp_path / "a" / "tfevents", "loss", [2.0], append=True)
    index.refresh()
    write_scalars(tmp_path / "b" / "tfevents", "loss", [1.0])
    index.refresh()
    unsubscribe()
    write_scalars(tmp_path / "c" / "tfevents", "loss", [1.0])
    index.refresh()
    assert [(change.runs, change.tree) for change in heard] == [
        (frozenset("a"), False),
        (frozenset("b"), True),
    ]
    assert heard[0].revision < heard[1].revision


def test_natural_order() -> None:
    names = ["run10", "run2", "run1", "a", "run", "10", "9", "x²", "²"]
    assert sorted(names, key=natural_order) == ["9", "10", "a", "run", "run1", "run2", "run10", "x²", "²"]


def test_a_missing_logdir_is_waited_for_then_followed(tmp_path: Path) -> None:
    root = tmp_path / "logs"
    path = root / "deep" / "run" / "tfevents"
    with Store(root, reload_interval=0.05) as store:
        eventually(lambda: store.index.state == "missing")
        write_scalars(path, "loss", [1.0])
        eventually(lambda: values(store.index, "deep/run") == [1.0])
        write_scalars(path, "loss", [2.0], append=True)
        eventually(lambda: values(store.index, "deep/run") == [1.0, 2.0])
        shutil.rmtree(root)
        eventually(lambda: not store.index.runs and store.index.state == "missing")


def test_closing_does_not_wait_for_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0])
    advance = EventFile.advance
    monkeypatch.setattr(EventFile, "advance", lambda file, limit: replace(advance(file, limit), at_end=False))
    with Store(tmp_path) as store:
        eventually(lambda: values(store.index) == [1.0])
        assert store.index.state == "loading"  # and would be for ever


def test_directories_nested_deeper_than_python_recurses(tmp_path: Path) -> None:
    nested = [tmp_path.joinpath(*["d"] * depth) for depth in range(1, 1200)]
    for directory in nested:
        directory.mkdir()
    write_scalars(nested[-1] / "tfevents", "loss", [1.0])
    assert [run.count("d") for run in index_of(tmp_path).runs] == [1199]
    (nested[-1] / "tfevents").unlink()
    for directory in reversed(nested):  # what cleans up after tests recurses, too
        directory.rmdir()


def test_notices_alone_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0])
    with Store(tmp_path, reload_interval=3600) as store:
        eventually(lambda: store.index.state == "ready")
        written = [1.0]

        def heard() -> bool:  # the watch may begin after the first write, so write until one is heard
            write_scalars(path, "loss", [2.0], append=True)
            written.append(2.0)
            return len(values(store.index)) > 1

        eventually(heard)
        eventually(lambda: values(store.index) == written)


def test_a_logdir_removed_and_made_anew_is_heard_of_again(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "run" / "tfevents"
    write_scalars(path, "loss", [1.0])
    with Store(tmp_path / "logs", reload_interval=3600) as store:
        eventually(lambda: values(store.index) == [1.0])
        for _ in range(2):  # the first time, the watch may not have begun

            def is_forgotten() -> bool:
                shutil.rmtree(tmp_path / "logs", ignore_errors=True)
                path.parent.mkdir(parents=True)
                shutil.rmtree(tmp_path / "logs")
                return not store.index.runs

            eventually(is_forgotten)

            def is_heard() -> bool:
                write_scalars(path, "loss", [2.0], append=True)
                return bool(values(store.index))

            eventually(is_heard)


def test_a_file_as_logdir_is_refused_with_what_to_give(tmp_path: Path) -> None:
    path = tmp_path / "tfevents"
    path.touch()
    with pytest.raises(NotADirectoryError, match=str(tmp_path)):
        Store(path)
