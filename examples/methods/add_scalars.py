"""Several curves under one name: each becomes a run of its own, and all are drawn in one chart."""

import math

from runlens import SummaryWriter

with SummaryWriter("logs/add_scalars") as writer:
    for step in range(100):
        angle = step / 10
        writer.add_scalars("waves", {"sine": math.sin(angle), "cosine": math.cos(angle)}, step)
