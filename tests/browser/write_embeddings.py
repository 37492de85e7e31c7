"""Write embeddings of two runs: `write_embeddings.py LOGDIR`. Clusters that drift apart over steps, one with images."""

import sys

import numpy as np

from runlens import SummaryWriter

KINDS = ("cat", "dog", "fox", "owl")
COLOURS = np.array([[0.9, 0.3, 0.2], [0.2, 0.6, 0.9], [0.9, 0.7, 0.1], [0.4, 0.8, 0.4]])


def main(logdir: str) -> None:
    """Log three steps of `layer` in each run, and `pictures`, which has an image a point, in the first."""
    random = np.random.default_rng(1)
    kinds = np.repeat(np.arange(4), 100)
    centres = random.standard_normal((4, 16))
    noise = random.standard_normal((400, 16))
    labels = [[f"{KINDS[kind]} {n}", KINDS[kind], n / 4] for n, kind in enumerate(kinds)]
    for run in "ab":
        with SummaryWriter(f"{logdir}/{run}") as writer:
            for step in (0, 10, 20):
                points = centres[kinds] * step / 8 + noise
                writer.add_embedding(
                    points, labels, global_step=step, tag="layer", metadata_header=["name", "kind", "age"]
                )
            if run == "a":
                images = np.ones((400, 3, 8, 8)) * COLOURS[kinds][:, :, None, None]
                images[:, :, 2:6, 2:6] *= random.random((400, 1, 4, 4))
                writer.add_embedding(noise + centres[kinds], label_img=images, tag="pictures")


main(sys.argv[1])
