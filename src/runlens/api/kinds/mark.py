"""Marks of moments, of all runs at once: charts show them along their x axis. docs/kinds/mark.md is the contract."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from runlens.api.payload import Columns, Payload
from runlens.api.question import Object, a_list, an_object, names_of
from runlens.api.readings import Found, Readings
from runlens.store.entry import read_payloads
from runlens.wire.fields import Malformed
from runlens.wire.value import text_of

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index

PREFIX: Final = "__mark__/"
MAX_MARKS: Final = 5000  # of a run, the last ones; more are no marks of moments
MAX_BYTES: Final = 4 << 20  # of a run's descriptions
MAX_LETTERS: Final = 2000  # of a description


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment of a run: at a step, and in seconds since the epoch."""

    name: str
    step: int
    wall_time: float
    description: str


def data(index: Index, question: Object) -> Columns:
    """The marks of the runs asked for, by run and then by time."""
    answer = Columns({"revision": index.revision, "charts": []})
    answer.header["charts"] += [
        _chart(index, an_object(chart, "charts"), answer) for chart in a_list(question, "charts")
    ]
    return answer


def _chart(index: Index, chart: Object, answer: Columns) -> dict[str, Any]:
    found = _MARKS.of(index, names_of(chart))
    names = sorted({mark.name for marks, _ in found.values() for mark in marks})
    numbers = {name: number for number, name in enumerate(names)}
    rows = [(place, mark) for place, run in enumerate(found) for mark in found[run][0]]
    return {
        "runs": list(found),
        "names": names,
        "total": sum(total for _, total in found.values()),
        "run": answer.add(np.array([place for place, _ in rows], np.int64)),
        "name": answer.add(np.array([numbers[mark.name] for _, mark in rows], np.int64)),
        "step": answer.add(np.array([mark.step for _, mark in rows], np.int64)),
        "wall_time": answer.add(np.array([mark.wall_time for _, mark in rows], np.float64)),
        "descriptions": [mark.description for _, mark in rows],
    }


def _read(found: Found) -> tuple[list[Mark], int]:
    """The last marks of a run in the order of time, and how many there are."""
    last = sorted(found, key=lambda one: one[1].wall_time)[-MAX_MARKS:]
    payloads = read_payloads([entry for _, entry in last], MAX_BYTES)
    marks = [
        Mark(tag.removeprefix(PREFIX), entry.step, entry.wall_time, _description(entry, payload))
        for (tag, entry), payload in zip(last, payloads, strict=True)
    ]
    return marks, len(found)


def _description(entry: Entry, payload: object) -> str:
    """What is said of a moment; nothing where that cannot be read, for the moment itself is known."""
    if not isinstance(payload, bytes):
        return ""
    try:
        words = text_of(entry.form, payload)
    except Malformed:
        return ""
    return " ".join(words.ravel().tolist())[:MAX_LETTERS]


_MARKS: Readings[tuple[list[Mark], int]] = Readings("mark", lambda tag: tag.startswith(PREFIX), _read)

QUERIES: dict[str, Callable[[Index, Object], Payload]] = {"data": data}
