"""Step counters, one per tag, shared by the threads of a process and by the processes it forks.

They live in memory that a fork shares: a hash table of (digest of the name, next step). Its lock is a file lock, which
the system takes back from a process that dies, and within a process a lock of threads.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from typing import IO

SLOTS = 2**16
SLOT = struct.Struct("<8sq")
FREE = bytes(8)


class Counters:
    """Next step of each name, at first 0."""

    def __init__(self) -> None:
        self._table = mmap.mmap(-1, SLOTS * SLOT.size)
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the counters
        weakref.finalize(self, self._file.close)
        self._threads = threading.RLock()
        self._process = os.getpid()

    @contextmanager
    def step(self, name: str, given: int | None) -> Iterator[int]:
        """The step to use now: `given`, or the next one. Nobody else gets a step within the block.

        Raises:
            ValueError: the table is full.
        """
        with self._exclusively():
            at = self._slot(blake2b(name.encode(), digest_size=8).digest())
            digest, following = SLOT.unpack_from(self._table, at)
            step = following if given is None else given
            SLOT.pack_into(self._table, at, digest, step + 1)
            yield step

    def _slot(self, digest: bytes) -> int:
        """Where the digest's counter is."""
        first = int.from_bytes(digest, "little")
        for number in range(first, first + SLOTS):
            at = number % SLOTS * SLOT.size
            found, _ = SLOT.unpack_from(self._table, at)
            if found == FREE:
                SLOT.pack_into(self._table, at, digest, 0)
            if found in (FREE, digest):
                return at
        raise ValueError(f"got more than {SLOTS} tags to count the steps of, want fewer, or global_step with each call")

    @contextmanager
    def _exclusively(self) -> Iterator[None]:
        if self._process != os.getpid():  # a lock that another thread held at the fork stays held in the child
            self._threads, self._process = threading.RLock(), os.getpid()
        with self._threads:
            _lock(self._file, True)
            try:
                yield
            finally:
                _lock(self._file, False)


def _lock(file: IO[bytes], is_locked: bool) -> None:
    try:
        import fcntl  # noqa: PLC0415 - not on Windows, where nothing forks
    except ImportError:
        return
    fcntl.lockf(file, fcntl.LOCK_EX if is_locked else fcntl.LOCK_UN)
