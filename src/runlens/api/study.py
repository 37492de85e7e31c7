"""What runs say of their hyper-parameters and their end, read once and kept until they say more.

A later word on a name counts, and one in an event file before one in a file beside it. torch's `add_hparams` says it
in a run of its own beside the one it is about: that part is folded into it where it has one such part only; with
several, each is an experiment of its own.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from runlens.store.entry import Entry, entries_of, read_payloads
from runlens.store.fold import Content, find_folds
from runlens.wire.fields import Malformed
from runlens.wire.hparams import EXPERIMENT_TAG, PLUGIN, SESSION_END_TAG, SESSION_START_TAG, Value
from runlens.wire.hparams_data import Experiment, HparamInfo, MetricInfo, SessionEnd, SessionStart, read_plugin_data
from runlens.wire.value import plugin_content_of

if TYPE_CHECKING:
    from runlens.store.index import Index
    from runlens.store.run import Run

TAGS: Final = (EXPERIMENT_TAG, SESSION_START_TAG, SESSION_END_TAG)
MAX_BYTES: Final = 16 << 20  # read of one run; an add_hparams call writes some hundred

Version = tuple[tuple[int, int], ...]  # generation and count of each of the tags; time and size of each file


@dataclass(frozen=True, slots=True)
class Said:
    """What one run says. `start` and `end` are seconds since the epoch, where it says them."""

    hparams: dict[str, Value] = field(default_factory=dict)
    group: str = ""
    start: float | None = None
    end: SessionEnd | None = None
    hparam_infos: dict[str, HparamInfo] = field(default_factory=dict)
    metric_infos: dict[tuple[str, str], MetricInfo] = field(default_factory=dict)  # by group and tag


NOTHING: Final = Said()


@dataclass(frozen=True, slots=True)
class Session:
    """A row of the run table: a run, what it says, and the part of it that is a run of its own."""

    name: str
    run: Run
    said: Said
    part: str | None = None


class Study:
    """What the runs of an index say, as it was read last."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Run, tuple[Version, Said]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def sessions(self, index: Index) -> list[Session]:
        """One for each run that is no part of another, in natural order of their names."""
        with index.lock:
            runs = index.sorted_runs()
            parts = _parts({run.name: Content(run.scalars, run.entries) for run in runs})
        said = self._said(index, runs)
        folded = set(parts.values())
        return [
            Session(run.name, run, _with_part(said[run.name], said.get(parts.get(run.name, ""))), parts.get(run.name))
            for run in runs
            if run.name not in folded
        ]

    def _said(self, index: Index, runs: list[Run]) -> dict[str, Said]:
        """What each run says; those that say more than before are read anew."""
        with self._lock:
            news: list[tuple[Run, Version, Said, list[tuple[Entry, bytes | None]]]] = []
            with index.lock:
                for run in runs:
                    version = _version(run)
                    known = self._known.get(run)
                    if (known[0] if known else ()) != version:
                        news.append((run, version, _said_beside(run), _places(run)))
            for run, version, beside, places in news:
                self._known[run] = version, _said_by(_contents(places), beside)
            return {run.name: known[1] if (known := self._known.get(run)) else NOTHING for run in runs}


STUDY: Final = Study()  # shared by all that ask, so that nothing is read twice


def _parts(runs: dict[str, Content]) -> dict[str, str]:
    """{run: its one part}"""
    folds = {name: fold for name, fold in find_folds(runs).items() if fold.of == "add_hparams"}
    counts = Counter(fold.parent for fold in folds.values())
    return {fold.parent: name for name, fold in folds.items() if counts[fold.parent] == 1 and fold.parent in runs}


def _with_part(said: Said, part: Said | None) -> Said:
    """What a run and its part say. That the part has ended says nothing: it ends where it begins."""
    if part is None:
        return said
    return replace(
        said,
        hparams=part.hparams | said.hparams,
        group=said.group or part.group,
        hparam_infos=part.hparam_infos | said.hparam_infos,
        metric_infos=part.metric_infos | said.metric_infos,
    )


def _version(run: Run) -> Version:
    found = (run.entries.get(tag) for tag in TAGS)
    files = (side.found for path, side in sorted(run.side_files.items()) if side.kind == PLUGIN)
    return (
        *((series.generation, series.count) for series in found if series is not None),
        *((file.modified_ns, file.size) for file in files),
    )


def _places(run: Run) -> list[tuple[Entry, bytes | None]]:
    """Where a run's messages lie, in the order of time, with their bytes where the index holds them already."""
    found: list[tuple[Entry, bytes | None]] = []
    for tag in TAGS:
        entries = [entry for entry in entries_of(run, tag) if entry.plugin == PLUGIN]
        held = run.entries[tag].tag.content if len(entries) == 1 and run.entries[tag].count == 1 else None
        found += [(entry, held) for entry in entries]
    return sorted(found, key=lambda place: place[0].wall_time)


def _contents(places: list[tuple[Entry, bytes | None]]) -> Iterable[bytes]:
    on_disk = [entry for entry, held in places if held is None]
    payloads = iter(read_payloads(on_disk, MAX_BYTES))
    for entry, held in places:
        payload = held if held is not None else next(payloads)
        if isinstance(payload, bytes):
            with contextlib.suppress(Malformed):
                yield held if held is not None else plugin_content_of(entry.form, payload)


def _said_beside(run: Run) -> Said:
    """What files of hyper-parameters beside the event files say; `hparams.yaml` goes before `hparams.json`."""
    found: dict[str, Value] = {}
    for beside in run.beside(PLUGIN).values():
        found |= beside.named.values
    return Said(hparams=found)


def _said_by(contents: Iterable[bytes], said: Said) -> Said:
    for content in contents:
        with contextlib.suppress(Malformed):
            said = _and_then(said, read_plugin_data(content))
    return said


def _and_then(said: Said, message: Experiment | SessionStart | SessionEnd | None) -> Said:
    """What is said when one more message was read. A run that begins again has not ended."""
    match message:
        case Experiment():
            return replace(
                said,
                hparam_infos=said.hparam_infos | {info.name: info for info in message.hparams},
                metric_infos=said.metric_infos | {(info.group, info.tag): info for info in message.metrics},
            )
        case SessionStart():
            return replace(
                said,
                hparams=said.hparams | message.hparams,
                group=message.group or said.group,
                start=message.start or said.start,
                end=None,
            )
        case SessionEnd():
            return replace(said, end=message)
    return said
