"""How the files of a run follow each other in time, tag by tag."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from runlens.store.table import Column, ascends

END_OF_TIME = 253_402_300_800.0  # s: the year 10000; a clock beyond it, or one that says NaN, orders nothing


@dataclass(slots=True)
class Span:
    """When the rows of a file were logged: the first one's wall time and the latest one's, seconds since the epoch."""

    first: float
    last: float
    is_plausible: bool

    def extend(self, wall_times: Column) -> None:
        """Take in rows that the file gained."""
        other = span_of(wall_times)
        self.last = max(self.last, other.last)
        self.is_plausible = self.is_plausible and other.is_plausible

    @property
    def place(self) -> tuple[float, float]:
        """By which files are put in order."""
        return self.first, self.last

    def is_followed_by(self, other: Span) -> bool:
        """Whether every row of the other file came later, or at the same time."""
        return self.last <= other.first


def span_of(wall_times: Column) -> Span:
    """The span of some rows in the order they were logged; at least one."""
    latest = float(wall_times.max())
    is_plausible = bool(wall_times.min() > -END_OF_TIME and latest < END_OF_TIME)  # false for NaN, too
    return Span(float(wall_times[0]), latest, is_plausible)


def in_time(spans: Sequence[Span]) -> tuple[list[int], bool]:
    """The files in order of time, and whether one ends before the next begins.

    The files are given in the order of their names, which is kept where wall times tell nothing.
    """
    if not all(span.is_plausible for span in spans):
        return list(range(len(spans))), True
    order = sorted(range(len(spans)), key=lambda i: (spans[i].place, i))
    ordered = [spans[i] for i in order]
    return order, all(before.is_followed_by(after) for before, after in itertools.pairwise(ordered))


def merged(tables: Sequence[Sequence[Column]], wall_time: int) -> list[Column]:
    """The rows of all tables by wall time; rows of one table stay in their order, whatever its clock did.

    `wall_time` is the number of the column that holds wall times. Of rows with equal times, those of the earlier table
    come first.
    """
    order = np.argsort(np.concatenate([latest_so_far(columns[wall_time]) for columns in tables]), kind="stable")
    return [np.concatenate(parts)[order] for parts in zip(*tables, strict=True)]


def latest_so_far(wall_times: Column) -> Column:
    """Per row the latest time up to it: a clock that was set back does not send rows before those they followed."""
    return wall_times if ascends(wall_times) else np.maximum.accumulate(wall_times)
