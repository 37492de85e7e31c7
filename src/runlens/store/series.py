"""The rows of one tag of one run, kept per file and read as one."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np

from runlens.store.table import Column, Table
from runlens.wire.scan import Entries, Scalars, Tag

# Never the same twice, also after a restart of the viewer, so that a series is never taken for another.
_generations = itertools.count(random.getrandbits(40))


class Series:
    """Rows in the order of the files' names, and within a file in the order they were logged.

    `generation` changes whenever rows were not merely added at the end, so whoever holds the first n rows of a
    generation needs only what came after them.
    """

    _other_plugins: Mapping[Path, str] = MappingProxyType({})  # of files that name another than the tag's

    def __init__(self, tag: Tag) -> None:
        self.tag = tag
        self.generation = next(_generations)
        self.count = 0
        self._tables: dict[Path, Table] = {}

    def append(self, path: Path, columns: list[Column]) -> None:
        """Add rows that a file gained."""
        table = self._tables.get(path)
        if table is None:
            self._tables[path] = Table(columns)
            self._tables = dict(sorted(self._tables.items()))
        else:
            table.append(columns)
        if path != next(reversed(self._tables)):
            self.generation = next(_generations)
        self.count += len(columns[0])

    def drop(self, path: Path) -> None:
        """Forget the rows of a file that is gone or was replaced."""
        table = self._tables.pop(path, None)
        if table is not None:
            self.generation = next(_generations)
            self.count -= table.count

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
        """All rows as one table: without copying for a single file, else joined."""
        views = [table.view() for table in self._tables.values()]
        if len(views) == 1:
            return views[0]
        return [np.concatenate(parts) for parts in zip(*views, strict=True)]

    def ascends(self, column: int) -> bool:
        """Whether a column never goes back, so that it can be searched instead of looked through."""
        tables = list(self._tables.values())
        views = [table.view()[column] for table in tables]
        return all(table.ascends(column) for table in tables) and all(
            before[-1] <= after[0] for before, after in itertools.pairwise(views)
        )


class ScalarSeries(Series):
    """A curve: columns step, wall time and value."""

    STEP, WALL_TIME, VALUE = range(3)

    def add(self, path: Path, scalars: Scalars) -> None:
        """Add the points that a file gained."""
        self.append(path, [scalars.steps, scalars.wall_times, scalars.values])

    def scalars(self) -> Scalars:
        """All points."""
        return Scalars(*self.columns())


class EntrySeries(Series):
    """Values that stay on disk: columns form, step, wall time, offset, length and checksum, per file."""

    def __init__(self, tag: Tag) -> None:
        super().__init__(tag)
        self._forms: dict[Path, frozenset[int]] = {}

    def add(self, path: Path, entries: Entries) -> None:
        """Add the entries that a file gained."""
        self.append(path, [getattr(entries, name) for name in Entries.__slots__])
        self._forms[path] = self._forms.get(path, frozenset()).union(np.unique(entries.forms).tolist())

    def by_file(self) -> dict[Path, Entries]:
        """The entries of each file, in the order of the files' names, without copying."""
        return {path: Entries(*table.view()) for path, table in self._tables.items()}

    def shapes(self) -> set[tuple[str, int]]:
        """Every plugin and form in it, by which `wire/plugins.py` tells the kinds: most often one."""
        return {(self.plugin_of(path), form) for path in self._tables for form in self._forms[path]}
