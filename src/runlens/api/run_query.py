"""The language of the run query: `loss.min < 0.4 and name ~ "vit" best 5 by val/loss.min`. Text -> what it asks.

    query      = [either] [["and"] best] end
    either     = both ("or" both)*
    both       = one ("and" one)*
    one        = "not" one | "(" either ")" | field operator value
    best       = "best" count "by" field ["lowest" | "highest"]
    operator   = "<" | "<=" | ">" | ">=" | "=" | "==" | "!=" | "~" | "!~"
    field      = word | quoted ["." statistic]
    value      = number | duration | date | word | quoted

docs/run_query.md says what the words mean. Nothing of a query is ever executed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from runlens.api.run_pattern import compile_pattern

MOST_CHARACTERS: Final = 2000
DEEPEST: Final = 40  # parentheses and `not` within each other
MOST_RUNS: Final = 1_000_000
UNITS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
KEYWORDS: Final = ("and", "or", "not", "best", "by")

_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<date>\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?)?)(?![\w.])
    | (?P<duration>[-+]?(?:\d+(?:\.\d+)?(?:ms|min|[smhdw]))+)(?![\w.])
    | (?P<number>[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf|nan))(?![\w./])
    | (?P<quoted>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')(?:\.(?P<statistic>\w+))?
    | (?P<operator><=|>=|!=|!~|==|[<>=~])
    | (?P<parenthesis>[()])
    | (?P<word>[^\W\d](?:[\w./:%@#&*+-]*[\w/%@#&*+])?)
    )""",
    re.VERBOSE,
)
_PIECE: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|min|[smhdw])")


class QueryError(Exception):
    """What is wrong with a query and where: characters `start` to `end`. The page has words for each code."""

    def __init__(self, code: str, start: int, end: int, detail: str = "") -> None:
        super().__init__(f"{code} at {start}: {detail}")
        self.code, self.start, self.end, self.detail = code, start, end, detail


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the query. `text` is without quotes; `statistic` stood behind a closing quote."""

    kind: str
    text: str
    start: int
    end: int
    statistic: str | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in seconds."""

    seconds: float


Literal = float | str | Duration


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field and what it is compared with."""

    field: Token
    operator: str
    value: Literal
    value_token: Token


@dataclass(frozen=True, slots=True)
class Not:
    """The runs that a part does not hold for."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Both:
    """The runs that all parts hold for."""

    parts: list[Condition]


@dataclass(frozen=True, slots=True)
class Either:
    """The runs that some part holds for."""

    parts: list[Condition]


Condition = Comparison | Not | Both | Either


@dataclass(frozen=True, slots=True)
class Best:
    """The runs with the lowest or highest values of a field; None where the field's own sense decides."""

    count: int
    field: Token
    lowest: bool | None


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: of the runs that a condition holds for, the best."""

    condition: Condition | None
    best: Best | None


def parse(text: str) -> Query:
    """The query as a tree; raises QueryError."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError("long", MOST_CHARACTERS, len(text), str(MOST_CHARACTERS))
    return _Parser(_tokens(text)).query()


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            start = at + len(text[at:]) - len(text[at:].lstrip())
            unclosed = text[start] in "\"'"
            raise QueryError("unclosed" if unclosed else "character", start, len(text) if unclosed else start + 1)
        # Of two names, the last group that matched is the statistic's, so the kind is looked for.
        kind = next(name for name in _TOKEN.groupindex if name != "statistic" and found[name] is not None)
        word = found[kind]
        if kind == "quoted":
            word = re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL)
        tokens.append(Token(kind, word, found.start(kind), found.end(), found["statistic"]))
        at = found.end()
    tokens.append(Token("end", "", len(text.rstrip()), len(text.rstrip())))
    return tokens


class _Parser:
    """Reads tokens one by one, each once."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def query(self) -> Query:
        condition = None if self._is("best", "") else self._either()
        best = self._best() if self._is("best") else None
        if not self._is(""):
            raise _unexpected("rest", self._next)
        return Query(condition, best)

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _is(self, *words: str) -> bool:
        """Whether one of the words is next; the empty one is the end."""
        return (self._next.kind in ("word", "end") and self._next.text.lower() in words) or (
            self._next.kind == "parenthesis" and self._next.text in words
        )

    def _either(self) -> Condition:
        parts = [self._both()]
        while self._is("or"):
            self._take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Either(parts)

    def _both(self) -> Condition:
        parts = [self._one()]
        while self._is("and"):
            self._take()
            if self._is("best") and self._depth == 0:
                break
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else Both(parts)

    def _one(self) -> Condition:
        if not self._is("not", "("):
            return self._comparison()
        opening = self._take()
        self._depth += 1
        if self._depth > DEEPEST:
            raise QueryError("deep", opening.start, opening.end, str(DEEPEST))
        condition = self._inside(opening)
        self._depth -= 1
        return condition

    def _inside(self, opening: Token) -> Condition:
        if opening.text != "(":
            return Not(self._one())
        condition = self._either()
        if not self._is(")"):
            raise _unexpected("parenthesis", self._next)
        self._take()
        return condition

    def _comparison(self) -> Comparison:
        field = self._field()
        operator = self._take()
        if operator.kind != "operator":
            raise _unexpected("operator", operator)
        token = self._take()
        value = _literal(token)
        word = "=" if operator.text == "==" else operator.text
        if word in ("~", "!~"):
            _check_pattern(token)
        return Comparison(field, word, value, token)

    def _field(self) -> Token:
        token = self._take()
        if token.kind == "quoted" or (token.kind == "word" and token.text.lower() not in KEYWORDS):
            return token
        raise _unexpected("field", token)

    def _best(self) -> Best:
        self._take()
        count = self._take()
        if count.kind != "number" or not count.text.isdigit() or not 1 <= int(count.text) <= MOST_RUNS:
            raise _unexpected("count", count)
        if not self._is("by"):
            raise _unexpected("by", self._next)
        self._take()
        field = self._field()
        lowest = None
        if self._is("lowest", "highest"):
            lowest = self._take().text.lower() == "lowest"
        return Best(int(count.text), field, lowest)


def _unexpected(code: str, token: Token) -> QueryError:
    return QueryError(code, token.start, token.end, token.text)


def _literal(token: Token) -> Literal:
    if token.kind == "number":
        return float(token.text)
    if token.kind == "duration":
        sign = -1.0 if token.text.startswith("-") else 1.0
        return Duration(sign * sum(float(size) * UNITS[unit] for size, unit in _PIECE.findall(token.text)))
    is_text = token.kind == "quoted" and token.statistic is None
    if is_text or token.kind == "date" or (token.kind == "word" and token.text.lower() not in KEYWORDS):
        return token.text
    raise _unexpected("value", token)


def _check_pattern(token: Token) -> None:
    try:
        compile_pattern(token.text)
    except ValueError as error:
        raise QueryError("pattern", token.start, token.end, str(error)) from None
