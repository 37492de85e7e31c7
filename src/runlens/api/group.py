"""A group of runs as one curve: their mean or median, and a band around it. The contract is docs/kinds/scalar.md.

Runs log different steps. The curve has a point wherever any of them has one; there each run takes part that has
points on both sides, with the value on the straight line between them. How many those are is told with the point.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.curve import Curve, Interval, Raster
from runlens.api.derived import counting, last_of_each, mixed
from runlens.store.reduction import m4
from runlens.store.smoothing import smooth

CENTRES: Final = ("mean", "median")
BANDS: Final = ("std", "sem", "range", "bootstrap", "none")
RESAMPLES: Final = 400
SEED: Final = 0
CONFIDENCE: Final = (2.5, 97.5)  # percentiles
AT_ONCE: Final = 1 << 21  # numbers held at a time

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """A name for some runs' curves, and what to show of them."""

    name: str
    curves: list[Curve]
    centre: str
    band: str

    @property
    def generation(self) -> int:
        """Another number whenever a curve of it has changed."""
        members = [(curve.run, curve.generation, curve.count) for curve in self.curves]
        return mixed(self.name, self.centre, self.band, members)


@dataclass(frozen=True, slots=True)
class Member:
    """A run's points that count, by ascending x, one for each x."""

    x: Floats
    values: Floats
    smoothed: Floats | None


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """Points to send, by ascending x. `count` is how many there are before the reduction."""

    x: Floats
    values: Floats
    smoothed: Floats | None
    lower: Floats | None
    upper: Floats | None
    runs: NDArray[np.intp]  # how many take part
    count: int


def reduce_group(group: Group, raster: Raster, smoothing: float, smoother: str) -> GroupPoints | None:
    """The points that draw the same lines as all; runs are smoothed first, and then put together.

    The band lies around what is drawn. A bootstrap's is worked out for the points that are sent, without choosing them.
    None where no member has a place on the axis.
    """
    members = [member for curve in group.curves if len((member := _member(curve, smoothing, smoother)).x)]
    if not members:
        return None
    x = _grid(members, raster.domain)
    measured, low, high = raster.measured(x, 0.0)
    values, runs, bounds = _over(x, members, group.centre, "none" if smoothing else group.band, False)
    lines, smoothed = [values], None
    if smoothing:
        smoothed, _, bounds = _over(x, members, group.centre, group.band, True)
        lines.append(smoothed)
    lines += bounds
    ascends = not np.isnan(measured[:1]).any()
    kept = reduce(np.union1d, [m4(measured, line, low, high, raster.width, ascends) for line in lines])
    bounds = [bound[kept] for bound in bounds]
    if group.band == "bootstrap":
        bounds = _bootstrap(x[kept], members, group.centre)
    lower, upper = bounds or (None, None)
    shown = None if smoothed is None else smoothed[kept]
    return GroupPoints(x[kept], values[kept], shown, lower, upper, runs[kept], len(x))


def _member(curve: Curve, smoothing: float, smoother: str) -> Member:
    parts = []
    for strand, whole, kept in counting(curve):
        x = curve.x(strand)[whole][kept].astype(np.float64) - curve.offset
        columns = [x, strand.values[whole][kept].astype(np.float64)]
        if smoothing:
            smoothed = smooth(smoother, strand.values[whole], strand.steps[whole], smoothing)
            columns.append(smoothed[kept].astype(np.float64))
        placed = np.isfinite(x)
        parts.append([column[placed] for column in columns])
    x, *ys = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    at = last_of_each(x)
    # What is not finite has no place between others: there the run does not take part.
    values, *more = (np.where(np.isfinite(y[at]), y[at], np.nan) for y in ys)
    return Member(x[at], values, more[0] if more else None)


def _grid(members: list[Member], domain: Interval) -> Floats:
    """Every x of any member in the domain, and the nearest on each side of it."""
    parts = []
    for member in members:
        first, last = np.searchsorted(member.x, domain[0], "left"), np.searchsorted(member.x, domain[1], "right")
        parts.append(member.x[max(0, int(first) - 1) : int(last) + 1])
    if all(len(part) == len(parts[0]) and np.array_equal(part, parts[0]) for part in parts):
        return parts[0]
    return np.unique(np.concatenate(parts))


def _at(x: Floats, members: list[Member], smoothed: bool) -> NDArray[Any]:
    """Values [R, X] of each member; NaN where it does not take part."""
    lines = [member.smoothed if smoothed and member.smoothed is not None else member.values for member in members]
    return np.array(
        [np.interp(x, member.x, y, np.nan, np.nan) for member, y in zip(members, lines, strict=True)], np.float64
    ).reshape(len(members), len(x))


def _pieces(x: Floats, members: list[Member]) -> list[Floats]:
    at_once = max(1, AT_ONCE // max(1, len(members)))
    return [x[start : start + at_once] for start in range(0, len(x), at_once)]


def _over(
    x: Floats, members: list[Member], centre: str, band: str, smoothed: bool
) -> tuple[Floats, NDArray[np.intp], list[Floats]]:
    """The centre at each x, how many members take part, and the band's lower and upper edge, where it has a width.

    NaN where too few take part.
    """
    parts = []
    for piece in _pieces(x, members):
        values = _at(piece, members, smoothed)
        count = np.sum(~np.isnan(values), axis=0)
        middle = _centre(values, count, centre)
        parts.append((middle, count, *_edges(values, count, middle, centre, band)))
    centres, counts, *edges = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return centres, counts, edges


def _centre(values: NDArray[Any], count: NDArray[np.intp], centre: str) -> Floats:
    """Over the first axis, of what is no NaN; `count` says how much that is."""
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        if centre == "mean":
            mean: Floats = np.nansum(values, axis=0) / count
            return mean
        ordered = np.sort(values, axis=0)  # NaN come last
        at = [np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1)]
        low, high = (np.take_along_axis(ordered, rows[np.newaxis], axis=0)[0] for rows in at)
        middle: Floats = low / 2 + high / 2
        return middle


def _edges(values: NDArray[Any], count: NDArray[np.intp], middle: Floats, centre: str, band: str) -> tuple[Floats, ...]:
    """Lower and upper edge over the first axis; none of a band that is not worked out from all points."""
    if band == "range":
        return np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    if band not in ("std", "sem"):
        return ()
    mean = middle if centre == "mean" else _centre(values, count, "mean")
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        deviation = np.sqrt(np.nansum((values - mean) ** 2, axis=0) / (count - 1))
        reach = deviation if band == "std" else deviation / np.sqrt(count)
    reach = np.where(np.isfinite(deviation), reach, np.nan)
    return middle - reach, middle + reach


def _bootstrap(x: Floats, members: list[Member], centre: str) -> list[Floats]:
    """Between which centres 95 of 100 resamples of the runs lie, drawn with replacement; the same for each question.

    Percentile bootstrap: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, section 13.3.
    """
    draws = np.random.default_rng(SEED).random((RESAMPLES, len(members)))
    values = np.sort(_at(x, members, members[0].smoothed is not None), axis=0)  # those that take part come first
    counts = np.sum(~np.isnan(values), axis=0)
    lower, upper = np.full(len(x), np.nan), np.full(len(x), np.nan)
    for count in np.unique(counts[counts > 1]):
        columns = np.flatnonzero(counts == count)
        chosen = (draws[:, :count] * count).astype(np.intp)
        at_once = max(1, AT_ONCE // chosen.size)
        for start in range(0, len(columns), at_once):
            some = columns[start : start + at_once]
            samples = values[:, some][chosen]  # [resamples, runs, x]
            centres = np.mean(samples, axis=1) if centre == "mean" else np.median(samples, axis=1)
            lower[some], upper[some] = np.percentile(centres, CONFIDENCE, axis=0)
    return [lower, upper]
