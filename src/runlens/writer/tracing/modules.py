"""The modules of a model: their names as scopes, their parameters, and what flows into and out of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from runlens.writer.kinds.graph import Fact, Node, Value, producer

if TYPE_CHECKING:
    import torch


@dataclass(slots=True)
class Module:
    """One module. Of shared parameters only the first owner is told as the owner."""

    path: str
    class_name: str  # qualified
    own: list[tuple[int, bool]] = field(default_factory=list)  # (elements, is trainable) of each parameter it owns
    total: int = 0
    device: str = ""
    inputs: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    flops: int | None = None
    calls: int | None = None
    sources: list[str] = field(default_factory=list)  # edges that end at the module itself

    def facts(self) -> dict[str, Fact]:
        """What is stored with the module's node."""
        facts: dict[str, Fact] = {
            "module": self.path,
            "module_class": self.class_name,
            "parameters": sum(count for count, _ in self.own),
            "trainable_parameters": sum(count for count, is_trainable in self.own if is_trainable),
            "total_parameters": self.total,
        }
        facts |= {"flops": self.flops} if self.flops is not None else {}
        return facts | ({"calls": self.calls} if self.calls is not None else {})


class Modules:
    """The modules of one model, by their first names.

    `first_name` says what a module or parameter with several names is called: as `named_modules` and
    `named_parameters` come upon it first.
    """

    def __init__(self, root: str, modules: Iterable[Module], first_name: dict[str, str]) -> None:
        self.root = root
        self.by_path = {module.path: module for module in modules}
        self.first_name = first_name
        self.parameters: set[str] = set()  # all their names

    def first(self, path: str) -> str:
        """The name under which the graph has the module or parameter `path`."""
        return self.first_name.get(path, path)

    def scope(self, path: str) -> str:
        """The scope of a module: `Net/layer1/0` for `layer1.0`."""
        path = self.first(path)
        return f"{self.root}/{path.replace('.', '/')}" if path else self.root

    def facts(self, path: str) -> dict[str, Fact]:
        """What is stored with each operation of the module `path`."""
        path = self.first(path)
        module = self.by_path.get(path)
        return {"module": path, "module_class": module.class_name if module else ""}

    def ancestors(self, path: str) -> Iterator[Module]:
        """The module `path` and those that hold it."""
        path = self.first(path)
        while True:
            if path in self.by_path:
                yield self.by_path[path]
            if not path:
                return
            path = path.rpartition(".")[0]

    def settle(self, nodes: Mapping[str, Node]) -> None:
        """Learn from the operations what flows into and out of each module, and its FLOPs with all its submodules'."""
        seen: set[tuple[str, str, bool]] = set()
        for node in nodes.values():
            own = _path(node)
            count = node.facts.get("flops")
            for module in self.ancestors(own) if own is not None and isinstance(count, int) else ():
                module.flops = (module.flops or 0) + int(count)  # type: ignore[arg-type]
            for source in dict.fromkeys(node.inputs):
                origin = nodes.get(producer(source)[0])
                if origin is not None and origin.role not in ("parameter", "buffer"):
                    self._cross(source, origin, own, seen)

    def _cross(self, source: str, origin: Node, own: str | None, seen: set[tuple[str, str, bool]]) -> None:
        """Note the tensor that goes from `origin` into the module `own` at the border of each module it passes."""
        inside = {module.path: module for module in self.ancestors(own)} if own is not None else {}
        start = _path(origin)
        outside = {module.path: module for module in self.ancestors(start)} if start is not None else {}
        index = producer(source)[1]
        value = origin.outputs[index] if index < len(origin.outputs) else Value()
        for goes_in, here, there in ((True, inside, outside), (False, outside, inside)):
            for path, module in here.items():
                if path not in there and (path, source, goes_in) not in seen:
                    seen.add((path, source, goes_in))
                    (module.inputs if goes_in else module.outputs).append(value)


def _path(node: Node) -> str | None:
    """The module an operation belongs to; None for what is outside the model."""
    path = node.facts.get("module") if node.role not in ("input", "output") else None
    return path if isinstance(path, str) else None


def modules_of(model: torch.nn.Module) -> Modules:
    """The modules of a torch model, with their parameters."""
    first: dict[int, str] = {}
    first_name: dict[str, str] = {}
    modules = []
    for path, module in model.named_modules(remove_duplicate=False):
        first_name[path] = first.setdefault(id(module), path)
        if first_name[path] == path:
            modules.append(Module(path, class_name(module)))
    found = Modules(modules[0].class_name.rpartition(".")[2], modules, first_name)
    own(found, model.named_parameters(remove_duplicate=False))
    for name, buffer in model.named_buffers(remove_duplicate=False):
        _name(found, first, name, buffer)
    return found


def own(modules: Modules, parameters: Iterable[tuple[str, torch.Tensor]]) -> None:
    """Give the modules their parameters, each under all of its names."""
    first: dict[int, str] = {}
    counted: set[tuple[int, str]] = set()
    for name, parameter in parameters:
        modules.parameters.add(name)
        owner = modules.by_path.get(modules.first(name.rpartition(".")[0]))
        count = _elements(parameter)
        if _name(modules, first, name, parameter) == name and owner is not None:
            owner.own.append((count, parameter.requires_grad))
            owner.device = owner.device or str(parameter.device)
        for path in _prefixes(name):
            holder = modules.first(path)
            if (id(parameter), holder) not in counted and holder in modules.by_path:
                counted.add((id(parameter), holder))
                modules.by_path[holder].total += count


def class_name(module: object) -> str:
    """The qualified name of a module's class, without what torch.jit adds to it."""
    kind = type(module)
    name = getattr(module, "original_name", None)  # of a scripted module, whose class is torch.jit's
    return name if isinstance(name, str) else f"{kind.__module__}.{kind.__qualname__}"


def _name(modules: Modules, first: dict[int, str], name: str, tensor: torch.Tensor) -> str:
    modules.first_name[name] = first.setdefault(id(tensor), name)
    return modules.first_name[name]


def _prefixes(name: str) -> Iterator[str]:
    while name:
        name = name.rpartition(".")[0]
        yield name


def _elements(parameter: torch.Tensor) -> int:
    try:
        return int(parameter.numel())
    except ValueError:  # torch's lazy parameters have no shape yet
        return 0
