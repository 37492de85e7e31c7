"""Reduction and smoothing of whole series, in native code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runlens import _kernel

if TYPE_CHECKING:
    from runlens._kernel import Floats, Ints


def m4(x: Ints | Floats, y: Floats, low: float, high: float, columns: int, ascends: bool = False) -> Ints:
    """Indices of the points that draw the same line as all points, on `columns` pixels from `low` to `high`.

    Per pixel column the first, lowest, highest and last point, and the first NaN, +inf and -inf; also the
    point just outside where the line enters or leaves. Ascending; x need not be.

    Source: Jugel, Jerzak, Hackenbroich and Markl, "M4", VLDB 2014.

    Raises:
        ValueError: x and y differ in length, or `columns` is below 1.
    """
    return _kernel.m4(x, y, low, high, columns, ascends)


def debiased_ema(y: Floats, weight: float, steps: Ints | None = None) -> Floats:
    """Exponential moving average without start-up bias; values that are not finite stay and do not enter.

    With `steps` the average begins anew where a step is below the one before it: after a restart, what was
    before it says nothing of the value to come.

    m = w*m + (1-w)*y, drawn as m / (1 - w**n) after n finite values (Kingma and Ba, Adam, 2015, section 3).

    Raises:
        ValueError: `weight` is not in [0, 1), or the lengths differ.
    """
    return _kernel.debiased_ema(y, weight, steps)
