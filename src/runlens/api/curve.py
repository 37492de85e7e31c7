"""A curve at the moment of a question, cut into segments, and the points of it that are worth sending."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from runlens.store.reduction import m4
from runlens.store.segments import Segment, segments_of
from runlens.store.smoothing import smooth

if TYPE_CHECKING:
    from runlens.store.run import Run
    from runlens.store.series import ScalarSeries

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rows:
    """Views of the rows of one strand (see `store/series.py`)."""

    start: int
    steps: NDArray[Any]
    wall_times: NDArray[Any]
    values: NDArray[Any]
    times_ascend: bool
    along: NDArray[Any] | None = None  # x of an axis that is another tag


@dataclass(slots=True)
class Curve:
    """The points of one run, and what the asker holds of them. Rows are counted over all strands."""

    run: str
    generation: int
    count: int
    axis: str
    strands: list[Rows]
    segments: list[Segment]
    held: int = 0  # points the asker has already: the first so many

    @property
    def start(self) -> float:
        """Wall time of the first point, seconds since the epoch."""
        return float(self.strands[0].wall_times[0])

    @property
    def offset(self) -> float:
        """What to add to a value on the axis to compare it with x."""
        return self.start if self.axis == "relative" else 0.0

    def x(self, strand: Rows) -> NDArray[Any]:
        """The column that runs along the axis."""
        if strand.along is not None:
            return strand.along
        return strand.steps if self.axis == "step" else strand.wall_times

    def x_ascends(self, segment: Segment) -> bool:
        """Whether x never goes back within a segment."""
        return segment.ascends if self.axis in ("step", "tag") else self.strands[segment.strand].times_ascend

    def find(self, step: int, wall_time: float) -> int | None:
        """The first row of that step and wall time."""
        for strand in self.strands:
            found = np.flatnonzero((strand.steps == step) & (strand.wall_times == wall_time))
            if len(found):
                return strand.start + int(found[0])
        return None


@dataclass(frozen=True, slots=True)
class Points:
    """Points to send, segment by segment; `rows` are their places in the series."""

    steps: NDArray[Any]
    wall_times: NDArray[Any]
    values: NDArray[Any]
    smoothed: NDArray[Any] | None
    rows: NDArray[Any]
    per_segment: list[int]
    along: NDArray[Any] | None = None  # x, where it is another tag


def curve_of(run: Run, series: ScalarSeries, axis: str) -> Curve:
    """Views of a series and where it is cut; call it under the index's lock."""
    strands = series.strands()
    segments = segments_of(run, series, strands)
    rows = []
    for strand in strands:
        steps, wall_times, values = strand.table.view()
        rows.append(Rows(strand.start, steps, wall_times, values, strand.table.ascends(series.WALL_TIME)))
    return Curve(run.name, series.generation, series.count, axis, rows, segments)


def domain_of(curves: list[Curve], scale: str = "linear") -> Interval | None:
    """First and last x over all curves, on a logarithmic scale of what is positive; None when there is none."""
    ends = [end - curve.offset for curve in curves for end in _ends(curve, scale == "log")]
    finite = [end for end in ends if math.isfinite(end)]
    return (min(finite), max(finite)) if finite else None


def _ends(curve: Curve, positive: bool) -> Iterator[float]:
    for segment in curve.segments:
        x = curve.x(curve.strands[segment.strand])[segment.first : segment.last]
        if not curve.x_ascends(segment):
            x = np.sort(x[np.isfinite(x)])
        if positive:
            x = x[_search(x, curve.offset, "right") :]
        yield from (float(x[0]), float(x[-1])) if len(x) else ()


@dataclass(frozen=True, slots=True)
class Raster:
    """The pixel columns of a plot: `width` equal parts of the domain, as its scale measures it."""

    domain: Interval
    width: int
    scale: str = "linear"

    def measured(self, x: NDArray[Any], offset: float) -> tuple[NDArray[Any], float, float]:
        """What the scale makes of x and of the ends of the domain; what has no logarithm is NaN.

        `symlog` as in Webber, "A bi-symmetric log transformation for wide-range data", 2013, linear below a
        thousandth of the largest power of ten.
        """
        low, high = self.domain
        if self.scale == "linear":
            return x, low + offset, high + offset
        if self.scale == "log" and low <= 0:
            return x, low + offset, high + offset
        everything = np.concatenate([np.subtract(x, offset, dtype=np.float64), [low, high]])
        if self.scale == "log":
            everything = np.log10(np.where(everything > 0, everything, np.nan))
        else:
            largest = max(abs(low), abs(high)) or 1.0
            unit = max(1e-300, 10.0 ** (math.floor(math.log10(largest)) - 3))
            everything = np.sign(everything) * np.log10(1 + np.abs(everything) / unit)
        return everything[:-2], float(everything[-2]), float(everything[-1])


def reduce(curve: Curve, raster: Raster, smoothing: float, smoother: str = "ema") -> Points:
    """The points that draw the same lines as all, on the raster, from the first that the asker lacks.

    Each segment is reduced by itself: its step never goes back, so that it is searched and not looked through.
    """
    parts: list[tuple[NDArray[Any], ...]] = []
    for segment in curve.segments:
        strand = curve.strands[segment.strand]
        window = _window(curve, segment, raster.domain)
        smoothed = _smoothed(strand, segment, window, smoothing, smoother)
        x, low, high = raster.measured(curve.x(strand)[window], curve.offset)
        ascends = curve.x_ascends(segment) and not np.isnan(x[:1]).any()
        kept = m4(x, strand.values[window], low, high, raster.width, ascends)
        if smoothed is not None:
            kept = np.union1d(kept, m4(x, smoothed, low, high, raster.width, ascends))
        at = kept + window.start
        ys = (strand.values[at],) if smoothed is None else (strand.values[at], smoothed[kept])
        parts.append((at + strand.start, strand.steps[at], strand.wall_times[at], *ys))
    rows, steps, wall_times, values, *more = (_joined(columns) for columns in zip(*parts, strict=True))
    per_segment = [len(part[0]) for part in parts]
    smoothed_kept = more[0] if more else None
    along = curve.strands[0].along  # such a curve has one strand
    x_kept = None if along is None else along[rows]
    return Points(steps, wall_times, values, smoothed_kept, rows, per_segment, x_kept)


def _joined(columns: tuple[NDArray[Any], ...]) -> NDArray[Any]:
    return columns[0] if len(columns) == 1 else np.concatenate(columns)


def _smoothed(strand: Rows, segment: Segment, window: slice, weight: float, smoother: str) -> NDArray[Any] | None:
    """The smoothed values in the window, made of all of the segment; None without smoothing."""
    if not weight:
        return None
    # What looks back needs nothing beyond the window; what looks around does.
    last = window.stop if smoother == "ema" else segment.last
    whole = slice(segment.first, max(segment.first, last))
    smoothed = smooth(smoother, strand.values[whole], strand.steps[whole], weight)
    return smoothed[window.start - segment.first : window.stop - segment.first]


def _window(curve: Curve, segment: Segment, domain: Interval) -> slice:
    """The rows to look at. Where x ascends, those in the interval and a neighbour on each side, found by search."""
    low, high = domain[0] + curve.offset, domain[1] + curve.offset
    strand = curve.strands[segment.strand]
    first, last = min(max(segment.first, curve.held - strand.start), segment.last), segment.last
    if curve.x_ascends(segment):
        x = curve.x(strand)[segment.first : segment.last]
        first = max(segment.first + _search(x, low, "left") - 1, first)
        last = min(segment.first + _search(x, high, "right") + 1, last)
    return slice(first, max(first, last))


def _search(x: NDArray[Any], value: float, side: Literal["left", "right"]) -> int:
    """Where a value would stand in an ascending column; never too far inside an interval that it bounds.

    The value is brought to the column's type: given another one, numpy would convert the whole column first.
    """
    outward = -math.inf if side == "left" else math.inf
    if x.dtype.kind == "i":
        limits = np.iinfo(x.dtype)
        whole = math.ceil(value) if side == "left" else math.floor(value)
        return int(np.searchsorted(x, x.dtype.type(min(max(whole, limits.min), limits.max)), side))
    with np.errstate(over="ignore"):
        return int(np.searchsorted(x, np.nextafter(x.dtype.type(value), x.dtype.type(outward)), side))
