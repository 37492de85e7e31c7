"""Rows of several files that were joined into one table: copies, kept for the series that were looked at last."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from runlens.store.series import Series

ROOM: Final = 1 << 30  # bytes for the copies of all series together, where no limit is given


class Joins:
    """Which series hold joined rows. Beyond `room` bytes, those looked at longest ago give theirs up, but the last."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self._sizes: OrderedDict[weakref.ref[Series], int] = OrderedDict()
        self._total = 0
        self._lock = threading.Lock()

    def note(self, series: Series, size: int) -> None:
        """The joined rows of a series, `size` bytes now, are looked at."""
        with self._lock:
            self._enter(weakref.ref(series), size)
            while self._total > self.room and len(self._sizes) > 1:
                oldest, held = self._sizes.popitem(last=False)
                self._total -= held
                if (other := oldest()) is not None:
                    other.part()

    def _enter(self, series: weakref.ref[Series], size: int) -> None:
        self._total += size - self._sizes.pop(series, 0)
        self._sizes[series] = size


joins: Final = Joins()
