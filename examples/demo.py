"""Writes a logdir worth looking at: a few finished trainings, one restarted, one that diverged, and one still running.

    python examples/demo.py logs/demo
    runlens --logdir=logs/demo

The numbers are simulated. The running one goes on for LIVE_SECONDS, a few points a second.
"""

from __future__ import annotations

import math
import random
import sys
import time
from pathlib import Path

from runlens import SummaryWriter

STEPS = 3000
DAY = 86_400.0  # seconds
LIVE_SECONDS = 1800


class Training:
    """A simulated training: what its curves are at a step."""

    def __init__(self, seed: int, learning_rate: float, floor: float) -> None:
        self._random = random.Random(seed)
        self._rate = learning_rate
        self._floor = floor

    def log(self, writer: SummaryWriter, step: int, wall_time: float | None = None) -> None:
        """Write all curves of one step."""
        loss = self._floor + 2.3 * math.exp(-step * self._rate) + abs(self._random.gauss(0, 0.06))
        accuracy = 1 - 0.9 * math.exp(-step * self._rate * 0.8) * (1 - self._floor) - self._floor * 0.2
        writer.add_scalar("train/loss", loss, step, wall_time)
        writer.add_scalar("train/accuracy", accuracy + self._random.gauss(0, 0.015), step, wall_time)
        writer.add_scalar("train/gradient norm", 12 * loss * math.exp(self._random.gauss(0, 0.3)), step, wall_time)
        writer.add_scalar("optimizer/learning rate", self._warm_cosine(step), step, wall_time)
        writer.add_scalar("time/examples per second", 5200 + self._random.gauss(0, 140), step, wall_time)
        if step % 50 == 0:
            gap = 0.05 + step * 2e-5
            writer.add_scalar("validation/loss", loss + gap, step, wall_time)
            writer.add_scalar("validation/accuracy", accuracy - gap, step, wall_time)

    def _warm_cosine(self, step: int) -> float:
        if step < 300:
            return self._rate * step / 300
        return self._rate * 0.5 * (1 + math.cos(math.pi * min(1.0, (step - 300) / (STEPS - 300))))


def write_finished(logdir: Path, now: float) -> None:
    """Three trainings that went well, with dropout or without."""
    for number, (name, rate, floor) in enumerate(
        [("baseline", 0.0016, 0.32), ("dropout 0.1", 0.0013, 0.24), ("dropout 0.5", 0.0008, 0.3)]
    ):
        training = Training(number, rate, floor)
        with SummaryWriter(logdir / "resnet" / name) as writer:
            for step in range(STEPS):
                training.log(writer, step, now - (4 - number) * DAY + step * 1.2)


def write_diverged(logdir: Path, now: float) -> None:
    """One whose loss becomes infinite, then not a number."""
    training = Training(7, 0.002, 0.35)
    with SummaryWriter(logdir / "resnet" / "large rate") as writer:
        for step in range(900):
            wall_time = now - DAY + step * 1.2
            if step < 700:
                training.log(writer, step, wall_time)
                continue
            loss = 0.9 * math.exp((step - 700) / 60) if step < 860 else math.inf if step < 880 else math.nan
            writer.add_scalar("train/loss", loss, step, wall_time)


def write_restarted(logdir: Path, now: float) -> None:
    """One that was interrupted at step 1400 and went on from its checkpoint at step 1000."""
    directory = logdir / "transformer" / "restarted"
    for part, (first, last, began) in enumerate([(0, 1400, now - 2 * DAY), (1000, STEPS, now - 1.9 * DAY)]):
        training = Training(20 + part, 0.0011, 0.2)
        with SummaryWriter(directory, filename_suffix=f".part{part}") as writer:
            for step in range(first, last):
                training.log(writer, step, began + step * 2.0)


def write_live(logdir: Path) -> None:
    """One that is still running."""
    training = Training(42, 0.0012, 0.18)
    with SummaryWriter(logdir / "transformer" / "running") as writer:
        for step in range(400):
            training.log(writer, step, time.time() - (400 - step) * 0.25)
        for step in range(400, 400 + LIVE_SECONDS * 4):
            training.log(writer, step)
            time.sleep(0.25)


def main() -> None:
    """Write all of it below the folder given, unless it is there already, then the running one."""
    logdir = Path(sys.argv[1] if len(sys.argv) > 1 else "logs/demo")
    now = time.time()
    if not (logdir / "resnet").is_dir():
        write_finished(logdir, now)
        write_diverged(logdir, now)
        write_restarted(logdir, now)
    write_live(logdir)


if __name__ == "__main__":
    main()
