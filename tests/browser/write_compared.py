"""Write runs to compare: `write_compared.py LOGDIR`. Two folders of three seeds, with losses and epochs."""

import math
import sys

from runlens import SummaryWriter


def main(logdir: str) -> None:
    """Log 200 steps of each run; validation at every tenth, one seed of each folder at every second step only."""
    for model, factor in (("cnn", 1.0), ("vit", 0.7)):
        for seed in range(3):
            with SummaryWriter(f"{logdir}/{model}/seed{seed}") as writer:
                for step in range(0, 200, 2 if seed == 2 else 1):
                    time = 1_700_000_000 + step
                    loss = factor * math.exp(-step / 60) + 0.08 * seed + 0.03 * math.sin(step * (seed + 2) / 7)
                    writer.add_scalar("train/loss", loss, step, walltime=time)
                    writer.add_scalar("epoch", step / 50, step, walltime=time)
                    if step % 10 == 0:
                        writer.add_scalar("val/loss", loss + 0.25, step, walltime=time)
                        writer.add_scalar("val/odd name", 2.0, step, walltime=time)


if __name__ == "__main__":
    main(sys.argv[1])
