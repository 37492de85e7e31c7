"""What several tests need: logs to read and ways to wait."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from runlens.store.index import Index
from runlens.wire.record import Scalar, frame_scalars

DATA = Path(__file__).parent / "data"
FRAMEWORKS = ("tensorflow", "torch", "tensorboardx")

# One point as compared: step, wall time, value; NaN equal to NaN.
Point = tuple[int, float, float | str]


def comparable(steps: Iterable[int], wall_times: Iterable[float], values: Iterable[float]) -> list[Point]:
    """Columns as a list of points that compare equal, NaN to NaN."""
    return [
        (int(step), float(wall_time), "NaN" if math.isnan(value) else float(value))
        for step, wall_time, value in zip(steps, wall_times, values, strict=True)
    ]


def expected_scalars(framework: str) -> dict[str, dict[str, list[Point]]]:
    """{run: {tag: points}} as an independent reader found them (see tests/data/README.md)."""
    expected = json.loads((DATA / framework / "expected.json").read_text())["scalars"]
    return {
        run: {tag: comparable(*zip(*((s, w, float(v)) for s, w, v in rows), strict=True)) for tag, rows in tags.items()}
        for run, tags in expected.items()
    }


def index_of(root: Path) -> Index:
    """The index of a logdir, read once."""
    index = Index(root)
    index.refresh()
    return index


def address_of(announcement: str) -> str:
    """The viewer's address, without a slash, from the line in which it says where it is."""
    return announcement.split(" at ")[1].split(" ", maxsplit=1)[0].rstrip("/").replace("localhost", "127.0.0.1")


def indexed_scalars(index: Index) -> dict[str, dict[str, list[Point]]]:
    """{run: {tag: points}} as the index has them; runs without scalars left out."""
    with index.lock:
        return {
            name: {tag: comparable(*series.columns()) for tag, series in run.scalars.items()}
            for name, run in index.runs.items()
            if run.scalars
        }


def write_scalars(
    path: Path, tag: str, values: list[float], first_step: int = 0, append: bool = False, epoch: float = 1.7e9
) -> None:
    """An event file, or more of one, with one value a step and wall time `epoch` + step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scalars: list[Scalar] = [(tag, v, s, epoch + s) for s, v in enumerate(values, first_step)]
    with path.open("ab" if append else "wb") as file:
        file.write(frame_scalars(scalars))


def eventually(check: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until `check` is true; the bound is for a broken program, not a measure of a sound one."""
    until = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.01)


def random_walk(count: int, seed: int = 0) -> list[float]:
    """A curve to look at: float32 values, so that a round trip is exact."""
    steps = np.random.default_rng(seed).normal(size=count)
    return [float(value) for value in np.cumsum(steps).astype(np.float32)]
