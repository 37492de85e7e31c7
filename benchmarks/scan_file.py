"""How many events a second does the kernel scan on one core, both checksums checked, and what would copying cost?"""

from __future__ import annotations

import time

from benchmarks.logs import logdir
from benchmarks.measure import Row, median_of
from runlens.wire.scan import EventFile

TAGS, STEPS = 20, 100_000
REPEATS = 5


def rows() -> list[Row]:
    """The scan rate, and the share of it that reading the bytes alone would take."""
    path = next(logdir(1, TAGS, STEPS).rglob("*tfevents*"))

    def scan() -> float:
        began = time.perf_counter()
        records = EventFile(path).advance(1 << 40).records
        return records / (time.perf_counter() - began) / 1e6

    def read() -> float:
        began = time.perf_counter()
        with path.open("rb", buffering=0) as file:
            while file.read(1 << 20):
                pass
        return TAGS * STEPS / (time.perf_counter() - began) / 1e6

    rate, limit = median_of(REPEATS, scan), median_of(REPEATS, read)
    return [
        Row("scan rate, one core, both checksums checked", "M events/s", rate, "at least 10", rate >= 10),
        Row("for comparison: only reading those bytes", "M events/s", limit, "", True),
    ]
