"""Run queries: which runs they find, against Python's own evaluation, and what they say of a mistake and its place."""

from __future__ import annotations

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.question import BadQuestion
from runlens.api.run_pattern import compile_pattern
from runlens.api.run_query import MOST_CHARACTERS, QueryError, parse
from runlens.api.run_select import select
from runlens.store.index import Index
from tests.support import index_of, write_scalars

NAN = float("nan")
LOSSES = {
    "cnn/a": [3.0, 0.5, 0.7],
    "cnn/b": [2.0, 0.3, 0.9],
    "vit/a": [1.0, 0.2],
    "vit/b": [4.0, NAN],
    "vit/c": [0.4],
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    root = tmp_path_factory.mktemp("logs")
    for run, losses in LOSSES.items():
        write_scalars(root / run / "tfevents", "loss", losses)
    write_scalars(root / "vit/c" / "tfevents", 'odd "tag".min', [7.0], append=True)
    write_scalars(root / "other" / "tfevents", "val/acc", [0.1, 0.9], epoch=4e9)
    os.utime(root / "other" / "tfevents", (time.time() - 7200,) * 2)
    return index_of(root)


def ask(index: Index, query: str) -> Any:
    answer = select(index, {"query": query}).value
    return answer["error"] or answer["runs"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('loss.min < 0.4 and name ~ "vit"', ["vit/a"]),
        ("loss.min<=0.4 and name~vit", ["vit/a", "vit/c"]),
        ("loss.last = nan", ["vit/b"]),
        ("loss > 0.5", ["cnn/a", "cnn/b"]),
        ("loss.first >= 3", ["cnn/a", "vit/b"]),
        ("loss.count == 3", ["cnn/a", "cnn/b"]),
        ("loss.mean < 1 or val/acc.max > .8", ["other", "vit/a", "vit/c"]),
        ("not (name ~ '^vit' or name ~ '^cnn')", ["other"]),
        ("loss.max != 4 AND NOT name !~ VIT", ["vit/a", "vit/c"]),
        ('"odd \\"tag\\".min".max = 7', ["vit/c"]),
        ('"odd \\"tag\\".min" = 7', ["vit/c"]),
        ("steps >= 2", ["cnn/a", "cnn/b"]),
        ("duration >= 2s", ["cnn/a", "cnn/b"]),
        ("duration < 1500ms and duration > 0", ["other", "vit/a", "vit/b"]),
        ("duration > 1h30m", []),
        ("start > 2026-01-01", ["other"]),
        (f"start > {datetime.fromtimestamp(1.75e9).strftime('%Y-%m-%dT%H:%M')}", ["other"]),
        ("start < -2h", ["cnn/a", "cnn/b", "vit/a", "vit/b", "vit/c"]),
        ("state = stalled", ["other"]),
        ("state != stalled", ["cnn/a", "cnn/b", "vit/a", "vit/b", "vit/c"]),
        ("best 2 by loss.min", ["cnn/b", "vit/a"]),
        ("best 2 by loss.max", ["cnn/a", "vit/b"]),
        ("best 1 by loss.max lowest", ["vit/c"]),
        ("best 2 by loss", ["vit/a", "vit/c"]),
        ("best 2 by loss highest", ["cnn/a", "cnn/b"]),
        ("name ~ cnn best 1 by loss.min", ["cnn/b"]),
        ("name ~ cnn and best 1 by loss.min", ["cnn/b"]),
        ("best 99 by val/acc", ["other"]),
        ("", sorted([*LOSSES, "other"])),
    ],
)
def test_what_is_found(index: Index, query: str, found: list[str]) -> None:
    assert ask(index, query) == found


@pytest.mark.parametrize(
    ("query", "code", "start", "end", "detail"),
    [
        ("loss.min <", "value", 10, 10, ""),
        ("loss.min 4", "operator", 9, 10, "4"),
        ("loss.min < 4 )", "rest", 13, 14, ")"),
        ("(loss.min < 4", "parenthesis", 13, 13, ""),
        ("and", "field", 0, 3, "and"),
        ("los.min < 4", "unknown", 0, 7, "loss.min"),
        ('"loss".median < 4', "unknown", 0, 13, "loss.last"),
        ('name ~ "vit', "unclosed", 7, 11, ""),
        ("name ? 3", "character", 5, 6, ""),
        ('name ~ "("', "pattern", 7, 10, "missing ), unterminated subpattern at position 0"),
        ("name < 3", "text", 7, 8, "3"),
        ("name < vit", "order", 7, 10, "vit"),
        ("loss < vit", "number", 7, 10, "vit"),
        ("loss < 2h", "duration", 7, 9, "2h"),
        ("start < soon", "date", 8, 12, "soon"),
        ("best 0 by loss", "count", 5, 6, "0"),
        ("best 2.5 by loss", "count", 5, 8, "2.5"),
        ("best 2 loss", "by", 7, 11, "loss"),
        ("(" * 50, "deep", 40, 41, "40"),
        ("x" * (MOST_CHARACTERS + 1), "long", MOST_CHARACTERS, MOST_CHARACTERS + 1, str(MOST_CHARACTERS)),
    ],
)
def test_a_mistake_is_told_with_its_place(
    index: Index, query: str, code: str, start: int, end: int, detail: str
) -> None:
    assert ask(index, query) == {"code": code, "start": start, "end": end, "detail": detail}


def test_hyper_parameters_of_a_run_and_of_its_part(tmp_path: Path) -> None:
    for name, hparams in {"a": {"lr": 0.1, "opt": "adam", "warm": True}, "b": {"lr": 0.01, "opt": "sgd"}}.items():
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_scalar("loss", 1.0 if name == "a" else 2.0, 0)
            writer.add_hparams(hparams, {"final": 5.0 if name == "a" else 6.0})
    index = index_of(tmp_path)
    for query, first in {
        "lr > 0.05": "a",
        "opt ~ sg": "b",
        "opt = adam": "a",
        "warm = true": "a",
        "final > 5": "b",
    }.items():
        assert {run.split("/")[0] for run in ask(index, query)} == {first}, query
    assert ask(index, "hparam.lr > 0.05") == ask(index, "lr > 0.05")
    assert ask(index, "best 1 by lr") == ask(index, "lr < 0.05")


def test_a_query_follows_growing_curves(tmp_path: Path) -> None:
    for run, value in {"a": 1.0, "b": 2.0}.items():
        write_scalars(tmp_path / run / "tfevents", "loss", [value])
    index = index_of(tmp_path)
    assert ask(index, "best 1 by loss.min") == ["a"]
    write_scalars(tmp_path / "b" / "tfevents", "loss", [0.5], first_step=1, append=True)
    index.refresh()
    assert ask(index, "best 1 by loss.min") == ["b"]


def test_a_question_without_a_query(index: Index) -> None:
    with pytest.raises(BadQuestion, match="query: got None, want a string"):
        select(index, {})


# Expressions as text of ours and of Python's, which is asked for the truth.
NUMBERS = {"loss.min": "min(v)", "loss.last": "v[-1]", "loss.count": "len(v)", "steps": "len(v) - 1"}
COMPARED = st.tuples(
    st.sampled_from(sorted(NUMBERS)),
    st.sampled_from(["<", "<=", ">", ">=", "=", "!="]),
    st.sampled_from(["0.2", "0.4", "1", "2", "3"]),
).map(
    lambda part: (
        " ".join(part),
        f"({NUMBERS[part[0]]} {part[1].replace('=', '==') if part[1] == '=' else part[1]} {part[2]})",
    )
)
NAMED = st.sampled_from(["vit", "a$", "/b", "."]).map(
    lambda word: (f"name ~ '{word}'", f"bool(re.search({word!r}, name))")
)
EXPRESSIONS = st.recursive(
    COMPARED | NAMED,
    lambda inner: st.one_of(
        inner.map(lambda part: (f"not {part[0]}", f"(not {part[1]})")),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(
            lambda parts: (f"({parts[0][0]} {parts[1]} {parts[2][0]})", f"({parts[0][1]} {parts[1]} {parts[2][1]})")
        ),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS)
def test_any_expression_means_what_python_makes_of_it(index: Index, expression: tuple[str, str]) -> None:
    import re

    query, python = expression
    runs = {run: losses for run, losses in LOSSES.items() if run != "vit/b"}
    found = {name for name, v in runs.items() if eval(python, {"re": re, "v": v, "name": name})}
    assert set(ask(index, query)) & runs.keys() == found


@given(st.text(alphabet="abloss.min<>=~!()\"' 0159hnotadbest-", max_size=40) | st.text(max_size=20))
def test_any_text_is_a_query_or_a_mistake_in_it(text: str) -> None:
    try:
        parse(text)
    except QueryError as error:
        assert 0 <= error.start <= error.end <= len(text)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*b", "(a?){99}", ".*.*.*.*x", "(?=a)", r"(a)\1", "(?i)a", "a" * 300]
)
def test_patterns_that_could_search_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"support|at most"):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["vit.*b+", "(vit|cnn)/[ab]", "[(+*|]+", r"\(a\+\)+", "(?:ab)*", "a{2,3}", "^$"])
def test_patterns_that_people_write_are_not(pattern: str) -> None:
    assert compile_pattern(pattern).pattern == pattern
