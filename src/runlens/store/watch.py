"""Keeps an index up to date: by change notices where the system gives them, by looking everywhere else."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import watchfiles

from runlens.store.index import Index

log = logging.getLogger(__name__)

NOTICE_DEBOUNCE = 100  # ms during which notices are gathered
LOOKING_SHARE = 200  # looking everywhere takes at most one part in so many of a core
RETRY = 1.0  # s until notices are tried again, where they cannot be had


class Follower:
    """Two daemon threads: one hears of changes, one reads them.

    Notices make it fast. Looking at the whole logdir every `reload_interval` seconds makes it sure: network disks
    give no notices, and notices get lost. Where looking everywhere is dear it is done less often; the files that were
    written last are looked at each time.
    """

    def __init__(self, index: Index, reload_interval: float) -> None:
        self._index = index
        self._interval = reload_interval
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._noticed: set[Path] = set()
        self._threads = [threading.Thread(target=self._read, name="runlens-follow", daemon=True)]
        if reload_interval > 0:
            self._threads.append(threading.Thread(target=self._hear, name="runlens-hear", daemon=True))

    def start(self) -> None:
        """Begin with a first scan, in the background."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End both threads and wait for them."""
        self._stop.set()
        self._wake.set()
        self._index.close()
        for thread in self._threads:
            thread.join()

    def _read(self) -> None:
        while not self._stop.is_set():
            self._refresh()
            if self._interval == 0:
                return
            pause = max(self._interval, LOOKING_SHARE * self._index.look_seconds)
            self._read_noticed(time.monotonic() + pause, set(self._index.growing()))

    def _read_noticed(self, until: float, growing: set[Path]) -> None:
        """Read what notices name, and what grows without one, until it is time to look everywhere again."""
        while not self._stop.is_set() and (left := until - time.monotonic()) > 0:
            if not self._wake.wait(min(left, self._interval)):
                if left > self._interval:
                    self._refresh(growing)
                continue
            self._wake.clear()
            with self._lock:
                noticed, self._noticed = self._noticed, set()
            if any(path.is_dir() for path in noticed):
                return  # a directory appeared: what it already holds gave no notice
            self._refresh(noticed)

    def _refresh(self, paths: set[Path] | None = None) -> None:
        try:
            self._index.refresh(paths)
        except Exception as error:  # a mistake of ours must not end the thread that keeps the page alive
            log.error("runlens: %r while reading %s; it goes on", error, self._index.root)

    def _hear(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear_notices()
            except (OSError, RuntimeError):  # no such directory yet, or no notices on this system
                self._stop.wait(RETRY)

    def _hear_notices(self) -> None:
        root = self._index.root
        for changes in watchfiles.watch(
            root, watch_filter=None, debounce=NOTICE_DEBOUNCE, step=20, stop_event=self._stop
        ):
            with self._lock:
                self._noticed |= {Path(path) for _, path in changes}
            self._wake.set()
            if (watchfiles.Change.deleted, str(root)) in changes:
                return  # should it be made anew, no notice of that would come here
