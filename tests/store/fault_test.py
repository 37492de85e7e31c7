"""Files are appended to, cut, replaced, edited and deleted while they are read; in the end all is right.

So it is when viewers are killed. RUNLENS_FAULT_ROUNDS=200 runs more rounds than the few that each run of the tests
takes time for; a failing round is named by its seed.
"""

from __future__ import annotations

import itertools
import json
import os
import random
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from runlens.store.entry import EntryError, entries_of, read_payloads
from runlens.store.index import Index
from runlens.wire.record import checksum, frame_scalars
from tests.random_logs import random_file
from tests.store.oracle_test import assert_as_the_oracle_says, expected_run
from tests.support import address_of, eventually

ROUNDS = int(os.environ.get("RUNLENS_FAULT_ROUNDS", "4"))
OPERATIONS = 120
RUNS = ("a", "a/b", "c")


class Vandal:
    """Does random things to event files below a directory.

    What nobody could notice is left out: a file that was cut is not written to before it was looked at (`looks`
    counts looks), each new content begins with bytes of its own, as that of real writers does with its time, and an
    edit has its own time.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.looks = 0
        self._chance = random.Random(seed)
        self._serial = itertools.count(1)
        self._cut: dict[Path, int] = {}  # how many looks there had been

    def act(self) -> None:
        """One operation."""
        chance = self._chance
        path = self.root / chance.choice(RUNS) / f"tfevents.{chance.randint(0, 2)}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.looks < self._cut.get(path, -2) + 2:
            return
        acts: list[Callable[[Path], None]] = [self._append] * 6
        acts += [self._replace, self._rewrite, self._edit, self._truncate, self._delete, self._move]
        (chance.choice(acts) if path.exists() else self._rewrite)(path)

    def _fresh(self) -> bytes:
        head = frame_scalars([("head", float(next(self._serial)), 0, self._chance.random())])
        return head + random_file(self._chance)

    def _append(self, path: Path) -> None:
        data = random_file(self._chance)
        cut = self._chance.randint(0, len(data))
        for part in (data[:cut], data[cut:]):
            with path.open("ab") as file:
                file.write(part)

    def _rewrite(self, path: Path) -> None:
        path.write_bytes(self._fresh())

    def _replace(self, path: Path) -> None:
        other = path.with_name("new")
        other.write_bytes(self._fresh())
        other.replace(path)

    def _edit(self, path: Path) -> None:
        data = bytearray(path.read_bytes())
        if data:
            data[self._chance.randrange(min(len(data), 64))] ^= 1 << self._chance.randrange(8)
            with path.open("r+b") as file:
                file.write(data)
            os.utime(path, ns=(0, next(self._serial) * 10**9))

    def _truncate(self, path: Path) -> None:
        os.truncate(path, self._chance.randint(0, path.stat().st_size))
        self._cut[path] = self.looks

    def _delete(self, path: Path) -> None:
        path.unlink()

    def _move(self, path: Path) -> None:
        path.replace(path.with_name("tfevents.moved"))


def read_some(index: Index, chance: random.Random) -> None:
    """Read payloads while their files change: the indexed bytes, or a reason why not."""
    with index.lock:
        listed = [entry for run in index.runs.values() for tag in run.entries for entry in entries_of(run, tag)]
    asked = chance.sample(listed, min(len(listed), 10))
    for entry, payload in zip(asked, read_payloads(asked), strict=True):
        if isinstance(payload, bytes):
            assert (len(payload), checksum(payload)) == (entry.length, entry.checksum & 0xFFFF_FFFF)
        else:
            assert isinstance(payload, EntryError) and entry.path.name in str(payload)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_the_index_ends_up_right_whatever_happens_to_files(tmp_path: Path, seed: int) -> None:
    index, vandal, chance = Index(tmp_path), Vandal(tmp_path, seed), random.Random(seed)

    def destroy() -> None:
        for _ in range(OPERATIONS):
            vandal.act()

    thread = threading.Thread(target=destroy)
    thread.start()
    while thread.is_alive():
        index.refresh()
        vandal.looks += 1
        read_some(index, chance)
    thread.join()
    index.refresh()
    assert_as_the_oracle_says(tmp_path, index)


def test_a_viewer_killed_at_any_moment_is_right_when_it_is_started_again(tmp_path: Path) -> None:
    logdir, chance = tmp_path / "logs", random.Random(0)
    vandal = Vandal(logdir, 0)
    for _ in range(2):
        for _ in range(40):
            vandal.act()
            vandal.looks += 1
        with start_viewer(logdir, tmp_path / "cache") as viewer:
            address_of(said_address(viewer))
            for _ in range(chance.randint(0, 60)):
                vandal.act()
                vandal.looks += 1
            viewer.send_signal(signal.SIGKILL)
    with start_viewer(logdir, tmp_path / "cache") as viewer:
        address = address_of(said_address(viewer))
        expected = {
            run: sum(map(len, expected_run(list((logdir / run).glob("tfevents*")))["scalars"].values()))
            for run in RUNS
            if list((logdir / run).glob("tfevents*"))
        }
        eventually(lambda: points_by_run(address) == expected)
        viewer.send_signal(signal.SIGKILL)


def start_viewer(logdir: Path, cache: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "runlens", "--logdir", str(logdir), "--port", "0"]
    environment = os.environ | {"XDG_CACHE_HOME": str(cache)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)


def said_address(viewer: subprocess.Popen[str]) -> str:
    assert viewer.stdout is not None
    return next(line for line in viewer.stdout if " at http" in line)


def points_by_run(address: str) -> dict[str, int] | None:
    with urllib.request.urlopen(f"{address}/api/runs", timeout=10) as answer:
        told = json.load(answer)
    return {run["name"]: run["points"] for run in told["runs"]} if told["state"] == "ready" else None


def test_a_head_that_came_in_parts_is_known_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    data = frame_scalars([("head", 1.0, 0, 1.0), ("head", 2.0, 1, 2.0)])
    path.parent.mkdir()
    path.write_bytes(data[:10])
    index = Index(tmp_path)
    index.refresh()
    path.write_bytes(data)
    index.refresh()
    path.write_bytes(data[:30] + bytes([data[30] ^ 1]) + data[31:])
    os.utime(path, ns=(0, 10**9))
    index.refresh()
    assert_as_the_oracle_says(tmp_path, index)
