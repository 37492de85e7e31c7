"""What the points of a curve come to between two steps. docs/kinds/scalar.md is the contract."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.curve import Curve
from runlens.api.derived import counting

# The columns of an answer, in their order.
COLUMNS: Final = (
    "count",
    "first_step",
    "last_step",
    "first",
    "last",
    "min",
    "max",
    "min_step",
    "max_step",
    "mean",
)

Part = tuple[NDArray[Any], NDArray[Any]]  # steps and values, in the order logged


def summary(curve: Curve, low: float, high: float) -> tuple[float, ...] | None:
    """One value per column for the steps from `low` to `high`, or for the step nearest to both where they are equal.

    What a restart gave up does not count. Extremes and mean are of the finite values, NaN where there are none.
    None when no point lies there.
    """
    parts = [part for part in _kept(curve) if len(part[0])]
    chosen = [_nearest(parts, low)] if low == high and parts else [_between(part, low, high) for part in parts]
    steps, values = (np.concatenate([part[at] for part in chosen] or [np.empty(0)]) for at in (0, 1))
    if not len(steps):
        return None
    first, last = int(np.argmin(steps)), len(steps) - 1 - int(np.argmax(steps[::-1]))
    finite = np.flatnonzero(np.isfinite(values))
    ends = (len(steps), steps[first], steps[last], values[first], values[last])
    if not len(finite):
        return (*map(float, ends), *([np.nan] * 5))
    numbers = values[finite].astype(np.float64)
    least, greatest = int(np.argmin(numbers)), int(np.argmax(numbers))
    extremes = (numbers[least], numbers[greatest], steps[finite[least]], steps[finite[greatest]])
    return (*map(float, ends), *map(float, extremes), float(np.mean(numbers)))


def _kept(curve: Curve) -> list[Part]:
    """Per segment what no restart gave up; the steps of each ascend, but for the first of very many."""
    return [(strand.steps[whole][kept], strand.values[whole][kept]) for strand, whole, kept in counting(curve)]


def _between(part: Part, low: float, high: float) -> Part:
    steps, values = part
    inside = (steps >= low) & (steps <= high)
    return steps[inside], values[inside]


def _nearest(parts: list[Part], step: float) -> Part:
    """The one point nearest to a step, the last logged of several."""
    best: tuple[float, Part] | None = None
    for steps, values in parts:
        distances = np.abs(steps - step)
        at = len(steps) - 1 - int(np.argmin(distances[::-1]))
        if best is None or distances[at] <= best[0]:
            best = float(distances[at]), (steps[at : at + 1], values[at : at + 1])
    assert best is not None
    return best[1]
