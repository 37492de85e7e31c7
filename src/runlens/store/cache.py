"""Keeps what was read of a logdir for the next start, outside the logdir. docs/store.md tells where and how."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import secrets
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from runlens import _kernel
from runlens.store.lock import Lock
from runlens.store.logdir import Found
from runlens.store.mapped import Joined, Stretch
from runlens.store.part import ENTRY, SCALAR, VERSION, Key, Part, Segment, SegmentWriter, Spoiled
from runlens.wire.scan import Entries, EventFile, Scan

log = logging.getLogger(__name__)

DEFAULT_SIZE: Final = 10 << 30  # bytes
INDEX: Final = "index"


@dataclass(slots=True)
class Saved:
    """Where the cache has what was read of a file: parts that follow each other, and the segments they are in."""

    parts: list[Part] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)

    @property
    def ends(self) -> int:
        """Bytes of the file that are kept."""
        return self.parts[-1].ends if self.parts else 0

    @property
    def is_whole(self) -> bool:
        """Whether that was all of the file, when it was saved."""
        return bool(self.parts) and self.parts[-1].is_whole

    def rows(self) -> dict[Key, int]:
        """How many rows of each table are kept."""
        counts: dict[Key, int] = {}
        for segment, part in zip(self.segments, self.parts, strict=True):
            for key, stretch in segment.tables(part):
                counts[key] = counts.get(key, 0) + len(stretch)
        return counts


@dataclass(slots=True)
class Known:
    """What is known of a file from an earlier start, ready to be gone on with."""

    reader: EventFile
    scan: Scan
    saved: Saved
    remarks: dict[str, Any]
    is_current: bool  # the file is as it was, and there is nothing more to read


class Cache:
    """The kept columns of one logdir, in a folder of their own: an index of segments, newest last.

    All viewers of a logdir read it; the first of them holds the lock and writes. Files are written once, under names
    that are never used again, and may be removed while others have them mapped. Whatever is not as it was written is
    as good as nothing.
    """

    def __init__(self, folder: Path, root: Path, most: int = DEFAULT_SIZE) -> None:
        """Open or begin the cache of the logdir `root` in `folder`, which all logdirs share, up to `most` bytes."""
        self.root = root
        self.most = most
        self.folder = folder / hashlib.blake2b(os.fsencode(root), digest_size=16).hexdigest()
        self.segments: list[Segment] = []
        self._index = b""  # as it was read or written last
        self._lock: Lock | None = None
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = Lock(self.folder / "lock")
            self._lock.hold()  # from now on no other viewer removes the folder to make room
        except OSError as error:
            log.warning("runlens: nothing is kept for the next start: %s: %s", self.folder, error.strerror)
        self._load()

    @property
    def may_write(self) -> bool:
        """Whether this viewer is the one that writes."""
        return self._lock is not None and self._lock.hold()

    def close(self) -> None:
        """Let another viewer write."""
        if self._lock is not None:
            self._lock.release()

    def take(self, found: Found) -> Known | None:
        """What is known of a file, if that is of this file and sound; None otherwise."""
        name = self.name_of(found.path)
        try:
            saved = self._saved(name)
            if not saved.parts or not _is_of(saved.parts[-1], found):
                return None
            if not all(segment.is_sound(part) for segment, part in zip(saved.segments, saved.parts, strict=True)):
                raise Spoiled(found.path)
            return _known(saved, found)
        except (Spoiled, ValueError, LookupError, TypeError, OSError) as error:
            log.debug("runlens: %r in the cache of %s", error, found.path)
            return None

    def name_of(self, path: Path) -> bytes:
        """By what the cache knows a file."""
        return os.fsencode(path.relative_to(self.root))

    def is_untouched(self) -> bool:
        """Whether the segments on disk are still those that this viewer knows."""
        try:
            return (self.folder / INDEX).read_bytes() == self._index
        except FileNotFoundError:
            return not self._index

    def begin_segment(self) -> SegmentWriter:
        """A new segment, to be entered with `publish`."""
        return SegmentWriter(self.folder / f"{secrets.token_hex(8)}.segment")

    def publish(self, segments: list[Segment]) -> None:
        """Let these segments be the cache, and remove files that are no part of it."""
        body = json.dumps({"logdir": str(self.root), "segments": [[s.path.name, s.size] for s in segments]}).encode()
        index = b"%d %08x\n" % (VERSION, _kernel.crc32c(body)) + body
        temporary = self.folder / f"{INDEX}.tmp"
        temporary.write_bytes(index)
        temporary.replace(self.folder / INDEX)
        self.segments, self._index = segments, index
        named = {segment.path.name for segment in segments} | {INDEX, "lock"}
        for path in self.folder.iterdir():
            if path.name not in named:
                _remove(path)

    def make_room(self) -> None:
        """Remove the caches of logdirs that were not looked at for longest until all fit, but none that is in use."""
        others = [folder for folder in self.folder.parent.iterdir() if folder.is_dir()]
        sizes = {folder: _size(folder) for folder in others}
        total = sum(sizes.values())
        for folder in sorted(others, key=_last_used):
            if total <= self.most:
                return
            if folder != self.folder and _remove_unused(folder):
                total -= sizes[folder]

    def _load(self) -> None:
        try:
            index = (self.folder / INDEX).read_bytes()
            head, _, body = index.partition(b"\n")
            if head != b"%d %08x" % (VERSION, _kernel.crc32c(body)):
                raise Spoiled(self.folder)
            self._index = index
            for name, size in json.loads(body)["segments"]:
                self.segments.append(Segment(self.folder / name, size))
            os.utime(self.folder / INDEX)  # it was used now
        except FileNotFoundError:
            pass
        except (Spoiled, OSError, ValueError) as error:
            log.debug("runlens: %r: the cache is begun anew", error)
        self._segments_of: dict[bytes, list[Segment]] = {}
        for segment in self.segments:
            for path in segment.paths:
                self._segments_of.setdefault(path, []).append(segment)

    def _saved(self, name: bytes) -> Saved:
        """The parts of a file that follow each other, from its start."""
        saved = Saved()
        for segment in self._segments_of.get(name, []):
            part = segment.part(name)
            if part.begins == 0:
                saved = Saved()
            if part.begins == saved.ends:
                saved.parts.append(part)
                saved.segments.append(segment)
        return saved


def default_folder() -> Path:
    """Where this platform wants caches to be."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "runlens" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "runlens"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "runlens"


def _is_of(part: Part, found: Found) -> bool:
    """Whether a file may be the one that a part was read from: the same, or grown. Its bytes are not looked at."""
    if part.identity != found.identity or found.size < part.size or found.size < part.ends:
        return False
    return found.size > part.size or found.modified_ns == part.modified


def _known(saved: Saved, found: Found) -> Known:
    part, segment = saved.parts[-1], saved.segments[-1]
    remarks = json.loads(segment.remarks(part))
    reader = EventFile(found.path, segment.state(part))
    scan = reader.known(part.first_time, part.last_time)
    stretches: dict[Key, list[Stretch]] = {}
    for segment, earlier in zip(saved.segments, saved.parts, strict=True):
        for key, stretch in segment.tables(earlier):
            stretches.setdefault(key, []).append(stretch)
    for (tag, shape), pieces in stretches.items():
        packed = pieces[0] if len(pieces) == 1 else Joined(pieces)
        if shape == SCALAR:
            scan.scalars[tag] = packed
        elif shape == ENTRY:
            scan.entries[tag] = Entries(*packed.columns())
    is_same = (found.size, found.modified_ns) == (part.size, part.modified)
    return Known(reader, scan, saved, remarks, is_same and part.is_whole)


def _last_used(folder: Path) -> int:
    with contextlib.suppress(OSError):
        return (folder / INDEX).stat().st_mtime_ns
    return 0


def _size(folder: Path) -> int:
    sizes = 0
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            with contextlib.suppress(OSError):
                sizes += path.stat().st_size
    return sizes


def _remove_unused(folder: Path) -> bool:
    """Remove the cache of another logdir, unless a viewer of it runs."""
    try:
        lock = Lock(folder / "lock")
        if not lock.hold():
            return False
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
    except OSError:
        return False
    return True


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):  # Windows does not let go of what is mapped
        path.unlink()
