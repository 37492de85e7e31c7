"""A start from the cache shows what a start without one shows, whatever happened to the logs meanwhile."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.record import frame, frame_scalars
from runlens.wire.scan import EventFile
from tests.caching import append, check, counting, everything, fill, opened, read_without_cache
from tests.support import DATA, FRAMEWORKS, random_walk, write_scalars


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_second_start_shows_the_same_and_reads_no_log(framework: str, caches: Path) -> None:
    files = {path: path.stat() for path in (DATA / framework).rglob("*")}
    assert check(DATA / framework, caches) > 0
    assert check(DATA / framework, caches) == 0
    assert {path: path.stat().st_mtime_ns for path in (DATA / framework).rglob("*")} == {
        path: status.st_mtime_ns for path, status in files.items()
    }


def test_what_grew_is_read_from_where_it_stopped(logs: Path, caches: Path) -> None:
    check(logs, caches)
    path = logs / "run" / "tfevents"
    for round_number in range(12):
        before = path.stat().st_size if path.exists() else 0
        write_scalars(path, f"tag{round_number // 3}", random_walk(100), round_number * 100, append=True)
        assert check(logs, caches) == path.stat().st_size - before
    assert len(list(next(caches.iterdir()).glob("*.segment"))) <= 4  # merged, each at least twice the later ones
    segments = set(caches.rglob("*.segment"))
    write_scalars(path, "tag0", [1.0], 5000, append=True)
    check(logs, caches)
    assert len(set(caches.rglob("*.segment")) - segments) == 1 and segments & set(caches.rglob("*.segment"))


def test_a_record_cut_in_the_middle_is_completed_after_a_restart(logs: Path, caches: Path) -> None:
    path = logs / "tfevents"
    data = frame_scalars([("loss", float(step), step, 1.0) for step in range(5)])
    for end in range(0, len(data) + 1, 7):
        path.write_bytes(data[:end])
        shutil.rmtree(caches, ignore_errors=True)
        check(logs, caches)
        append(path, data[end:])
        check(logs, caches)


metadata = st.sampled_from([b"", event.metadata("scalars"), event.metadata("other"), event.metadata("scalars", b"x")])
plain = st.builds(
    lambda tag, value, step: frame_scalars([(tag, value, step, 1.5)]),
    st.sampled_from(["a", "b", "größe"]),
    st.floats(width=32),
    st.integers(-(2**63), 2**63 - 1),
)
tensors = st.builds(
    lambda tag, value, step, said: frame(
        event.event(2.5, step, event.summary(event.tensor_value(tag, tensor.double_scalar(value), said)))
    ),
    st.sampled_from(["a", "c"]),
    st.floats(),
    st.integers(0, 5),
    metadata,
)
junk = st.binary(max_size=40)
stretches = st.lists(st.lists(plain | plain | tensors | junk, max_size=8).map(b"".join), min_size=1, max_size=5)


@settings(max_examples=60)
@given(stretches, st.integers(0, 30))
def test_random_logs_that_grow_between_starts(written: list[bytes], cut: int) -> None:
    """Each start sees some more; what is cut off at its end comes with the next, in the middle of damage as well."""
    with tempfile.TemporaryDirectory() as folder:
        root, caches = Path(folder) / "logs", Path(folder) / "caches"
        root.mkdir()
        path, data = root / "tfevents", b"".join(written)
        visible = 0
        live = Index(root)  # follows from the first start to the last; what it says is what restarts must say
        for stretch in [*written, data]:
            visible = max(visible, min(len(data), visible + len(stretch)) - cut)
            append(path, data[path.stat().st_size if path.exists() else 0 : visible])
            live.refresh()
            with opened(root, caches) as index:
                assert everything(index) == everything(live)


def edit(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))
    later(path)


def later(path: Path) -> None:
    """A time of change other than before, however coarse the clock of the file system."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10_000_000))


def edit_in_place(path: Path) -> None:
    edit(path, path.stat().st_size // 2)


def edit_the_end_and_grow(path: Path) -> None:
    edit(path, path.stat().st_size - 20)
    write_scalars(path, "loss", [1.0], 1000, append=True)


def edit_the_start_and_grow(path: Path) -> None:
    edit(path, 20)
    write_scalars(path, "loss", [1.0], 1000, append=True)


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 100)


def cut_and_grow(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    write_scalars(path, "new", random_walk(200), append=True)


def replace_by_another(path: Path) -> None:
    path.rename(path.with_name("away"))
    path.write_bytes(path.with_name("away").read_bytes()[::-1])


def replace_by_one_of_the_same_time(path: Path) -> None:
    status = path.stat()
    path.rename(path.with_name("away"))
    shutil.copyfile(path.with_name("away"), path)
    edit(path, status.st_size // 2)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def remove(path: Path) -> None:
    path.unlink()


CHANGES = [
    edit_in_place,
    edit_the_end_and_grow,
    edit_the_start_and_grow,
    cut_short,
    cut_and_grow,
    replace_by_another,
    replace_by_one_of_the_same_time,
    remove,
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_is_no_longer_what_was_read_is_read_anew(change: Any, logs: Path, caches: Path) -> None:
    path = fill(logs)[1]
    check(logs, caches)
    change(path)
    assert check(logs, caches) == (EventFile(path).advance(1 << 40).offset if path.exists() else 0)
    assert check(logs, caches) == 0


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_is_noticed_while_following(change: Any, logs: Path) -> None:
    path = fill(logs)[1]
    index = Index(logs)
    index.refresh()
    change(path)
    index.refresh()
    assert everything(index) == read_without_cache(logs)
    anew = Index(logs)
    anew.refresh()
    assert index.progress.bytes_read == anew.progress.bytes_read


def test_an_append_is_not_taken_for_an_edit(logs: Path, caches: Path) -> None:
    path = logs / "tfevents"
    write_scalars(path, "loss", [1.0])
    with counting() as scanned, opened(logs, caches) as index:
        for step in range(30):
            write_scalars(path, "loss", [2.0], step, append=True)
            index.refresh()
        assert len(index.runs["."].scalars["loss"].scalars().steps) == 31
    assert sum(scanned) == path.stat().st_size
