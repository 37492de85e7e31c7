"""Which file is read next: what is asked for, then the newest runs, piece by piece."""

from __future__ import annotations

import heapq
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Generic, TypeVar

File = TypeVar("File")

FEW_BYTES = 4 << 20  # less than this is read by the caller: starting threads would take longer


@dataclass(slots=True)
class Task(Generic[File]):
    """A file that has something to be read."""

    file: File
    run: str
    age: float  # seconds, larger for older; of its run's newest file, so that a run is read in one go
    left: int  # bytes
    pieces: int = 0  # read so far
    is_asked: bool = False


@dataclass(slots=True)
class ReadingQueue(Generic[File]):
    """Files wait in three orders at once; whoever takes one out of one order skips it in the others.

    A file goes back after each piece, behind those that had fewer pieces, so that a huge file starves nobody. But the
    one with the most left is taken early when the rest would be done before it: then all cores are busy to the end.
    """

    workers: int
    _waiting: dict[int, Task[File]] = field(default_factory=dict)  # by ticket
    _by_age: list[tuple[int, float, int]] = field(default_factory=list)
    _by_size: list[tuple[int, int]] = field(default_factory=list)
    _by_run: dict[str, list[int]] = field(default_factory=dict)
    _ages: dict[str, float] = field(default_factory=dict)
    _asked: OrderedDict[str, None] = field(default_factory=OrderedDict)  # runs; the next one stands last
    _left: int = 0  # bytes of all that wait
    _tickets: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, task: Task[File]) -> None:
        """Let a file wait."""
        with self._lock:
            ticket = self._tickets = self._tickets + 1
            self._waiting[ticket] = task
            self._left += task.left
            heapq.heappush(self._by_age, (task.pieces, task.age, ticket))
            heapq.heappush(self._by_size, (-task.left, ticket))
            self._by_run.setdefault(task.run, []).append(ticket)
            self._ages[task.run] = task.age
            if task.is_asked and task.run not in self._asked:
                self._asked[task.run] = None
                self._asked.move_to_end(task.run, last=False)

    def ask(self, runs: Iterable[str]) -> None:
        """Let these runs go first, the newest of them before all, and all of them before those asked for earlier."""
        with self._lock:
            for run in sorted(
                (run for run in runs if run in self._ages), key=lambda run: self._ages[run], reverse=True
            ):
                self._asked[run] = None
                self._asked.move_to_end(run)

    def take(self) -> Task[File] | None:
        """The file to read a piece of now; None when none waits."""
        with self._lock:
            ticket = self._of_asked()
            if ticket is None:
                ticket = self._of_longest()
            if ticket is None:
                ticket = self._of_newest()
            if ticket is None:
                return None
            task = self._waiting.pop(ticket)
            self._left -= task.left
            return task

    def _of_asked(self) -> int | None:
        while self._asked:
            run = next(reversed(self._asked))
            tickets = self._by_run.get(run, [])
            while tickets:
                ticket = tickets.pop(0)
                if ticket in self._waiting:
                    self._waiting[ticket].is_asked = True
                    self._asked.move_to_end(run, last=False)  # others that are asked for have their turn next
                    return ticket
            del self._asked[run]
        return None

    def _of_longest(self) -> int | None:
        while self._by_size and self._by_size[0][1] not in self._waiting:
            heapq.heappop(self._by_size)
        if self.workers > 1 and self._by_size:
            left, ticket = -self._by_size[0][0], self._by_size[0][1]
            if left > FEW_BYTES and left * self.workers > self._left:
                return ticket
        return None

    def _of_newest(self) -> int | None:
        while self._by_age:
            ticket = heapq.heappop(self._by_age)[2]
            if ticket in self._waiting:
                return ticket
        return None


def drain(queue: ReadingQueue[File], read_piece: Callable[[File], int | None]) -> None:
    """Read until nothing waits, on as many threads as the queue has workers.

    `read_piece` reads some of a file and says how many bytes are left; None when it is done with.
    """

    def work() -> None:
        while (task := queue.take()) is not None:
            left = read_piece(task.file)
            if left is not None:
                queue.put(Task(task.file, task.run, task.age, left, task.pieces + 1, task.is_asked))

    if queue.workers == 1:
        return work()
    with ThreadPoolExecutor(queue.workers, "runlens-read") as readers:
        done = [readers.submit(work) for _ in range(queue.workers)]
        wait(done)
        for one in done:
            one.result()


def workers_for(files: int, bytes_left: int) -> int:
    """How many threads are worth it."""
    return 1 if files == 1 or bytes_left < FEW_BYTES else min(files, os.cpu_count() or 1)
