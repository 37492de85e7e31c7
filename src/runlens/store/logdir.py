"""Finds the files below a directory that are read: event files, and those beside them that name tags."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runlens.wire.plugins import SIDE_FILES

Identity = tuple[int, int]  # device and inode
NOWHERE: Identity = (-1, -1)

CLOCK_STEP = 2.0  # s: file systems keep times no finer than this
TRASH = ".runlens-trash"  # where runs are put out of the way (see notes/trash.py): never read
GOOD_FOR = 60.0  # s: some network disks never change a directory's time, so each is listed now and then


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the file system shows it."""

    path: Path
    size: int  # bytes
    modified_ns: int  # since the epoch
    identity: Identity

    @property
    def modified(self) -> float:
        """When it was written last, in seconds since the epoch."""
        return self.modified_ns / 1e9


def is_event_file(name: str) -> bool:
    """Whether a file of this name is read: it holds `tfevents` and is not the mark that a profiler leaves."""
    return "tfevents" in name and not name.endswith(".profile-empty")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a directory held when it was listed."""

    modified: int  # ns since the epoch
    listed: float  # s since the epoch
    files: list[Path]  # by their names event files, or files that name tags
    directories: list[Path]

    def is_good(self, modified: int, now: float) -> bool:
        """Whether it need not be made again. A change just before it was made may not have changed the time."""
        return (
            modified == self.modified
            and modified / 1e9 < self.listed - CLOCK_STEP
            and self.listed <= now < self.listed + GOOD_FOR
        )


def find_files(root: Path, unreadable: dict[Path, str], listings: dict[Path, Listing] | None = None) -> Iterator[Found]:
    """All event files, and files beside them that name tags, at any depth below `root`, following links to directories.

    A link that leads back to a directory above itself is not followed again. What cannot be listed is noted in
    `unreadable` with its reason, and the search goes on. `listings`, kept from one search to the next, spares
    listing directories that did not change.
    """
    listings = {} if listings is None else listings
    seen: dict[Path, Listing] = {}
    to_search: list[tuple[Path, frozenset[Identity]]] = [(root, frozenset())]
    while to_search:
        directory, above = to_search.pop()
        here, listing = _list(directory, listings.get(directory), unreadable)
        if here in above or listing is None:
            continue
        seen[directory] = listing
        for path in listing.files:
            if found := look_at(path):
                yield found
        if listing.directories:
            inner = above | {here}
            to_search += [(inside, inner) for inside in listing.directories]
    listings.clear()
    listings.update(seen)


def look_at(path: Path) -> Found | None:
    """The file now; None when it is gone or is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return Found(path, status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino))


def _list(directory: Path, known: Listing | None, unreadable: dict[Path, str]) -> tuple[Identity, Listing | None]:
    """Which directory this is, and what it holds; nothing where it cannot be listed."""
    try:
        status, now = directory.stat(), time.time()
        here = (status.st_dev, status.st_ino)
        if known is not None and known.is_good(status.st_mtime_ns, now):
            return here, known
        with os.scandir(directory) as items:
            return here, _sort(items, status.st_mtime_ns, now)
    except FileNotFoundError:
        pass  # not there yet, or removed while we looked
    except OSError as error:
        unreadable[directory] = error.strerror or str(error)
    return NOWHERE, None


def _sort(items: Iterable[os.DirEntry[str]], modified: int, now: float) -> Listing:
    files: list[Path] = []
    directories: list[Path] = []
    for item in items:
        if _is_directory(item):
            if item.name != TRASH:
                directories.append(Path(item.path))
        elif is_event_file(item.name) or item.name in SIDE_FILES:
            files.append(Path(item.path))
        if item.is_symlink():
            now = 0.0  # where a link leads may change without the directory's knowing: it is listed each time
    return Listing(modified, now, files, directories)


def _is_directory(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False
