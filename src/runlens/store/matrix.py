"""A matrix in a file: tab-separated text or raw float32, whole or half-written."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from runlens import _kernel
from runlens.store.beside import BesideError, open_regular

MAX_FILE: Final = 4 << 30  # bytes read of one file
PIECE: Final = 8 << 20  # bytes of text parsed at a time
LOOKED_AT: Final = 4096  # bytes by which text is told from raw numbers

_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Matrix:
    """Values [N, D] as float32, and what was wrong with their file, in words."""

    values: NDArray[np.float32]
    problems: tuple[str, ...]


def read_matrix(path: Path, shape: tuple[int, ...]) -> Matrix:
    """The matrix in a file; `shape` is what is said of it elsewhere, which raw numbers need.

    Raises:
        BesideError: there is no matrix in the file, or the file cannot be read.
    """
    try:
        with open_regular(path) as file:
            head = file.read(LOOKED_AT)
            file.seek(0)
            found = _read_text(file) if is_text(head) else _read_raw(file, path, shape)
    except (OSError, MemoryError) as error:
        raise BesideError(f"{path.name}: {getattr(error, 'strerror', None) or error or 'too large'}") from None
    if 0 in found.values.shape:
        raise BesideError(f"{path.name} holds no numbers" + "".join(f"; {problem}" for problem in found.problems))
    return Matrix(found.values, (*found.problems, *_shape_problems(found.values, shape)))


def is_text(head: bytes) -> bool:
    """Whether a file that begins so is text: UTF-8, perhaps cut within a letter, without control characters.

    Raw float32 are hardly ever: the zeros and small numbers that are UTF-8 as well have bytes that are controls.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not _CONTROLS.search(head)


def _read_text(file: BinaryIO) -> Matrix:
    reader, read, is_matrix = _kernel.TsvReader(), 0, True
    while is_matrix and read < MAX_FILE and (piece := file.read(PIECE)):
        is_matrix = reader.feed(piece)
        read += len(piece)
    is_matrix = is_matrix and reader.finish()
    values, columns, ragged, unreadable = reader.result()
    rows = len(values) // columns if columns else 0
    problems = []
    if not is_matrix:
        problems.append(f"most lines have far less numbers than the first line's {columns}; reading ended there")
    if read >= MAX_FILE:
        problems.append(f"only the first {MAX_FILE >> 30} GiB were read")
    if ragged[0]:
        problems.append(f"lines without {columns} numbers, as the first one has: {ragged[0]}; line {ragged[1]} is one")
    if unreadable[0]:
        problems.append(f"lines that hold what is no number: {unreadable[0]}; line {unreadable[1]} is one")
    return Matrix(values[: rows * columns].reshape(rows, columns), tuple(problems))


def _read_raw(file: BinaryIO, path: Path, shape: tuple[int, ...]) -> Matrix:
    if len(shape) != 2 or shape[1] < 1:
        raise BesideError(f"{path.name} holds raw numbers; got tensor_shape {list(shape)}, want [rows, columns]")
    row_size = 4 * shape[1]
    content = file.read(min(MAX_FILE, shape[0] * row_size))
    rows = len(content) // row_size
    values = np.frombuffer(content, "<f4", rows * shape[1]).reshape(rows, shape[1])
    is_longer = rows == shape[0] and bool(file.read(1))
    return Matrix(values, (f"{path.name} is longer than its tensor_shape {list(shape)}",) if is_longer else ())


def _shape_problems(values: NDArray[np.float32], shape: tuple[int, ...]) -> list[str]:
    problems = []
    if shape and tuple(shape) != values.shape:
        problems.append(f"tensor_shape is {list(shape)}, but the file holds {list(values.shape)}")
    if lost := len(values) - int(np.isfinite(values).all(axis=1).sum()):
        problems.append(f"points with NaN or infinity, which have no place in the picture: {lost}")
    return problems
