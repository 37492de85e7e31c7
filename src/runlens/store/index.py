"""The index of a logdir: its runs, kept up to date with the disk."""

from __future__ import annotations

import contextlib
import gc
import heapq
import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

from runlens.store.beside import SideFile, is_side_file, read_side_file, run_folder
from runlens.store.cache import Cache
from runlens.store.logdir import TRASH, Found, Listing, find_files, is_event_file, look_at
from runlens.store.mapped import forget_pages
from runlens.store.memory import Memory
from runlens.store.queue import ReadingQueue, Task, drain, workers_for
from runlens.store.run import FollowedFile, Problem, Run
from runlens.wire.scan import Replaced, Scan, give_memory_back

PIECE = 32 << 20  # bytes scanned between two looks at what else is to do

MOST_GROWING = 100  # files looked at each time, whatever else there is
STILL_GROWING = 3600.0  # s since a file was written last

State = Literal["missing", "loading", "ready"]


@dataclass(frozen=True, slots=True)
class Change:
    """What became different: runs with new data, and whether the lists of runs, tags or problems did."""

    revision: int
    runs: frozenset[str]
    tree: bool


@dataclass(slots=True)
class Progress:
    """How far the reading is; bytes and files known so far."""

    bytes_read: int = 0
    bytes_total: int = 0
    files_read: int = 0
    files_total: int = 0
    _began: float = field(default_factory=time.monotonic)
    _bytes_before: int = 0

    def begin(self) -> None:
        """Measure the speed from here on."""
        self._began, self._bytes_before = time.monotonic(), self.bytes_read

    def seconds_left(self) -> float | None:
        """How long the rest takes at the speed so far; None before there is one."""
        done = self.bytes_read - self._bytes_before
        if done <= 0:
            return None
        return max(0, self.bytes_total - self.bytes_read) * (time.monotonic() - self._began) / done


@dataclass(slots=True)
class Index:
    """Follows the event files below `root`.

    One thread calls `refresh`; it reads runs in parallel. Any thread may look, holding `lock` while it takes
    views of what it needs.
    """

    root: Path
    cache: Cache | None = None
    memory: Memory | None = None
    runs: dict[str, Run] = field(default_factory=dict)
    # Grows with every change. It starts at the time in ms, so that a restarted viewer's are not the old one's.
    revision: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    state: State = "loading"
    progress: Progress = field(default_factory=Progress)
    look_seconds: float = 0.0  # what the last look at the whole logdir took, without reading
    lock: threading.RLock = field(default_factory=threading.RLock)
    _listeners: list[Callable[[Change], None]] = field(default_factory=list)
    _unreadable: dict[Path, str] = field(default_factory=dict)
    _followed: dict[Path, FollowedFile] = field(default_factory=dict)
    _side_files: dict[Path, SideFile] = field(default_factory=dict)
    _listings: dict[Path, Listing] = field(default_factory=dict)
    _queue: ReadingQueue[tuple[FollowedFile, Run]] | None = None
    _closing: threading.Event = field(default_factory=threading.Event)

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call `listener` after every change, from the reading threads. Returns what ends it."""
        with self.lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self.lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def close(self) -> None:
        """Let a refresh that is under way end soon, wherever it is."""
        self._closing.set()

    def problems(self) -> list[Problem]:
        """What could not be read, by run and file."""
        with self.lock:
            listed = [Problem(path, None, None, reason) for path, reason in sorted(self._unreadable.items())]
            troubled = [run for run in self.runs.values() if run.has_problems()]
            troubled.sort(key=lambda run: natural_order(run.name))
            return listed + [problem for run in troubled for problem in run.problems()]

    def sorted_runs(self) -> list[Run]:
        """All runs in natural order of their names."""
        return sorted(self.runs.values(), key=lambda run: natural_order(run.name))

    def refresh(self, paths: Iterable[Path] | None = None) -> None:
        """Bring the index up to date with the disk: all of it, or the given event files only."""
        if paths is not None:
            below = {
                path
                for path in paths
                if path.is_relative_to(self.root) and TRASH not in path.relative_to(self.root).parts
            }
            self._refresh_files([path for path in below if is_event_file(path.name)])
            self._refresh_side_files(below)
            return
        unreadable: dict[Path, str] = {}
        began = time.monotonic()
        files = list(find_files(self.root, unreadable, self._listings))
        found = [file for file in files if not is_side_file(file.path.name)]
        changed = [file for file in found if self._is_news(file)]
        self.look_seconds = time.monotonic() - began
        if unreadable != self._unreadable:
            self._unreadable = unreadable
            self._publish(frozenset(), tree=True)
        if len(found) - len(changed) != len(self._followed) or changed:
            self._forget_missing({file.path for file in found})
        self._look_beside({file.path: file for file in files if is_side_file(file.path.name)}, set(self._side_files))
        self._read(changed)
        self._settle()

    def growing(self) -> list[Path]:
        """The files that were written last, if that was not long ago: where the next points are to be expected."""
        with self.lock:
            newest = heapq.nlargest(MOST_GROWING, self._followed.values(), key=lambda file: file.found.modified)
        return [file.found.path for file in newest if time.time() - file.found.modified < STILL_GROWING]

    def _is_news(self, found: Found) -> bool:
        known = self._followed.get(found.path)
        return known is None or known.needs_reading(found)

    def _refresh_files(self, paths: list[Path]) -> None:
        found = {path: look_at(path) for path in paths}
        if any(file is None for file in found.values()):
            self._forget([path for path, file in found.items() if file is None])
        self._read([file for file in found.values() if file is not None and self._is_news(file)])

    def _settle(self) -> None:
        state: State = "ready" if self.root.is_dir() else "missing"
        if state != self.state:
            self.state = state
            self._publish(frozenset(), tree=True)

    def _forget_missing(self, present: set[Path]) -> None:
        self._forget([path for run in self.runs.values() for path in run.files if path not in present])

    def _forget(self, paths: list[Path]) -> None:
        gone: set[str] = set()
        with self.lock:
            for path in paths:
                run = self.runs.get(self._run_name(path))
                if run is None or path not in run.files:
                    continue
                self._unaccount(run.files[path])
                run.drop(path)
                del self._followed[path]
                gone.add(run.name)
                self._leave_empty(run)
        if gone:
            self._publish(frozenset(gone), tree=True)

    def _leave_empty(self, run: Run) -> None:
        """A run of which nothing is left is none."""
        if not run.files and not run.side_files:
            del self.runs[run.name]

    def _refresh_side_files(self, paths: set[Path]) -> None:
        """Look at the side files among the paths, and at those that name one of them."""
        known = {path for path, side in self._side_files.items() if path in paths or not paths.isdisjoint(side.parts)}
        found = {path: look_at(path) for path in known | {path for path in paths if is_side_file(path.name)}}
        self._look_beside({path: file for path, file in found.items() if file}, known)

    def _look_beside(self, found: dict[Path, Found], known: set[Path]) -> None:
        """Take in side files that are there now; those that were known and are not among them are gone."""
        news: set[str] = set()
        tree = False
        for path in known | set(found):
            side = self._side_files.get(path)
            if path in found and side is not None and not side.needs_reading(found[path]):
                if side.parts_changed():
                    news.add(self._side_run_name(path))
                continue
            read = read_side_file(found[path]) if path in found else None
            if side is not None and read is not None and side.error == read.error and side.found == read.found:
                continue  # unreadable, as it was
            self._enter_side_file(path, read)
            news.add(self._side_run_name(path))
            tree = True
        if news:
            self._publish(frozenset(news), tree)

    def _enter_side_file(self, path: Path, side: SideFile | None) -> None:
        name = self._side_run_name(path)
        with self.lock:
            run = self.runs.setdefault(name, Run(name))
            if side is None:
                self._side_files.pop(path, None)
                run.side_files.pop(path, None)
                self._leave_empty(run)
            else:
                self._side_files[path] = run.side_files[path] = side

    def _side_run_name(self, path: Path) -> str:
        folder = run_folder(path)
        return readable((folder if folder.is_relative_to(self.root) else path.parent).relative_to(self.root))

    def want(self, runs: Iterable[str]) -> None:
        """Read these runs next, as far as they are not read yet: somebody looks at them."""
        if self._queue is not None:
            self._queue.ask(runs)

    def _read(self, found: list[Found]) -> None:
        """Read what changed: what is asked for, then the newest runs."""
        if not found:
            return
        changed = [self._follow(file) for file in found]
        ages: dict[str, float] = {}
        for file, run in changed:
            ages[run.name] = min(ages.get(run.name, math.inf), -file.found.modified)
        left = sum(file.found.size - file.offset for file, _ in changed)
        queue: ReadingQueue[tuple[FollowedFile, Run]] = ReadingQueue(workers_for(len(changed), left))
        self._queue = queue
        for reading in changed:
            file, run = reading
            queue.put(Task(reading, run.name, ages[run.name], file.found.size - file.offset))
        self.progress.begin()
        with collecting_paused(left > PIECE):
            drain(queue, self._read_some)
        self._queue = None
        if left > PIECE:
            give_memory_back()
            forget_pages()

    def _read_some(self, reading: tuple[FollowedFile, Run]) -> int | None:
        """Read a piece of a file; what is left then, or None at its end."""
        file, run = reading
        is_known = file.is_new and self._resume(run, file)
        file.is_new = False
        if not is_known and not self._closing.is_set() and self._read_piece(run, file):
            return max(0, file.found.size - file.offset)
        with self.lock:
            self.progress.files_read = min(self.progress.files_read + 1, self.progress.files_total)
        return None

    def _resume(self, run: Run, file: FollowedFile) -> bool:
        """Take in what the cache has of a file; true when that is all of it."""
        known = self.cache.take(file.found) if self.cache else None
        if known is None:
            return False
        with file.lock, self.lock:
            run.resume(file, known)
            self.progress.bytes_read += file.offset
        self._publish(frozenset([run.name]), tree=True)
        return known.is_current

    def _follow(self, found: Found) -> tuple[FollowedFile, Run]:
        """The file to be read, entered into its run."""
        name = self._run_name(found.path)
        run = self.runs.get(name)
        known = self._followed.get(found.path)
        with self.lock:
            if run is None:
                run = self.runs[name] = Run(name)
                self.revision += 1
            if known is not None and known.is_replaced_by(found):
                self._unaccount(known)
                run.drop(found.path)
                known = None
            if known is None:
                known = run.files[found.path] = self._followed[found.path] = FollowedFile(found)
                self.progress.files_total += 1
                self.progress.bytes_total += found.size
            else:
                self.progress.bytes_total += found.size - known.found.size
                known.found = found
        return known, run

    def _read_piece(self, run: Run, file: FollowedFile) -> bool:
        """Read some of a file and publish it; false at its end."""
        try:
            with file.lock:
                scan = file.reader.advance(PIECE)
                tree = self._take_in(run, file, scan)
        except Replaced:
            self._begin_anew(run, file)
            return True
        except (OSError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or "does not fit into memory"
            if file.error != reason:  # it is tried again each time, and told once
                file.error = reason
                self._publish(frozenset([run.name]), tree=True)
            return False
        if scan.scalars or scan.entries or tree:
            self._publish(frozenset([run.name]), tree)
        if self.memory is not None:
            self.memory.note(self, run)
        return not scan.at_end

    def _take_in(self, run: Run, file: FollowedFile, scan: Scan) -> bool:
        """Enter what was found; true when the lists of runs, tags or problems became different."""
        with self.lock:
            is_new = not math.isfinite(run.start) or file.error is not None
            file.error = None
            self.progress.bytes_read += scan.offset - file.offset
            return run.add(file, scan) or is_new

    def _begin_anew(self, run: Run, file: FollowedFile) -> None:
        """What was read of a file is no longer there: forget it, and read the file from its start."""
        with file.lock, self.lock:
            self.progress.bytes_read -= file.offset
            run.drop(file.found.path)
            file.begin()
            run.files[file.found.path] = file
        self._publish(frozenset([run.name]), tree=True)

    def _unaccount(self, file: FollowedFile) -> None:
        self.progress.files_total -= 1
        self.progress.files_read = max(0, self.progress.files_read - 1)
        self.progress.bytes_total -= file.found.size
        self.progress.bytes_read -= file.offset

    def _publish(self, runs: frozenset[str], tree: bool) -> None:
        with self.lock:
            self.revision += 1
            change = Change(self.revision, runs, tree)
            listeners = list(self._listeners)
        for listener in listeners:
            listener(change)

    def _run_name(self, path: Path) -> str:
        return readable(path.parent.relative_to(self.root))


@contextlib.contextmanager
def collecting_paused(is_worth_it: bool) -> Iterator[None]:
    """Without the garbage collector, which would walk over a growing index again and again: a third of the time."""
    was_enabled = gc.isenabled()
    if is_worth_it:
        gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def readable(path: Path) -> str:
    """A path as text that can be sent and shown, whatever bytes its names are made of."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


@lru_cache(maxsize=1 << 16)
def natural_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A sort key that puts run2 before run10."""
    parts = re.split(r"(\d+)", name)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)
