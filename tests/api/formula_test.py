"""Formulas against Python's own arithmetic, and what is said of those that are none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.api.formula import MOST_LETTERS, FormulaError, read_formula

TAGS = {"val/loss": [0.5, 2.0, -1.0], "train/loss": [0.25, 4.0, 3.0], "a-b c": [1.0, 2.0, 3.0], "lr": [0.1, 0.2, 0.3]}
VALUES = {tag: np.array(values) for tag, values in TAGS.items()}


def value_of(text: str) -> list[float]:
    formula = read_formula(text)
    return [float(value) for value in formula.of({tag: VALUES[tag] for tag in formula.tags})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("val/loss - train/loss", [0.25, -2.0, -4.0]),
        ("val/loss / train/loss", [2.0, 0.5, -1 / 3]),
        ("1 + lr * 10", [2.0, 3.0, 4.0]),
        ("(1 + lr) * 10", [11.0, 12.0, 13.0]),
        ("-lr ^ 2", [-(0.1**2), -(0.2**2), -(0.3**2)]),
        ("2 ** 'a-b c' ** 2", [2.0, 16.0, 512.0]),
        ('"a-b c" - 1 - 1', [-1.0, 0.0, 1.0]),
        ("max(val/loss, train/loss, 1)", [1.0, 4.0, 3.0]),
        ("min(val/loss,-.5e0)", [-0.5, -0.5, -1.0]),
        ("exp(log(sqrt('a-b c')))", [1.0, math.sqrt(2), math.sqrt(3)]),
        ("abs(val/loss) + log10(100)", [2.5, 4.0, 3.0]),
    ],
)
def test_values(text: str, expected: list[float]) -> None:
    assert value_of(text) == pytest.approx(expected, rel=1e-12)


def test_what_has_no_result_is_not_finite() -> None:
    assert str(value_of("log(val/loss)")[2]) == "nan"
    assert value_of("1 / (lr - lr)") == [math.inf] * 3


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 0, "got the end"),
        ("1 + 2", 0, "names no tag"),
        ("val/loss -", 10, "got the end, want a tag"),
        ("(val/loss", 9, "want a closing bracket"),
        ("val/loss lr", 9, "got lr, want an operator"),
        ("lr + $x", 5, "got '$'"),
        ("lr + 'x", 5, "a quote that does not end"),
        ("lr * sin(lr)", 5, "got the function sin, want one of abs"),
        ("1 + log(lr, lr)", 4, "log: got 2 values, want 1"),
        ("min(lr)", 0, "min: got 1 values, want from 2"),
        ("2x + lr", 1, "got x, want an operator"),
        ("(" * 60 + "lr" + ")" * 60, 51, "deep"),
        ("-" * 100 + "lr", 51, "deep"),
        ("lr + " * MOST_LETTERS, MOST_LETTERS, "letters"),
        ("__import__('os')", 0, "got the function __import__"),
    ],
)
def test_errors_name_the_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(FormulaError, match=reason.replace("(", r"\(").replace("$", r"\$")) as error:
        read_formula(text)
    assert error.value.position == position


def test_a_long_formula_is_no_deep_one() -> None:
    assert value_of("lr" + " + lr" * 390) == pytest.approx(VALUES["lr"] * 391)


@given(
    st.recursive(
        st.sampled_from(["lr", "1", "2.5", "val/loss"]),
        lambda part: st.one_of(
            st.tuples(part, st.sampled_from("+-*"), part).map(" ".join).map("({})".format),
            part.map("-{}".format),
        ),
        max_leaves=12,
    )
)
def test_as_python_reckons(text: str) -> None:
    if "l" not in text:
        return
    expected = [
        eval(text.replace("val/loss", "v"), {}, {"lr": TAGS["lr"][i], "v": TAGS["val/loss"][i]}) for i in range(3)
    ]
    assert value_of(text) == expected


@given(st.text("lr/ +-*^()'\"\\,.19e", max_size=40))
def test_any_text_is_a_formula_or_an_error(text: str) -> None:
    try:
        tags = read_formula(text).tags
    except FormulaError as error:
        assert 0 <= error.position <= len(text)
    else:
        assert tags
