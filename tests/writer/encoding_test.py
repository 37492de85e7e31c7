"""Encoding in the background: once, in order, without harm from errors, interrupts, forks or a lack of threads."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter
from runlens.wire import event
from runlens.writer import encoding
from runlens.writer.encoding import WORTH_A_THREAD, Encoders, Late, encoders

Points = Callable[[Path], list[tuple[str, int, float, float]]]


class Value:
    """A scalar whose encoding the test decides upon."""

    def __init__(self, value: float, before: Callable[[], object] = lambda: None, size: int = WORTH_A_THREAD) -> None:
        self.size = size
        self._value = value
        self._before = before

    def encode(self, tag: str, is_first: bool) -> bytes:
        self._before()
        return event.summary(event.simple_value(tag, self._value))


def fails(error: BaseException) -> Callable[[], bytes]:
    def encode() -> bytes:
        raise error

    return encode


def encoder_threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "runlens encoder"}


@pytest.fixture
def before() -> set[threading.Thread]:
    """The threads that other tests' writers have left, which end when they find nothing to do for a while."""
    return encoder_threads()


@pytest.fixture
def fresh(before: set[threading.Thread], monkeypatch: pytest.MonkeyPatch) -> Iterator[Encoders]:
    """Encoders of the test's own, whose threads end soon."""
    monkeypatch.setattr(encoding, "IDLE_SECS", 0.001)
    yield Encoders()
    for thread in encoder_threads() - before:
        thread.join(30)


# Late


def test_runs_once_in_whichever_thread_is_first() -> None:
    runs: list[int] = []
    barrier = threading.Barrier(8)

    def encode() -> bytes:
        runs.append(threading.get_ident())
        return b"records"

    late = Late(encode, 5)
    found: list[bytes] = []

    def ask() -> None:
        barrier.wait(30)
        found.append(late.records())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"records"] * 8
    assert len(runs) == 1
    assert len(late) == late.size == 5


def test_who_asks_waits_for_the_one_that_encodes() -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def encode() -> bytes:
        has_begun.set()
        may_end.wait(30)
        return b"records"

    late = Late(encode, 1)
    thread = threading.Thread(target=late.run)
    thread.start()
    has_begun.wait(30)
    late.run()  # returns at once: it is being done
    may_end.set()
    assert late.records() == b"records"
    thread.join()


def test_an_error_is_told_to_everyone_who_asks() -> None:
    late = Late(fails(ValueError("wrong")), 1)
    late.run()  # a thread of the pool is not harmed
    for _ in range(2):
        with pytest.raises(ValueError, match="wrong"):
            late.records()


def test_an_interrupt_leaves_the_work_to_the_next() -> None:
    attempts: list[int] = []

    def encode() -> bytes:
        attempts.append(1)
        if len(attempts) == 1:
            raise KeyboardInterrupt
        return b"records"

    late = Late(encode, 1)
    with pytest.raises(KeyboardInterrupt):
        late.run()
    assert late.records() == b"records"
    assert len(attempts) == 2


def test_lets_go_of_the_data_when_done() -> None:
    import gc
    import weakref

    class Data:
        pass

    data = Data()
    found = weakref.ref(data)
    late = Late(lambda data=data: repr(data).encode(), 1)  # type: ignore[misc]
    del data
    late.run()
    gc.collect()
    assert found() is None


# Encoders


def test_threads_encode_ahead(fresh: Encoders) -> None:
    done = threading.Event()
    names: list[str] = []

    def encode() -> bytes:
        names.append(threading.current_thread().name)
        done.set()
        return b""

    fresh.submit(Late(encode, 1))
    assert done.wait(30)
    assert names == ["runlens encoder"]


def test_never_more_threads_than_seats(
    fresh: Encoders, before: set[threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    fresh.forget()
    may_end = threading.Event()
    begun = threading.Semaphore(0)

    def encode() -> bytes:
        begun.release()
        may_end.wait(30)
        return b""

    lates = [Late(encode, 1) for _ in range(10)]
    for late in lates:
        fresh.submit(late)
    assert begun.acquire(timeout=30)
    assert begun.acquire(timeout=30)
    assert len(encoder_threads() - before) == 2
    may_end.set()
    assert [late.records() for late in lates] == [b""] * 10


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("error", [None, SystemExit()])
def test_a_thread_that_ends_gives_its_seat_back(
    fresh: Encoders, before: set[threading.Thread], error: BaseException | None
) -> None:
    for _ in range(2 * encoding.MAX_THREADS):
        done = threading.Event()

        def encode(done: threading.Event = done) -> bytes:
            done.set()
            if error is not None:
                raise error  # as an interrupt, it ends the thread
            return b""

        fresh.submit(Late(encode, 1))
        assert done.wait(30)
        for thread in encoder_threads() - before:
            thread.join(30)
            assert not thread.is_alive()


def test_without_threads_the_one_who_asks_encodes(fresh: Encoders, monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", start)
        late = Late(lambda: b"%d" % threading.get_ident(), 1)
        fresh.submit(late)
        assert late.records() == b"%d" % threading.get_ident()
    done = threading.Event()
    fresh.submit(Late(lambda: done.set() or b"", 1))  # type: ignore[func-returns-value]
    assert done.wait(30)  # a seat was left for when there are threads again


# In a writer


def test_order_is_that_of_the_calls(tmp_path: Path, points: Points) -> None:
    last_is_done = threading.Event()
    with SummaryWriter(tmp_path) as writer:
        writer._add("slow", Value(0.0, lambda: last_is_done.wait(0.05)), 0, 1.0)  # with two threads, the last
        writer.add_scalar("plain", 1.0, 1, 1.0)
        writer._add("small", Value(2.0, size=10), 2, 1.0)
        writer._add("quick", Value(3.0, last_is_done.set), 3, 1.0)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    tags = [b"slow", b"plain", b"small", b"quick"]
    assert sorted(tags, key=data.index) == tags
    assert sorted(point[0] for point in points(tmp_path)) == sorted(tag.decode() for tag in tags)


@pytest.mark.parametrize("size", [10, WORTH_A_THREAD])
def test_what_cannot_be_encoded_is_left_out_and_told(tmp_path: Path, points: Points, size: int) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("a", 1.0)
    writer._add("broken", Value(1.0, fails(OSError(28, "not of the disk")), size), 0, None)
    writer.add_scalar("b", 1.0)
    with pytest.warns(RuntimeWarning, match="an event was left out: .*not of the disk"):
        writer.flush()
    writer.close()
    assert [point[0] for point in points(tmp_path)] == ["a", "b"]


def test_on_error_raise(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path, on_error="raise")
    writer._add("broken", Value(1.0, fails(ValueError("wrong"))), 0, None)
    with pytest.raises(OSError, match="an event was left out: wrong"):
        writer.flush()
    writer.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_encodes_with_threads_of_its_own(tmp_path: Path, points: Points) -> None:
    has_begun, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        has_begun.set()
        may_end.wait(30)

    def child() -> None:
        name: list[str] = []
        done = threading.Event()
        encoders.submit(Late(lambda: name.append(threading.current_thread().name) or done.set() or b"", 1))  # type: ignore[func-returns-value]
        assert done.wait(30)
        assert name == ["runlens encoder"]
        writer._add("child", Value(1.0), 0, None)
        writer.close()

    writer = SummaryWriter(tmp_path)
    writer._add("parent", Value(1.0, hold), 0, None)
    assert has_begun.wait(30)
    process: Any = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(60)
    may_end.set()
    writer.close()
    assert process.exitcode == 0
    assert sorted(point[0] for point in points(tmp_path)) == ["child", "parent"]
