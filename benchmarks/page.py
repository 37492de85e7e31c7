"""How soon are the first charts painted, does scrolling stutter, and how long from flush to pixel?"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.logs import logdir
from benchmarks.measure import Row, get_json, process, wait_until
from runlens import SummaryWriter

SCRIPT = Path(__file__).with_name("page.mjs")
FLUSHES = 12


def rows() -> list[Row]:
    """Two hundred charts of twenty runs; then one run being written among a thousand."""
    return [*_first_charts(), _flush_to_pixel()]


def _first_charts() -> list[Row]:
    with viewer(logdir(20, 200, 1000)) as address:
        measured = [drive("first", address) for _ in range(3)]
    first = statistics.median(run["firstCharts"] for run in measured) / 1e3
    longest = statistics.median(run["longest"] for run in measured)
    return [
        Row("200 charts x 20 runs x 1,000 points: first charts painted", "s", first, "at most 1 s", first <= 1),
        Row("the same, scrolled through: longest task", "ms", longest, "at most 50 ms", longest <= 50),
    ]


def _flush_to_pixel() -> Row:
    """A thousand finished runs, one growing; seconds from the return of flush() to the changed canvas."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "logs"
        shutil.copytree(logdir(1000, 20, 100), root, copy_function=shutil.copyfile)
        with SummaryWriter(root / "live") as writer:
            writer.add_scalar("group0/metric000", 1.0, 0)
            writer.flush()
            with viewer(root) as address, watch(address) as lines:
                delays = [_delay(writer, step, lines) for step in range(FLUSHES)]
    delay = statistics.median(delays)
    return Row("flush to pixel, 1,000 runs in the logdir", "s", delay, "at most 1 s", delay <= 1)


def _delay(writer: SummaryWriter, step: int, lines: Iterator[dict[str, Any]]) -> float:
    writer.add_scalar("group0/metric000", step * 0.3, 100 + step)
    return flush_to_pixel(writer, lines, 0.4)


def flush_to_pixel(writer: SummaryWriter, lines: Iterator[dict[str, Any]], pause: float) -> float:
    """Seconds from the return of flush() to the changed canvas that `watch` tells of, and a pause after that."""
    writer.flush()
    flushed = time.time()
    changed = next(line["changed"] for line in lines if line.get("changed", 0) > flushed)
    time.sleep(pause)  # so that the next change is not the rest of this one
    return float(changed - flushed)


@contextmanager
def viewer(root: Path) -> Iterator[str]:
    """The address of a viewer that has read everything."""
    with process([sys.executable, "-m", "runlens", f"--logdir={root}", "--port=0", "--no_cache"]) as program:
        assert program.stdout is not None
        address = program.stdout.readline().split(" at ")[1].split(" ")[0].replace("localhost", "127.0.0.1")
        wait_until(lambda: get_json(f"{address}api/runs")["state"] == "ready")
        yield address


def drive(act: str, address: str, *more: str, script: Path = SCRIPT) -> dict[str, Any]:
    """What a script of the browser measures in one of its acts."""
    command = ["node", str(script), act, address, *more]
    return dict(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


@contextmanager
def watch(address: str) -> Iterator[Iterator[dict[str, Any]]]:
    """Lines of a browser that watches the first chart, with the growing run ticked as the newest."""
    command = ["node", str(SCRIPT), "watch", address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdin is not None and program.stdout is not None
        lines = (json.loads(line) for line in program.stdout)
        assert next(lines)["ready"]
        yield lines
        program.stdin.close()
