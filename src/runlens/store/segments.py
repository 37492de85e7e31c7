"""Cuts a series where a job was restarted, and says which of its points were given up.

A segment is a stretch in which the step never goes back. A new one begins where it does, or where a SessionLog START
says that steps from its own on will be written anew. Points logged before that, with steps from there on, are
*abandoned*: kept and shown, but not what the job went on with.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from runlens.store.session import Session, sessions
from runlens.store.table import Column

if TYPE_CHECKING:
    from runlens.store.run import Run
    from runlens.store.series import ScalarSeries, Series, Strand

Cause = Literal["first", "writer", "rewind", "session"]  # writer: another file, written at the same time

MOST = 1000  # segments of a strand; of a step that jumps about, the earlier ones stay together


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows from `first` to before `last` of a strand's table, and why they begin something new.

    Of earlier points those from step `abandons` on are given up by it; its own, by later ones, from step `abandoned`
    on. None: none are.
    """

    strand: int
    first: int
    last: int
    cause: Cause
    abandons: int | None
    abandoned: int | None
    ascends: bool = True  # the step, unless it went back more than MOST times; or x, where that is another tag


@dataclass(frozen=True, slots=True)
class Restart:
    """A moment from which on steps were written anew: `rows` of each strand were logged before it."""

    rows: list[int]
    step: int
    strand: int | None  # where the step went back; None for a session, which concerns all


@dataclass(slots=True)
class Segments:
    """The segments of a series, kept until it changes; rows that were merely added are all that is looked at then."""

    _known: tuple[int, int, int] | None = None
    _segments: list[Segment] = field(default_factory=list)
    _rewinds: list[list[int]] = field(default_factory=list)  # per strand the rows at which the step goes back
    _looked: list[int] = field(default_factory=list)  # per strand how many rows were looked at

    def of(self, series: Series, strands: Sequence[Strand], sessions: Sequence[Session]) -> list[Segment]:
        """All segments, strand by strand."""
        if self._known == (series.generation, series.count, len(sessions)):
            return self._segments
        if self._known is not None and self._known[2] != len(sessions):
            series.renew()  # a session may cut what was sent in one piece
        if self._known is None or self._known[0] != series.generation:
            self._rewinds, self._looked = [[] for _ in strands], [0 for _ in strands]
        for number, strand in enumerate(strands):
            self._look(number, strand, series.STEP)
        self._segments = cut(series, strands, self._rewinds, sessions)
        self._known = (series.generation, series.count, len(sessions))
        return self._segments

    def _look(self, number: int, strand: Strand, step: int) -> None:
        first, self._looked[number] = max(0, self._looked[number] - 1), strand.table.count
        if not strand.table.ascends(step):
            steps = strand.table.view()[step][first:]
            self._rewinds[number] += (np.flatnonzero(steps[1:] < steps[:-1]) + first + 1).tolist()


def segments_of(run: Run, series: ScalarSeries, strands: Sequence[Strand]) -> list[Segment]:
    """The segments of a run's series, strand by strand; call it under the index's lock."""
    starts = [session for session in sessions(run) if session.status == "start"]
    if series.segments is None:
        series.segments = Segments()
    return series.segments.of(series, strands, starts)


def cut(
    series: Series, strands: Sequence[Strand], rewinds: Sequence[Sequence[int]], sessions: Sequence[Session]
) -> list[Segment]:
    """The segments of all strands, given the rows at which the step of each goes back."""
    restarts = [
        Restart(_rows_at(series, strands, number, row), int(strand.table.view()[series.STEP][row]), number)
        for number, strand in enumerate(strands)
        for row in ([0] if len(strands) > 1 else []) + list(rewinds[number][-MOST:])
    ]
    restarts += [Restart(_rows_before(series, strands, session), session.step, None) for session in sessions]
    return [
        segment
        for number, strand in enumerate(strands)
        for segment in _cut_strand(number, strand.table.view()[series.STEP], len(rewinds[number]) > MOST, restarts)
    ]


def _cut_strand(number: int, steps: Column, is_mixed: bool, restarts: Sequence[Restart]) -> Iterator[Segment]:
    """The segments of one strand. `is_mixed` says that its step went back more often than `restarts` tell."""
    boundaries = _boundaries(number, steps, is_mixed, restarts)
    rows = [0, *(row for row in boundaries if 0 < row < len(steps)), len(steps)]
    abandoned: list[int | None] = []  # per segment the lowest step that anything later gave up
    lowest = min((step for row, (_, step) in boundaries.items() if row == len(steps)), default=None)
    for row in reversed(rows[:-1]):
        abandoned.append(lowest)
        if row in boundaries and (lowest is None or boundaries[row][1] < lowest):
            lowest = boundaries[row][1]
    first: tuple[Cause, int | None] = ("writer" if number > 0 else "first", None)
    for (begin, end), given_up in zip(itertools.pairwise(rows), reversed(abandoned), strict=True):
        ascends = begin > 0 or not is_mixed
        highest = steps[end - 1] if ascends else steps[begin:end].max()
        cause, abandons = boundaries.get(begin, first) if begin > 0 else first
        is_hit = given_up is not None and highest >= given_up
        yield Segment(number, begin, end, cause, abandons, given_up if is_hit else None, ascends)


def _boundaries(
    number: int, steps: Column, is_mixed: bool, restarts: Sequence[Restart]
) -> dict[int, tuple[Cause, int]]:
    """Where a strand is cut, in ascending order: at its rewinds, and where others give up some of its points."""
    boundaries: dict[int, tuple[Cause, int]] = {}
    highest: float = -np.inf  # step of the points that count at that moment
    begin = 0
    for restart in sorted(restarts, key=lambda restart: (restart.rows[number], restart.strand is None)):
        row = restart.rows[number]
        if row > begin:
            stretch = steps[begin:row] if is_mixed and begin == 0 else steps[row - 1 : row]
            highest = max(highest, int(stretch.max()))
            begin = row
        is_own = restart.strand == number and row > 0
        if is_own or highest >= restart.step:
            before = boundaries.get(row)
            cause: Cause = "session" if restart.strand is None else "rewind"
            boundaries[row] = (cause, restart.step if before is None else min(before[1], restart.step))
            highest = min(highest, restart.step - 1)
    return boundaries


def _rows_at(series: Series, strands: Sequence[Strand], number: int, row: int) -> list[int]:
    """How many rows of each strand were logged before a row of one of them."""
    if len(strands) == 1:
        return [row]
    when = float(strands[number].table.view()[series.WALL_TIME][row])
    return [row if n == number else _rows_until(series, strand, when) for n, strand in enumerate(strands)]


def _rows_before(series: Series, strands: Sequence[Strand], session: Session) -> list[int]:
    """How many rows of each strand were logged before a session began: by their files' order, else by time."""
    rows = []
    for strand in strands:
        row = _rows_until(series, strand, session.wall_time)
        if session.path in strand.paths:
            # A file is opened by its session: whatever times its points were given, they come after it.
            row = min(row, sum(series.rows_of(path) for path in strand.paths[: strand.paths.index(session.path)]))
        rows.append(row)
    return rows


def _rows_until(series: Series, strand: Strand, when: float) -> int:
    """How many rows of a strand have a wall time below `when`, in seconds since the epoch."""
    times = strand.table.view()[series.WALL_TIME]
    if not strand.table.ascends(series.WALL_TIME):
        times = np.maximum.accumulate(times)
    with np.errstate(over="ignore"):
        bound = times.dtype.type(when)  # of the column's type: given another, numpy would convert the whole column
    if bound < when:
        bound = np.nextafter(bound, times.dtype.type(np.inf))
    return int(np.searchsorted(times, bound, "left"))
