"""Columns that grow at the end while readers hold earlier views of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Column = NDArray[Any]


class Table:
    """Parallel columns of equal length, appended to by one thread and read by many.

    A view holds the rows that were there when it was taken: appending writes beyond them, or into a new block.
    """

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = list(columns)  # taken as they are: the first chunk is often the whole file
        self.count = len(columns[0])
        self.ascends = [ascends(column) for column in columns]

    def append(self, columns: Sequence[Column]) -> None:
        """Add rows at the end; `columns` in the order of the first."""
        count = self.count + len(columns[0])
        if count > len(self._columns[0]):
            self._grow(count)
        for i, new in enumerate(columns):
            mine = self._columns[i]
            mine[self.count : count] = new
            self.ascends[i] = self.ascends[i] and ascends(mine[self.count - 1 : count])
        self.count = count

    def view(self) -> list[Column]:
        """The columns as they are now, without copying."""
        return [column[: self.count] for column in self._columns]

    def _grow(self, wanted: int) -> None:
        capacity = max(wanted, self.count + self.count // 4, 64)
        for i, column in enumerate(self._columns):
            grown = np.empty(capacity, column.dtype)
            grown[: self.count] = column[: self.count]
            self._columns[i] = grown


def ascends(column: Column) -> bool:
    """Whether no value is below the one before it; false where one is NaN."""
    return bool(np.all(column[1:] >= column[:-1]))
