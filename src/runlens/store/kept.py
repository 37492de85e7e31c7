"""Results that were dear to make, kept while there is room."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Kept(Generic[Result]):
    """The results used last, up to `room` of what `size_of` counts, and at least one.

    Each is made once, also when two ask at a time.
    """

    def __init__(self, room: int, size_of: Callable[[Result], int]) -> None:
        self._room = room
        self._size_of = size_of
        self._results: OrderedDict[Hashable, Result] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Result]) -> Result:
        """The result of `key`, made where it is not there. What `make` raises is raised, and nothing kept."""
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return self._results[key]
            try:
                result = make()
                with self._lock:
                    self._keep(key, result)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return result

    def _keep(self, key: Hashable, result: Result) -> None:
        self._results[key] = result
        used = sum(map(self._size_of, self._results.values()))
        while used > self._room and len(self._results) > 1:
            used -= self._size_of(self._results.popitem(last=False)[1])
