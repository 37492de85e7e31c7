"""torch.jit's graph of a model, traced or scripted -> a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from runlens.writer.kinds.graph import Value
from runlens.writer.tracing.draft import Draft

if TYPE_CHECKING:
    import torch

_STRUCTURES = {"prim::ListConstruct", "prim::TupleConstruct", "prim::DictConstruct"}
_PARTS = {"prim::ListUnpack", "prim::TupleUnpack"}
_CONVERSIONS = {"prim::NumToTensor", "aten::Int", "aten::IntImplicit", "aten::ScalarImplicit"}  # of a number, as it is


@dataclass(slots=True)
class _Known:
    """What a value of torch's graph is to us: a module, a tensor that flows, a constant, or several of them."""

    edges: list[str] = field(default_factory=list)
    parts: list[_Known] | None = None
    constant: Any = None
    is_constant: bool = False
    path: str | None = None  # of a module


def draw(module: torch.jit.ScriptModule, draft: Draft) -> None:
    """Draw the operations of a traced or scripted module, those of its submodules in their scopes."""
    graph = module._c._get_method("forward").graph
    walk = _Walk(draft, {"": module._c}, "")
    this, *inputs = graph.inputs()
    walk.known[this.debugName()] = _Known(path="")
    for value in inputs:
        walk.known[value.debugName()] = _Known([draft.input(value.debugName(), _value(value))])
    walk.nodes(graph.nodes())
    for value in graph.outputs():
        for source in walk.known[value.debugName()].edges:
            draft.output(source)


class _Walk:
    """Walks the graph of one method; those of the methods it calls are walked by others."""

    def __init__(self, draft: Draft, objects: dict[str, Any], path: str) -> None:
        self._draft = draft
        self._objects = objects  # torch._C.ScriptObject by path, shared by all walks
        self._path = path
        self.known: dict[str, _Known] = {}

    def nodes(self, nodes: Iterable[torch._C.Node]) -> None:
        for node in nodes:
            kind = node.kind()
            if kind == "prim::Constant":
                self._constant(node)
            elif kind == "prim::GetAttr":
                self._attribute(node)
            elif kind == "prim::CallMethod":
                self._call(node)
            elif kind in _STRUCTURES:
                self._set(node, [_join(self._inputs(node), kind == "prim::DictConstruct")])
            elif kind in _CONVERSIONS:
                self._set(node, self._inputs(node)[:1])
            elif kind in _PARTS and (parts := self._inputs(node)[0].parts) is not None:
                self._set(node, parts)
            elif kind == "prim::CallFunction":  # a function of Python that was scripted
                self._operation(node, next(node.inputs()).node().s("name"))
            else:
                self._operation(node, kind)

    def _inputs(self, node: torch._C.Node) -> list[_Known]:
        return [self.known.get(value.debugName(), _Known()) for value in node.inputs()]

    def _set(self, node: torch._C.Node, known: list[_Known]) -> None:
        for output, value in zip(node.outputs(), known, strict=False):
            self.known[output.debugName()] = value

    def _constant(self, node: torch._C.Node) -> None:
        value = node.output().toIValue()
        if hasattr(value, "numel"):
            value = value.item() if value.numel() == 1 else f"tensor of shape {tuple(value.shape)}"
        self._set(node, [_Known(constant=value, is_constant=True)])

    def _attribute(self, node: torch._C.Node) -> None:
        name, owner = node.s("name"), self._inputs(node)[0].path
        if owner is None:  # an attribute of what is no module
            self._operation(node, node.kind())
            return
        path = f"{owner}.{name}" if owner else name
        kind = node.output().type().kind()
        value = self._objects[owner].getattr(name)
        if kind == "ClassType":
            self._objects[path] = value
            self._set(node, [_Known(path=path)])
        elif kind == "TensorType":
            is_parameter = path in self._draft.modules.parameters
            self._set(node, [_Known([self._draft.tensor(path, value, is_parameter)])])
        else:
            self._set(node, [_Known(constant=value, is_constant=True)])

    def _call(self, node: torch._C.Node) -> None:
        """Walk the method that is called, in the scope of its module."""
        this, *arguments = self._inputs(node)
        if this.path is None or this.path not in self._objects:
            self._operation(node, node.kind())
            return
        graph = self._objects[this.path]._get_method(node.s("name")).graph
        walk = _Walk(self._draft, self._objects, this.path)
        for value, known in zip(graph.inputs(), [this, *arguments], strict=False):
            walk.known[value.debugName()] = known
        walk.nodes(graph.nodes())
        self._set(node, [walk.known.get(value.debugName(), _Known()) for value in graph.outputs()])

    def _operation(self, node: torch._C.Node, kind: str) -> None:
        inputs = [*self._inputs(node), *self._blocks(node)]
        names = _argument_names(node)
        constants = {
            names[place] if place < len(names) else str(place): value.constant
            for place, value in enumerate(inputs)
            if value.is_constant
        }
        sources = [source for value in inputs for source in value.edges]
        outputs = list(node.outputs())
        edges = self._draft.operation(self._path, kind, sources, [_value(output) for output in outputs], constants)
        self._set(node, [_Known([source]) for source in edges])

    def _blocks(self, node: torch._C.Node) -> list[_Known]:
        """Walk the branches of an `if` or the body of a loop; what they give is an input of the node."""
        results = []
        inputs = self._inputs(node)
        for block in node.blocks():
            carried = [_Known(), *inputs[2:]] if node.kind() == "prim::Loop" else []  # the step's number, then these
            for value, known in zip(block.inputs(), carried, strict=False):
                self.known[value.debugName()] = known
            self.nodes(block.nodes())
            results += [self.known.get(value.debugName(), _Known()) for value in block.outputs()]
        return [_Known(value.edges) for value in results]


def _join(parts: list[_Known], is_dict: bool) -> _Known:
    """A list, tuple or dict: its tensors flow together; it is a constant if all its parts are."""
    if is_dict:
        parts = parts[1::2]
    is_constant = all(part.is_constant for part in parts)
    constant = [part.constant for part in parts] if is_constant else None
    return _Known([source for part in parts for source in part.edges], parts, constant, is_constant)


def _argument_names(node: torch._C.Node) -> list[str]:
    """The names of an operation's arguments, from a schema such as `aten::relu(Tensor self) -> Tensor`."""
    import torch

    try:
        return [argument.name for argument in torch._C.parse_schema(node.schema()).arguments]
    except RuntimeError:  # it has none
        return []


def _value(value: torch._C.Value) -> Value:
    kind = value.type()
    if kind.kind() != "TensorType":
        return Value()
    sizes, dtype, device = kind.sizes(), kind.dtype(), kind.device()
    shape = None if sizes is None else tuple(-1 if size is None else size for size in sizes)
    return Value(shape, str(dtype).removeprefix("torch.") if dtype else "", str(device) if device else "")
