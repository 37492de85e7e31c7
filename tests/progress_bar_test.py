"""The bar on the terminal: what it says, when it shows, and that it leaves nothing behind."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from runlens import progress_bar
from runlens.progress_bar import CLEAR, ProgressBar, duration, line
from runlens.store.index import Index, Progress
from tests.support import eventually


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_bar, "NOTICED", 0.0)
    monkeypatch.setattr(progress_bar, "REDRAW", 0.001)


def test_it_shows_while_the_first_reading_lasts_and_is_cleared(tmp_path: Path) -> None:
    index, terminal = Index(tmp_path), Terminal()
    with ProgressBar(index, terminal):
        eventually(lambda: "0 of 0 files" in terminal.getvalue())
        assert terminal.getvalue().startswith("\r")
        index.state = "ready"
        eventually(lambda: terminal.getvalue().endswith(CLEAR))


def test_it_is_cleared_when_the_viewer_ends_first(tmp_path: Path) -> None:
    terminal = Terminal()
    with ProgressBar(Index(tmp_path), terminal):
        eventually(lambda: "files" in terminal.getvalue())
    assert terminal.getvalue().endswith(CLEAR)


def test_what_is_no_terminal_and_what_is_read_at_once_shows_nothing(tmp_path: Path) -> None:
    index, file, terminal = Index(tmp_path), io.StringIO(), Terminal()
    with ProgressBar(index, file):
        pass
    index.state = "ready"
    with ProgressBar(index, terminal):
        pass
    assert (file.getvalue(), terminal.getvalue()) == ("", "")


def test_the_line_fits_and_tells_bytes_files_and_time(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress(bytes_read=250_000_000, bytes_total=1_000_000_000, files_read=1500, files_total=6000)
    monkeypatch.setattr(Progress, "seconds_left", lambda _: 12.4)
    assert line(progress, 120) == (
        "[##########                              ]  25%  250 of 1,000 MB, 1,500 of 6,000 files, 12 s left"
    )
    for width in range(1, 120):
        assert len(line(progress, width)) <= width
    assert line(Progress(), 60).endswith("0 of 0 MB, 0 of 0 files, 12 s left")


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "1 s"), (89, "89 s"), (150, "2 min"), (9000, "2 h")])
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said
