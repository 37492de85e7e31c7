"""Finds the event files below a directory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

Identity = tuple[int, int]  # device and inode
NOWHERE: Identity = (-1, -1)


@dataclass(frozen=True, slots=True)
class Found:
    """A file as the file system shows it."""

    path: Path
    size: int  # bytes
    modified: float  # seconds since the epoch
    identity: Identity


def is_event_file(name: str) -> bool:
    """Whether a file of this name is read: it holds `tfevents` and is not the mark that a profiler leaves."""
    return "tfevents" in name and not name.endswith(".profile-empty")


def find_event_files(root: Path, unreadable: dict[Path, str]) -> Iterator[Found]:
    """All event files at any depth below `root`, following links to directories.

    A link that leads back to a directory above itself is not followed again. What cannot be listed is noted in
    `unreadable` with its reason, and the search goes on.
    """
    to_search: list[tuple[Path, frozenset[Identity]]] = [(root, frozenset())]
    while to_search:
        directory, above = to_search.pop()
        here, items = _list(directory, unreadable)
        if here in above:
            continue
        for item in items:
            if is_event_file(item.name) and (found := look_at(Path(item.path))):
                yield found
            elif _is_directory(item):
                to_search.append((Path(item.path), above | {here}))


def look_at(path: Path) -> Found | None:
    """The file now; None when it is gone or is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    if not path.is_file():
        return None
    return Found(path, status.st_size, status.st_mtime, (status.st_dev, status.st_ino))


def _list(directory: Path, unreadable: dict[Path, str]) -> tuple[Identity, list[os.DirEntry[str]]]:
    """Which directory this is, and what it holds; nothing where it cannot be listed."""
    try:
        status = directory.stat()
        with os.scandir(directory) as listing:
            return (status.st_dev, status.st_ino), list(listing)
    except FileNotFoundError:
        pass  # not there yet, or removed while we looked
    except OSError as error:
        unreadable[directory] = error.strerror or str(error)
    return NOWHERE, []


def _is_directory(item: os.DirEntry[str]) -> bool:
    try:
        return item.is_dir()
    except OSError:
        return False
