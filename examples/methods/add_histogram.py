"""How values are distributed, step by step: weights that spread while a network learns."""

import numpy as np

from runlens import SummaryWriter

rng = np.random.default_rng(0)
with SummaryWriter("logs/add_histogram") as writer:
    for step in range(50):
        writer.add_histogram("layer1/weights", rng.normal(0, 0.2 + step / 50, 10_000), step)
        writer.add_histogram("layer1/gradients", rng.laplace(0, 1 / (1 + step), 10_000), step)
