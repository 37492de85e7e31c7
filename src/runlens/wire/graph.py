"""Graphs -> GraphDef bytes, by the field numbers of graph.proto, node_def.proto, attr_value.proto and types.proto."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from runlens.wire.message import bytes_field, int_field, text_field, varint
from runlens.wire.tensor import DATA_TYPE_OF

# Sizes of a tensor's dimensions, -1 where one is unknown; None where even their number is.
Shape = Sequence[int] | None

PRODUCER: Final = 22  # the version of GraphDef, as torch writes it

# Types of nodes that numpy has not -> DataType.
_DATA_TYPE_OF: Final[dict[str, int]] = DATA_TYPE_OF | {
    "string": 7,
    "qint8": 11,
    "quint8": 12,
    "qint32": 13,
    "bfloat16": 14,
    "float8_e5m2": 24,
    "float8_e4m3fn": 25,
}


def graph(nodes: Iterable[bytes]) -> bytes:
    """The part of an event that holds a graph."""
    versions = bytes_field(4, int_field(1, PRODUCER))
    return bytes_field(4, b"".join([*(bytes_field(1, node) for node in nodes), versions]))


def node(name: str, op: str, inputs: Iterable[str], device: str, attributes: Mapping[str, bytes]) -> bytes:
    """A NodeDef. An input is a node's name, or `name:k` for output k of it."""
    fields = [text_field(1, name), text_field(2, op), *(text_field(3, edge) for edge in inputs), text_field(4, device)]
    fields += [bytes_field(5, text_field(1, key) + bytes_field(2, value)) for key, value in attributes.items()]
    return b"".join(fields)


def text(value: str) -> bytes:
    """An attribute that is a string."""
    return bytes_field(2, _utf8(value))


def texts(values: Iterable[str]) -> bytes:
    """An attribute that is a list of strings."""
    return bytes_field(1, b"".join(bytes_field(2, _utf8(value)) for value in values))


def integer(value: int) -> bytes:
    """An attribute that is an int64; larger numbers are cut to the largest."""
    return varint(3 << 3) + varint(min(value, 2**63 - 1))


def shapes(values: Iterable[Shape]) -> bytes:
    """An attribute that is a list of shapes."""
    return bytes_field(1, b"".join(bytes_field(7, _shape(value)) for value in values))


def types(names: Iterable[str]) -> bytes:
    """An attribute that is a list of data types, by numpy's names; DT_INVALID for one that has no number."""
    return bytes_field(1, bytes_field(6, b"".join(varint(_DATA_TYPE_OF.get(name, 0)) for name in names)))


def _shape(sizes: Shape) -> bytes:
    if sizes is None:
        return int_field(3, 1)
    return b"".join(bytes_field(2, int_field(1, size)) for size in sizes)


def _utf8(value: str) -> bytes:
    return value.encode("utf-8", "replace")
