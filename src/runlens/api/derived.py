"""Curves that nobody logged: of a formula over tags, or along another tag. Made of all points, before any reduction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.api.curve import Curve, Rows
from runlens.api.formula import Formula
from runlens.store.segments import Segment


@dataclass(frozen=True, slots=True)
class Counted:
    """The points of a curve that count, one a step, by ascending step: neither given up nor logged anew later."""

    steps: NDArray[Any]
    wall_times: NDArray[Any]
    values: NDArray[Any]

    def at(self, steps: NDArray[Any]) -> Counted:
        """Those of some of its steps."""
        if len(steps) == len(self.steps):
            return self
        rows = np.searchsorted(self.steps, steps)
        return Counted(steps, self.wall_times[rows], self.values[rows])


def counting(curve: Curve) -> Iterator[tuple[Rows, slice, slice | NDArray[np.bool_]]]:
    """Per segment its rows of its strand, and which of those no restart gave up."""
    for segment in curve.segments:
        strand = curve.strands[segment.strand]
        whole = slice(segment.first, segment.last)
        yield strand, whole, slice(None) if segment.abandoned is None else strand.steps[whole] < segment.abandoned


def counted(curve: Curve) -> Counted:
    """Of several points of a step the one logged last."""
    parts = [
        (strand.steps[whole][kept], strand.wall_times[whole][kept], strand.values[whole][kept])
        for strand, whole, kept in counting(curve)
    ]
    steps, wall_times, values = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    if np.all(steps[1:] > steps[:-1]):
        return Counted(steps, wall_times, values)
    at = last_of_each(steps)
    return Counted(steps[at], wall_times[at], values[at])


def last_of_each(x: NDArray[Any]) -> NDArray[np.intp]:
    """Places that put x in ascending order; of equal ones only the last."""
    if np.all(x[1:] > x[:-1]):
        return np.arange(len(x))
    order = np.argsort(x, kind="stable")
    ordered = x[order]
    kept: NDArray[np.intp] = order[np.append(ordered[1:] != ordered[:-1], True)[: len(order)]]
    return kept


def of_formula(formula: Formula, curves: Mapping[str, Curve]) -> Curve | None:
    """A run's curve of a formula: a point at each step at which all of its tags have one, timed as the latest of them.

    None where no step has all.
    """
    parts = {tag: counted(curve) for tag, curve in curves.items()}
    steps = next(iter(parts.values())).steps
    for part in parts.values():
        if not np.array_equal(steps, part.steps):
            steps = np.intersect1d(steps, part.steps, assume_unique=True)
    if not len(steps):
        return None
    joined = {tag: part.at(steps) for tag, part in parts.items()}
    values = formula.of({tag: part.values for tag, part in joined.items()})
    times = np.max([part.wall_times for part in joined.values()], axis=0)
    first = next(iter(curves.values()))
    generation = mixed(formula.text, *((tag, curve.generation, curve.count) for tag, curve in curves.items()))
    rows = Rows(0, steps, times, values, bool(np.all(times[1:] >= times[:-1])))
    segments = [Segment(0, 0, len(steps), "first", None, None)]
    return Curve(first.run, generation, len(steps), first.axis, [rows], segments)


def along(curve: Curve, other: Curve) -> Curve | None:
    """The same points, with the other curve's value for x: the one at the same step, or else at the nearest before.

    Points before the other's first step, and those at which it is not finite, have no place on such an axis. None
    where that leaves no point.
    """
    there = counted(other)
    parts, segments, count = [], [], 0
    for segment in curve.segments:
        strand = curve.strands[segment.strand]
        rows = np.arange(segment.first, segment.last)
        found = np.searchsorted(there.steps, strand.steps[rows], "right") - 1
        x = np.where(found >= 0, there.values[np.maximum(found, 0)].astype(np.float64), np.nan)
        rows, x = rows[np.isfinite(x)], x[np.isfinite(x)]
        if len(rows):
            parts.append((strand.steps[rows], strand.wall_times[rows], strand.values[rows], x))
            end = count + len(rows)
            ascends = bool(np.all(x[1:] >= x[:-1]))
            segments.append(replace(segment, strand=0, first=count, last=end, ascends=ascends))
            count = end
    if not parts:
        return None
    steps, wall_times, values, x = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    generation = mixed("along", curve.generation, curve.count, other.generation, other.count)
    rows_along = Rows(0, steps, wall_times, values, False, x)
    return Curve(curve.run, generation, count, "tag", [rows_along], segments)


def mixed(*parts: object) -> int:
    """A generation that changes when any of the parts does; exact as a number of the page."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode("utf-8", "replace"), digest_size=6).digest(), "little")
