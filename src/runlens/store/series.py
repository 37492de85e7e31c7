"""The rows of one tag of one run, kept per file and read as one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from runlens.store.joins import joins
from runlens.store.merge import Span, in_time, merged, span_of
from runlens.store.table import Column, Packed, Table
from runlens.wire.scan import Entries, PackedScalars, Scalars, Tag

if TYPE_CHECKING:
    from runlens.store.segments import Segments

# Never the same twice, also after a restart of the viewer, so that a series is never taken for another.
_generations = itertools.count(random.getrandbits(40))

AGREEING: Mapping[Path, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Strand:
    """Rows that one writer logged after the other: of several files where one ends before the next begins.

    `start` is the row at which the strand begins, of all strands one after the other.
    """

    start: int
    paths: tuple[Path, ...]
    table: Table


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The files in order of time, and whether each ends before the next begins. Without times they stand by name."""

    paths: tuple[Path, ...]
    is_sequential: bool
    is_timed: bool = True


class Series:
    """Rows by wall time, and within a file in the order they were logged.

    `generation` changes whenever rows were not merely added at the end, so whoever holds the first n rows of a
    generation needs only what came after them.
    """

    __slots__ = (
        "__weakref__",
        "_arrangement",
        "_joined",
        "_other_plugins",
        "_spans",
        "_tables",
        "count",
        "generation",
        "tag",
    )

    STEP: int  # numbers of columns
    WALL_TIME: int

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.generation = next(_generations)
        self.count = 0
        self._other_plugins: Mapping[Path, str] = AGREEING  # of files that name another than the tag's
        self._tables: dict[Path, Table] = {}
        self._spans: dict[Path, Span] | None = None  # kept for several files only
        self._arrangement: Arrangement | None = None
        self._joined: Table | None = None

    def append(self, path: Path, columns: list[Column] | Packed) -> None:
        """Add rows that a file gained; at least one."""
        table = self._tables.get(path)
        if len(self._tables) + (table is None) > 1:
            self._note_order(path, columns if isinstance(columns, list) else columns.columns())
        if table is None:
            table = self._tables[path] = Table(columns)
            self.count += table.count
        else:
            before = table.count
            table.append(columns)
            self.count += table.count - before

    def drop(self, path: Path) -> None:
        """Forget the rows of a file that is gone or was replaced."""
        table = self._tables.pop(path, None)
        if table is not None:
            self._rearrange()
            self.count -= table.count
            self._spans = None

    def settle(self, tag: Tag, plugins: dict[Path, str]) -> None:
        """Take what counts of the tag's metadata, and the plugin that each file names."""
        self.tag = tag
        self._other_plugins = {path: plugin for path, plugin in plugins.items() if plugin not in ("", tag.plugin)}

    def agree_with(self, other: Series) -> None:
        """Take what counts of the metadata from another series of the tag."""
        self.tag, self._other_plugins = other.tag, other._other_plugins

    def plugin_of(self, path: Path) -> str:
        """The plugin of the rows of a file: the one it names, else the one that counts for the tag."""
        return self._other_plugins.get(path, self.tag.plugin)

    def columns(self) -> list[Column]:
        """All rows by wall time: without copying for a single file."""
        return self._whole().view()

    def ascends(self, column: int) -> bool:
        """Whether a column never goes back, so that it can be searched instead of looked through."""
        return self._whole().ascends(column)

    def strands(self) -> list[Strand]:
        """The rows by writer: one strand, unless files were written at the same time."""
        arrangement = self._arrange()
        if arrangement.is_sequential:
            return [Strand(0, arrangement.paths, self._whole())]
        tables = [self._tables[path] for path in arrangement.paths]
        starts = itertools.accumulate((table.count for table in tables), initial=0)
        return [
            Strand(start, (path,), table) for start, path, table in zip(starts, arrangement.paths, tables, strict=False)
        ]

    def rows_of(self, path: Path) -> int:
        """How many rows a file has."""
        return self._tables[path].count if path in self._tables else 0

    def tables(self) -> list[Table]:
        """The rows of each file."""
        return list(self._tables.values())

    def table_of(self, path: Path) -> Table:
        """The rows of a file."""
        return self._tables[path]

    def place(self, row: int) -> tuple[Path, int]:
        """The file of a row, of all strands one after the other, and which of the file's rows it is.

        Raises:
            IndexError: there is no such row.
        """
        left = row
        for path in self._arrange().paths:
            if 0 <= left < self._tables[path].count:
                return path, left
            left -= self._tables[path].count
        raise IndexError(f"row {row} of {self.count}")

    def renew(self) -> None:
        """Let whoever holds rows ask for all of them again: what is said of them changed."""
        self.generation = next(_generations)

    def part(self) -> None:
        """Let go of the copy in which the rows of several files are joined; it is made again when somebody looks."""
        self._joined = None

    def _note_order(self, path: Path, columns: list[Column]) -> None:
        """See whether rows that are about to be added come after all others, and forget the order if not."""
        if self._spans is None:
            self._spans = {known: span_of(table.view()[self.WALL_TIME]) for known, table in self._tables.items()}
        before = self._arrange() if self._arrangement or len(self._tables) == 1 else None
        is_known = path in self._spans
        if is_known:
            self._spans[path].extend(columns[self.WALL_TIME])
        else:
            self._spans[path] = span_of(columns[self.WALL_TIME])
        can_go_on = before is not None and before.is_sequential and before.is_timed
        if before is not None and is_known and path != before.paths[-1]:
            return self._rearrange()
        if before is None or not can_go_on or not self._comes_last(path, before.paths[-1]):
            return self._rearrange()
        if path != before.paths[-1]:
            self._arrangement = Arrangement((*before.paths, path), True)
        if self._joined is not None:
            self._joined.append(columns)

    def _comes_last(self, path: Path, last: Path) -> bool:
        """Whether the rows of a file come after those of the file that came last so far, by the rule of `in_time`."""
        if self._spans is None or not (self._spans[path].is_plausible and self._spans[last].is_plausible):
            return False
        before, after = self._spans[last], self._spans[path]
        return path == last or (before.is_followed_by(after) and (before.place, last) < (after.place, path))

    def _rearrange(self) -> None:
        self.generation = next(_generations)
        self._arrangement = None
        self._joined = None

    def _arrange(self) -> Arrangement:
        if self._arrangement is None:
            paths = sorted(self._tables)
            if len(paths) == 1:
                return Arrangement(tuple(paths), True)
            if self._spans is None:
                self._spans = {path: span_of(self._tables[path].view()[self.WALL_TIME]) for path in paths}
            order, is_sequential = in_time([self._spans[path] for path in paths])
            is_timed = all(span.is_plausible for span in self._spans.values())
            self._arrangement = Arrangement(tuple(paths[i] for i in order), is_sequential, is_timed)
        return self._arrangement

    def _whole(self) -> Table:
        if len(self._tables) == 1:
            return next(iter(self._tables.values()))
        if self._joined is None:
            arrangement = self._arrange()
            views = [self._tables[path].view() for path in arrangement.paths]
            if arrangement.is_sequential:
                self._joined = Table([np.concatenate(parts) for parts in zip(*views, strict=True)])
            else:
                self._joined = Table(merged(views, self.WALL_TIME))
        joined = self._joined
        joins.note(self, joined.held())
        return joined


class ScalarSeries(Series):
    """A curve: columns step, wall time and value."""

    __slots__ = ("segments",)
    STEP, WALL_TIME, VALUE = range(3)

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag)
        self.segments: Segments | None = None  # made when somebody looks; see `store/segments.py`

    def add(self, path: Path, scalars: PackedScalars) -> None:
        """Add the points that a file gained."""
        self.append(path, scalars)

    def scalars(self) -> Scalars:
        """All points."""
        return Scalars(*self.columns())


class EntrySeries(Series):
    """Values that stay on disk: columns form, step, wall time, offset, length and checksum, per file."""

    __slots__ = ("_forms",)
    STEP, WALL_TIME = 1, 2

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag)
        self._forms: dict[Path, frozenset[int]] = {}

    def add(self, path: Path, entries: Entries) -> None:
        """Add the entries that a file gained."""
        self.append(path, [getattr(entries, name) for name in Entries.__slots__])
        self._forms[path] = self._forms.get(path, frozenset()).union(np.unique(entries.forms).tolist())

    def by_file(self) -> dict[Path, Entries]:
        """The entries of each file, in the order of the files' names, without copying."""
        return {path: Entries(*self._tables[path].view()) for path in sorted(self._tables)}

    def shapes(self) -> set[tuple[str, int]]:
        """Every plugin and form in it, by which `wire/plugins.py` tells the kinds: most often one."""
        return {(self.plugin_of(path), form) for path in self._tables for form in self._forms[path]}
