"""Makes the inputs: logdirs of a known shape, written once and kept in benchmarks/data/."""

from __future__ import annotations

import shutil
from pathlib import Path

from runlens.wire import event
from runlens.wire.record import Scalar, frame, frame_scalars

DATA = Path(__file__).parent / "data"
BATCH = 50_000  # scalars encoded at a time


def logdir(runs: int, tags: int, steps: int) -> Path:
    """A logdir with so many runs, tags a run and points a tag, as a training loop writes them: step by step."""
    root = DATA / f"{runs}x{tags}x{steps}"
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        for run in range(runs):
            _write_run(root / f"run{run:04d}" / f"events.out.tfevents.17000{run:05d}.host.1.0", tags, steps, run)
        (root / "complete").touch()
    return root


def size(root: Path) -> int:
    """Bytes of all event files below `root`."""
    return sum(path.stat().st_size for path in root.rglob("*tfevents*"))


def _write_run(path: Path, tags: int, steps: int, run: int) -> None:
    path.parent.mkdir(parents=True)
    names = [f"group{tag // 10}/metric{tag:03d}" for tag in range(tags)]
    with path.open("wb") as file:
        file.write(frame(event.event(1.7e9, 0, event.file_version())))
        batch: list[Scalar] = []
        for step in range(steps):
            value = (run + 1) / (step + 10) + (step * 7919 % 1000) * 1e-4
            batch += [(name, value + tag, step, 1.7e9 + step * 0.1) for tag, name in enumerate(names)]
            if len(batch) >= BATCH:
                file.write(frame_scalars(batch))
                batch = []
        file.write(frame_scalars(batch))
