"""Columns that grow at the end while readers hold earlier views of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from runlens.store.mapped import GrowingFile, Stretch

Column = NDArray[Any]

LARGE: Final = 4 << 20  # bytes from which on a table that lies on disk grows there, too


class Packed(Protocol):
    """Columns that become arrays only when somebody looks."""

    def columns(self) -> list[Column]:
        """The arrays, of equal length."""

    def __len__(self) -> int:
        """Their length."""


class Table:
    """Parallel columns of equal length, appended to by one thread and read by many.

    A view holds the rows that were there when it was taken: appending writes beyond them, or into a new block.
    """

    __slots__ = ("_ascending", "_columns", "_file", "_packed", "count")

    def __init__(self, columns: list[Column] | Packed) -> None:
        # Taken as they are: the first chunk is often the whole file, and often nobody ever looks at it.
        self._packed: Packed | None = None
        self._columns: list[Column] = []
        self._file: GrowingFile | None = None  # in which the columns lie, when they grow on disk
        if isinstance(columns, list):
            self._columns = list(columns)
            self.count = len(columns[0])
        else:
            self._packed = columns
            self.count = len(columns)
        self._ascending: dict[int, int] | None = None  # column -> how many of its rows are known to ascend

    def append(self, columns: list[Column] | Packed) -> None:
        """Add rows at the end; `columns` in the order of the first."""
        if not isinstance(columns, list):
            columns = columns.columns()
        folder = self._packed.mapping.folder if isinstance(self._packed, Stretch) else None
        self._unpack()
        count = self.count + len(columns[0])
        types = [np.result_type(mine, new) for mine, new in zip(self._columns, columns, strict=True)]
        if count > len(self._columns[0]) or any(a.dtype != b for a, b in zip(self._columns, types, strict=True)):
            self._grow(count, types, self._file.folder if self._file else folder)
        self._write(self.count, columns)
        self.count = count

    def view(self) -> list[Column]:
        """The columns as they are now, without copying."""
        if self._packed is not None:
            return self._packed.columns()
        columns = self._columns if self._file is None else self._file.columns
        return [column[: self.count] for column in columns]

    def ascends(self, column: int) -> bool:
        """Whether no value of a column is below the one before it. Looks only at rows that came since it was asked."""
        self._ascending = self._ascending or {}
        known = self._ascending.get(column, 1)
        if known and known < self.count:
            rows = self.view()[column][known - 1 :]
            self._ascending[column] = known = self.count if ascends(rows) else 0
        return known > 0

    def held(self) -> int:
        """Bytes of memory that the columns take; none when they lie on disk."""
        if self._file is not None or isinstance(self._packed, Stretch):
            return 0
        return sum(column.nbytes for column in (self._columns or self.view()))

    def move(self, stretch: Stretch) -> None:
        """Let go of the memory: the same rows stand on disk. Not if rows were added since, or the table grows there."""
        if len(stretch) == self.count and self._file is None:
            self._packed, self._columns = stretch, []

    def _unpack(self) -> None:
        if self._packed is not None:
            self._columns, self._packed = self._packed.columns(), None

    def _grow(self, wanted: int, types: list[np.dtype[Any]], folder: Path | None) -> None:
        """Move to larger columns, of types that also hold what is to come.

        On disk if `folder` is given and they are large, in memory otherwise or when the disk is full.
        """
        rows = self.view()
        is_large = wanted * sum(kind.itemsize for kind in types) >= LARGE
        if folder is not None and is_large:
            try:
                file = GrowingFile(folder, types, wanted)
                file.write(0, rows)
                self._file, self._columns = file, file.columns
                return
            except OSError:
                pass
        # Room in a large block takes no memory before it is used.
        capacity = max(wanted, self.count + (self.count if is_large else self.count // 4), 64)
        self._file = None
        for i, column in enumerate(rows):
            grown = np.empty(capacity, types[i])
            grown[: self.count] = column
            rows[i] = self._columns[i] = grown  # the smaller one goes before the next is made

    def _write(self, row: int, columns: Sequence[Column]) -> None:
        if self._file is not None:
            try:
                return self._file.write(row, columns)
            except OSError:
                self._grow(row + len(columns[0]), [column.dtype for column in self._columns], None)
        for mine, new in zip(self._columns, columns, strict=True):
            mine[row : row + len(new)] = new


def ascends(column: Column) -> bool:
    """Whether no value is below the one before it; false where one is NaN."""
    return bool(np.all(column[1:] >= column[:-1]))
