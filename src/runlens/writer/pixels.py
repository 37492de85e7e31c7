"""Arrays of pixels: their axes in one order, their values as bytes, several of them side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

CHANNELS = {1: "gray", 2: "gray and alpha", 3: "RGB", 4: "RGBA"}


def copy_of(name: str, value: object, dataformats: str, axes: str, needed: str) -> NDArray[Any]:
    """A copy of the pixels in `value`, with the axes `axes`; those that `dataformats` lacks have length 1.

    Args:
        name: what it is, for errors.
        value: bools, integers or floats, as `arrays.as_array` takes them.
        dataformats: a letter for each axis of `value`, such as "CHW"; of either case.
        axes: the letters there are, in the order wanted.
        needed: those of them that `dataformats` must have.

    Raises:
        TypeError: `value` holds no real numbers, or `dataformats` is no str.
        ValueError: `dataformats` has other letters, or too few; `value` has another number of axes, no pixels, or a
            number of channels other than 1 to 4.
    """
    letters = _letters(name, dataformats, axes, needed)
    array = snapshot(name, value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name}: got {describe(value)} of dtype {array.dtype}, want real numbers")
    given = f"{name}: got shape {array.shape} with dataformats {dataformats!r}"
    if array.ndim != len(letters):
        raise ValueError(f"{given}, want an axis for each letter")
    if array.size == 0:
        raise ValueError(f"{given}, want at least one pixel")
    present = [letters.index(axis) for axis in axes if axis in letters]
    array = array.transpose(present)
    array = array[tuple(slice(None) if axis in letters else None for axis in axes)]
    if array.shape[axes.index("C")] not in CHANNELS:
        channels = ", ".join(f"{count} ({meaning})" for count, meaning in CHANNELS.items())
        raise ValueError(f"{given}, which makes {array.shape[axes.index('C')]} channels, want {channels}")
    return array


def _letters(name: str, dataformats: object, axes: str, needed: str) -> str:
    if not isinstance(dataformats, str):
        raise TypeError(f"dataformats of {name}: got {describe(dataformats)}, want a str such as {axes!r}")
    letters = dataformats.upper()
    if len(set(letters)) != len(letters) or not set(needed) <= set(letters) <= set(axes):
        want = f"want each of {', '.join(needed)} once and no letter but {', '.join(axes)}"
        raise ValueError(f"dataformats of {name}: got {dataformats!r}, {want}")
    return letters


def has_nan(pixels: NDArray[Any]) -> bool:
    """Whether a value is no number, which `as_bytes` makes black."""
    return pixels.dtype.kind == "f" and bool(np.isnan(pixels).any())


def as_bytes(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Pixels as uint8, black 0 and white 255.

    uint8 stays as it is. Floats are 0 to 1: times 255 in float32, clipped, the fraction cut off, as torch has it; NaN
    is black. Of bools True is white. Other integers are 0 to 255, clipped; if none is beyond 1, it is a mask and its
    ones are white.
    """
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind in "biu":
        if pixels.max() <= 1:
            return (pixels > 0).astype(np.uint8) * np.uint8(255)
        return pixels.astype(np.float32).clip(0, 255).astype(np.uint8)
    with np.errstate(over="ignore", invalid="ignore"):  # float64 beyond float32, and infinities: clipped
        scaled = pixels.astype(np.float32)
        scaled *= 255
    np.fmax(scaled, 0, out=scaled)  # of a number and NaN it takes the number
    np.minimum(scaled, 255, out=scaled)
    return scaled.astype(np.uint8)


def tiled(images: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Images in a grid, row by row; cells without one are black, and transparent if there is an alpha.

    Args:
        images: [N, ..., height, width, channels], N at most rows * columns.

    Returns:
        [..., rows * height, columns * width, channels], contiguous.
    """
    count, *outer, height, width, channels = images.shape
    cells = np.zeros((*outer, rows, height, columns, width, channels), np.uint8)
    for number in range(count):
        row, column = divmod(number, columns)
        cells[..., row, :, column, :, :] = images[number]
    return cells.reshape(*outer, rows * height, columns * width, channels)
