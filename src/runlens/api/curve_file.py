"""Curves as files to keep: every point as it was logged, as CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.curve import Curve

POINTS_AT_ONCE: Final = 20_000


def as_csv(curves: list[Curve]) -> Iterator[bytes]:
    """A line per point, `run,step,wall_time,value`, run after run in the order logged; numbers in full (RFC 4180)."""
    yield b"run,step,wall_time,value\r\n"
    for curve in curves:
        for columns in _pieces(curve):
            text = io.StringIO()
            lines = zip(*(column.tolist() for column in columns), strict=True)
            csv.writer(text).writerows((curve.run, *line) for line in lines)
            yield text.getvalue().encode("utf-8", "replace")


def as_json(tag: str, curves: list[Curve]) -> Iterator[bytes]:
    """`{"tag": …, "runs": [{"run": …, "points": [[step, wall_time, value], …]}, …]}`.

    JSON has no number that is not finite: those are the texts NaN, Infinity and -Infinity.
    """
    yield f'{{"tag":{_text(tag)},"runs":['.encode()
    for number, curve in enumerate(curves):
        yield f'{"," if number else ""}{{"run":{_text(curve.run)},"points":['.encode()
        is_first = True
        for columns in _pieces(curve):
            lines = zip(*(column.tolist() for column in columns), strict=True)
            points = ",".join(f"[{','.join(map(_number, line))}]" for line in lines)
            yield (points if is_first else f",{points}").encode()
            is_first = False
        yield b"]}"
    yield b"]}\n"


def _pieces(curve: Curve) -> Iterator[tuple[NDArray[Any], ...]]:
    for strand in curve.strands:
        columns = (strand.steps, strand.wall_times, strand.values.astype(np.float64, copy=False))
        for start in range(0, len(strand.steps), POINTS_AT_ONCE):
            yield tuple(column[start : start + POINTS_AT_ONCE] for column in columns)


def _text(text: str) -> str:
    # Escaped to ASCII, so that half a surrogate pair survives as what it is.
    return json.dumps(text)


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return '"NaN"' if math.isnan(value) else '"Infinity"' if value > 0 else '"-Infinity"'
