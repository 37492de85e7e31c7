"""Makes the inputs: logdirs of a known shape, written once and kept in benchmarks/data/."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from runlens import SummaryWriter
from runlens.wire import event
from runlens.wire.record import Scalar, frame, frame_scalars

DATA = Path(__file__).parent / "data"
BATCH = 50_000  # scalars encoded at a time
READ_BYTES = 1 << 24
_NORMAL = np.random.default_rng(0).normal(size=(20, 10_000)).astype(np.float32)


def logdir(runs: int, tags: int, steps: int) -> Path:
    """A logdir with so many runs, tags a run and points a tag, as a training loop writes them: step by step."""
    root = DATA / f"{runs}x{tags}x{steps}"
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        for run in range(runs):
            _write_run(root / f"run{run:04d}" / f"events.out.tfevents.17000{run:05d}.host.1.0", tags, steps, run)
        (root / "complete").touch()
    return root


def long_series(points: int) -> Path:
    """One run with one tag of so many points, `loss`; about 46 bytes each."""
    root = DATA / f"long{points}"
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        (root / "run").mkdir(parents=True)
        with (root / "run" / "events.out.tfevents.1700000000.host.1.0").open("wb") as file:
            for first in range(0, points, BATCH):
                steps = range(first, min(first + BATCH, points))
                values = np.cos(np.arange(first, steps.stop) * 1e-5).tolist()
                file.write(frame_scalars([("loss", v, s, 1.7e9 + s * 0.1) for v, s in zip(values, steps, strict=True)]))
        (root / "complete").touch()
    return root


def histograms(tags: int, steps: int) -> Path:
    """One run with histograms of 10,000 normal values, whose mean and width grow; 10 kB each."""
    root = DATA / f"histograms{tags}x{steps}"
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        with SummaryWriter(root / "run") as writer:
            for step in range(steps):
                add_histograms(writer, tags, step)
        (root / "complete").touch()
    return root


def add_histograms(writer: SummaryWriter, tags: int, step: int) -> None:
    """One step of such a run."""
    for tag in range(tags):
        values = _NORMAL[(step * 7 + tag) % len(_NORMAL)] * (1 + step / 1000) + step / 500
        writer.add_histogram(f"layer{tag // 10}/weights{tag % 10}", values, step)


def add_steps(root: Path, runs: int, tags: int, steps: int, more: int) -> None:
    """Let a copy of such a logdir grow by so many steps a run."""
    for run in range(runs):
        (path,) = (root / f"run{run:04d}").glob("*tfevents*")
        with path.open("ab") as file:
            file.write(_steps(range(steps, steps + more), tags, run))


def read_through(root: Path) -> None:
    """Have the system know all event files below `root` with all their bytes: its disk is not what is measured."""
    for path in root.rglob("*tfevents*"):
        with path.open("rb") as file:
            while file.read(READ_BYTES):
                pass


def _write_run(path: Path, tags: int, steps: int, run: int) -> None:
    path.parent.mkdir(parents=True)
    at_once = max(1, BATCH // tags)
    with path.open("wb") as file:
        file.write(frame(event.event(1.7e9, 0, event.file_version())))
        for first in range(0, steps, at_once):
            file.write(_steps(range(first, min(first + at_once, steps)), tags, run))


def _steps(steps: range, tags: int, run: int) -> bytes:
    """The records of some steps of a run."""
    names = [f"group{tag // 10}/metric{tag:03d}" for tag in range(tags)]
    batch: list[Scalar] = []
    for step in steps:
        value = (run + 1) / (step + 10) + (step * 7919 % 1000) * 1e-4
        batch += [(name, value + tag, step, 1.7e9 + step * 0.1) for tag, name in enumerate(names)]
    return frame_scalars(batch)
