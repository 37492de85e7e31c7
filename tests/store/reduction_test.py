"""M4 against a drawing of all points, smoothing against its formula."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.store.reduction import debiased_ema, m4

Ink = dict[int, tuple[float, float]]


def ink(x: Sequence[float], y: Sequence[float], low: float, high: float, columns: int) -> Ink:
    """What a line through the points covers: per pixel column the lowest and highest y, by exact clipping."""
    covered: Ink = {}

    def cover(column: int, *ys: float) -> None:
        before = covered.get(column, (math.inf, -math.inf))
        covered[column] = (min(before[0], *ys), max(before[1], *ys))

    at = [(value - low) * columns / (high - low) for value in x]
    for (x0, y0), (x1, y1) in zip(zip(at, y, strict=True), list(zip(at, y, strict=True))[1:], strict=False):
        if not (math.isfinite(y0) and math.isfinite(y1)) or x1 < x0:
            continue  # nothing is drawn across a gap, nor back in time
        for column in range(max(0, math.floor(x0)), min(columns - 1, math.floor(x1)) + 1):
            edges = [min(max(edge, x0), x1) for edge in (column, column + 1)]
            cover(column, *(y0 if x1 == x0 else y0 + (y1 - y0) * (e - x0) / (x1 - x0) for e in edges))
            if x1 == x0:
                cover(column, y1)
    for position, value in zip(at, y, strict=True):
        if math.isfinite(value) and 0 <= position <= columns:
            cover(min(math.floor(position), columns - 1), value)
    return covered


def assert_same_ink(one: Ink, other: Ink) -> None:
    assert one.keys() == other.keys()
    for column, (low, high) in one.items():
        assert other[column] == pytest.approx((low, high), rel=1e-9, abs=1e-9)


ascending = st.lists(st.integers(0, 2000), min_size=1, max_size=300).map(sorted)


@given(ascending, st.integers(0, 99), st.integers(1, 60))
def test_the_line_of_the_kept_points_is_the_line_of_all(x: list[int], seed: int, columns: int) -> None:
    y = np.random.default_rng(seed).normal(size=len(x))
    low, high = float(x[0]), float(max(x[-1], x[0] + 1))
    kept = m4(np.array(x), y, low, high, columns)
    assert list(kept) == sorted(set(kept)) == list(m4(np.array(x), y, low, high, columns, ascends=True))
    assert_same_ink(
        ink(x, list(y), low, high, columns),
        ink([x[i] for i in kept], list(y[kept]), low, high, columns),
    )


@given(ascending, st.integers(0, 99), st.floats(0, 2000), st.floats(1, 500), st.integers(1, 60))
def test_a_zoom_shows_the_line_enter_and_leave(x: list[int], seed: int, low: float, width: float, columns: int) -> None:
    y = np.random.default_rng(seed).normal(size=len(x))
    kept = m4(np.array(x, float), y, low, low + width, columns)
    assert list(kept) == list(m4(np.array(x, float), y, low, low + width, columns, ascends=True))
    assert_same_ink(
        ink(x, list(y), low, low + width, columns),
        ink([x[i] for i in kept], list(y[kept]), low, low + width, columns),
    )


def test_at_most_four_points_a_column_when_all_are_finite() -> None:
    y = np.random.default_rng(0).normal(size=100_000)
    assert len(m4(np.arange(100_000), y, 0.0, 99_999.0, 250)) <= 4 * 250


def test_the_first_of_each_sort_of_non_finite_value_is_kept() -> None:
    y = np.zeros(1000)
    y[[100, 101, 200, 201, 300]] = [np.nan, np.nan, np.inf, np.inf, -np.inf]
    kept = m4(np.arange(1000), y, 0.0, 999.0, 1)
    assert {100, 200, 300} <= set(kept) and not {101, 201} & set(kept)


def test_infinities_are_not_extremes() -> None:
    y = np.array([0.0, 5.0, np.inf, -7.0, -np.inf, 0.0])
    assert list(m4(np.arange(6), y, 0.0, 5.0, 1)) == [0, 1, 2, 3, 4, 5]


def test_coming_back_to_a_column_is_a_new_visit() -> None:
    x = np.array([0.0, 1.0, 2.0, 0.0, 1.0, 2.0])
    assert list(m4(x, np.arange(6.0), 0.0, 3.0, 3)) == [0, 1, 2, 3, 4, 5]


def test_nothing_in_the_interval_keeps_nothing() -> None:
    assert len(m4(np.arange(10), np.zeros(10), 20.0, 30.0, 5)) == 0
    assert len(m4(np.array([], np.int64), np.array([]), 0.0, 1.0, 5)) == 0


def test_x_that_is_not_finite_is_left_out() -> None:
    x = np.array([0.0, np.nan, 1.0, np.inf, 2.0])
    assert set(m4(x, np.zeros(5), 0.0, 2.0, 100)) == {0, 2, 4}


@pytest.mark.parametrize("x_type", [np.int32, np.int64, np.float32, np.float64])
@pytest.mark.parametrize("y_type", [np.float32, np.float64])
def test_columns_of_every_type_reduce_and_smooth_alike(x_type: type, y_type: type) -> None:
    x: Any = np.arange(5000) // 3
    y = np.random.default_rng(1).normal(size=5000).astype(np.float32)
    expected = list(m4(x, y.astype(np.float64), 100.0, 1500.0, 77))
    assert list(m4(x.astype(x_type), y.astype(y_type), 100.0, 1500.0, 77)) == expected
    smoothed = debiased_ema(y.astype(np.float64), 0.9, x)
    if x_type in (np.int32, np.int64):
        assert np.array_equal(debiased_ema(y.astype(y_type), 0.9, x.astype(x_type)), smoothed)


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        m4(np.arange(3), np.zeros(2), 0.0, 1.0, 5)


@given(st.lists(st.tuples(st.floats(width=32), st.integers(0, 9)), max_size=200), st.floats(0, 0.999), st.booleans())
def test_smoothing_is_the_formula(points: list[tuple[float, int]], weight: float, has_steps: bool) -> None:
    values, steps = [value for value, _ in points], [step for _, step in points]
    mean, n, expected = 0.0, 0, []
    for i, value in enumerate(values):
        if has_steps and i > 0 and steps[i] < steps[i - 1]:
            mean, n = 0.0, 0
        if math.isfinite(value):
            n += 1
            mean = weight * mean + (1 - weight) * value
            expected.append(mean / (1 - weight**n))
        else:
            expected.append(value)
    smoothed = debiased_ema(np.array(values), weight, np.array(steps, np.int64) if has_steps else None)
    assert smoothed == pytest.approx(expected, rel=1e-9, nan_ok=True)


def test_a_constant_stays_itself_under_smoothing() -> None:
    assert debiased_ema(np.full(5000, 3.0), 0.99) == pytest.approx(np.full(5000, 3.0), rel=1e-12)


@pytest.mark.parametrize("weight", [-0.1, 1.0, math.nan])
def test_a_weight_outside_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        debiased_ema(np.zeros(3), weight)
