"""ONNX files -> what a graph needs of them, by the field numbers of onnx.proto (https://github.com/onnx/onnx).

Weights are never read: what comes out of `wire/fields.py` are views, and of a mapped file only what is looked at
is loaded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from runlens.wire.fields import BYTES, FLOAT, INT, TEXT, VARINT, Malformed, fields, packed, repeated, singular, varints

DEEPEST: Final = 32  # graphs within graphs

# TensorProto.DataType -> numpy's name.
_DTYPES: Final[dict[int, str]] = {
    1: "float32", 2: "uint8", 3: "int8", 4: "uint16", 5: "int16", 6: "int32", 7: "int64", 8: "string", 9: "bool",
    10: "float16", 11: "float64", 12: "uint32", 13: "uint64", 14: "complex64", 15: "complex128", 16: "bfloat16",
    17: "float8_e4m3fn", 19: "float8_e5m2",
}  # fmt: skip


@dataclass(slots=True)
class Tensor:
    """A value's name and what is known of it. A size that is not fixed is -1; `shape` None is not known at all."""

    name: str
    shape: tuple[int, ...] | None
    dtype: str


@dataclass(slots=True)
class Operation:
    """A node. Names of inputs and outputs are those of values; an input that is left out is ""."""

    name: str
    op: str
    inputs: list[str]
    outputs: list[str]
    attributes: dict[str, object] = field(default_factory=dict)
    graphs: dict[str, OnnxGraph] = field(default_factory=dict)  # branches of an If, bodies of a Loop


@dataclass(slots=True)
class OnnxGraph:
    """A graph. `values` has what is known of values between operations."""

    initializers: list[Tensor]
    inputs: list[Tensor]
    outputs: list[Tensor]
    values: list[Tensor]
    operations: list[Operation]


def read_model(model: memoryview) -> OnnxGraph:
    """The graph of a ModelProto.

    Raises:
        Malformed: it is none, or has no graph.
    """
    graphs = list(repeated(model, "ModelProto", 7))
    if not graphs:
        raise Malformed("ModelProto: no graph")
    return _graph(graphs[-1], 1)  # of a singular field the last counts


def _graph(message: memoryview, depth: int) -> OnnxGraph:
    if depth > DEEPEST:
        raise Malformed(f"GraphProto: graphs within graphs deeper than {DEEPEST}")
    parts: dict[int, list[memoryview]] = defaultdict(list)
    for number, wire, content in fields(message, "GraphProto"):
        if wire == BYTES:
            parts[number].append(content)
    return OnnxGraph(
        [_initializer(content) for content in parts[5]],
        [_value(content) for content in parts[11]],
        [_value(content) for content in parts[12]],
        [_value(content) for content in parts[13]],
        [_operation(content, depth) for content in parts[1]],
    )


def _initializer(message: memoryview) -> Tensor:
    data_type, name = singular(message, "TensorProto", {2: INT, 8: TEXT})
    sizes = varints(packed(message, "TensorProto", 1, VARINT), "TensorProto.dims").astype(np.int64)
    return Tensor(name, tuple(sizes.tolist()), _DTYPES.get(data_type, ""))


def _value(message: memoryview) -> Tensor:
    (name,) = singular(message, "ValueInfoProto", {1: TEXT})
    tensor = Tensor(name, None, "")
    for kind in repeated(message, "ValueInfoProto", 2):
        for content in repeated(kind, "TypeProto", 1):
            (data_type,) = singular(content, "TypeProto.Tensor", {1: INT})
            tensor.dtype = _DTYPES.get(data_type, "")
            for shape in repeated(content, "TypeProto.Tensor", 2):
                tensor.shape = tuple(_size(dimension) for dimension in repeated(shape, "TensorShapeProto", 1))
    return tensor


def _size(message: memoryview) -> int:
    """A fixed size; -1 for one that only has a name, or nothing at all."""
    found = [number for number, wire, _ in fields(message, "Dimension") if (number, wire) in ((1, VARINT), (2, BYTES))]
    size: int = singular(message, "Dimension", {1: INT})[0]
    return size if found and found[-1] == 1 else -1


def _operation(message: memoryview, depth: int) -> Operation:
    name, op, domain = singular(message, "NodeProto", {3: TEXT, 4: TEXT, 7: TEXT})
    inputs, outputs = ([_text(content) for content in repeated(message, "NodeProto", number)] for number in (1, 2))
    operation = Operation(name, f"{domain}.{op}" if domain not in ("", "ai.onnx") else op, inputs, outputs)
    for attribute in repeated(message, "NodeProto", 5):
        (key,) = singular(attribute, "AttributeProto", {1: TEXT})
        for number, wire, content in fields(attribute, "AttributeProto"):
            if (number, wire) == (6, BYTES):
                operation.graphs[key] = _graph(content, depth + 1)
        operation.attributes |= dict(_attribute(key, attribute))
    return operation


def _attribute(key: str, message: memoryview) -> Iterator[tuple[str, object]]:
    """The value of an attribute, unless it is a tensor or a graph."""
    kinds: dict[int, Any] = {2: FLOAT, 3: INT, 4: TEXT}
    for number, wire, _ in fields(message, "AttributeProto"):
        if number in kinds and wire == kinds[number].wire:
            yield key, singular(message, "AttributeProto", {number: kinds[number]})[0]
            return
    strings = [_text(content) for content in repeated(message, "AttributeProto", 9)]
    floats = packed(message, "AttributeProto", 7, FLOAT.wire)
    if strings:
        yield key, strings
    elif floats:
        yield key, np.frombuffer(floats[: len(floats) // 4 * 4], "<f4").tolist()
    elif integers := packed(message, "AttributeProto", 8, VARINT):
        yield key, varints(integers, "AttributeProto.ints").astype(np.int64).tolist()


def _text(content: memoryview) -> str:
    return str(content, "utf-8", "replace")
