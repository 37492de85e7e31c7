"""Looking again costs little: directories that did not change are not listed anew, and nothing is missed by that."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runlens.store import index as index_module
from runlens.store import logdir
from runlens.store.logdir import Listing, find_files
from tests.support import index_of, write_scalars

Look = Callable[[], tuple[list[str], list[str]]]


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    """Searches below tmp_path; the files found and the directories listed for that, by their names."""
    listings: dict[Path, Listing] = {}
    listed: list[str] = []
    scandir = os.scandir

    def count(path: Any) -> Any:
        listed.append(Path(path).name)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", count)

    def search() -> tuple[list[str], list[str]]:
        listed.clear()
        found = [found.path.parent.name for found in find_files(tmp_path, {}, listings)]
        return sorted(found), sorted(listed)

    return search


def grow_old(root: Path) -> None:
    """As if nothing had been written for an hour."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            os.utime(path, (time.time() - 3600, time.time() - 3600))


def test_a_directory_is_listed_again_only_after_it_changed(tmp_path: Path, look: Look) -> None:
    for run in ("a", "b"):
        write_scalars(tmp_path / run / "tfevents", "loss", [1.0])
    grow_old(tmp_path)
    assert look() == (["a", "b"], sorted(["a", "b", tmp_path.name]))
    assert look() == (["a", "b"], [])
    write_scalars(tmp_path / "a" / "tfevents.2", "loss", [1.0])
    assert look() == (["a", "a", "b"], ["a"])
    assert look() == (["a", "a", "b"], ["a"])  # changed just now: its time may not tell the next change
    (tmp_path / "b" / "tfevents").unlink()
    (tmp_path / "b").rmdir()
    assert look()[0] == ["a", "a"]


def test_links_are_looked_at_each_time(tmp_path: Path, look: Look) -> None:
    (tmp_path / "linked").symlink_to(tmp_path.parent / f"{tmp_path.name}-later")
    grow_old(tmp_path)
    assert look() == ([], [tmp_path.name])
    write_scalars(tmp_path.parent / f"{tmp_path.name}-later" / "tfevents", "loss", [1.0])
    assert look()[0] == ["linked"]


def test_a_disk_that_keeps_no_times_is_listed_now_and_then(
    tmp_path: Path, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_scalars(tmp_path / "a" / "tfevents", "loss", [1.0])
    grow_old(tmp_path)
    look()
    write_scalars(tmp_path / "a" / "tfevents.2", "loss", [1.0])
    grow_old(tmp_path)  # the directory's time is what it was
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + logdir.GOOD_FOR + 1)
    assert look()[0] == ["a", "a"]


def test_the_files_written_last_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number, age in enumerate([7200, 30, 10, 20]):
        path = tmp_path / str(number) / "tfevents"
        write_scalars(path, "loss", [1.0])
        os.utime(path, (time.time() - age, time.time() - age))
    index = index_of(tmp_path)
    assert [path.parent.name for path in index.growing()] == ["2", "3", "1"]
    monkeypatch.setattr(index_module, "MOST_GROWING", 2)
    assert [path.parent.name for path in index.growing()] == ["2", "3"]
