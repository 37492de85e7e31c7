"""What the cache keeps of one event file, and the segment files in which it lies. docs/store.md tells the layout."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
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

# Magic, version, checksum of the list of parts, where the list begins, its length.
TRAILER: Final = struct.Struct("<8sIIQQ")
# Lengths of path, state and remarks, number of tables; device, inode, size, time, whether whole; begin, end; first and
# last time; where the columns begin, their length and checksum.
PART: Final = struct.Struct("<4I2Qqq?7x2q2d2QI4x")
LENGTHS: Final = struct.Struct("<4I")  # those of a part
# Tag, shape, number of columns; rows; types and beginnings of the columns.
TABLE: Final = struct.Struct("<IBB2xQ6B2x6Q")
COLUMNS: Final = 6  # at most


class Spoiled(Exception):
    """A file of the cache that is not as it was written, or of another version."""


@dataclass(slots=True)
class Part:
    """What was read of an event file from one byte to another. There may be ten thousand, so it holds little."""

    path: bytes  # below the logdir
    identity: Identity
    size: int  # bytes of the event file when it was looked at
    modified: int  # ns since the epoch
    is_whole: bool  # it was read to its end
    begins: int  # bytes of the event file; what came before is in an earlier part
    ends: int
    first_time: float  # s since the epoch, of the whole file
    last_time: float
    start: int = 0  # the part's columns in the segment: first byte, length, CRC-32C
    length: int = 0
    checksum: int = 0
    state_at: int = 0  # where the segment has what is needed to read on; see `Segment`


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
        self._bytes = memoryview(self.mapping.bytes)
        magic, version, checksum, start, length = TRAILER.unpack_from(self._bytes, file_size - TRAILER.size)
        if magic != MAGIC or version != VERSION or start + length + TRAILER.size != file_size:
            raise Spoiled(path)
        if length and self.mapping.checksum(start, length) != checksum:
            raise Spoiled(path)
        self.columns_size = start
        self._places = dict(self._list())

    @property
    def paths(self) -> list[bytes]:
        """The event files of which it has a part."""
        return list(self._places)

    def part(self, path: bytes) -> Part:
        """The part of an event file. Its columns are not checked."""
        at = self._places[path]
        device, inode, *numbers = PART.unpack_from(self._bytes, at)[4:]
        size, modified, is_whole, begins, ends, first, last, start, length, checksum = numbers
        state_at = at + PART.size + len(path)
        identity = device, inode
        return Part(
            path, identity, size, modified, is_whole, begins, ends, first, last, start, length, checksum, state_at
        )

    def state(self, part: Part) -> bytes:
        """The state of the reader at the end of a part."""
        length = self._lengths(part)[1]
        return bytes(self._bytes[part.state_at : part.state_at + length])

    def remarks(self, part: Part) -> bytes:
        """Damage and checkpoints of the whole event file, as JSON."""
        _, state, length, _ = self._lengths(part)
        return bytes(self._bytes[part.state_at + state : part.state_at + state + length])

    def tables(self, part: Part) -> Iterator[tuple[Key, Stretch]]:
        """The rows of each table in a part."""
        _, state, remarks, count = self._lengths(part)
        at = part.state_at + state + remarks
        for tag, shape, columns, rows, *rest in TABLE.iter_unpack(self._bytes[at : at + count * TABLE.size]):
            yield (
                (tag, shape),
                Stretch(self.mapping, rows, bytes(rest[:columns]), tuple(rest[COLUMNS : COLUMNS + columns])),
            )

    def is_sound(self, part: Part) -> bool:
        """Whether the columns of a part are as they were written."""
        return part.length == 0 or self.mapping.checksum(part.start, part.length) == part.checksum

    def _lengths(self, part: Part) -> tuple[int, int, int, int]:
        """Bytes of path, state and remarks, and number of tables."""
        lengths: tuple[int, int, int, int] = LENGTHS.unpack_from(self._bytes, self._places[part.path])
        return lengths

    def _list(self) -> Iterator[tuple[bytes, int]]:
        """Where each part is described."""
        at = self.columns_size
        while at < self.size - TRAILER.size:
            path, state, remarks, tables = LENGTHS.unpack_from(self._bytes, at)
            yield bytes(self._bytes[at + PART.size : at + PART.size + path]), at
            at += PART.size + path + state + remarks + tables * TABLE.size


class SegmentWriter:
    """Writes a segment, part by part. Use it in a `with`; without `finish` nothing remains."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._temporary = path.with_suffix(".tmp")
        self._file = self._temporary.open("w+b")
        self._columns = ColumnWriter(self._file)
        self._parts: list[tuple[Part, list[bytes]]] = []  # with what is told beside its numbers

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._temporary.unlink(missing_ok=True)

    def add(self, part: Part, state: bytes, remarks: bytes, tables: dict[Key, list[Column]]) -> None:
        """Write a part with the rows of its tables.

        Raises:
            OSError: the disk is full.
        """
        part.start = self._columns.size
        described = []
        for (tag, shape), columns in tables.items():
            types, offsets = self._columns.write(columns)
            unused = [0] * (COLUMNS - len(types))
            described.append(TABLE.pack(tag, shape, len(types), len(columns[0]), *types, *unused, *offsets, *unused))
        part.length = self._columns.size - part.start
        self._columns.end_of_sharing()
        self._parts.append((part, [state, remarks, b"".join(described)]))

    def finish(self) -> Segment:
        """Complete the segment and open it. Checksums are of what the file gives back."""
        start = self._columns.size
        self._file.flush()
        if start:
            written = Mapping(self._file, self.path.parent)
            for part, _ in self._parts:
                part.checksum = written.checksum(part.start, part.length) if part.length else 0
        listed = b"".join(_described(part, *told) for part, told in self._parts)
        trailer = TRAILER.pack(MAGIC, VERSION, _kernel.crc32c(listed), start, len(listed))
        self._file.write(listed + trailer)
        self._file.close()
        self._temporary.replace(self.path)
        return Segment(self.path, start + len(listed) + TRAILER.size)


def _described(part: Part, state: bytes, remarks: bytes, tables: bytes) -> bytes:
    lengths = len(part.path), len(state), len(remarks), len(tables) // TABLE.size
    head = PART.pack(
        *lengths, *part.identity, part.size, part.modified, part.is_whole, part.begins, part.ends,
        part.first_time, part.last_time, part.start, part.length, part.checksum,
    )  # fmt: skip
    return b"".join([head, part.path, state, remarks, tables])
