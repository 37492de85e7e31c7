"""Texts: which steps there are, what one says, where something is said. Contract: docs/kinds/text.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from runlens.api.entries import entries_query, find_row, payload_of, rows_of
from runlens.api.payload import Blob, Columns, Json, Payload
from runlens.api.question import BadQuestion, NotFound, Object, a_list, a_number, a_text, an_object
from runlens.store.entry import EntryError, read_payload
from runlens.wire.fields import Malformed
from runlens.wire.value import text_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from runlens.store.index import Index

KIND: Final = "text"
USUAL_LIMIT: Final = 200_000  # letters sent at first
MAX_LIMIT: Final = 100_000_000
MAX_HITS: Final = 200
MAX_SEARCHED: Final = 512 << 20  # bytes looked through for one question
BEFORE, AFTER = 24, 90  # letters quoted before and after the beginning of a hit


def data(index: Index, question: Object) -> Columns:
    """What each row asked for says, the first `limit` letters of it, or why it cannot be shown."""
    charts = [_said(index, an_object(row, "charts")) for row in a_list(question, "charts")]
    return Columns({"revision": index.revision, "charts": charts})


def search(index: Index, question: Object) -> Json:
    """Rows of a tag that say something, letter case aside: with their steps and the place, quoted."""
    tag, wanted = a_text(question, "tag"), a_text(question, "text").casefold()
    if not wanted:
        raise BadQuestion("text: got nothing, want what to look for")
    hits: list[dict[str, Any]] = []
    left = MAX_SEARCHED
    for run, row, step, size, said in _texts(index, tag, a_list(question, "runs")):
        left -= size
        if left < 0 or len(hits) >= MAX_HITS:
            break
        at = said.casefold().find(wanted)
        if at >= 0:
            quote = said[max(0, at - BEFORE) : at + AFTER]
            hits.append({"run": run, "row": row, "step": step, "quote": quote})
    return Json({"hits": hits, "complete": left >= 0 and len(hits) < MAX_HITS})


def words(index: Index, parameters: Mapping[str, str]) -> Blob:
    """A whole text as plain UTF-8; the cells of a table with tabs between them."""
    return Blob(_joined(_cells(index, parameters)).encode("utf-8", "replace"), "text/plain; charset=utf-8")


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {
    "entries": entries_query(KIND),
    "data": data,
    "search": search,
}
BLOBS = {"words": words}


def _said(index: Index, row: Object) -> dict[str, Any]:
    left = int(a_number(row, "limit", USUAL_LIMIT, 0, MAX_LIMIT))
    try:
        cells = _cells(index, {name: str(row.get(name, "")) for name in ("run", "tag", "row", "key")})
    except NotFound as error:
        return {"error": str(error)}
    sent = []
    for cell in cells.ravel().tolist():
        sent.append(cell[:left])
        left -= len(sent[-1])
        if left <= 0:
            break
    return {"error": None, "shape": list(cells.shape), "cells": sent, "letters": sum(map(len, cells.ravel().tolist()))}


def _cells(index: Index, parameters: Mapping[str, str]) -> NDArray[np.object_]:
    entry = find_row(index, KIND, parameters)
    try:
        return text_of(entry.form, payload_of(entry))
    except Malformed as error:
        raise NotFound(str(error)) from None


def _joined(cells: NDArray[np.object_]) -> str:
    if cells.ndim < 2:
        return "\n".join(cells.ravel().tolist())
    return "\n".join("\t".join(line) for line in cells.reshape(-1, cells.shape[-1]).tolist())


def _texts(index: Index, tag: str, runs: list[Any]) -> Iterator[tuple[str, int, int, int, str]]:
    """Run, row, step, size in bytes and text of all rows that can be read."""
    for run in runs:
        row = -1
        for rows in rows_of(index, KIND, str(run), tag):
            for place in range(len(rows)):
                row += 1
                entry = rows.entry(place)
                try:
                    said = _joined(text_of(entry.form, read_payload(entry)))
                except (EntryError, Malformed):
                    continue
                yield str(run), row, entry.step, entry.length, said
