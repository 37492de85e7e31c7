"""How long do a million scalars take from event files into a DataFrame?"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd  # noqa: TID253 - what is measured

import runlens
from benchmarks.logs import logdir
from benchmarks.measure import Row, median_of

RUNS, TAGS, STEPS = 10, 10, 10_000
GOAL = 0.5  # s
REPEATS = 5


def rows() -> list[Row]:
    """With the libraries imported, beside tbparse."""
    from tbparse import SummaryReader

    root = logdir(RUNS, TAGS, STEPS)
    ours = median_of(REPEATS, _seconds(lambda: runlens.read(root).to_pandas(), root))
    theirs = _seconds(lambda: SummaryReader(str(root), extra_columns={"dir_name", "wall_time"}).scalars, root)()
    return [Row("1,000,000 scalars into a DataFrame", "s", ours, f"at most {GOAL} s", ours <= GOAL, "tbparse", theirs)]


def _seconds(read: Callable[[], pd.DataFrame], root: Path) -> Callable[[], float]:
    def once() -> float:
        began = time.perf_counter()
        frame = read()
        took = time.perf_counter() - began
        assert len(frame) == RUNS * TAGS * STEPS, root
        return took

    return once
