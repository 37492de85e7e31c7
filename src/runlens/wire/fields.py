"""Protobuf by hand, the reading side: walks the fields of one message, however hostile its bytes are.

Encoding: https://protobuf.dev/programming-guides/encoding/. As in the kernel, groups are broken, a known number with
another wire type is an unknown field, and of a singular field the last counts.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types
_SIZES = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT = 10  # bytes


class Malformed(ValueError):
    """Bytes that are not what they should be; names the message, what was found and what is wanted."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a singular field is written, what it is when it is missing, and how its bytes are read."""

    wire: int
    missing: Any
    read: Callable[[memoryview], Any]


def read_varint(encoded: memoryview) -> int:
    """The number that a varint encodes, modulo 2 to the power of 64."""
    value = sum((byte & 0x7F) << (7 * place) for place, byte in enumerate(encoded))
    return value & 0xFFFF_FFFF_FFFF_FFFF


def _read_int(encoded: memoryview) -> int:
    value = read_varint(encoded)
    return value - 2**64 if value >= 2**63 else value


def _read_text(encoded: memoryview) -> str:
    return str(encoded, "utf-8", "replace")


INT = Kind(VARINT, 0, _read_int)
DOUBLE = Kind(FIXED64, 0.0, lambda encoded: struct.unpack("<d", encoded)[0])
FLOAT = Kind(FIXED32, 0.0, lambda encoded: struct.unpack("<f", encoded)[0])
CONTENT = Kind(BYTES, b"", bytes)
TEXT = Kind(BYTES, "", _read_text)


def fields(message: bytes | memoryview, name: str) -> Iterator[tuple[int, int, memoryview]]:
    """Number, wire type and bytes of each field; of a varint its encoding, of a length-delimited field its content.

    Nothing is copied: what comes out are views into `message`.

    Raises:
        Malformed: the bytes are not protobuf; `name` is what they should have been.
    """
    data = memoryview(message)
    at = 0
    while at < len(data):
        start = at
        key = data[at]
        if key < 0x80:  # nearly all are of one byte: graphs of 100,000 nodes have a million
            at += 1
        else:
            at = end_of_varint(data, at, name)
            key = read_varint(data[start:at])
        number, wire = key >> 3, key & 7
        if number == 0 or key >= 2**32:
            raise Malformed(f"{name}: field number {number} at byte {start}, want 1 to {2**29 - 1}")
        if wire == VARINT:
            end = end_of_varint(data, at, name)
        elif wire in _SIZES:
            end = at + _SIZES[wire]
        elif wire == BYTES:
            start = at
            if at < len(data) and data[at] < 0x80:
                at += 1
                end = at + data[start]
            else:
                at = end_of_varint(data, at, name)
                end = at + read_varint(data[start:at])
        else:
            raise Malformed(f"{name}: wire type {wire} at byte {start}, want 0, 1, 2 or 5")
        if end > len(data):
            raise Malformed(f"{name}: a field reaches to byte {end}, but the message has {len(data)}")
        yield number, wire, data[at:end]
        at = end


def singular(message: bytes | memoryview, name: str, wanted: dict[int, Kind]) -> list[Any]:
    """The values of singular fields, in the order of `wanted`; a missing one as protobuf has it.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    found: dict[int, memoryview] = {}
    for number, wire, encoded in fields(message, name):
        kind = wanted.get(number)
        if kind is not None and kind.wire == wire:
            found[number] = encoded
    return [kind.read(found[n]) if n in found else kind.missing for n, kind in wanted.items()]


def repeated(message: bytes | memoryview, name: str, number: int) -> Iterator[memoryview]:
    """The contents of a repeated length-delimited field.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    return (encoded for n, wire, encoded in fields(message, name) if n == number and wire == BYTES)


def packed(message: bytes | memoryview, name: str, number: int, wire: int) -> bytes:
    """A repeated number in its packed form, whether it was written packed, one by one, or both.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    return b"".join(encoded for n, w, encoded in fields(message, name) if n == number and w in (wire, BYTES))


def numbers(encoded: bytes, dtype: str, name: str) -> NDArray[Any]:
    """Packed fixed-size numbers of a little-endian dtype, as a view.

    Raises:
        Malformed: the bytes end within a number.
    """
    if len(encoded) % np.dtype(dtype).itemsize:
        raise Malformed(f"{name}: {len(encoded)} bytes, want a multiple of {np.dtype(dtype).itemsize}")
    return np.frombuffer(encoded, dtype)


def varints(encoded: bytes, name: str) -> NDArray[np.uint64]:
    """Packed varints; a negative number as its two's complement.

    Raises:
        Malformed: the bytes end within a varint, or one has no end.
    """
    data = np.frombuffer(encoded, np.uint8)
    ends = np.flatnonzero(data < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1]) if len(ends) else ends
    sizes = ends - starts + 1
    if (len(data) and data[-1] >= 0x80) or (len(sizes) and sizes.max() > _LONGEST_VARINT):
        raise Malformed(f"{name}: a varint without an end")
    values = np.zeros(len(ends), np.uint64)
    for place in range(int(sizes.max(initial=0))):
        has_more = sizes > place
        bits = (data[starts[has_more] + place] & 0x7F).astype(np.uint64)
        values[has_more] |= bits << np.uint64(7 * place)
    return values


def end_of_varint(data: memoryview, at: int, name: str) -> int:
    """The byte after the varint at byte `at`. Raises Malformed where it has no end."""
    for end in range(at, min(at + _LONGEST_VARINT, len(data))):
        if data[end] < 0x80:
            return end + 1
    raise Malformed(f"{name}: a varint at byte {at} without an end")
