"""How long from starting the viewer until all points are served, and how much memory does it hold then?"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.logs import logdir, read_through
from benchmarks.measure import Row, free_port, get_json, process, resident, wait_until

RUNS, TAGS, STEPS = 50, 20, 10_000
POINTS = RUNS * TAGS * STEPS
REPEATS = 3


def rows() -> list[Row]:
    """Start without a cache and with one, and memory, beside TensorBoard with its Rust data server."""
    root = logdir(RUNS, TAGS, STEPS)
    read_through(root)
    cold, warm, theirs = [], [], []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as caches:
            cold.append(_open(_runlens(root, caches), _runlens_ready, kept=Path(caches)))
            warm.append(_open(_runlens(root, caches), _runlens_ready))
        theirs.append(_open(_tensorboard(root), _tensorboard_ready))
    middle = REPEATS // 2
    (time_ours, memory_ours), (time_warm, memory_warm) = sorted(cold)[middle], sorted(warm)[middle]
    time_theirs, memory_theirs = sorted(theirs)[middle]
    peer = "TensorBoard + Rust"
    return [
        Row(
            "process start to all 10M points served, cold", "s", time_ours,
            "at most 1/5", time_ours * 5 <= time_theirs, peer, time_theirs,
        ),
        Row(
            "the same, with what an earlier start kept", "s", time_warm,
            "at most 1/10", time_warm * 10 <= time_theirs, peer, time_theirs,
        ),
        Row(
            "memory after it (we: all points; peer: 1,000 a tag)", "MB", memory_ours,
            "at most 200 MB", memory_ours <= 200, peer, memory_theirs,
        ),
        Row(
            "memory after a start with what was kept", "MB", memory_warm,
            "at most 200 MB", memory_warm <= 200, peer, memory_theirs,
        ),
    ]  # fmt: skip


def _open(
    command: Callable[[int], list[str]], ready: Callable[[str], bool], kept: Path | None = None
) -> tuple[float, float]:
    """Seconds until ready, MB held then. Goes on until something is `kept` in a folder, if one is given."""
    port = free_port()
    began = time.perf_counter()
    with process(command(port)) as program:
        wait_until(lambda: ready(f"http://127.0.0.1:{port}"))
        measured = time.perf_counter() - began, resident(program.pid)
        if kept is not None:
            wait_until(lambda: any(kept.glob("*/index")))
        return measured


def _runlens(root: Path, caches: str) -> Callable[[int], list[str]]:
    return lambda port: [sys.executable, "-m", "runlens", f"--logdir={root}", f"--port={port}", f"--cache_dir={caches}"]


def _runlens_ready(address: str) -> bool:
    answer = get_json(f"{address}/api/runs")
    return bool(answer["state"] == "ready" and sum(run["points"] for run in answer["runs"]) == POINTS)


def _tensorboard(root: Path) -> Callable[[int], list[str]]:
    program = Path(sys.executable).with_name("tensorboard")
    return lambda port: [str(program), f"--logdir={root}", f"--port={port}", "--load_fast=true"]


def _tensorboard_ready(address: str) -> bool:
    """Whether every run's last step is served, by its own route for a chart of many runs."""
    tags = get_json(f"{address}/data/plugin/scalars/tags")
    if len(tags) < RUNS or any(len(of_run) < TAGS for of_run in tags.values()):
        return False
    tag = sorted(next(iter(tags.values())))[-1]
    form = "&".join([f"tag={tag}", *(f"runs={run}" for run in tags)])
    answer = get_json(f"{address}/data/plugin/scalars/scalars_multirun", form.encode())
    return len(answer) == RUNS and all(points[-1][1] == STEPS - 1 for points in answer.values())
