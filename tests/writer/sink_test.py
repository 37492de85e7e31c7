"""Order, back-pressure, and disks that are slow, full or gone."""

import errno
import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter
from runlens.wire import event
from runlens.wire.record import frame
from runlens.writer import sink as sink_module
from runlens.writer import worker as worker_module
from runlens.writer.encoding import Late

Points = Callable[[Path], list[tuple[str, int, float, float]]]
Files = Callable[[Path], list[Path]]
write = os.write


class Disk:
    """Stands in for os.write of large enough pieces; `act` says what becomes of one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.act: Callable[[int, Any], int] = write
        monkeypatch.setattr(os, "write", self._write)

    def _write(self, descriptor: int, data: Any) -> int:
        return self.act(descriptor, data)

    def fail(self, *_: Any) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    monkeypatch.setattr(worker_module, "RETRY_SECS", 0.01)
    yield Disk(monkeypatch)


def record(tag: str, step: int) -> bytes:
    return frame(event.event(1.0, step, event.summary(event.simple_value(tag, 1.0))))


def steps(points: list[tuple[str, int, float, float]], tag: str = "loss") -> list[int]:
    return [point[1] for point in points if point[0] == tag]


def in_threads(count: int, log: Callable[[str], None]) -> None:
    """Run `log` in so many threads at once, each with a tag of its own."""
    threads = [threading.Thread(target=log, args=(f"thread{number}",)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_share_a_writer(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)

    def log(tag: str) -> None:
        for step in range(2_000):
            writer.add_scalar(tag, step, step, new_style=step % 7 == 0)
            if step % 500 == 0:
                writer.flush()

    in_threads(8, log)
    writer.close()
    found = points(tmp_path)
    for number in range(8):
        assert steps(found, f"thread{number}") == list(range(2_000))


def test_threads_close_while_others_write(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)

    def log(tag: str) -> None:
        for step in range(500):
            writer.add_scalar(tag, step, step)
            if step % 50 == 0:
                writer.close()

    in_threads(4, log)
    writer.close()
    found = points(tmp_path)
    for number in range(4):
        assert steps(found, f"thread{number}") == list(range(500))


def test_a_slow_disk_is_not_waited_for(tmp_path: Path, disk: Disk, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    may_write = threading.Event()
    disk.act = lambda *arguments: (may_write.wait(30), write(*arguments))[1]
    for step in range(30_000):  # returns although nothing can be written
        writer.add_scalar("loss", 0.5, step)
    writer.add_scalar("new", 0.5, 1, new_style=True)
    assert points(tmp_path) == []
    may_write.set()
    writer.close()
    assert steps(points(tmp_path)) == list(range(30_000))
    assert steps(points(tmp_path), "new") == [1]


@pytest.mark.parametrize("is_late", [False, True])
def test_a_full_queue_is_waited_for(
    tmp_path: Path, disk: Disk, points: Points, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    monkeypatch.setattr(sink_module, "HARD_LIMIT", 10 if not is_late else 1_000_000)
    monkeypatch.setattr(sink_module, "HARD_LIMIT_BYTES", 10_000)
    writer = SummaryWriter(tmp_path)
    sink = writer._worker.sink(writer.log_dir)
    longest = 0

    def slow_write(*arguments: Any) -> int:
        nonlocal longest
        longest = max(longest, len(sink))
        time.sleep(0.001)
        return write(*arguments)

    disk.act = slow_write
    for step in range(200):
        if is_late:
            sink.put_records(Late(lambda step=step: record("loss", step), 1_000))  # type: ignore[misc]
        else:
            writer.add_scalar("loss", 0.5, step)
    writer.close()
    assert longest <= 10
    assert steps(points(tmp_path)) == list(range(200))


def test_short_writes(tmp_path: Path, disk: Disk, points: Points) -> None:
    disk.act = lambda descriptor, data: write(descriptor, data[:7])
    with SummaryWriter(tmp_path) as writer:
        for step in range(300):
            writer.add_scalar("loss", 0.5, step)
    assert steps(points(tmp_path)) == list(range(300))


def test_a_full_disk(tmp_path: Path, disk: Disk, points: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "RETRY_SECS", 60)  # only the flushes try
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 0.5, 0)
    writer.flush()
    room = 100

    def write_while_there_is_room(descriptor: int, data: Any) -> int:
        nonlocal room
        count = min(room, len(data))
        if count == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        room -= count
        return write(descriptor, data[:count])

    disk.act = write_while_there_is_room
    for step in range(1, 1_000):
        writer.add_scalar("loss", 0.5, step)
    with pytest.warns(RuntimeWarning, match=f"{tmp_path}/events.*No space left on device; events are kept") as told:
        writer.flush()
        assert steps(points(tmp_path)) == [0]  # a torn record has been cut off
        writer.flush()
        writer.add_scalar("loss", 0.5, 1_000)
    assert len(told) == 1
    assert told[0].filename == __file__
    disk.act = write
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        writer.close()
    assert steps(points(tmp_path)) == list(range(1_001))


def test_a_failed_cut_is_made_up_for(
    tmp_path: Path, disk: Disk, points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = SummaryWriter(tmp_path)
    pieces = iter([3])

    def write_a_little(descriptor: int, data: Any) -> int:
        for count in pieces:
            return write(descriptor, data[:count])
        return disk.fail()

    disk.act = write_a_little
    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", disk.fail)
        writer.add_scalar("loss", 0.5, 1)
        with pytest.warns(RuntimeWarning, match="No space left"):
            writer.flush()
    disk.act = write
    writer.close()
    assert steps(points(tmp_path)) == [1]


def test_closing_on_a_full_disk_keeps_the_data(tmp_path: Path, disk: Disk, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    disk.act = disk.fail
    writer.add_scalar("loss", 0.5, 1)
    with pytest.warns(RuntimeWarning, match="closed with 1 events not written"):
        writer.close()
    disk.act = write
    writer.add_scalar("loss", 0.5, 2)
    writer.close()
    assert steps(points(tmp_path)) == [1, 2]


def test_failures_are_raised_if_so_wanted(tmp_path: Path, disk: Disk, points: Points) -> None:
    writer = SummaryWriter(tmp_path, on_error="raise")
    disk.act = disk.fail
    writer.add_scalar("loss", 0.5, 1)
    with pytest.raises(OSError, match=f"{tmp_path}.*No space left"):
        writer.flush()
    disk.act = write
    writer.close()
    assert steps(points(tmp_path)) == [1]


def test_the_next_call_tells(tmp_path: Path, disk: Disk) -> None:
    writer = SummaryWriter(tmp_path)
    disk.act = disk.fail
    writer.add_scalar("loss", 0.5, 1)
    with pytest.warns(RuntimeWarning, match="No space left") as told:
        for step in range(2_000):
            writer.add_scalar("loss", 0.5, step)
            if told.list:
                break
            time.sleep(0.005)
    assert told[0].filename == __file__
    disk.act = write
    writer.close()


def test_a_queue_of_max_queue_is_written_without_lingering(
    tmp_path: Path, points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "LINGER_SECS", 3600)
    writer = SummaryWriter(tmp_path, max_queue=5, flush_secs=3600)
    for step in range(4):
        writer.add_scalar("loss", 0.5, step)
    assert points(tmp_path) == []
    writer.add_scalar("loss", 0.5, 4)
    until = time.monotonic() + 10
    while len(points(tmp_path)) < 5:
        assert time.monotonic() < until
        time.sleep(0.005)
    writer.close()


def test_only_a_full_queue_before_a_full_disk_loses_the_oldest(
    tmp_path: Path, disk: Disk, points: Points, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sink_module, "HARD_LIMIT", 100)
    writer = SummaryWriter(tmp_path)
    disk.act = disk.fail
    with pytest.warns(RuntimeWarning) as told:
        for step in range(1_000):
            writer.add_scalar("loss", 0.5, step)
    last = str(told[-1].message)
    assert "the queue is full" in last
    disk.act = write
    writer.close()
    kept = steps(points(tmp_path))
    assert kept == list(range(1_000 - len(kept), 1_000))
    assert f"{1_000 - len(kept)} oldest events are lost" in last
    assert len(kept) >= 90


def test_a_deleted_directory(tmp_path: Path, points: Points, files: Files) -> None:
    writer = SummaryWriter(tmp_path / "run")
    (path,) = files(tmp_path / "run")
    path.unlink()
    (tmp_path / "run").rmdir()
    writer.add_scalar("loss", 0.5, 1)
    with pytest.warns(RuntimeWarning, match=f"{path}: the event file has been deleted; going on in a new one"):
        writer.flush()
    writer.close()
    assert steps(points(tmp_path / "run")) == [1]
    assert files(tmp_path / "run") != [path]


def test_late_records_keep_their_place(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    sink = writer._worker.sink(writer.log_dir)
    for step in range(0, 30, 3):
        writer.add_scalar("loss", 0.5, step)
        sink.put_records(Late(lambda step=step: record("loss", step + 1), 0))  # type: ignore[misc]
        sink.put_records(record("loss", step + 2))
    writer.close()
    assert steps(points(tmp_path)) == list(range(30))


def test_an_encoder_that_fails_takes_only_itself_along(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 0.5, 1)
    writer._worker.sink(writer.log_dir).put_records(Late(lambda: bytes(1 // 0), 0))
    writer.add_scalar("loss", 0.5, 2)
    with pytest.warns(RuntimeWarning, match="an event was left out.*by zero"):
        writer.close()
    assert steps(points(tmp_path)) == [1, 2]


def test_large_records_are_written_one_by_one(tmp_path: Path, disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink_module, "BATCH_BYTES", 1_000)
    sizes: list[int] = []

    def measure(descriptor: int, data: Any) -> int:
        sizes.append(len(data))
        return write(descriptor, data)

    disk.act = measure
    with SummaryWriter(tmp_path) as writer:
        for _ in range(5):
            writer._worker.sink(writer.log_dir).put_records(frame(bytes(900)))
    assert max(sizes) < 2_000


def test_no_thread_to_be_had(tmp_path: Path, points: Points, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    writer = SummaryWriter(tmp_path)
    for step in range(5):
        writer.add_scalar("loss", 0.5, step)
    assert steps(points(tmp_path)) == list(range(5))
    writer.close()


def test_an_idle_writer_costs_no_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 0.5, 1)
    writer.flush()
    rounds: list[int] = []
    serve = writer._worker._serve

    def count_and_serve() -> tuple[bool, bool]:
        rounds.append(1)
        return serve()

    monkeypatch.setattr(writer._worker, "_serve", count_and_serve)
    time.sleep(0.5)
    assert len(rounds) <= 1  # the one that may have been due for the flush
    writer.close()


def test_what_comes_while_the_thread_ends_is_written(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    sink = writer._worker.sink(writer.log_dir)

    class Token(list[bool]):
        """At the moment the thread gives it back, somebody queues who still counts on that thread."""

        def append(self, token: bool) -> None:
            if not points(tmp_path)[1:]:
                sink._queue.append(("loss", 0.5, 2, 1.0))
            super().append(token)

    writer._worker._token = Token([True])
    writer.add_scalar("loss", 0.5, 1)
    writer.close()
    for _ in range(2_000):
        if len(points(tmp_path)) == 2:
            break
        time.sleep(0.005)
    assert steps(points(tmp_path)) == [1, 2]
    writer.close()
