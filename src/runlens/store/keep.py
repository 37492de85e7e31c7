"""Saves what was read into the cache, in the background, a while after the reading has settled."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from runlens.store.cache import Cache, Saved
from runlens.store.index import Change, Index
from runlens.store.part import ENTRY, SCALAR, Key, Part, Segment, SegmentWriter
from runlens.store.run import FollowedFile, Run
from runlens.store.table import Table
from runlens.wire.scan import EventFile, give_memory_back

log = logging.getLogger(__name__)

QUIET: Final = 0.5  # s without a change after which it is saved
PATIENCE: Final = 20.0  # s after which it is saved though there is no quiet
PAUSE: Final = 5.0  # s between two savings, at least
SHARE: Final = 50  # saving takes at most one part in so many of a core
SHRINKAGE: Final = 0.4  # bytes of columns for a byte of an event file, about


@dataclass(slots=True)
class Writing:
    """A part on its way into a segment."""

    file: FollowedFile
    reader: EventFile  # by which one knows whether the file was begun anew meanwhile
    before: Saved
    part: Part
    whole_tables: dict[Key, Table]  # those of which all rows are in the part


class Keeper:
    """A daemon thread that hears of changes and saves them. An idle logdir does not wake it."""

    def __init__(self, index: Index, cache: Cache) -> None:
        self._index = index
        self._cache = cache
        self._may_begin = not cache.segments  # before all was read, only a cache that holds nothing yet may be written
        self._news = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="runlens-keep", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._unsubscribe = self._index.subscribe(self._hear)
        self._thread.start()

    def stop(self) -> None:
        """Save what came last, and let another viewer save from now on."""
        self._stop.set()
        self._news.set()
        self._thread.join()
        self._unsubscribe()
        self._try_to_save()
        self._cache.close()

    def _hear(self, _: Change) -> None:
        self._news.set()

    def _run(self) -> None:
        while True:
            self._news.wait()
            until = time.monotonic() + PATIENCE
            while not self._stop.is_set() and self._news.is_set() and time.monotonic() < until:
                self._news.clear()
                self._stop.wait(QUIET)
            self._news.clear()
            if self._stop.is_set():
                return
            if self._index.state == "loading":
                self._news.set()
                continue
            began = time.monotonic()
            self._try_to_save()
            self._stop.wait(max(PAUSE, SHARE * (time.monotonic() - began)))

    def _try_to_save(self) -> None:
        try:
            save(self._index, self._cache, self._may_begin)
        except OSError as error:
            log.debug("runlens: not saved: %s", error)


def save(index: Index, cache: Cache, may_begin: bool = True) -> None:
    """Bring the cache up to date with the index, if this viewer is the one that writes.

    Only what is new is written, and with it those of the newest segments that are not twice as large as all after
    them: each byte is written again but a few times, however long a log grows. Columns that are saved whole are
    let go of in memory.

    Raises:
        OSError: it cannot be written.
    """
    if not (index.state == "ready" or may_begin) or not cache.may_write:
        return
    if not cache.is_untouched():
        _forget_saved(index, cache)
    fresh = sum(file.offset - file.saved.ends for _, file in _files(index) if not file.is_saved)
    if fresh == 0 and all(file.is_saved for _, file in _files(index)):
        return
    kept = _segments_to_keep(index, cache, fresh * SHRINKAGE)
    if sum(segment.size for segment in kept) + fresh * SHRINKAGE > cache.most:
        log.debug("runlens: not saved: more than the %d bytes that the cache may have", cache.most)
        return
    with cache.begin_segment() as writer:
        written = [item for run, file in _files(index) if (item := _write(index, run, file, kept, writer))]
        segment = writer.finish()
    cache.publish([*kept, segment])
    _settle(index, segment, written)
    give_memory_back()
    cache.make_room()


def _files(index: Index) -> Iterator[tuple[Run, FollowedFile]]:
    with index.lock:
        runs = list(index.runs.values())
    for run in runs:
        with index.lock:
            files = list(run.files.values())
        for file in files:
            yield run, file


def _forget_saved(index: Index, cache: Cache) -> None:
    """Another viewer wrote since: what it wrote is replaced as a whole."""
    cache.segments = []
    for _, file in _files(index):
        file.saved = Saved()


def _segments_to_keep(index: Index, cache: Cache, size: float) -> list[Segment]:
    live = sum(part.length for _, file in _files(index) for part in file.saved.parts)
    if 2 * live < sum(segment.columns_size for segment in cache.segments):
        return []  # most of it is of files that are gone or were replaced
    kept = list(cache.segments)
    while kept and kept[-1].size < 2 * size:
        size += kept.pop().size
    return kept


def _write(index: Index, run: Run, file: FollowedFile, kept: list[Segment], writer: SegmentWriter) -> Writing | None:
    """Write what of a file is not in the segments that are kept."""
    with file.lock, index.lock:
        in_kept = sum(segment in kept for segment in file.saved.segments)
        is_followed = run.files.get(file.found.path) is file
        if not is_followed or file.offset == 0 or (file.is_saved and in_kept == len(file.saved.parts)):
            return None
        before = Saved(file.saved.parts[:in_kept], file.saved.segments[:in_kept])
        tables = _tables(run, file)
        rows = before.rows()
        views = {key: [column[rows.get(key, 0) :] for column in table.view()] for key, table in tables.items()}
        part = _describe(file, before.ends, os.fsencode(file.found.path.relative_to(index.root)))
        reader, remarks = file.reader, _remarks(file)
        state = reader.state()
    writer.add(part, state, remarks, {key: columns for key, columns in views.items() if len(columns[0])})
    return Writing(file, reader, before, part, {key: table for key, table in tables.items() if key not in rows})


def _describe(file: FollowedFile, begins: int, name: bytes) -> Part:
    found = file.found
    return Part(
        name, found.identity, found.size, found.modified_ns, file.is_whole, begins, file.offset,
        file.first_time, file.last_time,
    )  # fmt: skip


def _remarks(file: FollowedFile) -> bytes:
    remarks = {
        "damage": [[damage.offset, damage.length, damage.reason] for damage in file.damage],
        "checkpoints": [[point.offset, point.records, point.rows] for point in file.checkpoints],
    }
    return json.dumps(remarks).encode()


def _tables(run: Run, file: FollowedFile) -> dict[Key, Table]:
    """The tables of a file. Two tags whose names read the same share one, which goes by the first of them."""
    tables: dict[Key, Table] = {}
    seen: set[str] = set()
    for number, tag in file.tags.items():
        if tag.name in seen:
            continue
        seen.add(tag.name)
        for shape, series in ((SCALAR, run.scalars.get(tag.name)), (ENTRY, run.entries.get(tag.name))):
            if series is not None and series.rows_of(file.found.path):
                tables[number, shape] = series.table_of(file.found.path)
    return tables


def _settle(index: Index, segment: Segment, written: list[Writing]) -> None:
    """Note what is saved, and let go of memory whose content is."""
    for item in written:
        with index.lock:
            if item.file.reader is not item.reader:
                continue  # it was begun anew meanwhile
            part, before = segment.part(item.part.path), item.before
            item.file.saved = Saved([*before.parts, part], [*before.segments, segment])
            for key, stretch in segment.tables(part):
                if key in item.whole_tables:
                    item.whole_tables[key].move(stretch)
