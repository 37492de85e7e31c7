"""Smoothers against slow ones that follow their definitions."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from runlens import _kernel
from runlens.store.reduction import debiased_ema
from runlens.store.smoothing import SMOOTHERS, half_window, smooth
from tests.support import random_walk

VALUES = st.lists(st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf]), max_size=60)


def around(values: Sequence[float], at: int, half: int) -> list[float]:
    """The finite values at most `half` places away."""
    near = values[max(0, at - half) : at + half + 1]
    return [value for value in near if math.isfinite(value)]


def same(found: NDArray[Any] | Sequence[float], expected: Sequence[float]) -> None:
    assert list(found) == pytest.approx(list(expected), rel=1e-9, abs=1e-6, nan_ok=True)


@given(VALUES, st.integers(0, 70))
def test_means_and_medians_of_what_lies_around(values: list[float], half: int) -> None:
    y = np.array(values, np.float64)
    for found, middle in (
        (_kernel.centred_mean(y, half), statistics.fmean),
        (_kernel.centred_median(y, half), statistics.median),
    ):
        expected = [
            middle(around(values, at, half)) if math.isfinite(value) else value for at, value in enumerate(values)
        ]
        same(found, expected)


@given(VALUES, st.floats(0.05, 8))
def test_a_narrow_gaussian_is_its_definition(values: list[float], sigma: float) -> None:
    expected = []
    for at, value in enumerate(values):
        places = [
            place for place, other in enumerate(values) if math.isfinite(other) and abs(place - at) <= 4 * sigma + 1
        ]
        weights = [math.exp(-0.5 * ((place - at) / sigma) ** 2) for place in places]
        mean = sum(weight * values[place] for weight, place in zip(weights, places, strict=True))
        expected.append(mean / sum(weights) if math.isfinite(value) else value)
    found = _kernel.gaussian(np.array(values, np.float64), sigma)
    # What lies beyond four sigmas weighs up to 3e-4 of the middle, and is left out.
    assert list(found) == pytest.approx(expected, rel=1e-3, abs=2e3, nan_ok=True)
    impulse = np.zeros(101)
    impulse[50] = 1
    shape = np.exp(-0.5 * ((np.arange(101) - 50) / sigma) ** 2)
    assert _kernel.gaussian(impulse, sigma) == pytest.approx(shape / shape.sum(), abs=1e-4)


@pytest.mark.parametrize("sigma", [8.1, 9.5, 31.0, 100.0])
def test_a_wide_gaussian_is_nearly_one(sigma: float) -> None:
    impulse = np.zeros(2001)
    impulse[1000] = 1
    found = _kernel.gaussian(impulse, sigma)
    places = np.arange(2001) - 1000
    shape = np.exp(-0.5 * (places / sigma) ** 2)
    assert np.sqrt((found * places**2).sum()) == pytest.approx(sigma, rel=0.03)
    assert np.abs(found - shape / shape.sum()).max() < 0.08 * found.max()


@given(
    st.lists(st.tuples(st.integers(0, 1000), st.floats(-1e6, 1e6)), max_size=40), st.floats(0, 0.99), st.floats(0.1, 50)
)
def test_the_average_over_time_is_its_definition(points: list[tuple[int, float]], weight: float, gap: float) -> None:
    points = sorted(points)
    steps = np.array([step for step, _ in points], np.int64)
    expected = []
    for at in range(len(points)):
        weights = [weight ** ((steps[at] - step) / gap) for step, _ in points[: at + 1]]
        total = sum(share * value for share, (_, value) in zip(weights, points, strict=False))
        expected.append(float(total / sum(weights)))
    same(_kernel.time_ema(np.array([value for _, value in points], np.float64), weight, steps, gap), expected)


def test_over_evenly_spaced_steps_time_and_count_agree() -> None:
    y = np.array(random_walk(500), np.float32)
    steps = np.arange(0, 5000, 10, dtype=np.int32)
    same(smooth("time", y, steps, 0.9), debiased_ema(y, 0.9).tolist())


@pytest.mark.parametrize("smoother", SMOOTHERS)
@pytest.mark.parametrize("weight", [0.001, 0.6, 0.999])
def test_a_constant_stays_and_nothing_not_finite_spreads(smoother: str, weight: float) -> None:
    y = np.full(300, 0.1)
    y[[0, 7, 150, 151, 299]] = [math.nan, math.inf, -math.inf, math.nan, math.nan]
    found = smooth(smoother, y, np.arange(300, dtype=np.int64), weight)
    assert found == pytest.approx(y, nan_ok=True)
    assert smooth(smoother, y[:0], np.arange(0, dtype=np.int64), weight).tolist() == []


def test_a_huge_value_leaves_no_error_behind_it() -> None:
    y = np.ones(1000)
    y[100] = 1e300
    assert _kernel.centred_mean(y, 20)[200:].tolist() == [1.0] * 800


def test_a_median_does_not_see_a_lone_spike() -> None:
    y = np.linspace(0, 1, 100)
    spiked = y.copy()
    spiked[50] = 1e9
    assert np.abs(smooth("median", spiked, np.arange(100), 0.8) - smooth("median", y, np.arange(100), 0.8)).max() < 0.02
    assert half_window(0.8) == 4


def test_errors_name_what_is_wanted() -> None:
    with pytest.raises(ValueError, match="smoother: got 'best'"):
        smooth("best", np.zeros(3), np.arange(3), 0.5)
    with pytest.raises(ValueError, match="differ in length"):
        _kernel.time_ema(np.zeros(3), 0.5, np.arange(2), 1.0)
    with pytest.raises(ValueError, match="gap > 0"):
        _kernel.time_ema(np.zeros(3), 0.5, np.arange(3), 0.0)
