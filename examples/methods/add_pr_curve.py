"""Precision and recall of a binary classifier that learns."""

import numpy as np

from runlens import SummaryWriter

rng = np.random.default_rng(0)
labels = rng.integers(0, 2, 2000)
with SummaryWriter("logs/add_pr_curve") as writer:
    for step in range(10):
        scores = 1 / (1 + np.exp(-(rng.normal(0, 1, 2000) + (2 * labels - 1) * step / 3)))
        writer.add_pr_curve("detector", labels, scores, step)
