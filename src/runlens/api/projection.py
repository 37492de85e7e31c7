"""From many dimensions to few, and who is near whom. All of it goes over the points in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 1 << 22  # numbers looked at at a time
COMPONENTS: Final = 10
EXACT: Final = 1024  # up to so many dimensions the covariance is taken whole
EXTRA: Final = 10  # directions beyond those wanted, and rounds, of the randomised SVD
ROUNDS: Final = 4

Metric = Literal["cosine", "euclidean"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Components:
    """Orthogonal directions [K, D] of greatest variance, most first; `ratios` are their parts of the whole variance."""

    center: Floats
    directions: Floats
    ratios: Floats


class Points:
    """Points [N, D], as they are or spherised: moved to their centre and each to length one.

    Rows with NaN or infinity stay in their place and take no part.
    """

    def __init__(self, values: NDArray[np.float32], is_spherised: bool = False) -> None:
        self.values = values
        self.is_finite: NDArray[np.bool_] = np.asarray(np.isfinite(values).all(axis=1))
        self._center: Floats | None = None
        self._center = self.mean() if is_spherised else None

    @property
    def dimensions(self) -> int:
        """D."""
        return int(self.values.shape[1])

    @property
    def count(self) -> int:
        """Points that take part."""
        return int(self.is_finite.sum())

    def blocks(self) -> Iterator[tuple[slice, NDArray[np.bool_], Floats]]:
        """(rows, which of them take part, those points as float64 [n, D])."""
        step = max(1, BLOCK // self.dimensions)
        for first in range(0, len(self.values), step):
            rows = slice(first, min(first + step, len(self.values)))
            taken = self.is_finite[rows]
            yield rows, taken, self._prepared(self.values[rows][taken])

    def one(self, row: int) -> Floats:
        """One point, [D]."""
        return np.asarray(self._prepared(self.values[row : row + 1])[0])

    def mean(self) -> Floats:
        """The centre of the points that take part."""
        total = sum((block.sum(axis=0) for _, _, block in self.blocks()), np.zeros(self.dimensions))
        return np.asarray(total / max(1, self.count))

    def _prepared(self, block: NDArray[np.float32]) -> Floats:
        points = block.astype(np.float64)
        if self._center is None:
            return points
        points -= self._center
        lengths = np.linalg.norm(points, axis=1, keepdims=True)
        return np.asarray(points / np.where(lengths > 0, lengths, 1))


def principal_components(points: Points) -> Components:
    """Principal component analysis: by the covariance's eigenvectors, or, where there are very many dimensions, by
    the randomised SVD of Halko, Martinsson and Tropp (2011), algorithm 4.4. Each direction's largest part is positive.
    """
    center = points.mean()
    decompose = _exact if points.dimensions <= EXACT else _randomised
    directions, variances, whole = decompose(points, center)
    strongest = np.abs(directions).argmax(axis=1)
    signs = np.where(directions[np.arange(len(directions)), strongest] < 0, -1.0, 1.0)
    return Components(center, directions * signs[:, None], variances / whole if whole > 0 else variances * 0)


def project(points: Points, directions: Floats, center: Floats) -> NDArray[np.float32]:
    """Coordinates [N, K] along directions [K, D]; NaN for points that take no part."""
    places = np.full((len(points.values), len(directions)), np.nan, np.float32)
    for rows, taken, block in points.blocks():
        places[rows][taken] = (block - center) @ directions.T
    return places


def neighbours(points: Points, row: int, count: int, metric: Metric) -> tuple[NDArray[np.int64], Floats]:
    """The `count` points nearest to one, in the order of distance, and their distances. Exact."""
    point = points.one(row)
    distances = np.full(len(points.values), np.inf)
    for rows, taken, block in points.blocks():
        distances[rows][taken] = _distances(block, point, metric)
    distances[row] = np.inf
    count = min(count, max(0, points.count - 1))
    if count == 0:
        return np.zeros(0, np.int64), np.zeros(0)
    nearest = np.argpartition(distances, count - 1)[:count]
    nearest = nearest[np.lexsort((nearest, distances[nearest]))]
    return nearest, distances[nearest]


def axis_between(points: Points, start: NDArray[np.bool_], end: NDArray[np.bool_]) -> Floats:
    """The direction of length one from the centre of some points to that of others; zero where both are the same."""
    direction = _center_of(points, end) - _center_of(points, start)
    length = np.linalg.norm(direction)
    return np.asarray(direction / length if length > 0 else direction)


def _center_of(points: Points, chosen: NDArray[np.bool_]) -> Floats:
    total, count = np.zeros(points.dimensions), 0
    for rows, taken, block in points.blocks():
        total += block[chosen[rows][taken]].sum(axis=0)
        count += int(chosen[rows][taken].sum())
    return np.asarray(total / max(1, count))


def _distances(block: Floats, point: Floats, metric: Metric) -> Floats:
    if metric == "euclidean":
        return np.asarray(np.linalg.norm(block - point, axis=1))
    lengths = np.linalg.norm(block, axis=1) * np.linalg.norm(point)
    return np.asarray(1 - (block @ point) / np.where(lengths > 0, lengths, 1))


def _exact(points: Points, center: Floats) -> tuple[Floats, Floats, float]:
    scatter = np.zeros((points.dimensions, points.dimensions))
    for _, _, block in points.blocks():
        centred = block - center
        scatter += centred.T @ centred
    variances, vectors = np.linalg.eigh(scatter)
    kept = min(COMPONENTS, points.dimensions)
    return vectors[:, ::-1][:, :kept].T, np.maximum(variances[::-1][:kept], 0), float(np.trace(scatter))


def _randomised(points: Points, center: Floats) -> tuple[Floats, Floats, float]:
    wanted = COMPONENTS + EXTRA
    basis: Any = np.linalg.qr(np.random.default_rng(0).standard_normal((points.dimensions, wanted)))[0]
    for _ in range(ROUNDS):
        basis = np.linalg.qr(_scatter_times(points, center, basis)[0])[0]
    product, whole = _scatter_times(points, center, basis)
    variances, rotation = np.linalg.eigh(basis.T @ product)
    return (basis @ rotation[:, ::-1][:, :COMPONENTS]).T, np.maximum(variances[::-1][:COMPONENTS], 0), whole


def _scatter_times(points: Points, center: Floats, basis: Floats) -> tuple[Floats, float]:
    """The scatter matrix times `basis`, and its trace, without making the matrix."""
    product, whole = np.zeros(basis.shape), 0.0
    for _, _, block in points.blocks():
        centred = block - center
        product += centred.T @ (centred @ basis)
        whole += float(np.square(centred).sum())
    return product, whole
