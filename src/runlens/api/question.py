"""Reads a question: fields of a JSON object, checked, with errors that name the field.

QuestionError         what was asked
├── BadQuestion       is not a question: a field is missing or of the wrong type or range
└── NotFound          names a run, tag or query that is not there
"""

from __future__ import annotations

from typing import Any

Object = dict[str, Any]

MAX_ON_AXIS = 1e300  # so that widths of intervals are finite, too


class QuestionError(Exception):
    """The asker's mistake, told in words fit for the asker."""


class BadQuestion(QuestionError):
    """A field is missing, or of the wrong type or range."""


class NotFound(QuestionError):
    """What is asked for is not there."""


def a_list(question: Object, name: str) -> list[Any]:
    """The field as a list."""
    value = question.get(name)
    if not isinstance(value, list):
        raise BadQuestion(f"{name}: got {short(value)}, want a list")
    return value


def names_of(chart: Object) -> list[str]:
    """The field `runs`."""
    runs = a_list(chart, "runs")
    if not all(isinstance(run, str) for run in runs):
        raise BadQuestion(f"runs: got {short(runs)}, want a list of strings")
    return runs


def an_object(value: object, name: str) -> Object:
    """The value as an object."""
    if not isinstance(value, dict):
        raise BadQuestion(f"{name}: got {short(value)}, want an object")
    return value


def a_text(question: Object, name: str) -> str:
    """The field as a string."""
    value = question.get(name)
    if not isinstance(value, str):
        raise BadQuestion(f"{name}: got {short(value)}, want a string")
    return value


def one_of(question: Object, name: str, choices: tuple[str, ...]) -> str:
    """The field as one of some words; the first when it is missing."""
    value = question.get(name, choices[0])
    if value not in choices:
        raise BadQuestion(f"{name}: got {short(value)}, want one of {', '.join(choices)}")
    return str(value)


def a_number(question: Object, name: str, default: float, low: float, high: float) -> float:
    """The field as a number from `low` to `high`."""
    value = question.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise BadQuestion(f"{name}: got {short(value)}, want a number from {low} to {high}")
    return value


def an_interval(question: Object, name: str) -> tuple[float, float] | None:
    """The field as `[low, high]` with low < high, or None."""
    value = question.get(name)
    if value is None:
        return None
    match value:
        case [int() | float() as low, int() | float() as high] if -MAX_ON_AXIS <= low < high <= MAX_ON_AXIS:
            return float(low), float(high)
    raise BadQuestion(f"{name}: got {short(value)}, want null or [low, high] with low < high and both finite")


def short(value: object) -> str:
    """A value as an error quotes it."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
