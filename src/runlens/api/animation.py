"""Animations that somebody looks at frame by frame: each goes on from the frame that it decoded last.

A frame of a GIF is a change to the one before it, so that frame n costs n frames when one begins anew, and one when one
goes on. Going back begins anew.
"""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_FRAMES: Final = 2_000


def frame_count(opened: Image) -> int:
    """How many frames are shown: 1 for a still image."""
    return min(int(getattr(opened, "n_frames", 1)), MAX_FRAMES)


class Reel:
    """One animation, open at the frame that was decoded last."""

    def __init__(self, opened: Image) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self.frames = frame_count(opened)
        self.pixels = opened.width * opened.height

    def png(self, frame: int) -> bytes:
        """A frame as PNG. Raises whatever a decoder raises at hostile bytes."""
        out = io.BytesIO()
        with self._lock:
            self._opened.seek(frame)
            decoded = self._opened.convert("RGBA")
        decoded.save(out, "PNG", compress_level=1)
        return out.getvalue()


class Reels:
    """The animations that were looked at last, as many as have `budget` pixels in all; any thread may ask.

    One that has more by itself is not kept: it begins anew with each frame, and leaves the others.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._kept: OrderedDict[Hashable, Reel] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: Hashable, make: Callable[[], Reel]) -> Reel:
        """The reel of that name, which is made where it is not kept any more."""
        with self._lock:
            reel = self._kept.get(key)
        reel = reel or make()
        if reel.pixels > self._budget:
            return reel
        with self._lock:
            self._kept[key] = reel
            self._kept.move_to_end(key)
            while sum(kept.pixels for kept in self._kept.values()) > self._budget:
                self._kept.popitem(last=False)
        return reel
