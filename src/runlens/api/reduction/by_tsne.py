"""t-SNE by openTSNE (van der Maaten and Hinton 2008; Poličar, Stražar and Zupan 2024)."""

from __future__ import annotations

import os
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from openTSNE import TSNE

from runlens.api.reduction.messages import Report

EARLY: Final = 250  # rounds of exaggeration, as the authors have it
EVERY: Final = 5  # rounds
FEW: Final = 10_000  # up to so many points the tree is quicker than the grid
SMALL: Final = 3_000  # points below which threads wait for each other longer than they work
MOST_ON_A_GRID: Final = 2  # dimensions


def reduce(points: NDArray[np.float32], parameters: dict[str, Any], report: Report) -> NDArray[Any]:
    """Places [n, K] of points [n, D]."""
    dimensions, rounds = parameters["dimensions"], parameters["iterations"]
    on_a_grid = dimensions <= MOST_ON_A_GRID and len(points) > FEW
    seen = 0

    def tell(_: int, __: float, places: NDArray[Any]) -> None:
        nonlocal seen
        seen += EVERY
        report("layout", min(1.0, seen / (EARLY + rounds)), np.asarray(places))

    tsne = TSNE(
        n_components=dimensions,
        # The authors' rule for few points: no more neighbours than there are.
        perplexity=min(parameters["perplexity"], (len(points) - 1) / 3),
        metric=parameters["metric"],
        early_exaggeration_iter=EARLY,
        n_iter=rounds,
        negative_gradient_method="fft" if on_a_grid else "bh",
        callbacks=tell,
        callbacks_every_iters=EVERY,
        n_jobs=1 if len(points) < SMALL else os.cpu_count() or 1,
        random_state=0,
    )
    return np.asarray(tsne.fit(points))
