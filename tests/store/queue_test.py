"""Which file is read next, and that every byte of each is read once, in order."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from runlens.store import index as index_module
from runlens.store import queue as queue_module
from runlens.store.index import Change, Index
from runlens.store.queue import ReadingQueue, Task, drain
from tests.support import random_walk, write_scalars


def waiting(workers: int, *tasks: tuple[str, float, int]) -> ReadingQueue[str]:
    """A queue of one file per run: its name, age and bytes."""
    queue: ReadingQueue[str] = ReadingQueue(workers)
    for run, age, left in tasks:
        queue.put(Task(run, run, age, left))
    return queue


def order(queue: ReadingQueue[str], pieces: dict[str, int] | None = None) -> list[str]:
    """The files in the order of their pieces."""
    left = dict(pieces or {})
    taken: list[str] = []

    def read(file: str) -> int | None:
        taken.append(file)
        left[file] = left.get(file, 1) - 1
        return left[file] or None

    drain(queue, read)
    return taken


def test_the_newest_runs_come_first() -> None:
    assert order(waiting(1, ("old", 30, 1), ("new", 10, 1), ("middle", 20, 1))) == ["new", "middle", "old"]


def test_a_file_of_many_pieces_lets_the_others_have_their_turn() -> None:
    queue = waiting(1, ("huge", 1, 1), ("a", 2, 1), ("b", 3, 1))
    assert order(queue, {"huge": 3}) == ["huge", "a", "b", "huge", "huge"]


def test_what_is_asked_for_jumps_the_queue_the_newest_first_and_turns_are_taken() -> None:
    queue = waiting(1, *((name, age, 1) for age, name in enumerate("abcdef")))
    queue.ask(["f"])
    queue.ask(["e", "d", "nowhere"])
    assert order(queue, {"d": 3, "f": 2}) == ["d", "e", "f", "d", "f", "d", "a", "b", "c"]


def test_the_file_that_would_be_done_last_is_begun_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue_module, "FEW_BYTES", 10)
    queue = waiting(2, ("a", 1, 40), ("b", 2, 40), ("huge", 3, 200), ("c", 4, 40))
    taken = [queue.take() for _ in range(4)]
    assert [task.file for task in taken if task] == ["huge", "a", "b", "c"]
    assert queue.take() is None


def test_the_first_answer_comes_before_the_reading_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that looks at the oldest run while a huge newer one is read."""
    monkeypatch.setattr(index_module, "PIECE", 1)
    monkeypatch.setattr(index_module, "workers_for", lambda files, left: 1)
    values = random_walk(60_000)
    for name, modified in [("old", 1), ("middle", 2), ("huge", 3)]:
        path = tmp_path / name / "tfevents"
        write_scalars(path, "loss", values if name == "huge" else values[:30_000])
        os.utime(path, (modified, modified))
    index = Index(tmp_path)
    heard: list[str] = []

    def hear(change: Change) -> None:
        heard.extend(change.runs)
        if len(heard) == 1:
            index.want(["old"])
            assert index.runs["huge"].scalars["loss"].count < len(values)

    index.subscribe(hear)
    index.refresh()
    pieces = [run for run in heard if run]
    assert pieces[0] == "huge" and set(pieces[1 : 1 + pieces.count("old")]) == {"old"}
    for name, count in [("old", 30_000), ("middle", 30_000), ("huge", 60_000)]:
        assert index.runs[name].scalars["loss"].scalars().values.tolist() == values[:count]


def test_files_of_one_run_are_read_by_all_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files of a run, each waiting for the other to be begun: one thread alone would wait for ever."""
    monkeypatch.setattr(index_module, "workers_for", lambda files, left: 2)
    for number in range(2):
        write_scalars(tmp_path / "run" / f"tfevents.{number}", "loss", [float(number)], epoch=1e9 + number)
    index = Index(tmp_path)
    meeting = threading.Barrier(2, timeout=10)
    read_some = Index._read_some
    monkeypatch.setattr(Index, "_read_some", lambda self, reading: (meeting.wait(), read_some(self, reading))[1])
    index.refresh()
    assert index.runs["run"].scalars["loss"].scalars().values.tolist() == [0.0, 1.0]


def test_progress_tells_the_seconds_left(tmp_path: Path) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", random_walk(1000))
    index = Index(tmp_path)
    assert index.progress.seconds_left() is None
    index.refresh()
    assert index.progress.seconds_left() == 0
    index.progress.bytes_total += index.progress.bytes_read
    seconds = index.progress.seconds_left()
    assert seconds is not None and seconds > 0
