"""A batch of pictures per step, shown beside one another."""

import numpy as np

from runlens import SummaryWriter

rng = np.random.default_rng(0)
with SummaryWriter("logs/add_images") as writer:
    for step in range(5):
        batch = rng.integers(0, 256, (8, 3, 32, 32), np.uint8)  # 8 pictures, channels first
        writer.add_images("batch", np.sort(batch, axis=3) if step % 2 else batch, step)
