"""Writes the tutorial's PR curves: `write_pr_curves.py <logdir> [torch]`; prints scikit-learn's average precisions.

Iris with noise columns, one-vs-rest logistic regression, three classes, in run `iris`; with `torch` by torch's writer,
too, in run `torch`; run `noise` has the first class with more noise, at three steps.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import label_binarize

from runlens import SummaryWriter

TAG = "add_pr_curve 实例：/label_{}"  # noqa: RUF001 - full-width, as the tutorial has it
CLASSES = 3


def write_classes(writer: Any, labels: NDArray[np.int64], scores: NDArray[np.float64]) -> None:
    with writer:
        for i in range(CLASSES):
            writer.add_pr_curve(TAG.format(i), labels[:, i], scores[:, i], global_step=1)


def main() -> None:
    samples, classes = load_iris(return_X_y=True)
    labels = label_binarize(classes, classes=[0, 1, 2])
    generator = np.random.RandomState(0)
    noisy = np.concatenate([samples, generator.randn(len(samples), 200 * samples.shape[1])], axis=1)
    x_train, x_test, y_train, y_test = train_test_split(noisy, labels, test_size=0.5, random_state=generator)
    classifier = OneVsRestClassifier(LogisticRegression())
    scores = classifier.fit(x_train, y_train).predict_proba(x_test)
    write_classes(SummaryWriter(f"{sys.argv[1]}/iris"), y_test, scores)
    if "torch" in sys.argv:
        from torch.utils.tensorboard import SummaryWriter as TorchWriter

        write_classes(TorchWriter(f"{sys.argv[1]}/torch"), y_test, scores)
    # The 127 thresholds are k / 126.
    said = {TAG.format(i): average_precision_score(y_test[:, i], np.floor(scores[:, i] * 126)) for i in range(CLASSES)}
    with SummaryWriter(f"{sys.argv[1]}/noise") as writer:
        for step in (1, 2, 3):
            blurred = np.clip(scores[:, 0] + generator.randn(len(scores)) / step, 0, 1)
            writer.add_pr_curve(TAG.format(0), y_test[:, 0], blurred, global_step=step)
    print(json.dumps(said))


main()
