"""Bytes that may lie elsewhere: an ordinary `bytes`, or a part of a file that is read as far as it is asked for."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol, overload


class Stretch(Protocol):
    """What can be sliced like `bytes`, by forward slices without a step; a slice is in memory."""

    def __len__(self) -> int:
        """How many bytes there are."""

    @overload
    def __getitem__(self, at: int, /) -> int: ...

    @overload
    def __getitem__(self, at: slice, /) -> bytes: ...


class Sliced(ABC):
    """What is read a stretch at a time, to be sliced like `bytes`."""

    @abstractmethod
    def __len__(self) -> int:
        """How many bytes there are."""

    @abstractmethod
    def read(self, start: int, stop: int) -> bytes:
        """The bytes from one place on, up to another; both are within, and none where they cross."""

    @overload
    def __getitem__(self, at: int, /) -> int: ...

    @overload
    def __getitem__(self, at: slice, /) -> bytes: ...

    def __getitem__(self, at: int | slice, /) -> int | bytes:
        if isinstance(at, slice):
            start, stop, _ = at.indices(len(self))
            return self.read(start, stop)
        if not 0 <= at < len(self):
            raise IndexError(at)
        return self.read(at, at + 1)[0]


class Part(Sliced):
    """The bytes of another stretch from one place on, up to another; nothing of them is read before it is asked for."""

    def __init__(self, whole: Stretch, within: slice) -> None:
        self._whole = whole
        self._start, self._stop, _ = within.indices(len(whole))

    def __len__(self) -> int:
        return max(0, self._stop - self._start)

    def read(self, start: int, stop: int) -> bytes:
        """As `Sliced` has it."""
        return self._whole[self._start + start : self._start + max(start, stop)]
