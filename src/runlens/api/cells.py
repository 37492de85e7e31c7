"""A column of a table whose cells may be of several types: each distinct value is sent once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from runlens.api.payload import Columns

Cell = bool | float | str | None


def add_cells(answer: Columns, cells: Sequence[Cell]) -> dict[str, Any]:
    """The column's part of a header.

    `numbers` names an array and `others` lists texts and booleans; `codes` names an array that says for each row which
    of both, one after the other, it has: -1 for none.
    """
    numbers: dict[Cell, int] = {}
    others: dict[tuple[type, Cell], int] = {}
    for cell in cells:
        if isinstance(cell, float):
            numbers.setdefault(cell, len(numbers))
        elif cell is not None:
            others.setdefault((type(cell), cell), len(others))
    codes = [
        -1 if cell is None else numbers[cell] if isinstance(cell, float) else len(numbers) + others[type(cell), cell]
        for cell in cells
    ]
    return {
        "numbers": answer.add(np.array(list(numbers), np.float64)),
        "others": [value for _, value in others],
        "codes": answer.add(np.array(codes, np.int64)),
    }
