"""Write parts of runs with tensorboardX for the browser tests: `write_parts.py LOGDIR RUN...`."""

import sys

from tensorboardX import SummaryWriter


def main(logdir: str, runs: list[str]) -> None:
    """Log two curves of `main/loss` beside each run."""
    for run in runs:
        with SummaryWriter(f"{logdir}/{run}") as writer:
            for step in range(50):
                curves = {"train": 1 / (step + 1), "valid": 1.5 / (step + 1)}
                writer.add_scalars("main/loss", curves, step, walltime=1_700_000_000 + step)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
