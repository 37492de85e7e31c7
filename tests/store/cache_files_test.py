"""Damaged, foreign, shared and crowded caches: they cost time at most, and never say what is not so."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest

from runlens.store import cache as cache_module
from runlens.store import part as part_module
from runlens.store.cache import Cache, default_folder
from runlens.store.index import Index
from runlens.store.keep import save
from runlens.store.open import Store
from tests.caching import check, counting, everything, fill, opened, read_without_cache
from tests.support import eventually, random_walk, write_scalars


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
            for path in files[1:]:  # so much that the first merges, and what the second knows is gone
                write_scalars(path, "loss", random_walk(1000), 1000, append=True)
            for index in (first, second, first):
                index.refresh()
                save(index, index.cache)  # type: ignore[arg-type]
                assert everything(index) == read_without_cache(logs)
            assert first.cache is not None
            first.cache.close()
            write_scalars(files[1], "loss", [2.0], 5000, append=True)
            second.refresh()
        assert second.cache.segments != first.cache.segments
        assert everything(first)["run0"]["scalars"].keys() == {"loss", "größe"}  # its mapped files may be gone by now
    assert check(logs, caches) == 0


def test_what_another_viewer_removed_is_written_again(logs: Path, caches: Path) -> None:
    fill(logs)
    check(logs, caches)
    with opened(logs, caches) as first, opened(logs, caches) as second:
        assert first.cache is not None and first.cache.may_write
        write_scalars(logs / "passing" / "tfevents", "loss", random_walk(5000))
        first.refresh()
        save(first, first.cache)  # so much that all is merged into one segment, and the one that both found is removed
        first.cache.close()
        shutil.rmtree(logs / "passing")
        write_scalars(logs / "run0" / "tfevents", "loss", [1.0], 5000, append=True)
        second.refresh()
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
