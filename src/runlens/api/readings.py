"""What is read of the entries of many runs, once, and kept until a run has others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Generic, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from runlens.api.entries import Rows, rows_of_kind

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index
    from runlens.store.run import Run

Reading = TypeVar("Reading")
Version = tuple[tuple[str, int, int], ...]  # tag, generation and count of each series
Found = list[tuple[str, "Entry"]]  # tags and their entries


class Readings(Generic[Reading]):
    """One reading of each run that has entries of a kind.

    `is_tag` tells the tags of the kind by their names, so that others need no look; `read` is given the entries in
    the order of tags and files, without the index's lock.
    """

    def __init__(self, kind: str, is_tag: Callable[[str], bool], read: Callable[[Found], Reading]) -> None:
        self._kind = kind
        self._is_tag = is_tag
        self._read = read
        self._known: WeakKeyDictionary[Run, tuple[Version, Reading]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, index: Index, runs: Iterable[str]) -> dict[str, Reading]:
        """The readings of those of the runs that have any, by their names."""
        with self._lock:
            found: dict[str, Reading] = {}
            news: list[tuple[Run, Version, list[tuple[str, Rows]]]] = []
            with index.lock:
                for name in runs:
                    run = index.runs.get(name)
                    version = self._version(run) if run else ()
                    if run is None or not version:
                        continue
                    known = self._known.get(run)
                    if known is not None and known[0] == version:
                        found[name] = known[1]
                    else:
                        news.append((run, version, self._rows(run)))
            for run, version, places in news:
                entries = [(tag, entry) for tag, rows in places for entry in rows.take(np.arange(len(rows)))]
                found[run.name] = self._read(entries)
                self._known[run] = version, found[run.name]
            return found

    def _version(self, run: Run) -> Version:
        return tuple((tag, series.generation, series.count) for tag, series in run.entries.items() if self._is_tag(tag))

    def _rows(self, run: Run) -> list[tuple[str, Rows]]:
        return [
            (tag, rows)
            for tag, series in sorted(run.entries.items())
            if self._is_tag(tag)
            for rows in rows_of_kind(series, self._kind)
        ]
