"""What the cache keeps of one event file, and the segment files in which it lies. docs/store.md tells the layout."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runlens import _kernel
from runlens.store.mapped import ColumnWriter, Mapping, Stretch

if TYPE_CHECKING:
    from runlens.store.logdir import Identity
    from runlens.store.mapped import Column

VERSION: Final = 1  # of the layout and of what scanning makes of a file: a cache of another is discarded
MAGIC: Final = b"runlens\n"

SCALAR, ENTRY = 0, 1
Key = tuple[int, int]  # number of a tag in its file; SCALAR or ENTRY
Rows = tuple[int, list[int], list[int]]  # count, and of each column its type and where it begins

# Magic, version, checksum of the list of parts, where the list begins, its length.
TRAILER: Final = struct.Struct("<8sIIQQ")
# Lengths of path, state and remarks, number of tables; device, inode, size, time, whether whole; begin, end; first and
# last time; where the columns begin, their length and checksum.
PART: Final = struct.Struct("<4I2Qqq?7x2q2d2QI4x")
# Tag, shape, number of columns; rows; types and beginnings of the columns.
TABLE: Final = struct.Struct("<IBB2xQ6B2x6Q")
COLUMNS: Final = 6  # at most


class Spoiled(Exception):
    """A file of the cache that is not as it was written, or of another version."""


@dataclass(slots=True)
class Part:
    """What was read of an event file from one byte to another, and all that is needed to read on."""

    path: bytes  # below the logdir
    identity: Identity
    size: int  # bytes of the event file when it was looked at
    modified: int  # ns since the epoch
    is_whole: bool  # it was read to its end
    begins: int  # bytes of the event file; what came before is in an earlier part
    ends: int
    first_time: float  # s since the epoch, of the whole file
    last_time: float
    state: bytes = b""  # of the reader
    remarks: bytes = b""  # damage and checkpoints of the whole file, as JSON
    rows: dict[Key, Rows] = field(default_factory=dict)
    start: int = 0  # the part's columns in the segment: first byte, length, CRC-32C
    length: int = 0
    checksum: int = 0


class Segment:
    """A file of the cache: columns of many parts, then a list of the parts. Written once."""

    def __init__(self, path: Path, file_size: int) -> None:
        """Open a segment.

        Raises:
            Spoiled: it is not what was written.
            OSError: it cannot be opened.
        """
        self.path = path
        self.size = file_size
        with path.open("rb") as file:
            if file.seek(0, 2) != file_size or file_size < TRAILER.size:
                raise Spoiled(path)
            self.mapping = Mapping(file, path.parent)
        magic, version, checksum, start, length = TRAILER.unpack_from(self.mapping.bytes, file_size - TRAILER.size)
        if magic != MAGIC or version != VERSION or start + length + TRAILER.size != file_size:
            raise Spoiled(path)
        listed = self.mapping.bytes[start : start + length]
        if _kernel.crc32c(listed) != checksum:
            raise Spoiled(path)
        self.columns_size = start
        self._listed = listed
        self._places = dict(self._list())

    @property
    def paths(self) -> list[bytes]:
        """The event files of which it has a part."""
        return list(self._places)

    def part(self, path: bytes) -> Part:
        """The part of an event file. Its columns are not checked."""
        at = self._places[path]
        head = PART.unpack_from(self._listed, at)
        at += PART.size + head[0]
        state, remarks = self._listed[at : at + head[1]], self._listed[at + head[1] : at + head[1] + head[2]]
        at += head[1] + head[2]
        device, inode, size, modified, is_whole, begins, ends, first, last, start, length, checksum = head[4:]
        part = Part(path, (device, inode), size, modified, is_whole, begins, ends, first, last, state, remarks)
        part.start, part.length, part.checksum = start, length, checksum
        for table in TABLE.iter_unpack(self._listed[at : at + head[3] * TABLE.size]):
            part.rows[table[:2]] = table[3], list(table[4 : 4 + table[2]]), list(table[10 : 10 + table[2]])
        return part

    def is_sound(self, part: Part) -> bool:
        """Whether the columns of a part are as they were written."""
        return part.length == 0 or self.mapping.checksum(part.start, part.length) == part.checksum

    def stretch(self, rows: Rows) -> Stretch:
        """Rows of one of its parts."""
        return Stretch(self.mapping, *rows)

    def _list(self) -> Iterator[tuple[bytes, int]]:
        """Where each part is described."""
        at = 0
        while at < len(self._listed):
            path, state, remarks, tables = struct.unpack_from("<4I", self._listed, at)
            yield self._listed[at + PART.size : at + PART.size + path], at
            at += PART.size + path + state + remarks + tables * TABLE.size


class SegmentWriter:
    """Writes a segment, part by part. Use it in a `with`; without `finish` nothing remains."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_suffix(".tmp")
        self._file = self._temporary.open("w+b")
        self._columns = ColumnWriter(self._file)
        self._parts: list[Part] = []

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def add(self, part: Part, tables: dict[Key, list[Column]]) -> None:
        """Write a part with the rows of its tables.

        Raises:
            OSError: the disk is full.
        """
        part.start = self._columns.size
        for key, columns in tables.items():
            part.rows[key] = len(columns[0]), *self._columns.write(columns)
        part.length = self._columns.size - part.start
        self._columns.end_of_sharing()
        self._parts.append(part)

    def finish(self) -> Segment:
        """Complete the segment and open it. Checksums are of what the file gives back."""
        start = self._columns.size
        self._file.flush()
        if start:
            written = Mapping(self._file, self.path.parent)
            for part in self._parts:
                part.checksum = written.checksum(part.start, part.length) if part.length else 0
        listed = b"".join(map(_described, self._parts))
        trailer = TRAILER.pack(MAGIC, VERSION, _kernel.crc32c(listed), start, len(listed))
        self._file.write(listed + trailer)
        self._file.close()
        self._temporary.replace(self.path)
        return Segment(self.path, start + len(listed) + TRAILER.size)


def _described(part: Part) -> bytes:
    lengths = len(part.path), len(part.state), len(part.remarks), len(part.rows)
    head = PART.pack(
        *lengths, *part.identity, part.size, part.modified, part.is_whole, part.begins, part.ends,
        part.first_time, part.last_time, part.start, part.length, part.checksum,
    )  # fmt: skip
    tables = []
    for (tag, shape), (count, types, offsets) in part.rows.items():
        unused = [0] * (COLUMNS - len(types))
        tables.append(TABLE.pack(tag, shape, len(types), count, *types, *unused, *offsets, *unused))
    return b"".join([head, part.path, part.state, part.remarks, *tables])
