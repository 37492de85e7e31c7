"""Write small runs for the browser tests: `write_runs.py LOGDIR EPOCH FROM TO RUN...`, steps FROM to TO - 1 of each."""

import math
import sys

from runlens import SummaryWriter


def main(logdir: str, epoch: int, first: int, stop: int, runs: list[str]) -> None:
    """Log a falling loss, a rising accuracy and a tag with values that are not finite, a second apart."""
    for number, run in enumerate(runs):
        with SummaryWriter(f"{logdir}/{run}") as writer:
            for step in range(first, stop):
                time = epoch + step
                writer.add_scalar("train/loss", math.exp(-step / 40) + 0.2 * number, step, walltime=time)
                writer.add_scalar("train/noise", math.sin(step * 7.3) + number, step, walltime=time)
                writer.add_scalar("accuracy", 1 - math.exp(-step / 40) / (1 + number), step, walltime=time)
                writer.add_scalar("odd", math.nan if step % 10 == 5 else step - 5, step, walltime=time)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
