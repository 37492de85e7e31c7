"""UMAP by umap-learn (McInnes, Healy and Melville 2018): its graph and its optimiser, looked at between rounds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from umap import UMAP
from umap.layouts import optimize_layout_euclidean
from umap.umap_ import find_ab_params, make_epochs_per_sample, noisy_scale_coords, spectral_layout

from runlens.api.reduction.messages import Report

FEW: Final = 10_000  # up to so many points there are more rounds; umap-learn's own rule
ROUNDS: Final = (500, 200)
SPREAD: Final = 10.0  # width of the first picture
SEED: Final = 0


class Looker:
    """What the optimiser writes its bar of progress to: each time, the picture is shown."""

    def __init__(self, places: NDArray[np.float32], report: Report) -> None:
        self._places, self._report = places, report

    def write(self, text: str) -> None:
        """`text` is the part that is done, in percent."""
        done = text.strip().rstrip("%")
        if done.isdigit():
            self._report("layout", int(done) / 100, self._places)

    def flush(self) -> None:
        """Nothing is held back."""


def reduce(points: NDArray[np.float32], parameters: dict[str, Any], report: Report) -> NDArray[Any]:
    """Places [n, K] of points [n, D]."""
    neighbours = min(parameters["neighbours"], len(points) - 1)
    fitted = UMAP(
        transform_mode="graph", n_neighbors=neighbours, metric=parameters["metric"], random_state=SEED, n_jobs=1
    ).fit(points)
    graph = fitted.graph_.tocoo()
    rounds = ROUNDS[0] if len(points) <= FEW else ROUNDS[1]
    graph.data[graph.data < graph.data.max() / rounds] = 0
    graph.eliminate_zeros()
    random = np.random.RandomState(SEED)
    places = _start(points, graph, parameters, random)
    report("layout", 0, places)
    a, b = find_ab_params(1.0, parameters["min_dist"])
    looks = {"disable": False, "file": Looker(places, report), "bar_format": "{percentage:3.0f}%", "mininterval": 0.2}
    return np.asarray(
        optimize_layout_euclidean(
            places,
            places,
            graph.row,
            graph.col,
            rounds,
            graph.shape[1],
            make_epochs_per_sample(graph.data, rounds),
            a,
            b,
            random.randint(np.iinfo(np.int32).min + 1, np.iinfo(np.int32).max - 1, 3).astype(np.int64),
            tqdm_kwds=looks,
            move_other=True,
        )
    )


def _start(
    points: NDArray[np.float32], graph: coo_matrix, parameters: dict[str, Any], random: np.random.RandomState
) -> NDArray[np.float32]:
    """The graph's spectral layout, from 0 to 10 along each axis."""
    places = spectral_layout(points, graph, parameters["dimensions"], random, metric=parameters["metric"])
    places = noisy_scale_coords(places, random, max_coord=SPREAD, noise=0.0001)
    low, high = places.min(axis=0), places.max(axis=0)
    return np.ascontiguousarray(SPREAD * (places - low) / np.where(high > low, high - low, 1), np.float32)
