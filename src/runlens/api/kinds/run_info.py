"""The circumstances of runs. docs/kinds/run_info.md is the contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from runlens.api.circumstances import KIND, TAG, read_info
from runlens.api.entries import entry_at, number_below, rows_of
from runlens.api.payload import Columns, Payload
from runlens.api.question import NotFound, Object, a_list, a_text, an_object
from runlens.store.entry import EntryError
from runlens.store.index import Index
from runlens.wire.fields import Malformed


def data(index: Index, question: Object) -> Columns:
    """What each run asked for says, of its last beginning or of the one whose number is given."""
    charts = [_said(index, an_object(chart, "charts")) for chart in a_list(question, "charts")]
    return Columns({"revision": index.revision, "charts": charts})


def _said(index: Index, chart: Object) -> dict[str, Any]:
    run = a_text(chart, "run")
    rows = rows_of(index, KIND, run, TAG)
    count = sum(map(len, rows))
    said: dict[str, Any] = {"run": run, "count": count, "number": 0, "info": None, "error": None}
    if count == 0:
        return said
    try:
        asked = chart.get("number")
        said["number"] = count - 1 if asked is None else number_below({"number": str(asked)}, "number", count)
        said["info"] = read_info(entry_at(rows, said["number"]))
    except (EntryError, Malformed, NotFound) as error:
        said["error"] = str(error)
    return said


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {"data": data}
