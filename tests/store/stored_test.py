"""A payload that stays in its file: what is sliced is what was logged or an error, and no more is read than that."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from runlens.store import stored
from runlens.store.entry import Entry, EntryGone, entries_of, read_payload
from runlens.store.stored import BLOCK, StoredPayload
from runlens.wire import event, tensor
from runlens.wire.record import frame
from tests.support import index_of

CONTENT = np.random.default_rng(0).bytes(3 * BLOCK + 12_345)


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    path = tmp_path / "run" / "tfevents.1"
    path.parent.mkdir()
    value = event.tensor_value("note", tensor.of_strings([CONTENT], ()), event.metadata("text"))
    path.write_bytes(frame(event.event(1.7e9, 0, event.summary(value))))
    (entry,) = entries_of(index_of(tmp_path).runs["run"], "note")
    return entry


@pytest.mark.parametrize(
    "at",
    [slice(0, 10), slice(BLOCK - 5, BLOCK + 5), slice(5, 3 * BLOCK), slice(-7, None), slice(9, 3), slice(None)],
    ids=str,
)
def test_slices_are_those_of_the_bytes(entry: Entry, at: slice) -> None:
    whole = read_payload(entry)
    payload = StoredPayload(entry)
    assert len(payload) == len(whole)
    assert payload[at] == whole[at]
    assert payload[at] == whole[at]  # once more, of what is kept
    assert [payload[place] for place in (0, BLOCK, len(whole) - 1)] == [whole[0], whole[BLOCK], whole[-1]]
    for beyond in (-1, len(whole)):
        with pytest.raises(IndexError):
            payload[beyond]


def test_no_more_is_read_than_the_blocks_that_are_asked_for(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    read_block = stored._read_block
    assert StoredPayload(entry)[:1]  # the first look reads all of it

    def note(file: object, entry: Entry, number: int) -> bytes:
        read.append(number)
        return read_block(file, entry, number)  # type: ignore[arg-type]

    monkeypatch.setattr(stored, "_read_block", note)
    payload = StoredPayload(entry)
    assert payload[BLOCK + 1 : BLOCK + 3] + payload[BLOCK + 3 : BLOCK + 9]
    assert payload[2 * BLOCK - 1 : 2 * BLOCK + 1]
    assert read == [1, 2]


def test_two_that_look_first_at_a_time_read_all_of_it_once(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    read_block = stored._read_block

    def note(file: object, entry: Entry, number: int) -> bytes:
        read.append(number)
        time.sleep(0.05)
        return read_block(file, entry, number)  # type: ignore[arg-type]

    monkeypatch.setattr(stored, "_read_block", note)
    with ThreadPoolExecutor() as pool:
        assert len(set(pool.map(lambda _: StoredPayload(entry)[BLOCK : BLOCK + 9], range(2)))) == 1
    assert sorted(read) == [0, 1, 1, 1, 2, 3]


def flip(place: int) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ 1]))

    return change


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (flip(2 * BLOCK), "was changed"),
        (lambda path: os.truncate(path, 2 * BLOCK), "was cut"),
        (lambda path: path.unlink(), "No such file"),
    ],
    ids=["changed", "cut", "removed"],
)
@pytest.mark.parametrize("is_known", [False, True])
def test_other_bytes_are_refused(entry: Entry, change: Callable[[Path], None], reason: str, is_known: bool) -> None:
    payload = StoredPayload(entry)
    if is_known:
        assert payload[:1]
    change(entry.path)
    with pytest.raises(EntryGone, match=reason):
        payload[2 * BLOCK - 100 : 2 * BLOCK + 100]
