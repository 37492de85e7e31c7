"""Encoding in the background: a few threads of the process encode ahead of the writers' threads.

Order does not depend on them: a `Late` holds its place in the queue of its file. Who wants its records encodes
them itself unless one of these threads has begun, so nothing waits for a thread that could not be started.
"""

from __future__ import annotations

import contextlib
import os
import threading
from _thread import LockType, allocate_lock
from collections.abc import Callable
from queue import Empty, SimpleQueue

WORTH_A_THREAD = 32 * 1024  # bytes held; less is encoded by the writer's thread when its turn comes
MAX_THREADS = 4
IDLE_SECS = 5.0  # a thread without work ends after so long


def locked() -> LockType:
    """A lock that is held already: who waits on it waits for a release."""
    lock = allocate_lock()
    lock.acquire()
    return lock


class Late:
    """Records to come: `encode` runs once, in whichever thread gets to it first.

    `size` is how many bytes `encode` holds on to.
    """

    __slots__ = ("_claim", "_done", "_encode", "_error", "_records", "size")

    def __init__(self, encode: Callable[[], bytes], size: int) -> None:
        self.size = size
        self._encode: Callable[[], bytes] | None = encode
        self._claim = allocate_lock()
        self._done = locked()
        self._records = b""
        self._error: Exception | None = None

    def __len__(self) -> int:
        return self.size

    def run(self) -> None:
        """Encode, unless that was done or is being done."""
        if not self._claim.acquire(blocking=False):
            return
        assert self._encode is not None
        try:
            self._records = self._encode()
        except Exception as error:
            self._error = error
        except BaseException:  # an interrupt is no fault of the data: they may be encoded yet
            self._claim.release()
            raise
        self._encode = None  # lets go of the caller's data
        self._done.release()

    def records(self) -> bytes:
        """The records, as soon as they are there. Raises what `encode` raised."""
        self.run()
        with self._done:
            if self._error is not None:
                raise self._error
            return self._records


class Encoders:
    """The threads. They are started when there is work and end when there was none for a while."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Begin without threads and work, as the child of a fork must."""
        self._waiting: SimpleQueue[Late] = SimpleQueue()
        self._free_seats = [True] * max(1, min(MAX_THREADS, (os.cpu_count() or 1) - 1))

    def submit(self, late: Late) -> None:
        """Have `late` encoded soon."""
        self._waiting.put(late)
        with contextlib.suppress(IndexError):  # all seats are taken
            self._free_seats.pop()
            self._start()

    def _start(self) -> None:
        arguments = (self._waiting, self._free_seats)
        try:
            threading.Thread(target=_encode_all, args=arguments, name="runlens encoder", daemon=True).start()
        except RuntimeError:  # no more threads to be had, or the interpreter is ending
            self._free_seats.append(True)


def _encode_all(waiting: SimpleQueue[Late], free_seats: list[bool]) -> None:
    try:
        with contextlib.suppress(Empty):
            while True:
                waiting.get(timeout=IDLE_SECS).run()
    finally:
        free_seats.append(True)


encoders = Encoders()
os.register_at_fork(after_in_child=encoders.forget)
