"""A short film per step: batch x frames x channels x height x width."""

import numpy as np

from runlens import SummaryWriter

frames = np.zeros((1, 24, 3, 64, 64), np.uint8)
for frame in range(24):
    left = 2 * frame
    frames[0, frame, :2, 24:40, left : left + 16] = 220  # a yellow square that moves to the right
with SummaryWriter("logs/add_video") as writer:
    writer.add_video("moving square", frames, fps=12)
