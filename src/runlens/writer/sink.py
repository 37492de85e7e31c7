"""The queue before one event file. It knows records, not kinds.

Any thread puts; only the holder of the worker's right to drain takes away (see `worker.py`). The queue is a
list: `append` at its end and `queue[:n]`, `del queue[:n]` at its head are single steps of the interpreter, so no lock
is needed, and what could not be written simply stays where it is, in order, until the next attempt.
"""

import threading
import time
from itertools import groupby
from typing import Protocol

from runlens.wire import event
from runlens.wire.record import Scalar, frame, frame_scalars
from runlens.writer.encoding import WORTH_A_THREAD, Late, encoders
from runlens.writer.event_file import EventFile
from runlens.writer.side_file import DiskError

HARD_LIMIT = 1_000_000  # items: a put waits for the disk
HARD_LIMIT_BYTES = 256 * 2**20  # of items that are no scalars
BATCH = 8_192  # items encoded in one go, which is about 0.4 ms with the GIL held
BATCH_BYTES = 4 * 2**20


# A plain scalar, records ready to be written, or records to come.
Item = Scalar | bytes | Late


class Wakeable(Protocol):
    """What a sink needs of its worker."""

    attention: bool

    def attend(self) -> None:
        """Called after a put when `attention` is set."""

    def ring(self) -> None:
        """End the worker's lingering."""

    def wait(self) -> None:
        """Return when all that is queued now was tried to be written."""

    def report(self, path: str, reason: str) -> None:
        """Keep a failure for the user."""


class Sink:
    """The events of one run directory. Its file is made by `open`, or by the first `drain` that needs one.

    At `max_queue` waiting items the worker stops lingering and writes.
    """

    def __init__(self, directory: str, suffix: str, max_queue: int, worker: Wakeable) -> None:
        self.directory = directory
        self.described: set[str] = set()  # tags whose metadata the file has
        self.paths: list[str] = []  # of the files that were made here, in their order
        self._suffix = suffix
        self._worker = worker
        self._queue: list[Item] = []
        self._soft_limit = min(max(1, max_queue), HARD_LIMIT)
        self._mark = self._soft_limit
        self._bytes_put = 0
        self._bytes_taken = 0
        self._bytes_lock = threading.RLock()  # re-entrant for signal handlers that log
        self._file: EventFile | None = None
        self._is_failing = False
        self._lost = 0

    def __len__(self) -> int:
        return len(self._queue)

    # For any thread

    def put(self, scalar: Scalar) -> None:
        """Queue a plain scalar. Waits only while `HARD_LIMIT` items are queued."""
        queue = self._queue
        queue.append(scalar)
        if len(queue) >= self._mark:
            self._crowded()
        if self._worker.attention:
            self._worker.attend()

    def put_records(self, records: bytes | Late) -> None:
        """Queue framed records. Waits only while `HARD_LIMIT` items or `HARD_LIMIT_BYTES` are queued."""
        with self._bytes_lock:
            self._bytes_put += len(records)
        self._queue.append(records)
        if isinstance(records, Late) and records.size >= WORTH_A_THREAD:
            encoders.submit(records)
        if len(self._queue) >= self._mark or self._bytes_held() >= HARD_LIMIT_BYTES:
            self._crowded()
        if self._worker.attention:
            self._worker.attend()

    def _crowded(self) -> None:
        if self._is_full():
            self._worker.wait()
        else:
            self._mark = HARD_LIMIT
            self._worker.ring()

    def _is_full(self) -> bool:
        return len(self._queue) >= HARD_LIMIT or self._bytes_held() >= HARD_LIMIT_BYTES

    def _bytes_held(self) -> int:
        return self._bytes_put - self._bytes_taken

    # For the one that may drain

    def open(self, purge_step: int | None = None) -> None:
        """Make the file. Raises OSError, with the path, if that cannot be done."""
        self._file = EventFile(self.directory, self._suffix, opening(purge_step))
        self.paths.append(self._file.path)

    def drain(self) -> bool:
        """Write all that is queued now. False if something could not be written; it stays queued and is reported."""
        waiting = len(self._queue)
        try:
            while waiting > 0:
                records, count = self._encode(self._queue[: min(waiting, BATCH)])
                if records:
                    self._append(records)
                self._take(count)
                waiting -= count
        except OSError as error:
            self._failed(error)
            return False
        self._mark = self._soft_limit
        self._is_failing = False
        return True

    def close(self) -> None:
        """Close the file; a later `drain` makes a new one. What could not be written stays queued."""
        self.described.clear()
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def after_fork(self) -> None:
        """In the child: what is queued and the file are the parent's."""
        self._queue.clear()
        self._bytes_lock = threading.RLock()
        self._bytes_put = self._bytes_taken = 0
        self._mark = self._soft_limit
        self._is_failing = False
        self.paths.clear()
        self.close()

    def _path(self) -> str:
        return self._file.path if self._file is not None else self.directory

    def _append(self, records: bytes) -> None:
        if self._file is None:
            self.open()
        assert self._file is not None
        try:
            self._file.append(records)
        except FileNotFoundError as error:
            # Somebody removed the folder under a running job: go on in a new file, and say so.
            self._worker.report(self._path(), f"{error.strerror}; going on in a new one")
            self.close()
            self.open()
            self._file.append(records)

    def _take(self, count: int) -> None:
        if self._bytes_held():
            self._bytes_taken += sum(len(item) for item in self._queue[:count] if type(item) is not tuple)
        del self._queue[:count]

    def _failed(self, error: OSError) -> None:
        reason = error.strerror or str(error)
        if not self._is_failing:
            self._is_failing = True
            self._worker.report(str(error.filename or self._path()), f"{reason}; events are kept and tried again")
        if self._is_full():
            count = max(1, len(self._queue) // 10)
            self._take(count)
            self._lost += count
            self.described.clear()
            self._worker.report(self._path(), f"{reason}; the queue is full, {self._lost} oldest events are lost")

    def _encode(self, batch: list[Item]) -> tuple[bytes, int]:
        """Records of the first items of `batch`, and how many items that are."""
        try:
            return frame_scalars(batch), len(batch)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError):
            return self._encode_mixed(batch)

    def _encode_mixed(self, batch: list[Item]) -> tuple[bytes, int]:
        pieces: list[bytes] = []
        count = size = 0
        for kind, group in groupby(batch, key=type):
            for items in [list(group)] if kind is tuple else ([item] for item in group):
                try:
                    pieces.append(self._encode_alike(items))
                except DiskError:
                    if count == 0:
                        raise
                    return b"".join(pieces), count  # what comes before it in the queue need not wait
                count += len(items)
                size += len(pieces[-1])
                if size >= BATCH_BYTES:
                    return b"".join(pieces), count
        return b"".join(pieces), count

    def _encode_alike(self, items: list[Item]) -> bytes:
        """Several scalars, or one of another sort. What cannot be encoded is reported and left out.

        Raises:
            DiskError: a file beside the event file could not be written now.
        """
        first = items[0]
        try:
            if isinstance(first, Late):
                return first.records()
            return first if isinstance(first, bytes) else frame_scalars(items)  # type: ignore[arg-type]
        except DiskError:
            raise
        except Exception as error:  # an encoder's failure must not stop the ones behind it
            if len(items) > 1:
                return b"".join(self._encode_alike([item]) for item in items)
            self._worker.report(self._path(), f"an event was left out: {error}")
            return b""


def opening(purge_step: int | None) -> bytes:
    """The first records of a file: its version and, for a restarted job, from which step on it writes anew."""
    now = time.time()
    records = frame(event.event(now, 0, event.file_version()))
    if purge_step is not None:
        records += frame(event.event(now, purge_step, event.file_version()))
        records += frame(event.event(now, purge_step, event.session_start()))
    return records
