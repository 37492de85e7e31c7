"""Which runs are parts of another: those that `add_scalars` and `add_hparams` of torch and tensorboardX make beside it.

Names alone deceive, so a run is one of theirs only if its name and what it holds both say so, and its writer left a
trace where it stood: event files of its own in the parent, a second part beside the first, or a timestamp as name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

ROOT: Final = "."  # the run that is the logdir itself

# All that add_hparams logs besides metrics; others that log hparams leave out the first, or log it elsewhere.
HPARAMS_TAGS: Final = {f"_hparams_/{name}" for name in ("experiment", "session_start_info", "session_end_info")}

_TIMESTAMP: Final = re.compile(r"\d{9,10}\.\d+")
_NOT_IN_TAGS: Final = re.compile(r"[^-/\w.]")  # tensorboardX writes `_` for such in the tag, but not in the directory


class Content(NamedTuple):
    """The tags of a run: of scalars, and of everything else."""

    scalars: Collection[str]
    entries: Collection[str]


@dataclass(frozen=True, slots=True)
class Fold:
    """A run is the part `label` of the run `parent`, which need not have event files of its own."""

    parent: str
    label: str
    of: Literal["add_scalars", "add_hparams"]


def find_folds(runs: Mapping[str, Content]) -> dict[str, Fold]:
    """{run: fold} for the runs that are parts of another. Names are paths below the logdir, with `/`."""
    candidates = {name: fold for name, content in runs.items() if (fold := _candidate(name, content))}
    parts = Counter((fold.parent, fold.of) for fold in candidates.values())

    def has_trace(fold: Fold) -> bool:
        if fold.of == "add_hparams" and _TIMESTAMP.fullmatch(fold.label):
            return True
        return fold.parent in runs or (fold.of == "add_scalars" and parts[fold.parent, fold.of] > 1)

    return {name: fold for name, fold in candidates.items() if has_trace(fold)}


def _candidate(name: str, content: Content) -> Fold | None:
    if name == ROOT:
        return None
    if HPARAMS_TAGS.issubset(content.entries):
        parent, _, label = name.rpartition("/")
        return Fold(parent or ROOT, label, "add_hparams")
    if len(content.scalars) == 1 and not content.entries:
        (tag,) = content.scalars
        for directory in _directories(tag):
            if fold := _part_of(name, directory):
                return fold
    return None


def _directories(tag: str) -> Iterator[str]:
    """What the directory of a part begins with below its parent: as torch, then as tensorboardX has it."""
    if tag:
        yield tag.replace("/", "_") + "_"
        yield tag + "/"


def _part_of(name: str, directory: str) -> Fold | None:
    as_tag = _NOT_IN_TAGS.sub("_", name)  # letter by letter, so that places in it are places in the name
    for text in (name, as_tag):
        start = ("/" + text).rfind("/" + directory)
        label = name[start + len(directory) :]
        if start >= 0 and label:
            return Fold(name[: max(start - 1, 0)] or ROOT, label, "add_scalars")
    return None
