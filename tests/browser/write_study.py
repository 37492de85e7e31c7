"""Write runs with hyper-parameters for the browser tests: `write_study.py LOGDIR COUNT`."""

import sys

from runlens import SummaryWriter


def main(logdir: str, count: int) -> None:
    """Log runs that differ in lr and optimizer, agree on batch, and reach an accuracy that falls with their number."""
    for number in range(count):
        with SummaryWriter(f"{logdir}/run{number}") as writer:
            optimizer = ("adam", "sgd")[number % 2]
            writer.add_hparams({"lr": number / 10, "optimizer": optimizer, "batch": 64}, {"accuracy": None})
            for step in range(3):
                writer.add_scalar("accuracy", 1 - number / 100 - (2 - step) / 10, step)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
