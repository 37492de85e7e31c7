"""The forms of an answer: Json, Columns, Blob and, for what is saved rather than shown, Stream.

docs/http_api.md describes their bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.stretch import Stretch

MAGIC: Final = b"RLC1"
ALIGNMENT: Final = 8  # bytes; typed arrays in a browser must start at a multiple of their item size


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON object. NaN and infinities must not occur in it; numbers that may be such travel in columns."""

    value: dict[str, Any]
    media_type: str = "application/json"

    def encode(self) -> bytes:
        """UTF-8 without spaces; what UTF-8 cannot hold, such as half a surrogate pair in a question, as `?`."""
        text = json.dumps(self.value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return text.encode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Columns:
    """Typed arrays behind a JSON header whose fields name arrays by their index."""

    header: dict[str, Any]
    arrays: list[NDArray[Any]] = field(default_factory=list)
    media_type: str = "application/vnd.runlens.columns"

    def add(self, column: NDArray[Any]) -> int:
        """Append an array in the narrowest dtype that holds it exactly; returns its index."""
        self.arrays.append(narrow(column))
        return len(self.arrays) - 1

    def encode(self) -> bytes:
        """Magic, header length, header, arrays; all little-endian and aligned."""
        header_size = self._header_size()
        start = 8 + header_size
        described, offset = [], start
        for array in self.arrays:
            described.append({"dtype": array.dtype.str[1:], "offset": offset, "length": len(array)})
            offset += aligned(array.nbytes)
        header = Json({**self.header, "arrays": described}).encode().ljust(header_size)
        blocks = [MAGIC, struct.pack("<I", header_size), header]
        for array in self.arrays:
            data = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).tobytes()
            blocks += [data, bytes(aligned(len(data)) - len(data))]
        return b"".join(blocks)

    def _header_size(self) -> int:
        """Room for the header, before the arrays' offsets are known: no number in it exceeds twelve digits."""
        widest = {"dtype": "f8", "offset": 10**12, "length": 10**12}
        return aligned(len(Json({**self.header, "arrays": [widest] * len(self.arrays)}).encode()))


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes of a media type, as they were logged; a Stretch of a file is read as far as it is sent."""

    data: Stretch
    media_type: str

    def encode(self) -> bytes:
        """The bytes themselves."""
        return self.data[:]


@dataclass(frozen=True, slots=True)
class Stream:
    """Bytes that are made while they are sent, to be saved under a name."""

    pieces: Iterator[bytes]
    media_type: str
    name: str


Payload = Json | Columns | Blob


def aligned(size: int) -> int:
    """`size` rounded up to the alignment."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def narrow(column: NDArray[Any]) -> NDArray[Any]:
    """The column as int32 or float32 when that holds every value exactly, NaN as NaN; else as it is."""
    if column.dtype == np.int64:
        info = np.iinfo(np.int32)
        fits = len(column) == 0 or (column.min() >= info.min and column.max() <= info.max)
        return column.astype(np.int32) if fits else column
    if column.dtype == np.float64:
        with np.errstate(over="ignore"):
            short = column.astype(np.float32)
        return short if np.array_equal(short, column, equal_nan=True) else column
    return column
