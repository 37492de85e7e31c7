"""The background thread that writes what a writer's sinks have queued, and its life: start, sleep, fork, exit.

Order: each sink's items are written in the order of the calls that put them. Errors: nothing raises in the thread; a
failure is kept and told once, as a RuntimeWarning, at the next call that finds it (`raises`: raised there).

No lock is ever held around Python code here, so that a signal handler or a finalizer may log, flush or close while
the code it interrupted is doing just that. What stands in for locks:

- the *token*, an element of a one-element list: who pops it may drain, be it the thread, for as long as it lives, or a
  caller at exit. A thread that ends gives the token back and *then* looks again whether something came meanwhile,
  as someone who came too early to get the token relies on its holder to look.
- the *bell*, a raw lock on which the thread sleeps; releasing it rings.
- `attention`, which tells `put` that there is more to do than to queue: wake a thread, tell a failure.
"""

import atexit
import contextlib
import importlib
import os
import sys
import threading
import warnings
from _thread import LockType
from dataclasses import dataclass, field

from runlens.writer.encoding import locked
from runlens.writer.sink import Sink

LINGER_SECS = 0.1  # gathers what comes close together into one write
RETRY_SECS = 1.0  # between two attempts on a disk that fails


@dataclass(frozen=True, slots=True)
class Request:
    """A caller that waits until all that was queued before is written."""

    wants_close: bool
    done: LockType = field(default_factory=locked)


class Worker:
    """One thread for the sinks of one writer. It is started by the first put and ended by `close`."""

    def __init__(self, flush_secs: float, suffix: str, max_queue: int, raises: bool) -> None:
        self.attention = True
        self._raises = raises
        self._linger_secs = min(LINGER_SECS, max(0.0, flush_secs))
        self._suffix = suffix
        self._max_queue = max_queue
        self._sinks: dict[str, Sink] = {}
        self._requests: list[Request] = []
        self._reports: list[str] = []
        self._token = [True]
        self._bell = locked()
        self._is_abandoned = False
        _process.workers.add(self)

    # For any thread

    def sink(self, directory: str) -> Sink:
        """The sink of a run directory."""
        found = self._sinks.get(directory)
        if found is not None:
            return found
        return self._sinks.setdefault(directory, Sink(directory, self._suffix, self._max_queue, self))

    def sinks(self) -> tuple[Sink, ...]:
        """All sinks that there are, in the order in which they were first asked for."""
        return tuple(self._sinks.values())

    def attend(self) -> None:
        """Wake the thread and tell what went wrong."""
        self.attention = False
        self._wake()
        self.tell()

    def ring(self) -> None:
        """End the thread's sleep or lingering."""
        with contextlib.suppress(RuntimeError):  # rung already
            self._bell.release()

    def wait(self, wants_close: bool = False) -> None:
        """Return when all that was queued before is written, or one attempt to do so has failed."""
        request = Request(wants_close)
        self._requests.append(request)
        if wants_close and self._token:  # no thread, so nothing is queued, and none need be started to close files
            self._drain_here()
        else:
            self._wake()
        request.done.acquire()

    def flush(self) -> None:
        """As `wait`; then tell what went wrong."""
        if self._has_work() or not self._token:
            self.wait()
        self.tell()

    def close(self) -> None:
        """Write everything, close the files and end the thread. A later put starts anew."""
        self.wait(wants_close=True)
        self.tell()

    def abandon(self) -> None:
        """As `close`, without waiting: nobody is left who could log here. Runs inside the garbage collector."""
        self._is_abandoned = True
        self._requests.append(Request(wants_close=True))
        if self._token:  # nothing is queued while no thread lives, so this only closes files
            self._drain_here()
        else:
            self.ring()

    def report(self, path: str, reason: str) -> None:
        """Keep a failure until a call tells it."""
        text = f"{path}: {reason}"
        if text not in self._reports:
            self._reports.append(text)
        self.attention = True

    def tell(self) -> None:
        """Warn of the failures that were reported, or raise them.

        Raises:
            OSError: if the worker `raises`.
        """
        reports = []
        with contextlib.suppress(IndexError):  # another thread may be telling, too
            while self._reports:
                reports.append(self._reports.pop(0))
        if not reports:
            return
        text = "runlens could not write as usual: " + "; ".join(reports)
        if self._raises:
            raise OSError(text)
        warnings.warn(text, RuntimeWarning, stacklevel=_frames_to_user())

    def _has_work(self) -> bool:
        return bool(self._requests) or any(map(len, self.sinks()))

    def _is_wanted(self, is_written: bool) -> bool:
        """Whether another round makes sense after one that has or has not written everything."""
        return self._has_work() if is_written else bool(self._requests)

    def _wake(self) -> None:
        if not self._token:
            self.ring()
        elif _process.is_exiting or not self._start_thread():
            self._drain_here()

    def _start_thread(self) -> bool:
        _hook_multiprocessing()
        try:
            threading.Thread(target=self._run, name="runlens writer", daemon=True).start()
        except RuntimeError:  # no more threads to be had, or the interpreter is ending
            return False
        return True

    def _take_token(self) -> bool:
        try:
            return self._token.pop()
        except IndexError:
            return False

    def _drain_here(self) -> None:
        """Do the thread's work in the caller, unless somebody is doing it."""
        self.attention = True
        is_written = True
        while self._is_wanted(is_written) and self._take_token():
            try:
                is_written, _ = self._serve()
            finally:
                self._token.append(True)

    # For the holder of the token

    def _run(self) -> None:
        """The thread. If two were started at once, one does not get the token and has nothing to do."""
        if not self._take_token():
            return
        while True:
            self._linger()
            is_written, is_closing = self._serve()
            if is_closing:
                self._token.append(True)
                self.attention = True
                if not self._is_wanted(is_written) or not self._take_token():
                    return
            elif not is_written:
                self._bell.acquire(timeout=RETRY_SECS)
            else:
                self._sleep()

    def _sleep(self) -> None:
        self.attention = True
        if not self._has_work():
            self._bell.acquire()
        self.attention = bool(self._reports)

    def _linger(self) -> None:
        if not self._requests and self._linger_secs > 0:
            self._bell.acquire(timeout=self._linger_secs)

    def _serve(self) -> tuple[bool, bool]:
        """One round over all sinks. Whether all was written, and whether closing was asked for."""
        requests = self._requests[:]  # those that come later may have queued later, and get a round of their own
        is_written = True
        is_closing = any(request.wants_close for request in requests)
        try:
            for sink in self.sinks():
                is_written &= self._drain(sink, is_closing)
            if is_closing and self._is_abandoned and is_written:
                _process.workers.discard(self)
        finally:
            del self._requests[: len(requests)]
            for request in requests:
                request.done.release()
        return is_written, is_closing

    def _drain(self, sink: Sink, is_closing: bool) -> bool:
        try:
            is_written = sink.drain()
            if is_closing:
                if not is_written:
                    self.report(sink.directory, f"closed with {len(sink)} events not written, which are kept")
                sink.close()
            return is_written
        except Exception as error:  # a mistake of ours must not end the thread on which all callers rely
            self.report(sink.directory, repr(error))
            return False

    def after_fork(self) -> None:
        """In the child: no thread, and nothing of the parent's."""
        self._requests.clear()
        self._reports.clear()
        self._token = [True]
        self._bell = locked()
        self.attention = True
        for sink in self.sinks():
            sink.after_fork()


def _frames_to_user() -> int:
    """How far up, as `warnings.warn` counts from its caller, the code stands that called into this package."""
    level = 1
    frame = sys._getframe(1)
    while frame is not None and str(frame.f_globals.get("__name__", "")).startswith("runlens.writer"):
        level += 1
        frame = frame.f_back  # type: ignore[assignment]
    return level


class _Process:
    """What all workers of this process share."""

    def __init__(self) -> None:
        self.workers: set[Worker] = set()
        self.is_exiting = False
        self.has_hooked_multiprocessing = False


_process = _Process()


def _hook_multiprocessing() -> None:
    # A child of multiprocessing ends without `atexit`, but runs the finalizers that were made in it.
    process = sys.modules.get("multiprocessing.process")
    if process is None or process.parent_process() is None or _process.has_hooked_multiprocessing:
        return
    _process.has_hooked_multiprocessing = True
    util = importlib.import_module("multiprocessing.util")
    util.Finalize(None, _write_all_at_exit, exitpriority=0)


def _write_all_at_exit() -> None:
    """Write everything. Who logs later, in an exit handler that was registered earlier, writes in its own thread."""
    _process.is_exiting = True
    workers = tuple(_process.workers)
    for worker in workers:
        worker.wait(wants_close=True)
    for worker in workers:
        worker.tell()


def _after_fork_in_child() -> None:
    _process.is_exiting = False
    _process.has_hooked_multiprocessing = False
    for worker in tuple(_process.workers):
        worker.after_fork()


atexit.register(_write_all_at_exit)
os.register_at_fork(after_in_child=_after_fork_in_child)
