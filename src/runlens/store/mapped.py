"""Columns in files instead of in memory: written once, looked at through a mapping."""

from __future__ import annotations

import mmap
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final
from weakref import WeakSet

import numpy as np
from numpy.typing import NDArray

from runlens import _kernel

Column = NDArray[Any]

TYPES: Final = tuple(np.dtype(name) for name in ("<i4", "<i8", "<f4", "<f8"))  # files name a type by its number
ALIGNMENT: Final = 8  # bytes
ROOM_TO_GROW: Final = 4  # rows a growing file has room for, over those it holds: it is sparse, so room costs nothing


looked_at = threading.Event()  # rows of some mapping were asked for: memory is about to be taken by its pages
_mappings: WeakSet[Mapping] = WeakSet()


def forget_pages() -> None:
    """Let go of the memory of all pages of all mappings; whoever reads one meanwhile gets it back from the file."""
    for mapping in list(_mappings):
        mapping.forget()


class Mapping:
    """A file's bytes. The file must never shrink while it is mapped; it may lose its name."""

    def __init__(self, file: IO[bytes], folder: Path) -> None:
        self.folder = folder  # where there is room for more such files
        self.bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        _mappings.add(self)

    def checksum(self, start: int, length: int) -> int:
        """CRC-32C of a stretch; what was looked at for it is forgotten again."""
        checksum = _kernel.crc32c(np.frombuffer(self.bytes, np.uint8, length, start))
        self.forget(start, length)
        return checksum

    def forget(self, start: int = 0, length: int | None = None) -> None:
        """Let go of the memory of pages that were looked at: they come back from the file when looked at again."""
        if hasattr(mmap, "MADV_DONTNEED"):
            first = start - start % mmap.PAGESIZE
            end = len(self.bytes) if length is None else start + length
            self.bytes.madvise(mmap.MADV_DONTNEED, first, end - first)


class Stretch:
    """Rows in a mapped file. Arrays are made when somebody looks."""

    __slots__ = ("_offsets", "_rows", "_types", "mapping")

    def __init__(self, mapping: Mapping, rows: int, types: Sequence[int], offsets: Sequence[int]) -> None:
        self.mapping = mapping
        self._rows = rows
        self._types = types  # numbers in TYPES
        self._offsets = offsets  # bytes of the file

    def __len__(self) -> int:
        return self._rows

    def columns(self) -> list[Column]:
        """The columns, read-only."""
        looked_at.set()
        places = zip(self._types, self._offsets, strict=True)
        return [np.frombuffer(self.mapping.bytes, TYPES[number], self._rows, offset) for number, offset in places]


class Joined:
    """Rows of several stretches, one after the other; copied when somebody looks."""

    __slots__ = ("_stretches",)

    def __init__(self, stretches: list[Stretch]) -> None:
        self._stretches = stretches

    def __len__(self) -> int:
        return sum(map(len, self._stretches))

    def columns(self) -> list[Column]:
        """The columns."""
        return [np.concatenate(parts) for parts in zip(*(s.columns() for s in self._stretches), strict=True)]


class ColumnWriter:
    """Writes columns to a file, one after the other; a column that stands there already is not written again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0  # bytes written
        self._written: dict[tuple[int, int, int], tuple[int, Column]] = {}

    def write(self, columns: Sequence[Column]) -> tuple[list[int], list[int]]:
        """Write a table's columns; returns the numbers of their types and where they begin."""
        types = [TYPES.index(column.dtype) for column in columns]
        return types, [self._write(column, number) for column, number in zip(columns, types, strict=True)]

    def end_of_sharing(self) -> None:
        """What is written from now on does not refer to what was written before."""
        self._written.clear()

    def _write(self, column: Column, number: int) -> int:
        address = column.__array_interface__["data"][0]
        known = self._written.get((address, column.nbytes, number))
        if known is not None:
            return known[0]
        start = self.size
        self._file.write(column.data.cast("B"))
        self._file.write(bytes(-column.nbytes % ALIGNMENT))
        self.size += column.nbytes + -column.nbytes % ALIGNMENT
        self._written[address, column.nbytes, number] = start, column  # held, so that its address is not used again
        return start


class GrowingFile:
    """Columns that grow in a file without a name. What was written is not changed again."""

    def __init__(self, folder: Path, types: Sequence[np.dtype[Any]], rows: int) -> None:
        """Make room for at least `rows` rows.

        Raises:
            OSError: there is no room, or the folder cannot be written.
        """
        self.folder = folder
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        capacity = rows * ROOM_TO_GROW
        self._types = list(types)
        self._starts = [0]
        for kind in types:
            self._starts.append(self._starts[-1] + -(-capacity * kind.itemsize // ALIGNMENT) * ALIGNMENT)
        self._file.truncate(self._starts[-1])
        self._mapping = Mapping(self._file, folder)
        self._capacity = capacity

    @property
    def columns(self) -> list[Column]:
        """The columns with all the room they have."""
        looked_at.set()
        places = zip(self._types, self._starts[:-1], strict=True)
        return [np.frombuffer(self._mapping.bytes, kind, self._capacity, start) for kind, start in places]

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self._file.close()  # the file goes with the last view of it

    def write(self, row: int, columns: Sequence[Column]) -> None:
        """Write rows, the first of them as number `row`.

        Raises:
            OSError: the disk is full.
        """
        for column, kind, start in zip(columns, self._types, self._starts, strict=False):
            left = np.ascontiguousarray(column, kind).data.cast("B")
            self._file.seek(start + row * kind.itemsize)
            while len(left):
                left = left[self._file.write(left) :]
