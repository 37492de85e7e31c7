"""Payloads are read as they were indexed, or refused with the reason: never other bytes."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from runlens.store import entry as entry_module
from runlens.store.entry import Entry, EntryGone, EntryTooLarge, entries_of, read_payload, read_payloads
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.record import frame
from tests.support import index_of

TEXTS = [f"text {n}".encode() * (n + 1) for n in range(20)]


def write_texts(path: Path, texts: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    metadata = event.metadata("text")
    values = [event.tensor_value("note", tensor.of_strings([text], ()), metadata) for text in texts]
    records = [frame(event.event(1.7e9 + n, n, event.summary(value))) for n, value in enumerate(values)]
    path.write_bytes(b"".join(records))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "run" / "tfevents.1"
    write_texts(path, TEXTS)
    return path


@pytest.fixture
def entries(path: Path, tmp_path: Path) -> list[Entry]:
    return entries_of(index_of(tmp_path).runs["run"], "note")


def test_entries_say_what_they_are(entries: list[Entry], path: Path) -> None:
    assert [(entry.step, entry.wall_time) for entry in entries] == [(n, 1.7e9 + n) for n in range(len(TEXTS))]
    assert {(entry.path, entry.plugin, entry.form) for entry in entries} == {(path, "text", 8)}


def test_many_are_read_with_each_file_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    write_texts(path.with_name("tfevents.2"), TEXTS[::-1])
    listed = entries_of(index_of(tmp_path).runs["run"], "note")
    opened: list[str] = []
    at_once = entry_module.open_at_once

    def note(name: str, flags: int) -> int:
        opened.append(name)
        return at_once(name, flags)

    monkeypatch.setattr(entry_module, "open_at_once", note)
    expected = [tensor.of_strings([text], ()) for text in TEXTS + TEXTS[::-1]]
    assert read_payloads(listed[::-1]) == expected[::-1]
    assert sorted(map(Path, opened)) == [path, path.with_name("tfevents.2")]


def flip_last(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.rindex(b"text 19")] ^= 1
    path.write_bytes(data)


def exchange(path: Path) -> None:
    write_texts(path, [*TEXTS[:-1], TEXTS[-1].swapcase()])  # whole records, right checksums, other words


def become_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)  # reading it would wait for ever


def become_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda path: path.unlink(), "No such file"),
        (lambda path: os.truncate(path, path.stat().st_size - 20), "was cut"),
        (lambda path: os.truncate(path, 0), "was cut"),
        (flip_last, "was changed"),
        (exchange, "was changed"),
        (become_pipe, "tfevents"),
        (become_directory, "Is a directory"),
    ],
    ids=["removed", "cut", "emptied", "edited", "replaced", "pipe", "directory"],
)
def test_what_is_not_there_any_more_is_refused(
    entries: list[Entry], path: Path, change: Callable[[Path], object], reason: str
) -> None:
    change(path)
    with pytest.raises(EntryGone, match=reason):
        read_payload(entries[-1])


def test_the_limit_is_for_all_that_is_returned(entries: list[Entry]) -> None:
    with pytest.raises(EntryTooLarge, match=re.escape(f"{entries[-1].length} bytes, want at most 100")):
        read_payload(entries[-1], 100)
    found = read_payloads(entries, 200)
    read = [payload for payload in found if isinstance(payload, bytes)]
    assert 0 < sum(map(len, read)) <= 200
    assert all(isinstance(payload, EntryTooLarge) for payload in found[len(read) :])


def test_of_what_is_not_there_are_no_entries(tmp_path: Path, path: Path) -> None:
    assert path.exists()
    assert entries_of(index_of(tmp_path).runs["run"], "other") == []
    assert read_payloads([]) == []


def test_entries_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_texts(path, TEXTS[:3])
    index = Index(tmp_path)
    index.refresh()
    before = entries_of(index.runs["run"], "note")
    write_texts(path, TEXTS[:5])
    index.refresh()
    after = entries_of(index.runs["run"], "note")
    assert after[:3] == before and len(after) == 5
