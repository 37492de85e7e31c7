"""Starts with a cache, compared with starts without one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from runlens.store.cache import Cache
from runlens.store.index import Index
from runlens.store.keep import save
from runlens.wire.scan import EventFile, Scan
from tests.support import DATA, comparable, random_walk, write_scalars


@contextmanager
def opened(root: Path, caches: Path, most: int = 1 << 30) -> Iterator[Index]:
    """The index as a viewer has it that starts now; what it read is saved at the end."""
    index = Index(root, Cache(caches, root, most))
    index.refresh()
    assert index.cache is not None
    try:
        yield index
        save(index, index.cache)
    finally:
        index.cache.close()


def everything(index: Index) -> dict[str, Any]:
    """All that an index says of its logdir."""
    found: dict[str, Any] = {"problems": index.problems()}
    for name, run in index.runs.items():
        found[name] = {
            "times": (run.start, run.end, run.points),
            "scalars": {tag: (series.tag, comparable(*series.columns())) for tag, series in run.scalars.items()},
            "entries": {
                tag: (series.tag, series.shapes(), [column.tolist() for column in series.columns()])
                for tag, series in run.entries.items()
            },
        }
    return found


def read_without_cache(root: Path) -> dict[str, Any]:
    index = Index(root)
    index.refresh()
    return everything(index)


def check(root: Path, caches: Path) -> int:
    """Start with the cache, compare with a start without; how many bytes of logs were scanned."""
    with counting() as scanned, opened(root, caches) as index:
        assert everything(index) == read_without_cache_uncounted(root, scanned)
    return sum(scanned)


def read_without_cache_uncounted(root: Path, scanned: list[int]) -> dict[str, Any]:
    before = len(scanned)
    found = read_without_cache(root)
    del scanned[before:]
    return found


@contextmanager
def counting() -> Iterator[list[int]]:
    """The bytes that each call scanned."""
    advance, known = EventFile.advance, EventFile.known
    scanned: list[int] = []
    at: dict[int, int] = {}

    def note_known(file: EventFile, first_time: float, last_time: float) -> Scan:
        scan = known(file, first_time, last_time)
        at[id(file)] = scan.offset
        return scan

    def note_advance(file: EventFile, limit: int) -> Scan:
        scan = advance(file, limit)
        scanned.append(scan.offset - at.get(id(file), 0))
        at[id(file)] = scan.offset
        return scan

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventFile, "advance", note_advance)
        patch.setattr(EventFile, "known", note_known)
        yield scanned


def fill(root: Path) -> list[Path]:
    """Three runs: two with curves, one with all that torch logs."""
    for number in range(2):
        for tag in ("loss", "größe"):
            write_scalars(root / f"run{number}" / "tfevents", tag, random_walk(50, number), append=True)
    shutil.copytree(DATA / "torch" / "media", root / "media")
    return sorted(root.rglob("*tfevents*"))


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)
