"""Layouts: which scalars share a chart, as the runs' logs say it. Contract: docs/kinds/custom_scalars.md."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from runlens.api.entries import entries_query, payload_of, rows_of
from runlens.api.payload import Columns
from runlens.api.question import NotFound, Object, a_list, an_object, names_of
from runlens.wire.fields import Malformed
from runlens.wire.layout import TAG
from runlens.wire.read_layout import Category, read_layout
from runlens.wire.value import blob_of

if TYPE_CHECKING:
    from runlens.store.index import Index

KIND: Final = "custom_scalars"


def layout(index: Index, question: Object) -> Columns:
    """For each chart asked for, the layouts of its runs as one."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        answer.header["charts"].append(_merged(index, sorted(names_of(an_object(value, "charts")))))
    return answer


QUERIES = {"entries": entries_query(KIND), "layout": layout}


def _merged(index: Index, runs: list[str]) -> dict[str, Any]:
    """Categories in the order in which they first occur; charts that several runs have stand there once."""
    categories: dict[str, Category] = {}
    problems = []
    for run in runs:
        try:
            for category in _newest(index, run):
                known = categories.setdefault(category.title, Category(category.title, category.is_closed))
                known.charts.extend(chart for chart in category.charts if chart not in known.charts)
        except (NotFound, Malformed) as error:
            problems.append(f"{run}: {error}")
    return {"categories": [asdict(category) for category in categories.values()], "problems": problems[:10]}


def _newest(index: Index, run: str) -> list[Category]:
    """What a run said last; nothing where it said nothing."""
    parts = rows_of(index, KIND, run, TAG)
    if not parts:
        return []
    entry = parts[-1].entry(len(parts[-1]) - 1)
    return read_layout(blob_of(entry.form, payload_of(entry)))
