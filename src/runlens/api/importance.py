"""How much a hyper-parameter has to do with a metric: by rank correlation, and by a random forest where there is one.

Both look at the order of the metric's values alone, so that neither outliers nor infinities decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from runlens.api.cells import Cell

Floats = NDArray[np.float64]

MAX_RUNS: Final = 3000  # that a forest learns from, evenly chosen: more would take many seconds
TREES: Final = 100
SHUFFLES: Final = 10


class NoForest(Exception):
    """There are no random forests here; the words say what to install."""


def correlation(cells: Sequence[Cell], metric: Floats) -> float | None:
    """Between -1 and 1; None where the cells or the metric are all the same, or fewer than three runs have both.

    Spearman's rank correlation where the cells are numbers or booleans. Else the correlation ratio of its ranks
    (Pearson's eta, the root of the part of their variance that lies between the groups of equal cells): it has no sign.
    """
    has = np.array([cell is not None and not (isinstance(cell, float) and np.isnan(cell)) for cell in cells], bool)
    known = [cell for cell, is_known in zip(cells, has, strict=True) if is_known]
    ranked = ranks(metric[has])
    if len(known) < 3 or np.ptp(ranked) == 0 or len({(type(cell), cell) for cell in known}) < 2:
        return None
    if all(isinstance(cell, bool | float) for cell in known):
        placed = ranks(np.array(known, np.float64))
        return None if np.ptp(placed) == 0 else float(np.clip(np.corrcoef(placed, ranked)[0, 1], -1, 1))
    groups = codes(known)
    counts = np.bincount(groups)
    means = np.bincount(groups, ranked) / counts
    between = np.sum(counts * (means - ranked.mean()) ** 2)
    return float(np.sqrt(min(1.0, between / np.sum((ranked - ranked.mean()) ** 2))))


def ranks(values: Floats) -> Floats:
    """The place of each value in their order, from 1; equal ones share the middle of their places."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    middle: Floats = (last - (counts - 1) / 2).astype(np.float64)
    return middle[inverse.ravel()]


def codes(cells: Sequence[Cell]) -> NDArray[np.int64]:
    """A number for each distinct cell, in the order in which they come."""
    known: dict[tuple[type, Cell], int] = {}
    return np.array([known.setdefault((type(cell), cell), len(known)) for cell in cells], np.int64)


def forest(columns: Sequence[Sequence[Cell]], metric: Floats) -> tuple[list[float], int]:
    """By how much a random forest tells the metric's ranks worse (in R squared) when a column is shuffled.

    Returns also how many runs it learned from. A cell that is missing is a value below all others.

    Raises:
        NoForest: scikit-learn is not installed.
    """
    try:
        from sklearn.ensemble import RandomForestRegressor  # noqa: PLC0415 - an extra that takes a second to load
        from sklearn.inspection import permutation_importance  # noqa: PLC0415
    except ImportError:
        raise NoForest("Random forests take scikit-learn: pip install 'runlens[importance]'") from None
    chosen = np.unique(np.linspace(0, len(metric) - 1, min(len(metric), MAX_RUNS)).astype(np.int64))
    if len(chosen) < 3 or not columns:
        return [0.0] * len(columns), len(chosen)
    features = np.column_stack([_feature(column) for column in columns])[chosen]
    wanted = ranks(metric[chosen])
    model: Any = RandomForestRegressor(TREES, min_samples_leaf=2, random_state=0).fit(features, wanted)
    found = permutation_importance(model, features, wanted, n_repeats=SHUFFLES, random_state=0)
    return [max(0.0, float(mean)) for mean in found.importances_mean], len(chosen)


def _feature(cells: Sequence[Cell]) -> Floats:
    """Numbers by their rank, so that no infinity is among them; else codes. What is missing lies below."""
    if all(cell is None or isinstance(cell, bool | float) for cell in cells):
        return ranks(np.array([-np.inf if cell is None or np.isnan(cell) else cell for cell in cells], np.float64))
    found = codes([cell for cell in cells if cell is not None])
    placed = np.full(len(cells), -1.0)
    placed[[cell is not None for cell in cells]] = found
    return placed
