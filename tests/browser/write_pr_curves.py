"""Writes the tutorial's PR curves: `write_pr_curves.py <logdir>`; prints scikit-learn's average precisions.

Iris with noise columns, one-vs-rest logistic regression, three classes; a second run with more noise, at three steps.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import label_binarize

from runlens import SummaryWriter


def main() -> None:
    samples, classes = load_iris(return_X_y=True)
    labels = label_binarize(classes, classes=[0, 1, 2])
    generator = np.random.RandomState(0)
    noisy = np.concatenate([samples, generator.randn(len(samples), 200 * samples.shape[1])], axis=1)
    x_train, x_test, y_train, y_test = train_test_split(noisy, labels, test_size=0.5, random_state=generator)
    classifier = OneVsRestClassifier(LogisticRegression())
    scores = classifier.fit(x_train, y_train).predict_proba(x_test)
    said = {}
    with SummaryWriter(f"{sys.argv[1]}/iris") as writer:
        for i in range(3):
            tag = f"add_pr_curve 实例：/label_{i}"  # noqa: RUF001 - full-width, as the tutorial has it
            writer.add_pr_curve(tag, y_test[:, i], scores[:, i], global_step=1)
            said[tag] = average_precision_score(y_test[:, i], np.floor(scores[:, i] * 126))
    with SummaryWriter(f"{sys.argv[1]}/noise") as writer:
        for step in (1, 2, 3):
            blurred = np.clip(scores[:, 0] + generator.randn(len(scores)) / step, 0, 1)
            writer.add_pr_curve(next(iter(said)), y_test[:, 0], blurred, global_step=step)
    print(json.dumps(said))


main()
