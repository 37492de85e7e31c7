"""Formulas over tags, `val/loss - train/loss`: read by a parser of our own, which runs nothing it was given.

    sum      product, then `+` or `-` and a product, and so on
    product  sign, then `*` or `/` and a sign, and so on
    sign     `-` or `+` before a sign, or a power
    power    value, or value `^` sign (also written `**`)
    value    a number, a tag, a function with its values in brackets, or a sum in brackets

A bare tag is letters, digits and `_ . :`, with a slash where one of these follows it at once. Any tag can be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

MOST_LETTERS: Final = 2000
DEEPEST: Final = 50  # brackets, signs and powers within each other

FUNCTIONS: Final[dict[str, tuple[int, int, Callable[..., Any]]]] = {  # fewest and most values, and what it does
    "abs": (1, 1, np.abs),
    "exp": (1, 1, np.exp),
    "log": (1, 1, np.log),
    "log10": (1, 1, np.log10),
    "max": (2, 100, lambda *values: reduce(np.maximum, values)),
    "min": (2, 100, lambda *values: reduce(np.minimum, values)),
    "sqrt": (1, 1, np.sqrt),
}
_OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "^": np.power,
}
_TOKEN = re.compile(
    r"""(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<name>[^\W\d][\w.:]*(?:/[\w.:]+)*)
    |(?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<sign>\*\*|[-+*/^(),])""",
    re.VERBOSE | re.DOTALL,
)


class FormulaError(Exception):
    """What is wrong with a formula; `position` counts its letters from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a formula: `sort` is number, name, quoted, sign or end."""

    sort: str
    text: str
    position: int


# A step puts a number or a tag's values on the stack, or takes so many values from it and puts back what it makes.
Step = tuple[float | str | Callable[..., Any], int]


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as steps of a stack machine, so that a long one is as safe as a short one."""

    text: str
    tags: tuple[str, ...]  # in the order in which they are first named
    steps: tuple[Step, ...]

    def of(self, values: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """The result for the values of each tag, all of one length; what has no result is NaN or infinite."""
        stack: list[Any] = []
        with np.errstate(all="ignore"):
            for what, takes in self.steps:
                if isinstance(what, str):
                    stack.append(values[what].astype(np.float64, copy=False))
                elif callable(what):
                    stack[-takes:] = [what(*stack[-takes:])]
                else:
                    stack.append(np.float64(what))
        result: NDArray[np.float64] = stack[0]
        return result


def read_formula(text: str) -> Formula:
    """The formula that a text says.

    Raises:
        FormulaError: it says none, or one that names no tag.
    """
    if len(text) > MOST_LETTERS:
        raise FormulaError(f"a formula has {len(text)} letters, want at most {MOST_LETTERS}", MOST_LETTERS)
    reader = _Reader(_tokens(text))
    reader.sum(0)
    reader.want("end", "an operator")
    tags = dict.fromkeys(what for what, _ in reader.steps if isinstance(what, str))
    if not tags:
        raise FormulaError("it names no tag", 0)
    return Formula(text, tuple(tags), tuple(reader.steps))


def _tokens(text: str) -> list[Token]:
    tokens, at = [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found = _TOKEN.match(text, at)
        if not found:
            what = "a quote that does not end" if text[at] in "\"'" else f"{text[at]!r}"
            raise FormulaError(f"got {what}, want a tag, a number or an operator; quote a tag with such letters", at)
        tokens.append(Token(str(found.lastgroup), found.group(), at))
        at = found.end()
    return [*tokens, Token("end", "", len(text))]


class _Reader:
    """Reads tokens from left to right and writes the steps as it goes: values first, then what is made of them."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.steps: list[Step] = []

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += token.sort != "end"
        return token

    def takes(self, *signs: str) -> Token | None:
        """The next token, if it is one of these signs."""
        token = self.tokens[self.at]
        return self.next() if token.sort == "sign" and token.text in signs else None

    def want(self, text: str, wanted: str) -> None:
        token = self.next()
        if text not in (token.text, token.sort):
            got = "the end" if token.sort == "end" else token.text
            raise FormulaError(f"got {got}, want {wanted}", token.position)

    def sum(self, depth: int) -> None:
        self.product(depth)
        while token := self.takes("+", "-"):
            self.product(depth)
            self.steps.append((_OPERATORS[token.text], 2))

    def product(self, depth: int) -> None:
        self.sign(depth)
        while token := self.takes("*", "/"):
            self.sign(depth)
            self.steps.append((_OPERATORS[token.text], 2))

    def sign(self, depth: int) -> None:
        if depth > DEEPEST:
            position = self.tokens[self.at].position
            raise FormulaError(f"brackets, signs and powers lie more than {DEEPEST} deep", position)
        if token := self.takes("+", "-"):
            self.sign(depth + 1)
            if token.text == "-":
                self.steps.append((np.negative, 1))
            return
        self.value(depth)
        if self.takes("^", "**"):
            self.sign(depth + 1)
            self.steps.append((_OPERATORS["^"], 2))

    def value(self, depth: int) -> None:
        token = self.next()
        if token.sort == "number":
            self.steps.append((float(token.text), 0))
        elif token.sort == "name" and self.takes("("):
            self.function(token, depth)
        elif token.sort == "name":
            self.steps.append((token.text, 0))
        elif token.sort == "quoted":
            self.steps.append((re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL), 0))
        elif token.sort == "sign" and token.text == "(":
            self.sum(depth + 1)
            self.want(")", "a closing bracket")
        else:
            got = "the end" if token.sort == "end" else token.text
            raise FormulaError(f"got {got}, want a tag, a number or a bracket", token.position)

    def function(self, name: Token, depth: int) -> None:
        if name.text not in FUNCTIONS:
            raise FormulaError(f"got the function {name.text}, want one of {', '.join(FUNCTIONS)}", name.position)
        fewest, most, function = FUNCTIONS[name.text]
        self.sum(depth + 1)
        count = 1
        while self.takes(","):
            self.sum(depth + 1)
            count += 1
        self.want(")", "a comma or a closing bracket")
        if not fewest <= count <= most:
            wanted = f"{fewest}" if fewest == most else f"from {fewest} to {most}"
            raise FormulaError(f"{name.text}: got {count} values, want {wanted}", name.position)
        self.steps.append((function, count))
