"""How far the first reading is, as a bar on the terminal."""

from __future__ import annotations

import shutil
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Final, TextIO

if TYPE_CHECKING:
    from runlens.store.index import Index, Progress

NOTICED: Final = 0.5  # s; a reading that takes less shows nothing
REDRAW: Final = 0.1  # s
CLEAR: Final = "\r\x1b[K"


class ProgressBar:
    """A bar on `stream`, if that is a terminal, until everything was read once. It leaves nothing behind."""

    def __init__(self, index: Index, stream: TextIO) -> None:
        self._index = index
        self._stream = stream
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="runlens-bar", daemon=True)

    def __enter__(self) -> ProgressBar:
        if self._stream.isatty():
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _draw(self) -> None:
        wait, drawn = NOTICED, False
        try:
            while not self._stop.wait(wait) and self._index.state == "loading":
                width = shutil.get_terminal_size().columns - 1
                self._stream.write("\r" + line(self._index.progress, width).ljust(width))
                self._stream.flush()
                wait, drawn = REDRAW, True
            if drawn:
                self._stream.write(CLEAR)
                self._stream.flush()
        except (OSError, ValueError):
            pass  # the terminal is gone; there is nobody to tell


def line(progress: Progress, width: int) -> str:
    """The bar and the figures beside it, in at most `width` characters."""
    part = progress.bytes_read / progress.bytes_total if progress.bytes_total else 0.0
    text = (
        f" {min(part, 1.0):4.0%}  {progress.bytes_read / 1e6:,.0f} of {progress.bytes_total / 1e6:,.0f} MB,"
        f" {progress.files_read:,} of {progress.files_total:,} files"
    )
    left = progress.seconds_left()
    if left is not None:
        text += f", {duration(left)} left"
    room = min(40, width - len(text) - 2)
    bar = f"[{'#' * round(min(part, 1.0) * room):<{room}}]" if room >= 5 else ""
    return (bar + text)[:width]


def duration(seconds: float) -> str:
    """Seconds as a person says them: `8 s`, `3 min`, `2 h`."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{round(seconds / 60)} min" if seconds < 5400 else f"{round(seconds / 3600)} h"
