"""A picture per step: height x width x channels here; torch's order, channels first, is the default."""

import numpy as np

from runlens import SummaryWriter

rows, columns = np.mgrid[0:96, 0:128]
with SummaryWriter("logs/add_image") as writer:
    for step in range(20):
        waves = np.sin(np.hypot(rows - 48, columns - 64) / 6 - step / 2)
        picture = np.stack([waves, np.roll(waves, step, 1), -waves], axis=2) / 2 + 0.5
        writer.add_image("waves", picture, step, dataformats="HWC")
