"""How soon are the first of very many histograms painted, does scrolling stutter, and what does one more step cost?"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.logs import add_histograms, histograms
from benchmarks.measure import Row
from benchmarks.page import drive, flush_to_pixel, viewer, watch
from runlens import SummaryWriter

TAGS, STEPS = 100, 1000
TIMES = 3
MORE = 8


def rows() -> list[Row]:
    """A hundred tags of a thousand steps, ours alone: TensorBoard keeps fifty steps of a tag."""
    root = histograms(TAGS, STEPS)
    with viewer(root) as address:
        measured = [drive("first", f"{address}?kind=histogram") for _ in range(TIMES)]
    first = statistics.median(run["firstCharts"] for run in measured) / 1e3
    longest = statistics.median(run["longest"] for run in measured)
    what = f"{TAGS} histograms x {STEPS:,} steps"
    return [
        Row(f"{what}: first {measured[0]['charts']} cards painted", "s", first, "at most 1 s", first <= 1),
        Row("the same, scrolled through: longest task", "ms", longest, "at most 50 ms", longest <= 50),
        _one_more_step(root),
    ]


def _one_more_step(root: Path) -> Row:
    """Seconds from the return of flush() to the changed canvas, while all tags grow by a step."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "logs"
        shutil.copytree(root, copy, copy_function=os.link)  # nothing is added to the old files
        with (
            SummaryWriter(copy / "run") as writer,
            viewer(copy) as address,
            watch(f"{address}?kind=histogram") as lines,
        ):
            delay = statistics.median(_delay(writer, STEPS + step, lines) for step in range(MORE))
    return Row(f"one more step of all {TAGS}: flush to pixel", "s", delay, "at most 1 s", delay <= 1)


def _delay(writer: SummaryWriter, step: int, lines: Iterator[dict[str, Any]]) -> float:
    add_histograms(writer, TAGS, step)
    return flush_to_pixel(writer, lines, 1)
