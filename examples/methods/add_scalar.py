"""One value per step: a curve."""

import math

from runlens import SummaryWriter

with SummaryWriter("logs/add_scalar") as writer:
    for step in range(200):
        writer.add_scalar("loss/train", math.exp(-step / 50) + 0.02 * math.sin(step), step)
        writer.add_scalar("loss/valid", math.exp(-step / 60) + 0.1, step)
