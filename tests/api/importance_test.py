"""Importance of hyper-parameters beside scipy's and scikit-learn's own numbers."""

from __future__ import annotations

import builtins
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.importance import NoForest, correlation, forest, ranks
from runlens.api.kinds.hparams import importance
from runlens.api.question import BadQuestion
from runlens.store.index import Index
from tests.columns import decode
from tests.support import index_of

scipy_stats: Any = pytest.importorskip("scipy.stats")
numbers = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, 2.0, 1e9, -3.0, math.inf]), st.floats(-5, 5)), min_size=3, max_size=30
)


@given(numbers)
def test_rank_correlation_is_spearmans(pairs: list[tuple[float, float]]) -> None:
    cells, metric = [cell for cell, _ in pairs], np.array([value for _, value in pairs])
    found = correlation(cells, metric)
    if len(set(cells)) < 2 or len(set(metric.tolist())) < 2:
        assert found is None
    else:
        assert found == pytest.approx(float(scipy_stats.spearmanr(cells, metric).statistic), abs=1e-12)


@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=20))
def test_ranks_are_scipys(values: list[float]) -> None:
    assert ranks(np.array(values)).tolist() == scipy_stats.rankdata(values).tolist()


def test_of_texts_it_is_the_correlation_ratio() -> None:
    """By hand: the ranks are 1, 2, 3, 4, in groups of means 1.5 and 3.5; 4 of the 5 of their squares lie between."""
    metric = np.array([10.0, 20.0, 30.0, math.inf])
    assert correlation(["a", "a", "b", "b"], metric) == pytest.approx(math.sqrt(4 / 5))
    assert correlation(["a", 1.0, "b", None], metric[[3, 1, 2, 0]]) == pytest.approx(1.0)


def test_booleans_have_a_sign_and_what_is_missing_is_left_out() -> None:
    metric = np.array([1.0, 2.0, 3.0, 4.0])
    assert correlation([True, True, False, False], metric) == pytest.approx(-2 / math.sqrt(5))
    assert correlation([3.0, None, 2.0, 1.0], metric) == pytest.approx(-1)
    assert correlation([3.0, math.nan, 2.0, 1.0], metric) == pytest.approx(-1)
    assert correlation([1.0, None, None, 2.0], metric) is None
    assert correlation([1.0, 1.0, 1.0, 1.0], metric) is None


def write(root: Path) -> Index:
    """Runs whose loss follows lr, a little the optimizer, and not the seed."""
    random = np.random.default_rng(0)
    for number in range(60):
        lr, optimizer = float(random.uniform(0, 1)), ("adam", "sgd")[number % 2]
        with SummaryWriter(root / f"run{number}") as writer:
            hparams = {"lr": lr, "optimizer": optimizer, "seed": int(random.integers(100)), "same": 1}
            writer.add_hparams({**hparams} | ({"rare": 1} if number == 3 else {}), {"loss": None})
            writer.add_scalar("loss", lr**2 + (0.1 if optimizer == "sgd" else 0.0), 0)
    return index_of(root)


def ask(index: Index, **question: Any) -> dict[str, Any]:
    chart = {"metric": {"tag": "loss"}, "runs": list(index.runs), **question}
    return dict(decode(importance(index, {"charts": [chart]}).encode())[0]["charts"][0])


def test_a_study(tmp_path: Path) -> None:
    """The forest's number is scikit-learn's for the same columns; lr matters most, and the seed least."""
    index = write(tmp_path)
    answer = ask(index, method="forest")
    assert (answer["runs"], answer["used"], answer["error"]) == (60, 60, None)
    shares = {one["name"]: one["importance"] for one in answer["hparams"]}
    assert shares["lr"] > 4 * shares["optimizer"] > 16 * max(shares["seed"], shares["same"], shares["rare"])
    assert ask(index, method="forest") == answer
    by_rank = {one["name"]: one["correlation"] for one in ask(index)["hparams"]}
    assert by_rank["lr"] > 0.9
    assert by_rank["same"] is None
    assert by_rank["rare"] is None
    assert abs(by_rank["seed"]) < 0.4
    few = ask(index, runs=["run0", "run1", "none"])
    assert (few["runs"], few["used"]) == (2, 2)
    assert all(one["correlation"] is None for one in few["hparams"])
    assert ask(index, metric={"tag": "none"})["used"] == 0
    assert ask(index, metric={"tag": "none"}, method="forest")["hparams"] == []


def test_without_scikit_learn_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def no_sklearn(name: str, *rest: Any) -> Any:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return load(name, *rest)

    index = write(tmp_path)
    monkeypatch.setattr(builtins, "__import__", no_sklearn)
    with pytest.raises(NoForest, match=r"pip install 'runlens\[importance\]'"):
        forest([[1.0, 2.0, 3.0]], np.array([1.0, 2.0, 3.0]))
    answer = ask(index, method="forest")
    assert "runlens[importance]" in answer["error"]
    assert {one["name"]: one["correlation"] for one in answer["hparams"]}["lr"] > 0.9


def test_a_forest_takes_missing_cells_and_infinities() -> None:
    columns: list[list[bool | float | str | None]] = [[1.0, None, math.inf, -math.inf], ["a", None, 1.0, True]]
    shares, used = forest(columns, np.array([1.0, 2.0, math.inf, 3.0]))
    assert used == 4
    assert all(math.isfinite(share) for share in shares)


@pytest.mark.parametrize("question", [{"metric": None}, {"method": "luck"}, {"runs": 3}])
def test_questions_that_are_none(tmp_path: Path, question: dict[str, Any]) -> None:
    with pytest.raises(BadQuestion):
        ask(index_of(tmp_path), **question)
