"""A moment worth a mark: a new learning rate, a restart, a dataset that changed."""

import math

from runlens import SummaryWriter

with SummaryWriter("logs/add_event") as writer:
    for step in range(200):
        if step == 120:
            writer.add_event("lower learning rate", step)
        writer.add_scalar("loss", math.exp(-step / 50) * (0.5 if step >= 120 else 1), step)
