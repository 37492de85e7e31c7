"""An ONNX file -> a graph."""

from __future__ import annotations

import mmap
import os
from itertools import pairwise
from math import prod

from runlens.wire.fields import Malformed
from runlens.wire.onnx import OnnxGraph, Operation, Tensor, read_model
from runlens.writer.arguments import describe
from runlens.writer.kinds.graph import Fact, Graph, Names, Node, Value, edge, listed
from runlens.writer.tracing.flops import flops


def graph_of_file(prototxt: object) -> Graph:
    """The graph of the ONNX file at the path `prototxt`. Weights of any size are left on the disk.

    Raises:
        TypeError: `prototxt` is no path.
        OSError: the file cannot be read.
        ValueError: it is no ONNX model.
    """
    if not isinstance(prototxt, (str, os.PathLike)):
        raise TypeError(f"prototxt: got {describe(prototxt)}, want the path of an ONNX file")
    path = os.fspath(prototxt)
    with open(path, "rb") as file:  # noqa: PTH123 - a path of bytes is one too
        if not os.fstat(file.fileno()).st_size:
            raise ValueError(f"prototxt: got the empty file {path!r}, want an ONNX model")
        # The mapping ends with the last view of it.
        content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    try:
        return graph_of_model(content)
    except Malformed as error:
        raise ValueError(f"prototxt: got {path!r}, want an ONNX model ({error})") from None


def graph_of_model(content: memoryview) -> Graph:
    """The graph of a ModelProto.

    Raises:
        Malformed: it is none.
    """
    model = read_model(content)
    drawing = _Drawing()
    drawing.draw(model, "", {})
    return Graph(drawing.nodes)


class _Drawing:
    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._names = Names()
        self._outputs = 0

    def draw(self, graph: OnnxGraph, scope: str, outer: dict[str, tuple[str, Value]]) -> list[str]:
        """Draw a graph; what it does not define is that of the graph around it. The edges of its outputs."""
        known = {tensor.name: _value(tensor) for tensor in (*graph.values, *graph.inputs, *graph.outputs)}
        edges = dict(outer)
        for tensor in graph.inputs:
            edges[tensor.name] = ("", known[tensor.name])
        for tensor in graph.initializers:  # old files have these among the inputs, too
            edges[tensor.name] = (self._initializer(tensor, scope), _value(tensor))
        for tensor in graph.inputs:
            if not edges[tensor.name][0]:
                edges[tensor.name] = (self._input(tensor, scope), known[tensor.name])
        nodes = [self._begin(operation, scope, known, edges) for operation in graph.operations]
        for operation, node in zip(graph.operations, nodes, strict=True):
            self._connect(operation, node, edges)
        sources = [edges[tensor.name][0] for tensor in graph.outputs if tensor.name in edges]
        if not scope:
            self._end([edges[tensor.name] for tensor in graph.outputs if tensor.name in edges])
        return sources

    def _initializer(self, tensor: Tensor, scope: str) -> str:
        facts: dict[str, Fact] = {"parameters": prod(tensor.shape or ())}
        node = Node(self._name(scope, tensor.name), "Initializer", "parameter", outputs=[_value(tensor)], facts=facts)
        self.nodes.append(node)
        return node.name

    def _input(self, tensor: Tensor, scope: str) -> str:
        name = self._name(f"{scope}/input" if scope else "input", tensor.name)
        self.nodes.append(Node(name, "IO Node", "input", outputs=[_value(tensor)]))
        return name

    def _begin(
        self, operation: Operation, scope: str, known: dict[str, Value], edges: dict[str, tuple[str, Value]]
    ) -> Node:
        """The operation's node with its outputs; inputs may come from operations that stand after it."""
        outputs = [known.get(name, Value()) for name in operation.outputs]
        name = self._name(scope, operation.name or next(iter(operation.outputs), "") or operation.op)
        node = Node(name, operation.op, "operation", outputs=outputs)
        for index, output in enumerate(operation.outputs):
            edges[output] = (edge(name, index), outputs[index])
        self.nodes.append(node)
        return node

    def _connect(self, operation: Operation, node: Node, edges: dict[str, tuple[str, Value]]) -> None:
        for name in operation.inputs:
            if name and name in edges:
                source, value = edges[name]
                node.inputs.append(source)
                node.values.append(value)
        if operation.attributes:
            node.facts["attr"] = listed(operation.attributes)
        count = flops(operation.op, node.values, node.outputs, operation.attributes)
        if count is not None:
            node.facts["flops"] = count
        for key, graph in operation.graphs.items():
            node.inputs += self.draw(graph, f"{node.name}/{key}", edges)

    def _end(self, sources: list[tuple[str, Value]]) -> None:
        for number, (source, value) in enumerate(sources, 1):
            name = self._names.unique(f"output/output.{number}")
            self.nodes.append(Node(name, "IO Node", "output", [source], [value], [value]))

    def _name(self, scope: str, name: str) -> str:
        name = scoped(name)
        return self._names.unique(f"{scope}/{name}" if scope else name)


def scoped(name: str) -> str:
    """A name in scopes: `layer1.0.conv1.weight` and torch's `/layer1/layer1.0/conv1/Conv` both in `layer1/0/conv1`."""
    if "/" not in name:
        return name.replace(".", "/")
    parts = name.strip("/").split("/")
    short = [part.removeprefix(f"{before}.") for before, part in pairwise(["", *parts])]
    return "/".join(short)


def _value(tensor: Tensor) -> Value:
    return Value(tensor.shape, tensor.dtype)
