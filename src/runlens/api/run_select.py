"""Answers a run query: which runs it finds. docs/run_query.md is the contract."""

from __future__ import annotations

import difflib
import functools
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.payload import Json
from runlens.api.question import Object, a_text
from runlens.api.run_pattern import compile_pattern, found_in
from runlens.api.run_query import (
    Best,
    Both,
    Comparison,
    Condition,
    Duration,
    Either,
    Literal,
    Not,
    QueryError,
    Token,
    parse,
)
from runlens.api.run_state import end_of, last_step, start_of, state_of
from runlens.api.statistics import STATISTICS, WHOLE, scalar_tags, with_parts
from runlens.api.study import STUDY, Session
from runlens.store.index import Index
from runlens.wire.hparams import Value

FIELDS: Final = ("name", "state", "steps", "duration", "start")
HPARAM: Final = "hparam."
PATIENCE: Final = 2.0  # s after which a search of names is given up
MANY_NAMES: Final = 5000  # beyond which nobody looks for the one that was meant

Cell = float | str | None  # a run's value; None where it has none. What is true or false is read as that word.
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Column:
    """A field's value of each run. `unit` tells how a duration or a date is read against it."""

    cells: list[Cell]
    unit: str = ""
    falls: bool = True  # whether the lowest are the best, where a query does not say
    is_logged: bool = False  # as a number of 32 bits, mostly: 0.4 was made another then, and must be here


def select(index: Index, question: Object) -> Json:
    """Names of the runs that `query` finds, in the list's order; or what is wrong with it, and where."""
    try:
        query = parse(a_text(question, "query"))
        sessions = STUDY.sessions(index)
        runs = _Runs(index, sessions)
        found = np.ones(len(sessions), np.bool_) if query.condition is None else runs.holds(query.condition)
        if query.best is not None:
            found = runs.best(query.best, found)
    except QueryError as error:
        told = {"code": error.code, "start": error.start, "end": error.end, "detail": error.detail}
        return Json({"runs": [], "error": told})
    names = [[session.name, session.part] for session, is_found in zip(sessions, found, strict=True) if is_found]
    return Json({"runs": [name for both in names for name in both if name is not None], "error": None})


class _Runs:
    """The runs of one question, and their columns as far as they are asked for."""

    def __init__(self, index: Index, sessions: list[Session]) -> None:
        self._index = index
        self._sessions = sessions
        self._now = time.time()
        self._give_up = time.monotonic() + PATIENCE
        self._tags = scalar_tags(index)
        self._hparams = {name for session in sessions for name in session.said.hparams}

    def holds(self, condition: Condition) -> Mask:
        """For which runs the condition holds."""
        match condition:
            case Not(part):
                return ~self.holds(part)
            case Both(parts):
                return functools.reduce(np.logical_and, map(self.holds, parts))
            case Either(parts):
                return functools.reduce(np.logical_or, map(self.holds, parts))
            case Comparison():
                return self._compare(condition)

    def best(self, best: Best, among: Mask) -> Mask:
        """The best of those runs; one without a number is none, and of equals the first is better."""
        column = self.column(best.field)
        lowest = column.falls if best.lowest is None else best.lowest
        ranked = [
            (cell if lowest else -cell, row)
            for row, cell in enumerate(column.cells)
            if among[row] and isinstance(cell, float) and not math.isnan(cell)
        ]
        chosen = np.zeros(len(self._sessions), np.bool_)
        chosen[[row for _, row in sorted(ranked)[: best.count]]] = True
        return chosen

    def column(self, field: Token) -> Column:
        """What a field means; raises QueryError where nothing is called so."""
        word, is_quoted = field.text, field.kind == "quoted"
        if field.statistic is not None:
            if field.statistic in WHOLE and word in self._tags:
                return self._metric(word, field.statistic)
            raise self._unknown(field)
        if not is_quoted and word in FIELDS:
            return self._circumstance(word)
        tag, dot, statistic = word.rpartition(".")
        if not is_quoted and dot and statistic in WHOLE and tag in self._tags:
            return self._metric(tag, statistic)
        hparam = word.removeprefix(HPARAM)
        if hparam in self._hparams:
            return Column([_cell(session.said.hparams.get(hparam)) for session in self._sessions])
        if word in self._tags:
            return self._metric(word, "last")
        raise self._unknown(field)

    def _circumstance(self, name: str) -> Column:
        sessions = self._sessions
        if name == "name":
            return Column([session.name for session in sessions])
        with self._index.lock:
            if name == "state":
                return Column([state_of(session, self._now) for session in sessions])
            if name == "steps":
                return Column([_known(last_step(session.run)) for session in sessions])
            starts = [start_of(session) for session in sessions]
            if name == "start":
                return Column([_known(start) for start in starts], unit="date")
            ends = [end_of(session) for session in sessions]
        return Column([_known(end - start) for start, end in zip(starts, ends, strict=True)], unit="seconds")

    def _metric(self, tag: str, statistic: str) -> Column:
        names, parts = [session.name for session in self._sessions], [session.part for session in self._sessions]
        found = with_parts(lambda runs: STATISTICS.whole(self._index, runs, tag, statistic), names, parts)
        cells: list[Cell] = [None] * len(self._sessions)
        for row, value in zip(found.rows.tolist(), found.values.tolist(), strict=True):
            cells[row] = value
        return Column(cells, falls=statistic != "max", is_logged=statistic not in ("mean", "count"))

    def _compare(self, comparison: Comparison) -> Mask:
        column = self.column(comparison.field)
        if comparison.operator in ("~", "!~"):
            return self._search(column, comparison)
        value = _measured(column, comparison, self._now)
        test = _TESTS[comparison.operator]
        short = _single(value) if column.is_logged else value
        # A run without the value fails every comparison, and so does one whose value is of the other sort.
        return np.array(
            [
                type(cell) is type(value) and test(cell, short if _single(cell) == cell else value)
                for cell in column.cells
            ],
            np.bool_,
        )

    def _search(self, column: Column, comparison: Comparison) -> Mask:
        pattern = compile_pattern(comparison.value_token.text)
        wanted = comparison.operator == "~"
        found = []
        for cell in column.cells:
            found.append(cell is not None and found_in(pattern, str(cell)) is wanted)
            if time.monotonic() > self._give_up:
                token = comparison.value_token
                raise QueryError("slow", token.start, token.end)
        return np.array(found, np.bool_)

    def _unknown(self, field: Token) -> QueryError:
        word = field.text if field.statistic is None else f"{field.text}.{field.statistic}"
        tag, dot, statistic = word.rpartition(".")
        names = {*FIELDS, *self._hparams, *self._tags}
        near = difflib.get_close_matches(word, names, 1) if len(names) <= MANY_NAMES else []
        if dot and len(names) <= MANY_NAMES:
            end = statistic if statistic in WHOLE else "last"
            near = [f"{name}.{end}" for name in difflib.get_close_matches(tag, self._tags, 1)] or near
        return QueryError("unknown", field.start, field.end, near[0] if near else "")


def _cell(value: Value | None) -> Cell:
    return str(value).lower() if isinstance(value, bool) else value


def _single(value: Cell) -> Cell:
    """A number as 32 bits hold it."""
    with np.errstate(over="ignore"):
        return float(np.float32(value)) if isinstance(value, float) else value


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def _measured(column: Column, comparison: Comparison, now: float) -> float | str:
    """The value in the column's own terms; raises QueryError where they cannot be compared."""
    value: Literal = comparison.value
    token = comparison.value_token
    if isinstance(value, Duration):
        if not column.unit:
            raise QueryError("duration", token.start, token.end, token.text)
        # A moment is told by how long ago it was: `start > -2h` is since two hours ago.
        return value.seconds if column.unit == "seconds" else now + value.seconds
    if isinstance(value, str):
        if column.unit == "date":
            return _moment(token)
        if not any(isinstance(cell, str) for cell in column.cells):
            raise QueryError("number", token.start, token.end, token.text)
        if comparison.operator not in ("=", "!="):
            raise QueryError("order", token.start, token.end, token.text)
    elif any(isinstance(cell, str) for cell in column.cells) and comparison.field.text in FIELDS:
        raise QueryError("text", token.start, token.end, token.text)
    return value


def _moment(token: Token) -> float:
    try:
        return datetime.fromisoformat(token.text).timestamp()
    except (ValueError, OverflowError, OSError):
        raise QueryError("date", token.start, token.end, token.text) from None


def _equal(cell: object, value: object) -> bool:
    is_nan = isinstance(value, float) and math.isnan(value)  # which is looked for by its name
    return isinstance(cell, float) and math.isnan(cell) if is_nan else cell == value


_TESTS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": lambda cell, value: cell < value,
    "<=": lambda cell, value: cell <= value,
    ">": lambda cell, value: cell > value,
    ">=": lambda cell, value: cell >= value,
    "=": _equal,
    "!=": lambda cell, value: not _equal(cell, value),
}
