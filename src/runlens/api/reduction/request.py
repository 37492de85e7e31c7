"""What is to be reduced how: the parameters of a question, checked, and the points that take part."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.projection import Points
from runlens.api.question import BadQuestion, NotFound, Object, a_number, one_of

LEAST_POINTS: Final = 5
MOST_POINTS: Final = 200_000  # a few minutes, and a few hundred megabytes
USUAL_POINTS: Final = 50_000
VERSION: Final = 1  # of the results; another number forgets those that were kept

NEEDED: Final = {"tsne": ("openTSNE", "sklearn"), "umap": ("umap", "sklearn")}
INSTALL: Final = "pip install 'runlens[projector]'"


@dataclass(frozen=True, slots=True)
class Request:
    """Everything that decides about the result, beside the points."""

    method: str
    dimensions: int
    metric: str
    sample: int
    perplexity: float = 0
    iterations: int = 0
    neighbours: int = 0
    min_dist: float = 0

    def parameters(self) -> dict[str, Any]:
        """As the worker is told."""
        return asdict(self)

    def name(self, points: Hashable) -> str:
        """A name for the result with points of this identity, for as long as the program computes it alike."""
        text = repr((VERSION, points, self)).encode("utf-8", "backslashreplace")
        return hashlib.blake2b(text, digest_size=16).hexdigest()


def read_request(question: Object) -> Request:
    """The parameters in a question.

    Raises:
        BadQuestion: one of them is out of its range.
        NotFound: the packages that compute it are not installed.
    """
    method = one_of(question, "method", ("tsne", "umap"))
    missing = [name for name in NEEDED[method] if find_spec(name) is None]
    if missing:
        label = {"tsne": "t-SNE", "umap": "UMAP"}[method]
        raise NotFound(f"{label} needs {' and '.join(missing)}, which runlens' Python does not have: {INSTALL}")
    dimensions = int(a_number(question, "dimensions", 3, 2, 3))
    metric = one_of(question, "metric", ("euclidean", "cosine"))
    sample = int(a_number(question, "sample", USUAL_POINTS, LEAST_POINTS, MOST_POINTS))
    if method == "tsne":
        perplexity = a_number(question, "perplexity", 30, 2, 200)
        iterations = int(a_number(question, "iterations", 750, 50, 5000))
        return Request(method, dimensions, metric, sample, perplexity=perplexity, iterations=iterations)
    neighbours = int(a_number(question, "neighbours", 15, 2, 200))
    min_dist = a_number(question, "min_dist", 0.1, 0, 1)
    return Request(method, dimensions, metric, sample, neighbours=neighbours, min_dist=min_dist)


def taken_rows(points: Points, most: int) -> NDArray[np.intp]:
    """The rows that take part, ascending: all that are finite, or a sample of `most`, the same for the same points.

    Raises:
        BadQuestion: there are too few.
    """
    rows = np.flatnonzero(points.is_finite)
    if len(rows) < LEAST_POINTS:
        raise BadQuestion(f"points: got {len(rows)} without NaN or infinity, want at least {LEAST_POINTS}")
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


def taken_points(points: Points, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    """Those points [n, D], spherised where they are so."""
    wanted = np.zeros(len(points.values), bool)
    wanted[rows] = True
    pieces = [block[wanted[part][taken]].astype(np.float32) for part, taken, block in points.blocks()]
    return np.concatenate(pieces)
