"""Ways to smooth a segment, all told how much by one weight in [0, 1), so that they can be compared.

The weight is that of the exponential moving average. A mean or median takes (1 + w) / (1 - w) values, as many as that
average weighs by, and a Gaussian has the standard deviation of its weights, sqrt(w) / (1 - w). The formulas and their
sources stand in docs/kinds/scalar.md.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from runlens import _kernel
from runlens.store.reduction import debiased_ema

if TYPE_CHECKING:
    from runlens._kernel import Floats, Ints

SMOOTHERS: Final = ("ema", "time", "mean", "gaussian", "median")


def smooth(smoother: str, y: Floats, steps: Ints, weight: float) -> Floats:
    """The values of one segment smoothed; those that are not finite stay and do not enter. Of the length of y."""
    match smoother:
        case "ema":
            return debiased_ema(y, weight, steps)
        case "time":
            return _kernel.time_ema(y, weight, steps, _mean_gap(steps))
        case "mean":
            return _kernel.centred_mean(y, half_window(weight))
        case "median":
            return _kernel.centred_median(y, half_window(weight))
        case "gaussian":
            return _kernel.gaussian(y, math.sqrt(weight) / (1 - weight))
    raise ValueError(f"smoother: got {smoother!r}, want one of {', '.join(SMOOTHERS)}")


def half_window(weight: float) -> int:
    """How many values on each side of one are taken."""
    return round(weight / (1 - weight))


def _mean_gap(steps: Ints) -> float:
    """Steps from one value to the next on average; 1 where they do not advance."""
    distance = float(steps[-1]) - float(steps[0]) if len(steps) > 1 else 0.0
    return distance / (len(steps) - 1) if distance > 0 else 1.0
