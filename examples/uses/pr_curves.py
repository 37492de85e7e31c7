"""Precision-recall curves: scikit-learn's iris with columns of noise, one classifier per class."""

import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.multiclass import OneVsRestClassifier
from sklearn.preprocessing import label_binarize

from runlens import SummaryWriter

iris = load_iris()
rng = np.random.RandomState(0)
features = np.c_[iris.data, rng.randn(len(iris.data), 200 * iris.data.shape[1])]
labels = label_binarize(iris.target, classes=[0, 1, 2])
train_x, test_x, train_y, test_y = train_test_split(features, labels, test_size=0.5, random_state=rng)
scores = OneVsRestClassifier(LogisticRegression(max_iter=1000)).fit(train_x, train_y).predict_proba(test_x)
with SummaryWriter("logs/pr_curves") as writer:
    for i in range(3):
        writer.add_pr_curve(f"add_pr_curve 实例：/label_{i}", test_y[:, i], scores[:, i], global_step=1)
