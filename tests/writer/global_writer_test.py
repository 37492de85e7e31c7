"""The global writer: one for all modules, threads and forked processes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import runlens
from runlens import GlobalSummaryWriter, SummaryWriter
from runlens.writer import counters
from runlens.writer.counters import Counters

Points = Callable[[Path], list[tuple[str, int, float, float]]]

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")


@pytest.fixture(autouse=True)
def _a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GlobalSummaryWriter, "_the_one", None)


def test_the_first_is_the_one(tmp_path: Path) -> None:
    first, second = GlobalSummaryWriter(str(tmp_path / "a")), GlobalSummaryWriter(log_dir=str(tmp_path / "b"))
    assert GlobalSummaryWriter.getSummaryWriter() is first
    assert runlens.GlobalSummaryWriter.getSummaryWriter() is not second
    assert (first.get_logdir(), second.get_logdir()) == (str(tmp_path / "a"), str(tmp_path / "b"))
    first.close()
    second.close()


def test_one_is_made_in_the_default_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    writer = GlobalSummaryWriter.getSummaryWriter()
    assert GlobalSummaryWriter.getSummaryWriter() is writer
    assert writer.get_logdir().startswith("runs")
    writer.close()


def test_counts_as_tensorboardx_does(tmp_path: Path, points: Points, capfd: pytest.CaptureFixture[str]) -> None:
    from tensorboardX import GlobalSummaryWriter as TensorboardX

    for name, make in (("ours", GlobalSummaryWriter), ("theirs", TensorboardX)):
        writer: Any = make(str(tmp_path / name), filename_suffix=".0")
        for number in range(3):
            writer.add_scalar("a", number, 5.0)
            writer.add_scalar("b/c", number / 2, walltime=6.0)
        writer.close()
    assert sorted(points(tmp_path / "ours")) == sorted(points(tmp_path / "theirs"))
    assert [point[1] for point in points(tmp_path / "ours") if point[0] == "a"] == [0, 1, 2]


def test_a_given_step_is_gone_on_from(tmp_path: Path, points: Points) -> None:
    writer = GlobalSummaryWriter(str(tmp_path))
    for step in (None, 10, None, 0, None):
        writer.add_scalar("a", 1.0, global_step=step)
    with pytest.raises(TypeError, match="scalar 'a': got NoneType"):
        writer.add_scalar("a", None)
    with pytest.raises(TypeError, match="tag: got int 3"):
        writer.add_scalar(3, 1.0)  # type: ignore[arg-type]
    writer.close()
    assert [point[1] for point in points(tmp_path)] == [0, 10, 11, 0, 1]


def test_images_and_texts_have_counters_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[Any, ...]] = []

    def add_image(_: object, tag: str, value: object, global_step: int, walltime: object, dataformats: str) -> None:
        calls.append((tag, value, global_step, walltime, dataformats))

    def add_text(_: object, tag: str, value: object, global_step: int, walltime: object) -> None:
        calls.append((tag, value, global_step, walltime))

    monkeypatch.setattr(SummaryWriter, "add_image", add_image)
    monkeypatch.setattr(SummaryWriter, "add_text", add_text)
    writer = GlobalSummaryWriter(str(tmp_path))
    writer.add_scalar("a", 1.0)
    writer.add_image("a", "pixels", 7.0, "HWC")
    writer.add_text("a", "words", 8.0)
    writer.add_text("a", "words")
    writer.close()
    assert calls == [("a", "pixels", 0, 7.0, "HWC"), ("a", "words", 0, 8.0), ("a", "words", 1, None)]


def test_threads_share_the_steps_and_keep_their_order(tmp_path: Path, points: Points) -> None:
    writer = GlobalSummaryWriter(str(tmp_path))

    def add() -> None:
        for _ in range(200):
            writer.add_scalar("a", 1.0)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert [point[1] for point in points(tmp_path)] == list(range(800))


def _add(writer: GlobalSummaryWriter, count: int) -> None:
    for _ in range(count):
        writer.add_scalar("a", os.getpid())
    writer.close()


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_forked_processes_share_the_steps(tmp_path: Path, points: Points) -> None:
    writer = GlobalSummaryWriter(str(tmp_path))
    writer.add_scalar("a", 1.0)
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_add, args=(writer, 100)) for _ in range(3)]
    for child in children:
        child.start()
    _add(writer, 100)
    for child in children:
        child.join(30)
        assert child.exitcode == 0
    writer.add_scalar("a", 1.0)
    writer.close()
    assert sorted(point[1] for point in points(tmp_path)) == list(range(402))


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_process_that_dies_with_the_lock_holds_up_nobody() -> None:
    shared = Counters()

    def die() -> None:
        with shared.step("a", None):
            os.kill(os.getpid(), signal.SIGKILL)

    child = multiprocessing.get_context("fork").Process(target=die)
    child.start()
    child.join(30)
    assert child.exitcode == -signal.SIGKILL
    with shared.step("a", None) as step:
        assert step == 1


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_while_a_thread_counts(tmp_path: Path) -> None:
    shared = Counters()
    counts, forked = threading.Event(), threading.Event()

    def hold() -> None:
        with shared.step("a", None):
            counts.set()
            forked.wait(30)

    def count() -> None:
        with shared.step("b", None) as step:
            (tmp_path / "step").write_text(str(step))

    thread = threading.Thread(target=hold)
    thread.start()
    counts.wait(30)
    child = multiprocessing.get_context("fork").Process(target=count)
    child.start()
    forked.set()
    thread.join()
    child.join(30)
    assert (tmp_path / "step").read_text() == "0"


@needs_fork
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_step_is_one_threads_and_one_processes_at_a_time() -> None:
    import fcntl

    shared = Counters()
    is_refused: list[bool] = []

    def other_thread() -> None:
        is_refused.append(not shared._threads.acquire(blocking=False))

    def other_process() -> None:
        with pytest.raises(BlockingIOError):
            fcntl.lockf(shared._file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    with shared.step("a", None):
        thread = threading.Thread(target=other_thread)
        thread.start()
        thread.join()
        process = multiprocessing.get_context("fork").Process(target=other_process)
        process.start()
        process.join(30)
    assert is_refused == [True]
    assert process.exitcode == 0


def test_a_signal_handler_may_log_while_a_step_is_counted() -> None:
    shared = Counters()
    with shared.step("a", None) as outer, shared.step("a", None) as inner:
        assert (outer, inner) == (0, 1)


def test_many_tags_and_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "SLOTS", 64)
    shared = Counters()
    for expected in range(2):
        for number in range(64):
            with shared.step(f"tag {number}", None) as step:
                assert step == expected
    with pytest.raises(ValueError, match="more than 64 tags"), shared.step("one more", None):
        pass


def test_other_ranks_write_nothing(tmp_path: Path) -> None:
    writer = GlobalSummaryWriter(str(tmp_path / "run"), write_to_disk=False, coalesce_process=True)
    writer.add_scalar("a", 1.0)
    writer.flush()
    writer.close()
    assert list(tmp_path.iterdir()) == []
