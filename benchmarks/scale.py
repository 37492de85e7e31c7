"""Large logdirs: how soon is there a first chart, how soon all, how much memory, and what does waiting cost?"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.logs import DATA, add_steps, logdir, long_series, read_through
from benchmarks.measure import Row, cpu_seconds, get_json, median_of, process, resident, wait_until
from tests.columns import decode

MANY = (10_000, 20, 100)
WIDE = (50, 20, 10_000)
LONG = 100_000_000
BYTES_A_POINT = 60  # no more than this on disk
SPARE = 5 << 30  # bytes of disk left alone
IDLE_SECONDS = 20.0
SETTLE_SECONDS = 3.0


def rows() -> Iterator[Row]:
    """Each shape in turn, then idling and growing."""
    for shape, goal in ((MANY, 3.0), (WIDE, 1.0)):
        name = "{:,} runs x {} tags x {:,} points".format(*shape)
        if _has_room(shape[0] * shape[1] * shape[2]):
            yield from _measure(name, logdir(*shape), "group0/metric000", shape[0] * shape[1] * shape[2], goal)
    if _has_room(LONG):
        yield from _measure(f"one tag with {LONG // 1_000_000}M points", long_series(LONG), "loss", LONG, 15.0)
    for runs in (1000, 10_000):
        yield _idle(runs, logdir(runs, 20, 100))
    yield _growth()


@dataclass(frozen=True, slots=True)
class Viewer:
    """A running viewer."""

    address: str
    pid: int
    began: float

    def elapsed(self) -> float:
        """Seconds since it was started."""
        return time.perf_counter() - self.began

    def runs(self) -> dict[str, Any]:
        """The list of runs."""
        return dict(get_json(f"{self.address}/api/runs"))

    def points(self, tag: str, runs: list[str], **chart: Any) -> int:
        """How many points of the runs' curves of a tag are on the server, by the answer for a chart."""
        question = {"charts": [{"tag": tag, "runs": runs, "width": 1000, **chart}]}
        request = urllib.request.Request(f"{self.address}/api/scalar/data", json.dumps(question).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            header, _ = decode(answer.read())
        return sum(series["count"] for series in header["charts"][0]["series"])


@contextmanager
def _viewer(root: Path) -> Iterator[Viewer]:
    began = time.perf_counter()
    with process([sys.executable, "-m", "runlens", f"--logdir={root}", "--port=0", "--no_cache"]) as program:
        assert program.stdout is not None
        address = program.stdout.readline().split(" at ")[1].split("/ ")[0].replace("localhost", "127.0.0.1")
        yield Viewer(address, program.pid, began)


def _measure(name: str, root: Path, tag: str, points: int, goal: float) -> Iterator[Row]:
    read_through(root)
    with _viewer(root) as viewer:
        newest: list[str] = []

        def has_first() -> bool:
            newest[:] = newest or [run["name"] for run in viewer.runs()["runs"] if run["points"]][-1:]
            return bool(newest) and viewer.points(tag, newest) > 0

        def is_complete() -> bool:
            answer = viewer.runs()
            return bool(answer["state"] == "ready" and sum(run["points"] for run in answer["runs"]) == points)

        wait_until(has_first)
        first = viewer.elapsed()
        wait_until(is_complete, pause=0.25)
        complete = viewer.elapsed()
        yield Row(f"{name}: first chart's data", "s", first, "at most 1 s", first <= 1)
        yield Row("all of it served", "s", complete, f"at most {goal:g} s", complete <= goal)
        yield Row("memory then", "MB", resident(viewer.pid), "", True)
        yield _asked("api/runs", lambda: len(viewer.runs()["runs"]))
        yield _asked("one chart of one run", lambda: viewer.points(tag, newest))
        middle = [0.4 * viewer.points(tag, newest), 0.41 * viewer.points(tag, newest)]
        yield _asked("a zoom on it", lambda: viewer.points(tag, newest, range=middle))


def _asked(name: str, ask: Callable[[], object]) -> Row:
    def once() -> float:
        began = time.perf_counter()
        ask()
        return (time.perf_counter() - began) * 1e3

    return Row(f"{name}, request to answer", "ms", median_of(5, once), "", True)


def _idle(runs: int, root: Path) -> Row:
    """The share of a core that a viewer takes while nothing happens."""
    with _viewer(root) as viewer:
        wait_until(lambda: viewer.runs()["state"] == "ready")
        time.sleep(SETTLE_SECONDS)
        before = cpu_seconds(viewer.pid)
        time.sleep(IDLE_SECONDS)
        share = (cpu_seconds(viewer.pid) - before) / IDLE_SECONDS * 100
    return Row(f"idle viewer of {runs:,} runs, share of a core", "%", share, "at most 1 %", share <= 1)


def _growth() -> Row:
    """The processor time for one hundredth more, as a share of that for reading the whole."""
    with tempfile.TemporaryDirectory(dir=DATA) as folder:
        root = Path(folder) / "logs"
        shutil.copytree(logdir(*WIDE), root)
        with _viewer(root) as viewer:
            wait_until(lambda: viewer.runs()["state"] == "ready")
            whole = cpu_seconds(viewer.pid)
            runs, tags, steps = WIDE
            more = steps // 100
            # The first growth also moves what was read to where it can grow, as every fourth or so does later.
            for first in (steps, steps + more):
                before = cpu_seconds(viewer.pid)
                add_steps(root, runs, tags, first, more)
                points = runs * tags * (first + more)
                wait_until(lambda: sum(run["points"] for run in viewer.runs()["runs"]) == points, pause=0.5)  # noqa: B023
            share = (cpu_seconds(viewer.pid) - before) / whole * 100
    return Row("1 % more bytes, of the processor time for all", "%", share, "at most 5 %", share <= 5)


def _has_room(points: int) -> bool:
    DATA.mkdir(exist_ok=True)
    free = shutil.disk_usage(DATA).free
    if free - points * BYTES_A_POINT > SPARE:
        return True
    print(f"skipped: {points:,} points need {points * BYTES_A_POINT >> 30} GB of disk and there are {free >> 30}",
          file=sys.stderr)  # fmt: skip
    return False
