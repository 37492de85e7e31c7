"""Results of reductions: in memory, and in the cache of the logdir for the next start."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import threading
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

FOLDER: Final = "projections"
MOST: Final = 512 << 20  # bytes that they take in the cache
ROOM: Final = 64 << 20  # bytes in memory

Floats = NDArray[np.float32]


class Results:
    """Places [n, K] by the name of what they were made from."""

    def __init__(self) -> None:
        self._held: dict[str, Floats] = {}
        self._lock = threading.Lock()  # requests ask while the thread of a reduction keeps

    def get(self, name: str, cache: Path | None, count: int) -> Floats | None:
        """The result, if it was made before; `cache` is the logdir's folder for what is kept."""
        with self._lock:
            held = self._held.get(name)
        if held is not None or cache is None:
            return held
        path = cache / FOLDER / f"{name}.npy"
        try:
            places = np.load(path, allow_pickle=False)
            os.utime(path)  # it was used now
        except (OSError, ValueError, EOFError):
            return None
        is_sound = places.dtype == np.float32 and places.ndim == 2 and len(places) == count
        return self._hold(name, places) if is_sound else None

    def has(self, name: str, cache: Path | None) -> bool:
        """Whether there is such a result; a file may still prove to be unsound."""
        return name in self._held or (cache is not None and (cache / FOLDER / f"{name}.npy").is_file())

    def keep(self, name: str, places: Floats, cache: Path | None) -> None:
        """Keep a result here and, where there is a cache, there."""
        self._hold(name, places)
        if cache is None:
            return
        try:
            folder = cache / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            temporary = folder / f"{secrets.token_hex(8)}.tmp"
            with temporary.open("wb") as file:
                np.save(file, places)
            temporary.replace(folder / f"{name}.npy")
            _make_room(folder)
        except OSError as error:
            log.warning("runlens: a projection is not kept for the next start: %s", error.strerror)

    def _hold(self, name: str, places: Floats) -> Floats:
        with self._lock:
            self._held[name] = places
            while len(self._held) > 1 and sum(held.nbytes for held in self._held.values()) > ROOM:
                del self._held[next(iter(self._held))]
        return places


def _make_room(folder: Path) -> None:
    """Remove what was not used for longest, until the rest fits."""
    found = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime_ns, status.st_size, path))
    total = sum(size for _, size, _ in found)
    for _, size, path in sorted(found):
        if total <= MOST:
            return
        with contextlib.suppress(OSError):
            path.unlink()
            total -= size
