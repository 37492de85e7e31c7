"""Write images of three runs: `write_images.py LOGDIR`. Each pixel says step, run and place."""

import sys
from pathlib import Path

import numpy as np

from runlens import SummaryWriter

STEPS = range(0, 50, 10)


def picture(run: int, step: int) -> np.ndarray:
    """4 x 6 pixels: red is the step, green the run, blue the column."""
    pixels = np.zeros((3, 4, 6), np.uint8)
    pixels[0] = step
    pixels[1] = 40 * run
    pixels[2] = np.arange(6)
    return pixels


def main(logdir: Path) -> None:
    """Write them all, an animation, and a value that is no image."""
    for number, name in enumerate(("a", "b", "c")):
        with SummaryWriter(logdir / name) as writer:
            for step in STEPS:
                writer.add_image("pictures/rgb", picture(number, step), step)
            writer.add_image("pictures/late", picture(number, 7), 7)
            frames = np.stack([np.full((3, 8, 8), 60 * n, np.uint8) for n in range(4)])
            writer.add_video("moving", frames[None], 1, fps=5)


main(Path(sys.argv[1]))
