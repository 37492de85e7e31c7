"""What runs say of the circumstances in which they were made. docs/kinds/run_info.md lists the keys.

A log may say anything: only what has the type that a key's value has is taken over.
"""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from runlens.api.readings import Found, Readings
from runlens.store.entry import EntryError, read_payload
from runlens.wire.fields import Malformed
from runlens.wire.value import blob_of

if TYPE_CHECKING:
    from runlens.api.cells import Cell
    from runlens.store.entry import Entry
    from runlens.store.index import Index

KIND: Final = "run_info"
TAG: Final = "__run_info__"
MAX_BYTES: Final = 8 << 20  # of one record; a diff of 1 MiB takes up to six times as many in JSON

Info = dict[str, Any]


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _are_named_texts(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


_KEYS: Final[dict[str, Callable[[object], bool]]] = {
    **dict.fromkeys(("directory", "host", "platform", "cpu", "python"), _is_text),
    **dict.fromkeys(("started", "process", "cpu_count"), _is_number),
    **dict.fromkeys(("command", "gpus"), _are_texts),
    **dict.fromkeys(("environment", "packages"), _are_named_texts),
}
_GIT_KEYS: Final[dict[str, Callable[[object], bool]]] = {
    **dict.fromkeys(("root", "commit", "branch", "diff"), _is_text),
    **dict.fromkeys(("is_dirty", "is_diff_cut"), _is_flag),
    "untracked": _are_texts,
    "untracked_count": _is_number,
}

# Columns of the run table -> how they are made.
_COLUMNS: Final[dict[str, Callable[[Info], Cell]]] = {
    "command": lambda info: shlex.join(info["command"]) if "command" in info else None,
    "commit": lambda info: info["git"].get("commit"),
    "branch": lambda info: info["git"].get("branch"),
    "dirty": lambda info: info["git"].get("is_dirty"),
    "host": lambda info: info.get("host"),
    "gpus": lambda info: ", ".join(info["gpus"]) if "gpus" in info else None,
    "cpu": lambda info: info.get("cpu"),
    "python": lambda info: info.get("python"),
    "platform": lambda info: info.get("platform"),
    "directory": lambda info: info.get("directory"),
}
COLUMNS: Final = tuple(_COLUMNS)


def read_info(entry: Entry) -> Info:
    """What one record says; `git` is always there, empty where nothing is known.

    Raises:
        EntryError: the bytes cannot be had.
        Malformed: they are no JSON object.
    """
    try:
        said = json.loads(blob_of(entry.form, read_payload(entry, MAX_BYTES)))
    except (ValueError, RecursionError) as error:
        raise Malformed(f"run info: {error or 'nested too deep'}, want JSON") from None
    if not isinstance(said, dict):
        raise Malformed(f"run info: got JSON of type {type(said).__name__}, want an object")
    git = said.get("git")
    return {**_fitting(said, _KEYS), "git": _fitting(git, _GIT_KEYS) if isinstance(git, dict) else {}}


def columns_of(index: Index, runs: list[str]) -> dict[str, dict[str, Cell]]:
    """{run: {column: cell}} for the runs that say anything; where a run was begun again, its last word counts."""
    return _SUMMARIES.of(index, runs)


def _fitting(said: Info, keys: dict[str, Callable[[object], bool]]) -> Info:
    return {key: said[key] for key, fits in keys.items() if key in said and fits(said[key])}


def _summary(found: Found) -> dict[str, Cell]:
    """The cells of a run. The diff and the packages of ten thousand runs are not kept."""
    for _, entry in reversed(found):
        try:
            info = read_info(entry)
        except (EntryError, Malformed):
            continue
        cells = {name: cell(info) for name, cell in _COLUMNS.items()}
        return {name: cell for name, cell in cells.items() if cell is not None}
    return {}


_SUMMARIES: Readings[dict[str, Cell]] = Readings(KIND, TAG.__eq__, _summary)
