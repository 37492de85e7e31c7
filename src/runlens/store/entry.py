"""Values that stay on disk: what there is of a run and tag, and the bytes of one, read when somebody looks.

Whoever asks gets the bytes that were indexed or an error, never others: each payload's checksum is compared.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from runlens.store.run import Run
from runlens.wire.record import checksum
from runlens.wire.scan import Entries

MAX_PAYLOAD = 256 << 20  # bytes; what is larger is read only by who asks for it


class EntryError(Exception):
    """An entry whose payload cannot be had, in words fit for who asked."""


class EntryGone(EntryError):
    """The file was removed, cut, replaced or edited since it was indexed; the index will soon know."""


class EntryTooLarge(EntryError):
    """The payload is larger than the reader allows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value on disk. Plugin and form say what it is (see `wire/plugins.py`); offset and length are bytes."""

    path: Path
    plugin: str
    form: int
    step: int
    wall_time: float  # seconds since the epoch
    offset: int
    length: int
    checksum: int  # CRC-32C of the payload, as the index keeps it: signed

    @property
    def where(self) -> str:
        """Its place, for an error."""
        return f"{self.path.name} at byte {self.offset}"


def entries_of(run: Run, tag: str) -> list[Entry]:
    """The entries of a tag in the order of the run's files; call it under the index's lock."""
    series = run.entries.get(tag)
    if series is None:
        return []
    return [
        Entry(path, series.plugin_of(path), *row)
        for path, columns in series.by_file().items()
        for row in _rows(columns)
    ]


def read_payload(entry: Entry, limit: int = MAX_PAYLOAD) -> bytes:
    """The bytes of one entry.

    Raises:
        EntryGone: the file no longer holds what was indexed.
        EntryTooLarge: the entry has more than `limit` bytes.
    """
    payload = next(iter(read_payloads([entry], limit)))
    if isinstance(payload, EntryError):
        raise payload
    return payload


def read_payloads(entries: Iterable[Entry], limit: int = MAX_PAYLOAD) -> list[bytes | EntryError]:
    """The bytes of many entries, each in its place, or the reason why it cannot be had.

    A file is opened once and read from its front to its end. `limit` bounds the bytes of all that is returned.
    """
    wanted = list(entries)
    found: list[bytes | EntryError] = [EntryGone("not read")] * len(wanted)
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i].path, wanted[i].offset))
    for path, group in itertools.groupby(order, key=lambda i: wanted[i].path):
        for i, payload in _read_file(path, [(i, wanted[i]) for i in group], limit):
            found[i] = payload
            limit -= len(payload) if isinstance(payload, bytes) else 0
    return found


def opened(path: Path) -> BinaryIO:
    """A file to be read from. Raises EntryGone where it cannot be opened."""
    try:
        return open(path, "rb", opener=open_at_once)
    except OSError as error:
        raise EntryGone(f"{path.name}: {error.strerror or error}") from None


def read_part(file: BinaryIO, entry: Entry, start: int, size: int) -> bytes:
    """So many bytes of an entry, not compared with anything. Raises EntryGone where they cannot be had."""
    try:
        file.seek(entry.offset + start)
        part = file.read(size)
    except OSError as error:
        raise EntryGone(f"{entry.where}: {error.strerror or error}") from None
    if len(part) < size:
        left = start + len(part)
        raise EntryGone(f"{entry.where}: the file was cut, {left} of {entry.length} bytes are left")
    return part


def changed(entry: Entry) -> EntryGone:
    """What is told where bytes are not those that were indexed."""
    return EntryGone(f"{entry.where}: the file was changed since it was indexed")


def _read_file(path: Path, wanted: list[tuple[int, Entry]], limit: int) -> Iterator[tuple[int, bytes | EntryError]]:
    try:
        file = opened(path)
    except EntryGone as error:  # what happens later is each entry's own
        yield from ((i, error) for i, _ in wanted)
        return
    with file:
        for i, entry in wanted:
            payload = _read_entry(file, entry, limit)
            limit -= len(payload) if isinstance(payload, bytes) else 0
            yield i, payload


def _read_entry(file: BinaryIO, entry: Entry, limit: int) -> bytes | EntryError:
    if entry.length > limit:
        return EntryTooLarge(f"{entry.where}: {entry.length} bytes, want at most {limit}")
    try:
        payload = read_part(file, entry, 0, entry.length)
    except EntryGone as error:
        return error
    return payload if checksum(payload) == entry.checksum & 0xFFFF_FFFF else changed(entry)


def open_at_once(path: str, flags: int) -> int:
    """Opens without waiting, should a pipe lie where the file was; what cannot be sought in is refused later."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _rows(columns: Entries) -> Iterator[tuple[int, int, float, int, int, int]]:
    parts = (getattr(columns, name).tolist() for name in Entries.__slots__)
    return zip(*parts, strict=True)
