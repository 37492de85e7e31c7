"""A payload that stays in its file: only what is asked for of it is read.

What is handed out is what was indexed, or an error, as everywhere. The index knows one checksum of the whole payload,
so the first look reads all of it once, a block at a time, and compares that; it notes a checksum for each block. From
then on a block is read and compared by itself: whoever seeks in a video reads no more than what is played.
"""

from __future__ import annotations

import math
from typing import BinaryIO, Final

from runlens.store.entry import Entry, changed, opened, read_part
from runlens.store.kept import Kept
from runlens.wire.record import checksum
from runlens.wire.stretch import Sliced

BLOCK: Final = 1 << 20  # bytes
_MOST_KNOWN: Final = 256  # payloads whose blocks' checksums are kept: four bytes a megabyte
_sums: Final[Kept[list[int]]] = Kept(_MOST_KNOWN, lambda _: 1)  # by entry


class StoredPayload(Sliced):
    """The bytes of an entry, to be sliced like `bytes`; slicing raises EntryGone where they are other ones now."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._block = b""
        self._number = -1

    def __len__(self) -> int:
        return self._entry.length

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from one place on, up to another; both are within."""
        if start // BLOCK == self._number and stop <= (self._number + 1) * BLOCK:  # once more in the same block
            return self._block[start % BLOCK : start % BLOCK + max(0, stop - start)]
        if start >= stop:
            return b""
        pieces = [self._load(number) for number in range(start // BLOCK, (stop - 1) // BLOCK + 1)]
        whole = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        first = start % BLOCK
        return whole[first : first + stop - start]

    def _load(self, number: int) -> bytes:
        """One block, compared with what it was when the whole was right; it is kept until another is wanted."""
        if number != self._number:
            sums = _sums.get(self._entry, lambda: _block_sums(self._entry))
            with opened(self._entry.path) as file:
                block = _read_block(file, self._entry, number)
            if checksum(block) != sums[number]:
                raise changed(self._entry)
            self._block, self._number = block, number
        return self._block


def _block_sums(entry: Entry) -> list[int]:
    """The checksums of all blocks, once the whole was seen to be what was indexed."""
    sums, of_all = [], 0
    with opened(entry.path) as file:
        for number in range(math.ceil(entry.length / BLOCK)):
            block = _read_block(file, entry, number)
            sums.append(checksum(block))
            of_all = checksum(block, of_all)
    if of_all != entry.checksum & 0xFFFF_FFFF:
        raise changed(entry)
    return sums


def _read_block(file: BinaryIO, entry: Entry, number: int) -> bytes:
    start = number * BLOCK
    return read_part(file, entry, start, min(BLOCK, entry.length - start))
