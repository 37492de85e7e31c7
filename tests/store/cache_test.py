"""A start from the cache shows what a start without one shows, whatever happened to the logs or the cache meanwhile."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens.store import cache as cache_module
from runlens.store import part as part_module
from runlens.store.cache import Cache, default_folder
from runlens.store.index import Index
from runlens.store.keep import save
from runlens.store.open import Store
from runlens.wire import event, tensor
from runlens.wire.record import frame, frame_scalars
from runlens.wire.scan import EventFile, Scan
from tests.support import DATA, FRAMEWORKS, comparable, eventually, random_walk, write_scalars


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    return tmp_path / "caches"


@contextmanager
def opened(root: Path, caches: Path, most: int = 1 << 30) -> Iterator[Index]:
    """The index as a viewer has it that starts now; what it read is saved at the end."""
    index = Index(root, Cache(caches, root, most))
    index.refresh()
    assert index.cache is not None
    try:
        yield index
        save(index, index.cache)
    finally:
        index.cache.close()


def everything(index: Index) -> dict[str, Any]:
    """All that an index says of its logdir."""
    found: dict[str, Any] = {"problems": index.problems()}
    for name, run in index.runs.items():
        found[name] = {
            "times": (run.start, run.end, run.points),
            "scalars": {tag: (series.tag, comparable(*series.columns())) for tag, series in run.scalars.items()},
            "entries": {
                tag: (series.tag, series.shapes(), [column.tolist() for column in series.columns()])
                for tag, series in run.entries.items()
            },
        }
    return found


def read_without_cache(root: Path) -> dict[str, Any]:
    index = Index(root)
    index.refresh()
    return everything(index)


def check(root: Path, caches: Path) -> int:
    """Start with the cache, compare with a start without; how many bytes of logs were scanned."""
    with counting() as scanned, opened(root, caches) as index:
        assert everything(index) == read_without_cache_uncounted(root, scanned)
    return sum(scanned)


def read_without_cache_uncounted(root: Path, scanned: list[int]) -> dict[str, Any]:
    before = len(scanned)
    found = read_without_cache(root)
    del scanned[before:]
    return found


@contextmanager
def counting() -> Iterator[list[int]]:
    """The bytes that each call scanned."""
    advance, known = EventFile.advance, EventFile.known
    scanned: list[int] = []
    at: dict[int, int] = {}

    def note_known(file: EventFile, first_time: float, last_time: float) -> Scan:
        scan = known(file, first_time, last_time)
        at[id(file)] = scan.offset
        return scan

    def note_advance(file: EventFile, limit: int) -> Scan:
        scan = advance(file, limit)
        scanned.append(scan.offset - at.get(id(file), 0))
        at[id(file)] = scan.offset
        return scan

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EventFile, "advance", note_advance)
        patch.setattr(EventFile, "known", note_known)
        yield scanned


def fill(root: Path) -> list[Path]:
    """Three runs: two with curves, one with all that torch logs."""
    for number in range(2):
        for tag in ("loss", "größe"):
            write_scalars(root / f"run{number}" / "tfevents", tag, random_walk(50, number), append=True)
    shutil.copytree(DATA / "torch" / "media", root / "media")
    return sorted(root.rglob("*tfevents*"))


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


def append(path: Path, data: bytes) -> None:
    with path.open("ab") as file:
        file.write(data)


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


def remove(path: Path) -> None:
    path.unlink()


CHANGES = [
    edit_in_place,
    edit_the_end_and_grow,
    edit_the_start_and_grow,
    cut_short,
    cut_and_grow,
    replace_by_another,
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


def cache_files(caches: Path) -> list[Path]:
    return sorted(path for path in next(caches.iterdir()).iterdir() if path.name != "lock")


def test_any_flipped_bit_or_cut_costs_at_most_time(logs: Path, caches: Path) -> None:
    fill(logs)
    check(logs, caches)
    write_scalars(logs / "run0" / "tfevents", "loss", [1.0], append=True)
    check(logs, caches)
    expected = read_without_cache(logs)
    sound = {path: path.read_bytes() for path in cache_files(caches)}
    chance = random.Random(7)
    damages = [(path, at) for path, data in sound.items() for at in (0, len(data) - 1, len(data) // 2)]
    damages += [(path, chance.randrange(len(sound[path]))) for path in sound for _ in range(60)]
    for path, at in damages:
        for damaged in (sound[path][:at], sound[path][:at] + bytes([sound[path][at] ^ 4]) + sound[path][at + 1 :]):
            path.write_bytes(damaged)
            index = Index(logs, Cache(caches, logs))
            index.refresh()
            assert everything(index) == expected, (path.name, at)
            path.write_bytes(sound[path])
    assert check(logs, caches) == 0  # the cache is whole again


def test_each_part_and_the_list_of_parts_are_checked(logs: Path, caches: Path) -> None:
    fill(logs)
    check(logs, caches)
    (segment,) = next(caches.iterdir()).glob("*.segment")
    data = segment.read_bytes()
    for at in (8, len(data) - part_module.TRAILER.size - 5):
        segment.write_bytes(data[:at] + bytes([data[at] ^ 16]) + data[at + 1 :])
        with counting() as scanned:
            Index(logs, Cache(caches, logs)).refresh()
        assert sum(scanned) > 0


def test_a_cache_of_another_version_is_begun_anew(logs: Path, caches: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(logs)
    everywhere = check(logs, caches)
    for module in (cache_module, part_module):
        monkeypatch.setattr(module, "VERSION", part_module.VERSION + 1)
    assert check(logs, caches) == everywhere
    assert check(logs, caches) == 0
    assert len(list(next(caches.iterdir()).glob("*.segment"))) == 1


def test_two_viewers_share_it_and_the_second_writes_when_the_first_is_gone(logs: Path, caches: Path) -> None:
    files = fill(logs)
    with opened(logs, caches) as first:
        save(first, first.cache)  # type: ignore[arg-type]
        with opened(logs, caches) as second:
            assert second.cache is not None and not second.cache.may_write
            for path in files[1:]:
                write_scalars(path, "loss", [1.0], append=True)
            for index in (first, second, first):
                index.refresh()
                save(index, index.cache)  # type: ignore[arg-type]
                assert everything(index) == read_without_cache(logs)
            assert first.cache is not None
            first.cache.close()
            write_scalars(files[1], "loss", [2.0], append=True)
            second.refresh()
        assert second.cache.segments != first.cache.segments
        assert everything(first)["run0"]["scalars"].keys() == {"loss", "größe"}  # its mapped files may be gone by now
    assert check(logs, caches) == 0


def test_mapped_columns_outlive_their_files(logs: Path, caches: Path) -> None:
    fill(logs)
    expected = read_without_cache(logs)
    with opened(logs, caches) as index:
        pass
    assert all(table.held() == 0 for run in index.runs.values() for table in run.tables())
    shutil.rmtree(caches)
    assert everything(index) == expected
    write_scalars(logs / "run0" / "tfevents", "loss", [5.0], append=True)
    index.refresh()
    assert everything(index) == read_without_cache(logs)


def test_the_caches_looked_at_longest_ago_make_room_but_none_in_use(tmp_path: Path, caches: Path) -> None:
    roots = [tmp_path / name for name in "abcd"]
    for age, root in enumerate(roots):
        write_scalars(root / "tfevents", "loss", random_walk(1000, age))
        check(root, caches)
        os.utime(Cache(caches, root).folder / "index", (age, age))
    with opened(roots[0], caches) as in_use:  # the oldest
        os.utime(in_use.cache.folder / "index", (0, 0))  # type: ignore[union-attr]
        assert in_use.cache is not None and in_use.cache.may_write
        newest = Cache(caches, roots[3], most=3 * 17_000)
        newest.make_room()
        left = {folder.name for folder in caches.iterdir()}
        assert left == {Cache(caches, root).folder.name for root in roots if root.name in "acd"}


def test_a_logdir_larger_than_the_cache_may_be_is_not_kept(logs: Path, caches: Path) -> None:
    write_scalars(logs / "tfevents", "loss", random_walk(1000))
    with opened(logs, caches, most=1000):
        pass
    assert not list(caches.rglob("*.segment"))


def test_files_that_are_gone_make_room(logs: Path, caches: Path) -> None:
    for number in range(20):
        write_scalars(logs / f"run{number}" / "tfevents", "loss", random_walk(500))
    check(logs, caches)
    before = sum(path.stat().st_size for path in cache_files(caches))
    for number in range(15):
        shutil.rmtree(logs / f"run{number}")
    write_scalars(logs / "run19" / "tfevents", "loss", [1.0], 500, append=True)
    check(logs, caches)
    assert sum(path.stat().st_size for path in cache_files(caches)) < before / 2
    assert check(logs, caches) == 0


def test_a_folder_that_cannot_be_made_is_told_and_harms_nothing(
    logs: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(logs)
    (tmp_path / "file").touch()
    with opened(logs, tmp_path / "file" / "caches") as index:
        assert everything(index) == read_without_cache(logs)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"runlens: nothing is kept for the next start: {index.cache.folder}: Not a directory"  # type: ignore[union-attr]
    ]


def test_a_running_viewer_saves_once_it_is_quiet_and_when_it_stops(logs: Path, caches: Path) -> None:
    fill(logs)
    with Store(logs, 0.05, caches) as store:
        eventually(lambda: bool(list(caches.rglob("index"))))
        write_scalars(logs / "run0" / "tfevents", "loss", [1.0], append=True)
        eventually(lambda: store.index.runs["run0"].scalars["loss"].count == 51)
    assert check(logs, caches) == 0


def test_the_folder_is_where_the_platform_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert default_folder() == Path("/caches/runlens")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/me")
    assert default_folder() == Path("/home/me/.cache/runlens")
    monkeypatch.setattr("sys.platform", "darwin")
    assert default_folder() == Path("/home/me/Library/Caches/runlens")
