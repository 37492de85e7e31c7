"""graph: the operations of a model and how tensors flow between them, or the summary of a Keras model.

A name's parts before `/` are scopes, which viewers draw as boxes. A node whose name is a scope describes the module
that the box stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from runlens.wire import event, tensor
from runlens.wire import graph as wire

Role = Literal["module", "operation", "parameter", "buffer", "input", "output"]
Fact = str | int | list[str]

TAG: Final = "__run_graph__"  # as TensorBoard calls a run's one graph; the event itself has no tag
KERAS_TAG: Final = "keras"
# Without a data class, as Keras writes it: then readers make a list of blobs of it, which a graph's page asks for.
KERAS_METADATA = event.metadata("graph_keras_model", b"1")

_LONGEST_TEXT = 1000  # characters; TensorBoard hides attributes beyond 1,024 bytes
_BYTES_OF_NODE = 500  # a rough guess


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a tensor: its shape, numpy's name of its dtype ("" if unknown), and its device."""

    shape: tuple[int, ...] | None = None
    dtype: str = ""
    device: str = ""


@dataclass(slots=True)
class Node:
    """One node. `inputs` are names of other nodes, or `name:k` for output k; `values` are their tensors."""

    name: str
    op: str
    role: Role
    inputs: list[str] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    device: str = ""  # default: that of its tensors

    def encode(self) -> bytes:
        """The node as a NodeDef."""
        attributes = {"role": wire.text(self.role)} | {key: _attribute(fact) for key, fact in self.facts.items()}
        attributes |= dict(_tensors("_output_shapes", "output_types", self.outputs))
        attributes |= dict(_tensors("input_shapes", "input_types", self.values))
        devices = [self.device, *(value.device for value in (*self.outputs, *self.values))]
        device = next(filter(None, devices), "")
        return wire.node(self.name, self.op, self.inputs, device and _device(device), attributes)


class Graph:
    """A graph, as a value of an event. Its nodes are nobody else's from here on."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.size = _BYTES_OF_NODE * len(nodes)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The GraphDef, as the part of an event."""
        return wire.graph(node.encode() for node in self.nodes)


class KerasModel:
    """What `to_json` of a Keras model says, as a value of an event."""

    def __init__(self, description: str) -> None:
        self.description = description
        self.size = len(description)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary whose one value is the model's JSON as a rank-0 string tensor."""
        proto = tensor.of_strings([self.description.encode()], ())
        return event.summary(event.tensor_value(tag, proto, KERAS_METADATA if is_first else b""))


class Names:
    """Hands out names that no other node has."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}

    def unique(self, wanted: str) -> str:
        """`wanted` without what has a meaning in an edge, and with `_1`, `_2`, … if it is taken."""
        base = wanted.encode("utf-8", "replace").decode().replace(":", "_").replace("^", "_").strip("/") or "node"
        name = base
        while name in self._next:
            number = self._next[base]
            self._next[base] = number + 1
            name = f"{base}_{number}"
        self._next[name] = 1
        return name


def edge(name: str, index: int) -> str:
    """How an input names output `index` of the node `name`."""
    return f"{name}:{index}" if index else name


def listed(constants: Mapping[str, object]) -> str:
    """The constant arguments of an operation in one line: `stride=[2, 2], padding=[1, 1]`."""
    text = ", ".join(f"{name}={constant}" for name, constant in constants.items())
    return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def producer(edge: str) -> tuple[str, int]:
    """The node and the number of its output that an input names."""
    name, _, index = edge.partition(":")
    return name, int(index or 0)


def _tensors(shapes: str, types: str, values: Iterable[Value]) -> Iterator[tuple[str, bytes]]:
    values = list(values)
    if values:
        yield shapes, wire.shapes(value.shape for value in values)
        yield types, wire.types(value.dtype for value in values)


def _attribute(fact: Fact) -> bytes:
    if isinstance(fact, int):
        return wire.integer(fact)
    return wire.text(fact) if isinstance(fact, str) else wire.texts(fact)


def _device(device: str) -> str:
    """cuda:1 -> /device:CUDA:1, which is how TensorBoard finds devices to colour by."""
    kind, _, index = device.partition(":")
    return f"/device:{kind.upper()}:{index or 0}"
