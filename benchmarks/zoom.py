"""How long does the server take for a zoom on one series of ten million points, request to bytes?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.logs import logdir
from benchmarks.measure import Row, median_of
from runlens.api.kinds.scalar import data
from runlens.store.index import Index

POINTS = 10_000_000
REPEATS = 9


def rows() -> list[Row]:
    """The whole series on a thousand pixels, then a hundredth of it, then that smoothed."""
    index = _open(logdir(1, 1, POINTS))
    middle = [POINTS * 0.4, POINTS * 0.41]
    zoom = _measure(index, {"range": middle})
    return [
        Row("a zoom on a 10M-point series, request to bytes", "ms", zoom, "at most 50 ms", zoom <= 50),
        Row("the whole 10M-point series on 1,000 pixels", "ms", _measure(index, {}), "", True),
        Row("a zoom on it, smoothed", "ms", _measure(index, {"range": middle, "smoothing": 0.6}), "", True),
    ]


def _open(root: Path) -> Index:
    index = Index(root)
    index.refresh()
    return index


def _measure(index: Index, chart: dict[str, Any]) -> float:
    return median_of(REPEATS, lambda: _ask(index, chart))


def _ask(index: Index, chart: dict[str, Any]) -> float:
    """Milliseconds from question to bytes."""
    question = {"tag": "group0/metric000", "runs": ["run0000"], "width": 1000, **chart}
    began = time.perf_counter()
    data(index, {"charts": [question]}).encode()
    return (time.perf_counter() - began) * 1e3
