"""Protobuf by hand: the few field encodings that event files use."""

import struct


def varint(value: int) -> bytes:
    """A base-128 varint; a negative number as its 64-bit two's complement."""
    value &= 0xFFFF_FFFF_FFFF_FFFF
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def int_field(number: int, value: int) -> bytes:
    """An integer, bool or enum field; nothing for zero, as proto3 has it."""
    return varint(number << 3) + varint(value) if value else b""


def double_field(number: int, value: float) -> bytes:
    """A double field, written even when it is zero."""
    return varint(number << 3 | 1) + struct.pack("<d", value)


def float_field(number: int, value: float) -> bytes:
    """A float field, written even when it is zero. A value beyond float32 becomes an infinity."""
    try:
        packed = struct.pack("<f", value)
    except OverflowError:
        packed = struct.pack("<f", float("inf") if value > 0 else float("-inf"))
    return varint(number << 3 | 5) + packed


def bytes_field(number: int, value: bytes) -> bytes:
    """A length-delimited field: bytes or a nested message."""
    return varint(number << 3 | 2) + varint(len(value)) + value


def text_field(number: int, value: str) -> bytes:
    """A string field; nothing for the empty string."""
    return bytes_field(number, value.encode()) if value else b""
