"""Does a tag with very many images open as fast as one with few, and can a million points be turned without a GPU?"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from benchmarks.measure import Row, get_json, process, wait_until
from benchmarks.page import drive
from runlens import SummaryWriter

SCRIPT = Path(__file__).with_name("media.mjs")
MANY, FEW = 10_000, 10
POINTS = 1_000_000
TIMES = 5


def rows() -> list[Row]:
    """From the click on the tab to the picture, ours alone: TensorBoard keeps ten images of a tag."""
    return [_opening(), *_turning()]


def _opening() -> Row:
    with tempfile.TemporaryDirectory() as folder:
        seconds = {}
        for count in (FEW, MANY):
            root = Path(folder) / str(count)
            _write_images(root, count)
            with _viewer(root) as address:
                painted = [drive("image", address, script=SCRIPT)["painted"] for _ in range(TIMES)]
            seconds[count] = statistics.median(painted) / 1e3
    slower = seconds[MANY] - seconds[FEW]
    what = f"a tag with {MANY:,} images: painted ({FEW} images: {seconds[FEW]:.2f} s)"
    return Row(what, "s", seconds[MANY], f"at most 0.1 s more than {FEW}", slower <= 0.1)


def _turning() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        with SummaryWriter(folder) as writer:
            points = np.random.default_rng(0).normal(size=(POINTS, 3)).astype(np.float32)
            writer.add_mesh("cloud", points, (40 * points + 128).clip(0, 255).astype(np.uint8))
        with _viewer(Path(folder)) as address:
            measured = drive("mesh", address, script=SCRIPT)
    frame = measured["frame"]
    yield Row(f"{POINTS:,} points turned, software rendering: a frame", "ms", frame, "at most 100 ms", frame <= 100)
    whole = measured["whole"] / 1e3
    yield Row(f"{POINTS:,} points at rest, software rendering: all drawn", "s", whole, "at most 1 s", whole <= 1)


def _write_images(root: Path, count: int) -> None:
    random = np.random.default_rng(0)
    with SummaryWriter(root) as writer:
        for step in range(count):
            writer.add_image("sample", random.integers(0, 256, (3, 32, 32), np.uint8), step)


@contextmanager
def _viewer(root: Path) -> Iterator[str]:
    """The address of a viewer that has read everything."""
    with process([sys.executable, "-m", "runlens", f"--logdir={root}", "--port=0"]) as program:
        assert program.stdout is not None
        address = program.stdout.readline().split(" at ")[1].split(" ")[0].replace("localhost", "127.0.0.1")
        wait_until(lambda: get_json(f"{address}api/runs")["state"] == "ready")
        yield address
