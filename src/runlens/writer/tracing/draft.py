"""A graph being drawn: the same nodes and names, whichever way the model was traced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from runlens.writer.kinds.graph import Graph, Names, Node, Value, edge, listed, producer
from runlens.writer.tracing.flops import flops
from runlens.writer.tracing.modules import Modules

if TYPE_CHECKING:
    import torch


class Draft:
    """The nodes so far. Edges are what `input`, `tensor` and `operation` return."""

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._names = Names()
        # Modules come first, so that no operation takes the name of a scope.
        self._module_names = {path: self._names.unique(modules.scope(path)) for path in modules.by_path}
        self._modules_by_name = {self._module_names[path]: module for path, module in modules.by_path.items()}
        self._nodes: dict[str, Node] = {}
        self._tensors: dict[str, str] = {}
        self._outputs = 0

    def input(self, name: str, value: Value) -> str:
        """An input of the model."""
        return self._add(Node(self._names.unique(f"input/{name}"), "IO Node", "input", outputs=[value]))

    def output(self, source: str) -> None:
        """An output of the model."""
        self._outputs += 1
        value = self.value(source)
        name = self._names.unique(f"output/output.{self._outputs}")
        self._add(Node(name, "IO Node", "output", [source], [value], [value]))

    def tensor(self, path: str, tensor: torch.Tensor, is_parameter: bool) -> str:
        """The parameter or buffer `path`; the same node if it was there before."""
        path = self.modules.first(path)
        if path not in self._tensors:
            owner, _, name = path.rpartition(".")
            value = value_of(tensor)
            node = Node(self._names.unique(f"{self.modules.scope(owner)}/{name}"), "Buffer", "buffer", outputs=[value])
            node.facts = self.modules.facts(owner)
            if is_parameter:
                node.op, node.role = "Parameter", "parameter"
                node.facts["parameters"] = tensor.numel()
                node.facts["trainable_parameters"] = tensor.numel() if tensor.requires_grad else 0
            self._tensors[path] = self._add(node)
        return self._tensors[path]

    def operation(
        self, path: str, op: str, sources: list[str], outputs: list[Value], constants: Mapping[str, object]
    ) -> list[str]:
        """An operation of the module `path`; one edge for each output."""
        values = [self.value(source) for source in sources]
        base = op.rpartition("::")[2] or op
        node = Node(self._names.unique(f"{self.modules.scope(path)}/{base}"), op, "operation", sources, values, outputs)
        node.facts = self.modules.facts(path)
        if constants:
            node.facts["attr"] = listed(constants)
        count = flops(op, values, outputs, constants)
        if count is not None:
            node.facts["flops"] = count
        self._add(node)
        return [edge(node.name, index) for index in range(len(outputs))]

    def value(self, source: str) -> Value:
        """What is known of the tensor at an edge."""
        name, index = producer(source)
        node = self._nodes.get(name)
        outputs = node.outputs if node else self._modules_by_name[name].outputs
        return outputs[index] if index < len(outputs) else Value()

    def finish(self, route: str, failures: list[str]) -> Graph:
        """The graph, with a node for each module. The root's says how the model was traced, and what failed before."""
        self.modules.settle(self._nodes)
        for path, module in self.modules.by_path.items():
            node = Node(self._module_names[path], module.class_name.rpartition(".")[2], "module", module.sources)
            node.values, node.outputs, node.device = module.inputs, module.outputs, module.device
            node.facts = module.facts()
            if not path:
                node.facts |= {"traced_by": route, "trace_failures": failures}
            self._nodes[node.name] = node
        return Graph(list(self._nodes.values()))

    def module_name(self, path: str) -> str:
        """The name of a module's node."""
        return self._module_names[self.modules.first(path)]

    def _add(self, node: Node) -> str:
        self._nodes[node.name] = node
        return node.name


def value_of(tensor: Any) -> Value:  # noqa: ANN401 - a tensor, also one that only half behaves as such
    """What is known of a tensor. A size that depends on the data is -1."""
    try:
        sizes = tuple(size if isinstance(size, int) else -1 for size in tensor.shape)
        return Value(sizes, str(tensor.dtype).removeprefix("torch."), str(tensor.device))
    except (AttributeError, RuntimeError, TypeError, ValueError):
        return Value()


def tensors_in(value: object) -> list[Any]:
    """The tensors in nested tuples, lists and dicts."""
    import torch

    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [tensor for item in value for tensor in tensors_in(item)]
    return []
