"""A sound per step: samples from -1 to 1."""

import numpy as np

from runlens import SummaryWriter

RATE = 16_000  # Hz
time = np.arange(2 * RATE) / RATE
with SummaryWriter("logs/add_audio") as writer:
    for step in range(4):
        chirp = np.sin(2 * np.pi * (220 * (step + 1) + 200 * time) * time) * np.exp(-time)
        writer.add_audio("chirp", chirp.astype(np.float32), step, sample_rate=RATE)
