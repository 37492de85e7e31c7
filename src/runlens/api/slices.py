"""Cuts the rows of a run into slices of neighbours, whose limits stay while rows are added behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FARTHEST: Final = 1e300  # so that widths are finite, too
_NARROWEST: Final = 1e-290
_ROUND: Final = (1.0, 2.0, 5.0, 10.0, 20.0)


def stride(steps: NDArray[np.int64]) -> float:
    """The greatest number that divides all distances of ascending steps; 1 where there is none."""
    return float(abs(int(np.gcd.reduce(np.diff(steps), initial=0)))) or 1.0


def part_width(x: NDArray[np.float64], most: int, unit: float = 1.0) -> float:
    """The width of the equal parts, the first from x[0], that the axis is cut into; 0 where each row may stand alone.

    It is a round number of units that gives no more than `most` parts. `x` ascends, and is not beyond `FARTHEST`.
    """
    if len(x) <= most:
        return 0.0
    size = (float(x[-1]) - float(x[0])) / most
    if size < _NARROWEST:
        return 1.0
    scale = unit * 10.0 ** math.floor(math.log10(size / unit))
    return next(width for width in (scale * n for n in _ROUND) if _parts(x[[0, -1]], width)[1] < most)


def slice_starts(x: NDArray[np.float64], width: float) -> NDArray[np.int64]:
    """The first row of each slice; no slice is empty."""
    if width == 0:
        return np.arange(len(x))
    return np.flatnonzero(np.diff(_parts(x, width), prepend=-1))


def first_changed(order: NDArray[np.int64], starts: NDArray[np.int64], held: object, now: list[Any]) -> int:
    """The first slice that an asker lacks or has in an older state; the number of slices where it has all.

    `order` are the rows' numbers along the axis. `held` is what an earlier answer said, as `now`: the generation in
    which rows are only added, their number, and how they were cut.
    """
    match held:
        case [generation, int() as count, *cut] if [generation, cut] == [now[0], now[2:]] and 0 <= count <= now[1]:
            new = np.flatnonzero(order >= count)
            return int(np.searchsorted(starts, new[0], "right")) - 1 if len(new) else len(starts)
    return 0


def _parts(x: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """The number of each row's part."""
    return np.asarray(np.floor(x / width - x[0] / width))
