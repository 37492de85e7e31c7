"""Event file -> columns of scalars and an index of everything else."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from numpy.typing import NDArray

from runlens import _kernel

if TYPE_CHECKING:
    from runlens._kernel import Floats, Ints


class PackedScalars(Protocol):
    """Scalars of one tag that become arrays when somebody looks."""

    def columns(self) -> list[NDArray[Any]]:
        """Steps, wall times in seconds since the epoch, and values, of equal length."""

    def __len__(self) -> int:
        """Their length."""


@dataclass(frozen=True, slots=True)
class Tag:
    """What a file says of a tag."""

    name: str
    plugin: str
    content: bytes
    display_name: str
    description: str
    data_class: int


@dataclass(frozen=True, slots=True)
class Scalars:
    """Scalars of one tag, in the order of the file. All columns have equal length.

    Each comes in the narrowest of int32 and int64, or float32 and float64, that holds it exactly.
    """

    steps: Ints
    wall_times: Floats  # seconds since the epoch
    values: Floats


@dataclass(frozen=True, slots=True)
class Entries:
    """Where the values of one tag lie that are not scalars. All columns have equal length.

    `forms` are field numbers as in `wire/plugins.py`; `offsets` and `lengths` are bytes of the file. `checksums` are
    CRC-32C of those bytes, as signed 32-bit numbers.
    """

    forms: Ints
    steps: Ints
    wall_times: Floats
    offsets: Ints
    lengths: Ints
    checksums: Ints


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read; everything around it was."""

    offset: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What later metadata of a tag say otherwise than earlier ones; empty where they agree or are silent."""

    plugin: str
    display_name: str
    description: str


@dataclass(frozen=True, slots=True)
class Scan:
    """What one call of `EventFile.advance` found. The dictionaries are keyed by the tag's number in the file.

    `first_time` is the earliest of the tags' first wall times and `last_time` the latest of their last ones, in seconds
    since the epoch; infinite where nothing was found. `open_damage` reaches to the last byte looked at and may go on;
    the next scan says so, or has it in `damage`.
    """

    offset: int
    pending: int
    at_end: bool
    records: int
    tags: dict[int, Tag]
    scalars: dict[int, PackedScalars]  # they become arrays when somebody looks
    entries: dict[int, Entries]
    damage: list[Damage]
    open_damage: Damage | None
    disagreements: dict[int, Disagreement]
    first_time: float
    last_time: float


def give_memory_back() -> None:
    """Hand memory that scanning used and freed back to the system; worth a call after much was read."""
    _kernel.trim_heap()


class Replaced(Exception):
    """What was read of a file is no longer there: it was cut, edited or written anew."""


class EventFile:
    """One event file, read from where the last call stopped. Calls release the GIL."""

    def __init__(self, path: Path, state: bytes | None = None) -> None:
        """Read from the start, or from where the reader stopped whose `state()` this is.

        Raises:
            ValueError: `state` is none.
        """
        self.path = path
        self._scanner = _kernel.FileScanner() if state is None else _kernel.FileScanner(state)

    def state(self) -> bytes:
        """What a later process needs to go on where this reader stopped."""
        return self._scanner.state()

    def known(self, first_time: float, last_time: float) -> Scan:
        """What the reader was made with, as if it were found now: its state and these times, but no rows and damage."""
        return _scan(self._scanner.news(), 0, False, first_time, last_time)

    def advance(self, limit: int) -> Scan:
        """Scan about `limit` bytes more, both checksums of each record verified.

        An incomplete record at the end is not an error: it is counted in `pending` and read when the file
        grew. Damage is stepped over, and what was skipped is in `damage`.

        Raises:
            OSError: the file cannot be opened or read.
            Replaced: it no longer begins, or goes on up to where the last call stopped, as it did.
        """
        harvest = self._scanner.advance(os.fsencode(self.path), limit)
        if harvest is None:
            raise Replaced(self.path)
        scan = _scan(harvest, harvest["pending"], harvest["at_end"], harvest["first_time"], harvest["last_time"])
        scan.scalars.update(harvest["scalars"])
        scan.entries.update({item[0]: Entries(*item[1:]) for item in harvest["entries"]})
        return scan


def _scan(news: _kernel.News, pending: int, at_end: bool, first_time: float, last_time: float) -> Scan:
    return Scan(
        offset=news["offset"],
        pending=pending,
        at_end=at_end,
        records=news["records"],
        tags={said[0]: _tag(said[1:]) for said in news["tags"]},
        scalars={},
        entries={},
        damage=[Damage(*region) for region in news["damage"]],
        open_damage=Damage(*news["open_damage"]) if news["open_damage"] else None,
        disagreements={item[0]: Disagreement(*item[1:]) for item in news["disagreements"]},
        first_time=first_time,
        last_time=last_time,
    )


@lru_cache(maxsize=1 << 16)
def _tag(said: tuple[Any, ...]) -> Tag:
    """Ten thousand runs say the same of the same tags: one object serves them all."""
    return Tag(*said)
