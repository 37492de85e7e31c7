"""Where the long fields of a message lie, when only the heads of its fields are read.

A protobuf field of bytes lies in one piece, whatever its size: a video in a log is a part of the file.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.array import STRINGS, array_of
from runlens.wire.fields import BYTES, Malformed, end_of_varint, fields, read_varint
from runlens.wire.message import bytes_field
from runlens.wire.stretch import Part, Stretch

_LONGEST_HEAD: Final = 20  # bytes: number and size, ten each
_MOST_BESIDE: Final = 1 << 16  # bytes of all other fields
_MOST_FOUND: Final = 1 << 16


def strings_of(tensor: Stretch) -> NDArray[Any]:
    """A tensor of strings as an object array of Parts, in its shape; one of numbers as `array_of` has it.

    Raises:
        Malformed: as `array_of`, and for more than 65,536 strings.
    """
    found, beside = long_fields(tensor, "TensorProto", STRINGS)
    numbered = beside + b"".join(bytes_field(STRINGS, b"%d" % number) for number in range(len(found)))
    places = array_of(numbered, _MOST_FOUND)
    if places.dtype != object:
        return places
    parts = np.empty(places.size, object)
    parts[:] = [Part(tensor, found[int(place)] if place else slice(0)) for place in places.ravel()]
    return parts.reshape(places.shape)


def long_fields(message: Stretch, name: str, number: int) -> tuple[list[slice], bytes]:
    """Where the contents of a length-delimited field lie, each time it is there, and all other fields as they are.

    Raises:
        Malformed: the bytes are not protobuf, or the other fields are longer than 64 KiB; `name` is what they
            should have been.
    """
    found: list[slice] = []
    beside = bytearray()
    at = 0
    while at < len(message):
        key, head, size = _head_of(message, at, name)
        start, end = at + head, at + head + size
        if end > len(message):
            raise Malformed(f"{name}: a field reaches to byte {end}, but the message has {len(message)}")
        if key == number << 3 | BYTES:
            found.append(slice(start, end))
        else:
            beside += message[at : min(end, at + _MOST_BESIDE + 1)]
        if len(found) > _MOST_FOUND or len(beside) > _MOST_BESIDE:
            raise Malformed(f"{name}: more than {_MOST_FOUND} of field {number}, or {_MOST_BESIDE} bytes beside it")
        at = end
    return found, bytes(beside)


def _head_of(message: Stretch, at: int, name: str) -> tuple[int, int, int]:
    """Number and wire type of a field, bytes before its content, and bytes of that."""
    start = memoryview(message[at : at + _LONGEST_HEAD])
    name = f"{name} from byte {at}"  # errors count from there
    end_of_key = end_of_varint(start, 0, name)
    key = read_varint(start[:end_of_key])
    if key & 7 == BYTES:
        head = end_of_varint(start, end_of_key, name)
        return key, head, read_varint(start[end_of_key:head])
    _, _, content = next(fields(start, name))
    return key, end_of_key, len(content)
