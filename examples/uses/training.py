"""Visualising a training: loss and accuracy of each epoch, of several learning rates, side by side.

A logistic regression on scikit-learn's digits, trained by gradient descent in numpy.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from runlens import SummaryWriter

EPOCHS = 60
images, labels = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(images / 16, labels, test_size=0.3, random_state=0)
wanted = np.eye(10)[train_y]


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities of the ten digits."""
    powers: NDArray[np.float64] = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


for rate in (0.1, 0.5, 2.0):
    with SummaryWriter(f"logs/training/lr{rate}") as writer:
        weights = np.zeros((64, 10))
        for epoch in range(EPOCHS):
            found = softmax(train_x @ weights)
            gradient = train_x.T @ (found - wanted) / len(train_x)
            weights -= rate * gradient
            writer.add_scalar("loss/train", -np.log(found[wanted == 1]).mean(), epoch)
            writer.add_scalar("accuracy/train", (found.argmax(axis=1) == train_y).mean(), epoch)
            writer.add_scalar("accuracy/test", ((test_x @ weights).argmax(axis=1) == test_y).mean(), epoch)
            writer.add_histogram("weights", weights, epoch)
            writer.add_histogram("gradient", gradient, epoch)
