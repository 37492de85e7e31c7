"""Values that stay on disk, as every kind of them is asked for: which rows a tag has, and the bytes of one.

A row's number counts a run's rows of the tag and kind, file after file; its key is the checksum of its bytes. A URL
with both means the same bytes for ever, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runlens.api.payload import Columns
from runlens.api.question import BadQuestion, NotFound, Object, a_list, a_text, an_object, short
from runlens.store.entry import MAX_PAYLOAD, Entry, EntryError, read_payload
from runlens.store.stored import StoredPayload
from runlens.wire.plugins import kind_of
from runlens.wire.scan import Entries

if TYPE_CHECKING:
    from pathlib import Path

    from runlens.store.index import Index
    from runlens.store.run import Run
    from runlens.store.series import EntrySeries


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one kind that a file has of a tag."""

    path: Path
    plugin: str
    entries: Entries

    def __len__(self) -> int:
        return len(self.entries.steps)

    def entry(self, row: int) -> Entry:
        """One of them."""
        return Entry(self.path, self.plugin, *(getattr(self.entries, name)[row].item() for name in Entries.__slots__))

    def take(self, rows: NDArray[np.int64]) -> list[Entry]:
        """Those with these numbers; much faster than one by one."""
        columns = (getattr(self.entries, name)[rows].tolist() for name in Entries.__slots__)
        return [Entry(self.path, self.plugin, *row) for row in zip(*columns, strict=True)]


# The rows of a tag in a run, and the generation in which they only grow; the index's lock is held.
Find = Callable[["Run", str], tuple[list[Rows], int]]


def entries_query(kind: str, find: Find | None = None) -> Callable[[Index, Object], Columns]:
    """The query `entries` of a kind: steps, wall times and keys of the rows that the asker does not hold yet.

    `find` is for a kind that makes one row of several.
    """
    found_by = find or (lambda run, tag: _rows_and_generation(run, tag, kind))

    def entries(index: Index, question: Object) -> Columns:
        answer = Columns({"revision": index.revision, "charts": []})
        answer.header["charts"] += [
            _answer_chart(index, found_by, an_object(chart, "charts"), answer) for chart in a_list(question, "charts")
        ]
        return answer

    return entries


def info_query(kind: str, samples_of: Callable[[Entry], list[dict[str, Any]]]) -> Callable[[Index, Object], Columns]:
    """The query `info` of a kind: what each row asked for holds, or why it cannot be shown.

    `samples_of` describes what is in a row; that a row has none, it tells by NotFound.
    """

    def info(index: Index, question: Object) -> Columns:
        charts = [one(index, an_object(row, "charts")) for row in a_list(question, "charts")]
        return Columns({"revision": index.revision, "charts": charts})

    def one(index: Index, row: Object) -> dict[str, Any]:
        parameters = {name: str(row.get(name, "")) for name in ("run", "tag", "row", "key")}
        try:
            return {"samples": samples_of(find_row(index, kind, parameters)), "error": None}
        except NotFound as error:
            return {"samples": [], "error": str(error)}

    return info


def find_row(index: Index, kind: str, parameters: Mapping[str, str]) -> Entry:
    """The entry that a URL's `run`, `tag`, `row` and `key` name.

    Raises:
        BadQuestion: one of them is missing or no number.
        NotFound: there is no such row any more, or it holds other bytes.
    """
    run, tag = a_text(dict(parameters), "run"), a_text(dict(parameters), "tag")
    found = rows_of(index, kind, run, tag)
    keys = np.concatenate([rows.entries.checksums for rows in found]) if found else np.zeros(0, np.int32)
    return entry_at(found, row_of(parameters, tag, run, keys))


def row_of(parameters: Mapping[str, str], tag: str, run: str, keys: NDArray[Any]) -> int:
    """The row that a URL's `row` and `key` name, of rows that have these keys.

    Raises:
        BadQuestion: one of them is no number.
        NotFound: there is no such row any more, or it holds other bytes.
    """
    row, key = _integer(parameters, "row"), _integer(parameters, "key")
    if 0 <= row < len(keys) and keys[row] == key:
        return row
    raise NotFound(f"row {row} of {tag!r} in {run!r} is not there any more")


def entry_at(found: list[Rows], row: int) -> Entry:
    """One of the rows of all files, which must be there."""
    for rows in found:
        if row < len(rows):
            return rows.entry(row)
        row -= len(rows)
    raise IndexError(row)


def entries_at(found: list[Rows], rows: NDArray[np.int64]) -> list[Entry]:
    """The entries with these numbers, which count the rows of all files."""
    taken: dict[int, Entry] = {}
    start = 0
    for part in found:
        own = rows[(rows >= start) & (rows < start + len(part))]
        taken |= zip(own.tolist(), part.take(own - start), strict=True)
        start += len(part)
    return [taken[row] for row in rows.tolist()]


def rows_of(index: Index, kind: str | None, run: str, tag: str) -> list[Rows]:
    """What each file of a run has of a tag, as far as it is of the kind; nothing where there is no such run or tag."""
    return growing_rows_of(index, kind, run, tag)[0]


def growing_rows_of(index: Index, kind: str | None, run: str, tag: str) -> tuple[list[Rows], int]:
    """The same, and the generation in which they only grow."""
    with index.lock:
        found = index.runs.get(run)
        return _rows_and_generation(found, tag, kind) if found else ([], 0)


def number_below(parameters: Mapping[str, str], name: str, stop: int) -> int:
    """Which one a URL means of those in a row: 0 where it does not say.

    Raises:
        BadQuestion: it is no number.
        NotFound: there are not so many.
    """
    text = parameters.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BadQuestion(f"{name}: got {short(text)}, want a number from 0")
    if int(text) >= stop:
        raise NotFound(f"{name} {text}: there are {stop}")
    return int(text)


class LazyPayload(StoredPayload):
    """The bytes of an entry, read as far as they are sliced; NotFound tells why they cannot be had."""

    def read(self, start: int, stop: int) -> bytes:
        """As the store reads them."""
        try:
            return super().read(start, stop)
        except EntryError as error:
            raise NotFound(str(error)) from None


def payload_of(entry: Entry, limit: int = MAX_PAYLOAD) -> bytes:
    """The bytes of an entry.

    Raises:
        NotFound: they cannot be had; the reason is told.
    """
    try:
        return read_payload(entry, limit)
    except EntryError as error:
        raise NotFound(str(error)) from None


def _rows_and_generation(run: Run, tag: str, kind: str | None) -> tuple[list[Rows], int]:
    series = run.entries.get(tag)
    return (rows_of_kind(series, kind), series.generation) if series else ([], 0)


def rows_of_kind(series: EntrySeries, kind: str | None) -> list[Rows]:
    """What each file has of a series, as far as it is of the kind; the index's lock is held."""
    found = []
    for path, entries in series.by_file().items():
        plugin = series.plugin_of(path)
        forms = [form for form in np.unique(entries.forms).tolist() if kind_of(plugin, form) == kind]
        is_kind = np.isin(entries.forms, forms)
        if is_kind.all():
            found.append(Rows(path, plugin, entries))
        elif is_kind.any():
            found.append(Rows(path, plugin, Entries(*(getattr(entries, name)[is_kind] for name in Entries.__slots__))))
    return found


def _answer_chart(index: Index, find: Find, chart: Object, answer: Columns) -> dict[str, Any]:
    tag, have = a_text(chart, "tag"), an_object(chart.get("have", {}), "have")
    series = []
    for run in a_list(chart, "runs"):
        if not isinstance(run, str):
            raise BadQuestion(f"runs: got {short(run)}, want a list of strings")
        with index.lock:
            known = index.runs.get(run)
            rows, generation = find(known, tag) if known else ([], 0)
        if rows:
            series.append({"run": run, "generation": generation, **_columns(rows, have.get(run), generation, answer)})
    return {"tag": tag, "series": series}


def _columns(rows: list[Rows], held: object, generation: int, answer: Columns) -> dict[str, int]:
    """The columns from the first row that the asker lacks."""
    count = sum(map(len, rows))
    match held:
        case [int() as known, int() as held_count] if known == generation and 0 <= held_count <= count:
            first = held_count
        case _:
            first = 0
    columns = {"step": "steps", "wall_time": "wall_times", "key": "checksums"}
    return {"from": first} | {
        name: answer.add(np.concatenate([getattr(part.entries, column) for part in rows])[first:])
        for name, column in columns.items()
    }


def _integer(parameters: Mapping[str, str], name: str) -> int:
    text = parameters.get(name, "")
    try:
        return int(text)
    except ValueError:
        raise BadQuestion(f"{name}: got {short(text)}, want an integer") from None
