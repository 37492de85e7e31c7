"""embedding: points in many dimensions, with labels and images, as the files that TensorBoard's projector reads."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens import _kernel
from runlens.writer.arguments import describe
from runlens.writer.arrays import as_array, snapshot

SPRITE_MAX = 8192  # pixels; the projector refuses larger sprites
NAME_MAX = 255  # bytes in a file's name
# The projector skips a row without anything visible, and all labels behind it would move up; it does not take this
# space of no width for one.
BLANK = "\u200b"
# What ends a line or a cell, for the projector or for Python's readers.
BREAKS = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r", "\v": "\\v", "\f": "\\f", "\0": "\\0"})


def directory(tag: str) -> str:
    """The tag as the name of a directory: as torch escapes it, and never a way out of the run.

    Raises:
        ValueError: no directory can be named so.
    """
    name = tag.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c")
    if name in (".", ".."):
        name = name.replace(".", "%2e")
    if not name or "\0" in name or len(name.encode()) > NAME_MAX:
        raise ValueError(f"tag: got {tag[:60]!r}, want a name for a directory, of 1 to {NAME_MAX} bytes")
    return name


def matrix(tag: str, mat: object) -> NDArray[Any]:
    """A copy of the points, [N, D], as float32 or, from integers and wider floats, float64.

    Raises:
        TypeError: `mat` holds no numbers, or complex ones.
        ValueError: it is no matrix with a row and a column, or not all numbers are finite: one NaN leaves the
            projector without any picture.
    """
    name = f"mat of embedding {tag!r}"
    array = snapshot(name, mat)
    if array.ndim != 2 or 0 in array.shape:
        raise ValueError(f"{name}: got shape {array.shape}, want [N, D], one row a point, N and D at least 1")
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: got dtype {array.dtype}, want real numbers")
    if not np.isfinite(array).all():
        rows = np.flatnonzero(~np.isfinite(array).all(axis=1))
        raise ValueError(
            f"{name}: got NaN or infinity in {len(rows)} rows, first in row {rows[0]}, want finite numbers"
        )
    return array


def tensors_tsv(array: NDArray[Any]) -> bytes:
    """A line per point; every number has the fewest digits that read back as itself."""
    is_single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    if is_single:
        return _kernel.tsv(np.ascontiguousarray(array, dtype=np.float32))
    return _kernel.tsv(np.ascontiguousarray(array, dtype=np.float64))


def label_lines(tag: str, count: int, metadata: object, header: Sequence[object] | None) -> list[str] | None:
    """The lines of metadata.tsv, the header first; None without metadata.

    Raises:
        TypeError: `metadata` is no list.
        ValueError: not one row per point, rows that do not match the header, or a header without metadata.
    """
    name = f"metadata of embedding {tag!r}"
    if metadata is None:
        if header is not None:
            raise ValueError(
                f"metadata_header of embedding {tag!r}: got {describe(header)}, want it with metadata only"
            )
        return None
    if isinstance(metadata, (str, bytes)) or not isinstance(metadata, Iterable):
        raise TypeError(
            f"{name}: got {describe(metadata)}, want a list with one label, or list of labels, per row of mat"
        )
    rows = _plain(metadata)
    if len(rows) != count:
        raise ValueError(f"{name}: got {len(rows)} labels, want one for each of the {count} rows of mat")
    if not header:
        return [_cell(row) or BLANK for row in rows]
    return _table(name, rows, list(header))


def _table(name: str, rows: list[Any], header: list[Any]) -> list[str]:
    if len(header) == 1:
        # TensorBoard takes a first line without a tab for data, so the name of a single column cannot be said.
        rows = [row[0] if isinstance(row, (list, tuple)) and len(row) == 1 else row for row in rows]
        return [_cell(row) or BLANK for row in rows]
    for number, row in enumerate(rows):
        if not isinstance(row, (list, tuple)) or len(row) != len(header):
            got = f"{len(row)} columns" if isinstance(row, (list, tuple)) else describe(row)
            raise ValueError(f"{name}: got {got} in row {number}, want {len(header)}, as metadata_header has")
    lines = ["\t".join(map(_cell, row)) for row in rows]
    return ["\t".join(map(_cell, header)), *(line if line.strip() else BLANK + line for line in lines)]


def _plain(values: Any) -> list[Any]:  # noqa: ANN401 - a list, or an array of any library
    items = values.tolist() if hasattr(values, "tolist") else list(values)
    return [item.tolist() if hasattr(item, "tolist") else item for item in items]


def _cell(value: object) -> str:
    if type(value) is str and value.isprintable():  # as most of many thousands are
        return "" if value.isspace() else value
    if hasattr(value, "tolist"):  # a number of numpy, torch, …
        value = value.tolist()
    text = value.decode(errors="replace") if isinstance(value, bytes) else str(value)
    text = text.translate(BREAKS)
    return text if text.strip() else ""


def lines_of(lines: list[str]) -> bytes:
    """The lines as a file."""
    return "".join(f"{line}\n" for line in lines).encode(errors="replace")


def images(tag: str, count: int, label_img: object) -> NDArray[Any]:
    """A copy of the images, [N, C, H, W].

    Raises:
        TypeError: `label_img` holds no numbers.
        ValueError: another shape, or integers other than uint8, of which nobody knows what is white.
    """
    name = f"label_img of embedding {tag!r}"
    array = as_array(name, label_img)
    if array.ndim != 4 or array.shape[1] not in (1, 3, 4) or 0 in array.shape:
        raise ValueError(f"{name}: got shape {array.shape}, want [N, C, H, W] with C 1, 3 or 4")
    if len(array) != count:
        raise ValueError(f"{name}: got {len(array)} images, want one for each of the {count} rows of mat")
    if array.dtype.kind not in "fb" and array.dtype != np.uint8:
        raise ValueError(f"{name}: got dtype {array.dtype}, want uint8, or floats from 0 to 1")
    return snapshot(name, array)


def image_size(array: NDArray[Any]) -> tuple[int, int]:
    """Width and height of an image in the sprite: its own, or less where the sprite would be too large."""
    count, _, height, width = array.shape
    limit = SPRITE_MAX // _images_a_row(count)
    longest = max(width, height)
    if longest <= limit:
        return width, height
    return max(1, width * limit // longest), max(1, height * limit // longest)


def sprite_png(array: NDArray[Any]) -> bytes:
    """All images in one: as many rows as columns, which the projector's shader relies on; the rest is black."""
    from PIL import Image

    count, channels, height, width = array.shape
    side = _images_a_row(count)
    cells = np.zeros((side * side, channels, height, width), np.uint8)
    cells[:count] = _as_bytes(array)
    grid = cells.reshape(side, side, channels, height, width).transpose(0, 3, 1, 4, 2)
    canvas = grid.reshape(side * height, side * width, channels)
    sprite = Image.fromarray(canvas[:, :, 0] if channels == 1 else canvas)
    size = image_size(array)
    if size != (width, height):
        # Images keep to themselves: a pixel of the result covers pixels of one image only.
        sprite = sprite.resize((side * size[0], side * size[1]), Image.Resampling.BOX)
    file = io.BytesIO()
    sprite.save(file, format="PNG")
    return file.getvalue()


def _images_a_row(count: int) -> int:
    return math.isqrt(count - 1) + 1


def _as_bytes(array: NDArray[Any]) -> NDArray[np.uint8]:
    if array.dtype == np.uint8:
        return array
    if array.dtype.kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    scaled = np.nan_to_num(array * array.dtype.type(255), nan=0.0)
    return np.asarray(scaled.clip(0, 255), dtype=np.uint8)
