"""The index of a logdir: its runs, kept up to date with the disk."""

from __future__ import annotations

import math
import os
import re
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from runlens.store.logdir import Found, find_event_files, is_event_file, look_at
from runlens.store.run import FollowedFile, Problem, Run, read_head
from runlens.wire.scan import Scan, give_memory_back

PIECE = 32 << 20  # bytes scanned between two looks at what else is to do

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


@dataclass(slots=True)
class Index:
    """Follows the event files below `root`.

    One thread calls `refresh`; it reads runs in parallel. Any thread may look, holding `lock` while it takes
    views of what it needs.
    """

    root: Path
    runs: dict[str, Run] = field(default_factory=dict)
    # Grows with every change. It starts at the time in ms, so that a restarted viewer's are not the old one's.
    revision: int = field(default_factory=lambda: time.time_ns() // 1_000_000)
    state: State = "loading"
    progress: Progress = field(default_factory=Progress)
    look_seconds: float = 0.0  # what the last look at the whole logdir took, without reading
    lock: threading.RLock = field(default_factory=threading.RLock)
    _listeners: list[Callable[[Change], None]] = field(default_factory=list)
    _unreadable: dict[Path, str] = field(default_factory=dict)
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
            return listed + [problem for run in self.sorted_runs() for problem in run.problems()]

    def sorted_runs(self) -> list[Run]:
        """All runs in natural order of their names."""
        return sorted(self.runs.values(), key=lambda run: natural_order(run.name))

    def refresh(self, paths: Iterable[Path] | None = None) -> None:
        """Bring the index up to date with the disk: all of it, or the given event files only."""
        if paths is not None:
            self._refresh_files([path for path in paths if is_event_file(path.name) and path.is_relative_to(self.root)])
            return
        unreadable: dict[Path, str] = {}
        began = time.monotonic()
        found = list(find_event_files(self.root, unreadable))
        self.look_seconds = time.monotonic() - began
        if unreadable != self._unreadable:
            self._unreadable = unreadable
            self._publish(frozenset(), tree=True)
        self._forget_missing({file.path for file in found})
        self._read(found)
        self._settle()

    def _refresh_files(self, paths: list[Path]) -> None:
        found = {path: look_at(path) for path in paths}
        if any(file is None for file in found.values()):
            self._forget([path for path, file in found.items() if file is None])
        self._read([file for file in found.values() if file is not None])

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
                gone.add(run.name)
                if not run.files:
                    del self.runs[run.name]
        if gone:
            self._publish(frozenset(gone), tree=True)

    def _read(self, found: list[Found]) -> None:
        """Read what changed, newest runs first, one thread a run."""
        by_run: dict[str, list[FollowedFile]] = {}
        for file in found:
            followed = self._follow(file)
            if followed is not None:
                by_run.setdefault(self._run_name(file.path), []).append(followed)
        if not by_run:
            return
        newest_first = sorted(by_run, key=lambda name: max(f.found.modified for f in by_run[name]), reverse=True)
        if len(newest_first) == 1:
            self._read_run(self.runs[newest_first[0]], by_run[newest_first[0]])
            return
        read_before = self.progress.bytes_read
        with ThreadPoolExecutor(os.cpu_count(), "runlens-read") as readers:
            list(readers.map(lambda name: self._read_run(self.runs[name], by_run[name]), newest_first))
        if self.progress.bytes_read - read_before > PIECE:
            give_memory_back()

    def _follow(self, found: Found) -> FollowedFile | None:
        """The file to be read, entered into its run; None when it has nothing new."""
        name = self._run_name(found.path)
        run = self.runs.get(name)
        known = run.files.get(found.path) if run else None
        if known is not None and not known.needs_reading(found):
            return None
        with self.lock:
            if run is None:
                run = self.runs[name] = Run(name)
                self.revision += 1
            if known is not None and known.is_replaced_by(found):
                self._unaccount(known)
                run.drop(found.path)
                known = None
            if known is None:
                known = run.files[found.path] = FollowedFile(found)
                self.progress.files_total += 1
                self.progress.bytes_total += found.size
            else:
                self.progress.bytes_total += found.size - known.found.size
                known.found = found
        return known

    def _read_run(self, run: Run, files: list[FollowedFile]) -> None:
        for file in sorted(files, key=lambda file: file.found.path):
            file.head = file.head or read_head(file.found.path)
            while not self._closing.is_set() and self._read_piece(run, file):
                pass
            with self.lock:
                self.progress.files_read = min(self.progress.files_read + 1, self.progress.files_total)

    def _read_piece(self, run: Run, file: FollowedFile) -> bool:
        """Read some of a file and publish it; false at its end."""
        before = file.offset
        try:
            scan: Scan = file.reader.advance(PIECE)
        except (OSError, MemoryError) as error:
            reason = getattr(error, "strerror", None) or "does not fit into memory"
            if file.error != reason:  # it is tried again each time, and told once
                file.error = reason
                self._publish(frozenset([run.name]), tree=True)
            return False
        with self.lock:
            is_new = not math.isfinite(run.start) or file.error is not None
            file.error = None
            tree = run.add(file, scan) or is_new
            self.progress.bytes_read += scan.offset - before
        if scan.scalars or scan.entries or tree:
            self._publish(frozenset([run.name]), tree)
        return not scan.at_end

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


def readable(path: Path) -> str:
    """A path as text that can be sent and shown, whatever bytes its names are made of."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def natural_order(name: str) -> list[tuple[bool, int, str]]:
    """A sort key that puts run2 before run10."""
    parts = re.split(r"(\d+)", name)
    return [(part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts]
