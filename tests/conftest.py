"""Fixtures that start the real command and stop it again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import address_of

# The machine's speed is not what is tested.
settings.register_profile("runlens", deadline=None)
settings.load_profile("runlens")

Serve = Callable[..., str]


@pytest.fixture(scope="session", autouse=True)
def caches_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where programs that tests start keep what they read: never where the user's do."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("caches")
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(folder))
        yield folder / "runlens"


@pytest.fixture
def serving() -> Iterator[Serve]:
    """A function that starts `runlens` on a logdir and a free port, and returns its address without a slash."""
    started: list[subprocess.Popen[str]] = []

    def serve(logdir: Path, *options: str) -> str:
        command = [sys.executable, "-m", "runlens", "--logdir", str(logdir), "--port", "0", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        started.append(process)
        assert process.stdout is not None
        return address_of(process.stdout.readline())

    yield serve
    for process in started:
        process.terminate()
    for process in started:
        with process:
            process.wait(10)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    return folder


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    return tmp_path / "caches"
