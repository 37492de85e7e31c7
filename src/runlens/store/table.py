"""Columns that grow at the end while readers hold earlier views of them."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


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

    __slots__ = ("_ascending", "_columns", "_packed", "count")

    def __init__(self, columns: Sequence[Column] | Packed) -> None:
        # Taken as they are: the first chunk is often the whole file, and often nobody ever looks at it.
        self._packed: Packed | None = None
        self._columns: list[Column] = []
        if isinstance(columns, Sequence):
            self._columns = list(columns)
            self.count = len(columns[0])
        else:
            self._packed = columns
            self.count = len(columns)
        self._ascending: dict[int, int] | None = None  # column -> how many of its rows are known to ascend

    def append(self, columns: Sequence[Column] | Packed) -> None:
        """Add rows at the end; `columns` in the order of the first."""
        self._unpack()
        if not isinstance(columns, Sequence):
            columns = columns.columns()
        count = self.count + len(columns[0])
        types = [np.result_type(mine, new) for mine, new in zip(self._columns, columns, strict=True)]
        if count > len(self._columns[0]) or any(a.dtype != b for a, b in zip(self._columns, types, strict=True)):
            self._grow(count, types)
        for mine, new in zip(self._columns, columns, strict=True):
            mine[self.count : count] = new
        self.count = count

    def view(self) -> list[Column]:
        """The columns as they are now, without copying."""
        if self._packed is not None:
            return self._packed.columns()
        return [column[: self.count] for column in self._columns]

    def ascends(self, column: int) -> bool:
        """Whether no value of a column is below the one before it. Looks only at rows that came since it was asked."""
        self._ascending = self._ascending or {}
        known = self._ascending.get(column, 1)
        if known and known < self.count:
            rows = self.view()[column][known - 1 :]
            self._ascending[column] = known = self.count if ascends(rows) else 0
        return known > 0

    def _unpack(self) -> None:
        if self._packed is not None:
            self._columns, self._packed = self._packed.columns(), None

    def _grow(self, wanted: int, types: list[np.dtype[Any]]) -> None:
        """Move to larger columns, of types that also hold what is to come."""
        capacity = max(wanted, self.count + self.count // 4, 64)
        for i, column in enumerate(self._columns):
            grown = np.empty(capacity, types[i])
            grown[: self.count] = column[: self.count]
            self._columns[i] = grown


def ascends(column: Column) -> bool:
    """Whether no value is below the one before it; false where one is NaN."""
    return bool(np.all(column[1:] >= column[:-1]))
