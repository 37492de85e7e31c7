"""One run: the event files of one directory and the series in them."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from runlens.store.beside import Beside, SideFile
from runlens.store.cache import Known, Saved
from runlens.store.locate import Checkpoint, note_checkpoint
from runlens.store.logdir import Found, look_at
from runlens.store.metadata import adds_nothing, disagreement, settle
from runlens.store.series import EntrySeries, ScalarSeries, Series
from runlens.store.table import Table
from runlens.wire.scan import Damage, Disagreement, EventFile, Scan, Tag

if TYPE_CHECKING:
    from runlens.store.session import Session

AnySeries = TypeVar("AnySeries", bound=Series)


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be read, or is said of a tag otherwise than before.

    Offset and length are bytes; None for a file that could not be opened, or when it is about a tag.
    """

    path: Path
    offset: int | None
    length: int | None
    reason: str
    tag: str | None = None


class FollowedFile:
    """An event file, how far it was read and what was wrong with it."""

    def __init__(self, found: Found) -> None:
        self.found = found
        self.error: str | None = None
        self.is_new = True  # nobody looked yet whether the cache has it
        self.lock = (
            threading.Lock()
        )  # held while rows go from the reader to the tables: whoever saves wants both as one
        self.begin()

    def begin(self) -> None:
        """Stand at the start, as if nothing had been read."""
        self.offset = 0
        self.damage: list[Damage] = []
        self.open_damage: Damage | None = None
        self.tags: dict[int, Tag] = {}
        self.disagreements: dict[int, Disagreement] = {}  # within the file; keys as those of tags
        self.checkpoints: list[Checkpoint] = []
        self.first_time = math.inf  # see Scan
        self.last_time = -math.inf
        self.is_whole = False  # it was read to its end
        self.reader = EventFile(self.found.path)
        self.saved = Saved()

    @property
    def is_saved(self) -> bool:
        """Whether the cache has all that was read."""
        return self.offset == self.saved.ends and (not self.is_whole or self.saved.is_whole)

    def is_replaced_by(self, found: Found) -> bool:
        """Whether the path now holds another file, or one cut or edited. What grew is checked when it is read."""
        if found.identity != self.found.identity or found.size < self.offset:
            return True
        if found.size != self.found.size or found.modified_ns == self.found.modified_ns or self.offset == 0:
            return found.size < self.found.size
        # A time that is newer than its size is also what one sees for a moment while a file is being appended to.
        again = look_at(found.path)
        return again is None or again.size == found.size

    def needs_reading(self, found: Found) -> bool:
        """Whether the file changed since it was looked at, or could not be read then."""
        return self.error is not None or found != self.found


class Run:
    """Runs are filled by one thread at a time and read by any, under the index's lock."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.files: dict[Path, FollowedFile] = {}
        self.scalars: dict[str, ScalarSeries] = {}
        self.entries: dict[str, EntrySeries] = {}
        self.side_files: dict[Path, SideFile] = {}
        self.start = math.inf  # wall time of the first record, seconds since the epoch
        self.end = -math.inf
        self.points = 0
        # As `store/session.py` read them, for the generation and count of entries before the comma.
        self.known_sessions: tuple[tuple[int, int], list[Session]] | None = None
        self._disagreements: dict[tuple[Path, str], str] = {}  # file and tag -> what differs, in words

    def add(self, file: FollowedFile, scan: Scan) -> bool:
        """Take in what a file gained; true when there are new tags or problems, or tags are other than they were."""
        tags_before = len(self.scalars) + len(self.entries)
        damage_differs = bool(scan.damage) or scan.open_damage != file.open_damage
        file.offset = scan.offset
        file.is_whole = scan.at_end
        file.first_time = min(file.first_time, scan.first_time)
        file.last_time = max(file.last_time, scan.last_time)
        file.tags |= scan.tags
        file.damage += scan.damage
        file.open_damage = scan.open_damage
        file.disagreements |= scan.disagreements
        path = file.found.path
        for number, scalars in scan.scalars.items():
            tag = file.tags[number]
            series = self.scalars.get(tag.name) or self._begin(self.scalars, ScalarSeries(tag))
            series.add(path, scalars)
            self.points += len(scalars)
        for number, entries in scan.entries.items():
            tag = file.tags[number]
            entry_series = self.entries.get(tag.name) or self._begin(self.entries, EntrySeries(tag))
            entry_series.add(path, entries)
        self.start = min(self.start, scan.first_time)
        self.end = max(self.end, scan.last_time)
        note_checkpoint(file, scan.records, self.scalars)
        metadata_differs = self._settle_tags(file, scan)
        return damage_differs or metadata_differs or len(self.scalars) + len(self.entries) != tags_before

    def resume(self, file: FollowedFile, known: Known) -> None:
        """Take in what the cache has of a file of which nothing was read yet."""
        file.reader, file.saved = known.reader, known.saved
        file.damage = [Damage(*damage) for damage in known.remarks["damage"]]
        file.checkpoints = [Checkpoint(*checkpoint) for checkpoint in known.remarks["checkpoints"]]
        self.add(file, known.scan)
        file.is_whole = known.is_current

    def tables(self) -> Iterator[Table]:
        """The rows of each tag and file."""
        for series in self._all_series():
            yield from series.tables()

    def drop(self, path: Path) -> None:
        """Forget a file and its rows."""
        self.files.pop(path, None)
        for series in self._all_series():
            series.drop(path)
        self.scalars = {tag: series for tag, series in self.scalars.items() if series.count}
        self.entries = {tag: series for tag, series in self.entries.items() if series.count}
        self.points = sum(series.count for series in self.scalars.values())
        self.start = min((file.first_time for file in self.files.values()), default=math.inf)
        self.end = max((file.last_time for file in self.files.values()), default=-math.inf)
        self._disagreements = {key: reason for key, reason in self._disagreements.items() if key[0] != path}
        self._settle_by_file({series.tag.name for series in self._all_series()})

    def has_problems(self) -> bool:
        """Whether there is anything to tell."""
        return (
            bool(self._disagreements)
            or any(file.error is not None or file.damage or file.open_damage for file in self.files.values())
            or any(side.error is not None for side in self.side_files.values())
        )

    def problems(self) -> Iterator[Problem]:
        """What could not be read of the run's files."""
        for path, file in sorted(self.files.items()):
            if file.error is not None:
                yield Problem(path, None, None, file.error)
            for damage in [*file.damage, *filter(None, [file.open_damage])]:
                yield Problem(path, damage.offset, damage.length, damage.reason)
        for path, side in sorted(self.side_files.items()):
            if side.error is not None:
                yield Problem(path, None, None, side.error)
        for (path, tag), reason in sorted(self._disagreements.items()):
            yield Problem(path, None, None, reason, tag)

    def beside(self, kind: str) -> dict[str, Beside]:
        """The tags of a kind that are files beside the event files; of one named twice, the first."""
        found: dict[str, Beside] = {}
        for path, side in sorted(self.side_files.items()):
            if side.kind == kind:
                for named in side.named:
                    found.setdefault(named.tag, Beside(path, side.folder, named))
        return found

    def _all_series(self) -> list[Series]:
        return [*self.scalars.values(), *self.entries.values()]

    def _begin(self, held: dict[str, AnySeries], series: AnySeries) -> AnySeries:
        """Enter a new series; a tag that has both scalars and entries has one metadata."""
        name = series.tag.name
        if twin := self.scalars.get(name) or self.entries.get(name):
            series.agree_with(twin)
        held[series.tag.name] = series
        return series

    def _settle_tags(self, file: FollowedFile, scan: Scan) -> bool:
        """Bring tags up to date with what a file said of them; true when that made a difference."""
        news = {tag.name: tag for tag in scan.tags.values()}
        told = {file.tags[number].name for number in scan.disagreements}
        others = {name for name, tag in news.items() if self._says_more(tag)}
        if told | others:
            self._settle_by_file(told | others)
        return bool(told | others)

    def _says_more(self, tag: Tag) -> bool:
        """Whether what a file says of a tag is not known already. Of every tag of every file; most say the same."""
        for held in (self.scalars.get(tag.name), self.entries.get(tag.name)):
            if held is not None and held.tag is not tag and not adds_nothing(tag, held.tag):
                return True
        return False

    def _settle_by_file(self, names: set[str]) -> None:
        """Settle the metadata of tags anew: whatever order files were read in, their names' order counts."""
        self._disagreements = {key: reason for key, reason in self._disagreements.items() if key[1] not in names}
        claims: dict[str, dict[Path, Tag]] = {name: {} for name in names}
        for path, file in sorted(self.files.items()):
            for number, tag in file.tags.items():
                if tag.name in names:
                    claims[tag.name][path] = tag
                    if differs := file.disagreements.get(number):
                        self._tell(path, tag.name, disagreement(differs, tag))
        for name, by_file in claims.items():
            settled = settle(by_file.values())
            for path, tag in by_file.items():
                self._tell(path, name, disagreement(tag, settled))
            for series in self._series(name):
                series.settle(settled, {path: tag.plugin for path, tag in by_file.items()})

    def _tell(self, path: Path, tag: str, reason: str | None) -> None:
        if reason is not None:
            self._disagreements[path, tag] = reason

    def _series(self, tag: str) -> list[Series]:
        return [series for series in (self.scalars.get(tag), self.entries.get(tag)) if series is not None]
