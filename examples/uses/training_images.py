"""Looking at the training images: a batch of digits, and those that a classifier takes for another."""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from runlens import SummaryWriter

digits = load_digits()
pictures = np.repeat(np.repeat(digits.images / 16, 4, axis=1), 4, axis=2)[:, None]  # 32 x 32 pixels, one channel
with SummaryWriter("logs/training_images") as writer:
    for step in range(10):
        writer.add_images("digits", pictures[step * 16 : step * 16 + 16], step)
    known, asked = slice(0, 300), slice(300, None)
    guesses = KNeighborsClassifier(1).fit(digits.data[known], digits.target[known]).predict(digits.data[asked])
    wrong = np.flatnonzero(guesses != digits.target[asked])
    for step, place in enumerate(wrong[:20]):
        writer.add_image("taken for another", pictures[asked][place], step)
        writer.add_text("taken for another", f"a **{digits.target[asked][place]}**, taken for a {guesses[place]}", step)
