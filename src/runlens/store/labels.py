"""The labels of points: a table in a file of tab-separated text."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.store.beside import BesideError, open_regular

MAX_FILE: Final = 1 << 30  # bytes


@dataclass(frozen=True, slots=True)
class Labels:
    """Columns of cells, a cell a point. The name of a column without one is empty."""

    names: tuple[str, ...]
    columns: tuple[list[str], ...]
    problems: tuple[str, ...] = ()

    def numbers(self, column: int) -> NDArray[np.float64] | None:
        """The cells as numbers, empty ones NaN; None where a cell is no number, or all are empty."""
        try:
            values = np.array([float(cell) if cell.strip() else math.nan for cell in self.columns[column]])
        except ValueError:
            return None
        return None if np.isnan(values).all() else values

    def codes(self, column: int, most: int) -> tuple[list[str], NDArray[np.int32]]:
        """The `most` most frequent values, and for each point which of them it has, -1 for any other."""
        frequent = [value for value, _ in Counter(self.columns[column]).most_common(most)]
        number = {value: code for code, value in enumerate(frequent)}
        return frequent, np.array([number.get(cell, -1) for cell in self.columns[column]], np.int32)


def read_labels(path: Path, count: int) -> Labels:
    """The labels of `count` points. A first line with tabs names columns, unless there is a line a point without it.

    Raises:
        BesideError: the file cannot be read.
    """
    try:
        with open_regular(path) as file:
            content = file.read(MAX_FILE)
    except OSError as error:
        raise BesideError(f"{path.name}: {error.strerror or error}") from None
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    has_header = bool(lines) and "\t" in lines[0] and len(lines) != count
    names = lines.pop(0).split("\t") if has_header else [""] * (1 + (lines[0].count("\t") if lines else 0))
    if len(lines) != count:
        lines = [line for line in lines if line.strip()]  # as TensorBoard's page reads it
    problems = [] if len(lines) == count else [f"{path.name} has {len(lines)} labels, want {count}, one a point"]
    lines = lines[:count] + [""] * (count - len(lines))
    return Labels(tuple(names), _columns(lines, len(names)), tuple(problems))


def _columns(lines: list[str], count: int) -> tuple[list[str], ...]:
    if count == 1:
        return (lines,)
    cells = [line.split("\t") for line in lines]
    return tuple([row[n] if n < len(row) else "" for row in cells] for n in range(count))
