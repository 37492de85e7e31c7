"""torch.export's program of a model -> a graph."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from runlens.writer.kinds.graph import Value
from runlens.writer.tracing.draft import Draft, value_of
from runlens.writer.tracing.modules import Module, Modules, own

if TYPE_CHECKING:
    from torch.export import ExportedProgram
    from torch.fx import Node


def modules_of_program(program: ExportedProgram) -> Modules:
    """The modules that a program remembers, with its parameters."""
    modules: dict[str, Module] = {}
    for node in program.graph.nodes:
        for path, class_name in _stack(node):
            modules.setdefault(path, Module(path, class_name))
    modules.setdefault("", Module("", "Program"))
    root = modules[""].class_name.rpartition(".")[2]
    # The root is called as its class, whatever comes before it in a qualified name.
    found = Modules(root, modules.values(), {})
    own(found, program.named_parameters())
    return found


def draw(program: ExportedProgram, draft: Draft) -> None:
    """Draw the operations of an exported program."""
    _Walk(program, draft).walk()


class _Walk:
    def __init__(self, program: ExportedProgram, draft: Draft) -> None:
        self._program = program
        self._draft = draft
        self._edges: dict[Node, list[str]] = {}
        signature = program.graph_signature
        self._names = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
        self._names |= getattr(signature, "inputs_to_lifted_tensor_constants", {})
        self._parameters = set(signature.inputs_to_parameters)

    def walk(self) -> None:
        for node in self._program.graph.nodes:
            if node.op == "placeholder":
                self._edges[node] = self._placeholder(node)
            elif node.op == "output":
                for source in self._sources(node.args):
                    self._draft.output(source)
            elif node.op == "call_function" and node.target is operator.getitem:
                self._edges[node] = self._item(node)
            elif node.op == "call_function":
                self._edges[node] = self._operation(node)

    def _placeholder(self, node: Node) -> list[str]:
        path = self._names.get(node.name)
        tensor = node.meta.get("val")
        if path is None:
            return [self._draft.input(node.name, value_of(tensor))]
        if not node.users or tensor is None:
            return []
        return [self._draft.tensor(path, self._given(path, tensor), node.name in self._parameters)]

    def _given(self, path: str, stand_in: Any) -> Any:  # noqa: ANN401 - a tensor
        """The tensor itself, which knows more than what the tracer put in its place."""
        return self._program.state_dict.get(path, self._program.constants.get(path, stand_in))

    def _item(self, node: Node) -> list[str]:
        """Output k of an operation is an edge of its own; an item of an item stays what it is."""
        edges = self._edges.get(node.args[0], [])
        index = node.args[1]
        return [edges[index]] if isinstance(index, int) and index < len(edges) else edges[:1]

    def _operation(self, node: Node) -> list[str]:
        schema = getattr(node.target, "_schema", None)
        op = schema.name if schema is not None else getattr(node.target, "__name__", str(node.target))
        names = [argument.name for argument in schema.arguments] if schema is not None else []
        arguments = {**dict(zip(names, node.args, strict=False)), **node.kwargs}
        if schema is None:
            arguments |= {str(place): argument for place, argument in enumerate(node.args)}
        constants = {name: value for name, value in arguments.items() if not _has_node(value)}
        stack = _stack(node)
        path = stack[-1][0] if stack else ""
        return self._draft.operation(path, op, self._sources(arguments.values()), _outputs(node), constants)

    def _sources(self, arguments: Any) -> list[str]:  # noqa: ANN401 - nested arguments of torch.fx
        edges: list[str] = []
        for node in _nodes_in(arguments):
            edges += self._edges.get(node, [])
        return edges


def _outputs(node: Node) -> list[Value]:
    value = node.meta.get("val")
    values = value if isinstance(value, (tuple, list)) else [] if value is None else [value]
    return [value_of(item) for item in values]


def _nodes_in(arguments: Any) -> list[Node]:  # noqa: ANN401 - nested arguments of torch.fx
    from torch.fx import Node

    if isinstance(arguments, Node):
        return [arguments]
    if isinstance(arguments, dict):
        arguments = arguments.values()
    elif isinstance(arguments, slice):
        arguments = (arguments.start, arguments.stop, arguments.step)
    elif not isinstance(arguments, (tuple, list, type({}.values()))):
        return []
    return [node for item in arguments for node in _nodes_in(item)]


def _has_node(argument: Any) -> bool:  # noqa: ANN401 - nested arguments of torch.fx
    return bool(_nodes_in(argument))


def _stack(node: Node) -> list[tuple[str, str]]:
    """(path, qualified class) of the modules that were running, from the outermost."""
    stack = node.meta.get("nn_module_stack") or {}
    return [(path, kind if isinstance(kind, str) else kind.__name__) for path, kind in stack.values()]
