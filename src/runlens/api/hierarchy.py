"""A graph as a tree of scopes: one list of items, each with its parent, and the edges between them.

An item is a scope (a part of names before a `/`), a node, or both: a node that says of itself that it is a module
describes its scope. Any other node with the name of a scope lies in that scope. Parents stand before their children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import nan, prod
from typing import Final
from zlib import crc32

import numpy as np

from runlens.wire.graph_def import GraphDef, Node, TensorType

DEEPEST = 64  # scopes within scopes; what is deeper stays in the last part of the name
MOST_EXAMPLES = 5  # of a problem
MOST_MISSING = 1000  # nodes that are drawn though only edges name them

MODULE: Final = "module"
FUNCTION: Final = "function"
MISSING: Final = "missing"
ROLES: Final = ["", MODULE, "operation", "parameter", "buffer", "input", "output", FUNCTION, MISSING]
_ROLE_NUMBERS: Final = {role: number for number, role in enumerate(ROLES)}

# Operations that hold what is learnt: TensorFlow's.
_VARIABLES: Final = {"Variable", "VariableV2", "VarHandleOp"}
# Edges back to the head of a loop leave from these.
_LOOP_ENDS: Final = {"NextIteration", "RefNextIteration"}
# What torch takes from objects, which it leaves out of the graph.
_OF_OBJECTS: Final = {"prim::GetAttr", "prim::CallMethod"}

UNKNOWN_TENSOR: Final = -1
CONTROL: Final = -2  # in place of a tensor: the edge only says what comes first


class Table:
    """Numbers things in the order of their first appearance."""

    def __init__(self) -> None:
        self.numbers: dict[object, int] = {}

    def number(self, thing: object) -> int:
        """The thing's number."""
        return self.numbers.setdefault(thing, len(self.numbers))

    def __iter__(self) -> Iterator[object]:
        return iter(self.numbers)


@dataclass(slots=True)
class Trouble:
    """Something wrong with a graph: how often, and where for example."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, example: str, count: int = 1) -> None:
        """Count one more."""
        self.count += count
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(example[:200])


class Hierarchy:
    """The items and edges of a graph. Lists of items have equal length, and so have those of edges."""

    def __init__(self, graph: GraphDef) -> None:
        self.nodes = list(graph.nodes)
        self.segments: list[str] = []
        self.parents: list[int] = []
        self.node_numbers: list[int] = []  # in `nodes`; -1 for a mere scope
        self.roles: list[int] = []
        self.troubles: dict[str, Trouble] = {}
        self.sources: list[int] = []
        self.targets: list[int] = []
        self.slots: list[int] = []  # number of the source's output; CONTROL
        self.callers: list[int] = []  # nodes that call a function of the library
        self.callees: list[int] = []  # scopes of these functions
        self._scopes: dict[str, int] = {}
        self._found: dict[str, int] = {}  # full name -> item that edges mean
        self._items: list[int] = []  # of each node
        if graph.damage:
            self.trouble("truncated").note(graph.damage)
        self._add_nodes(graph.nodes, 0)
        self._connect(graph.nodes, 0, "")
        for name, nodes in graph.functions.items():
            self._add_function(name, nodes)
        if graph.functions:
            self._find_calls()
        self._find_cycles()

    def trouble(self, name: str) -> Trouble:
        """The entry of that sort of problem."""
        return self.troubles.setdefault(name, Trouble())

    def _add_function(self, name: str, nodes: list[Node]) -> None:
        """The nodes of a function lie in a scope of its name, which no edge enters."""
        first = len(self.nodes)
        scope = self._item(name, self._scope_of_functions(), -1, FUNCTION)
        prefix = f"\0{name}/"  # so that no node outside has the same name
        self._scopes[prefix[:-1]] = scope
        self.nodes += nodes
        self._add_nodes(nodes, first, prefix)
        self._connect(nodes, first, prefix)

    def _find_calls(self) -> None:
        """A call names its function in an attribute, or as its operation."""
        for node, item in zip(self.nodes, self._items, strict=True):
            for name in node.called() + ([node.library + node.op] if node.op else []):
                callee = self._scopes.get(f"\0{name}")
                if callee is not None:
                    self.callers.append(item)
                    self.callees.append(callee)

    def _scope_of_functions(self) -> int:
        if "\0" not in self._scopes:
            self._scopes["\0"] = self._item("functions", -1, -1, FUNCTION)
        return self._scopes["\0"]

    def _add_nodes(self, nodes: list[Node], first: int, prefix: str = "") -> None:
        names = [prefix + node.name for node in nodes]
        scopes = _scopes_of(names)
        for number, (node, name) in enumerate(zip(nodes, names, strict=True), first):
            self._items.append(self._add_node(node, name, number, name in scopes))

    def _add_node(self, node: Node, name: str, number: int, is_scope: bool) -> int:
        role = _role_of(node)
        if is_scope and name not in self._found and role == MODULE:
            item = self._scope(name)
            self.node_numbers[item], self.roles[item] = number, _ROLE_NUMBERS[MODULE]
        elif is_scope:
            segment = name.rpartition("/")[2]
            item = self._item(f"({segment})", self._scope(name), number, role)
        else:
            scope, segment = _split(name)
            item = self._item(segment, self._scope(scope), number, role)
        if name in self._found:
            self.trouble("duplicate_name").note(node.name)
        else:
            self._found[name] = item
        return item

    def _item(self, segment: str, parent: int, number: int, role: str) -> int:
        self.segments.append(segment)
        self.parents.append(parent)
        self.node_numbers.append(number)
        self.roles.append(_ROLE_NUMBERS.get(role, 0))
        return len(self.segments) - 1

    def _scope(self, path: str) -> int:
        """The item of a scope, made with those around it when it is new; -1 for the outermost."""
        if not path:
            return -1
        if path not in self._scopes:
            outer, segment = _split(path)
            self._scopes[path] = self._item(segment, self._scope(outer), -1, "")
        return self._scopes[path]

    def _connect(self, nodes: list[Node], first: int, prefix: str) -> None:
        for number, node in enumerate(nodes, first):
            target = self._items[number]
            for edge in node.inputs:
                name, slot = _read_edge(edge)
                source = self._found.get(prefix + name)
                if source is None and node.op in _OF_OBJECTS:
                    continue
                if source is None:
                    source = self._missing(name, prefix, node.name)
                if source >= 0:
                    self.sources.append(source)
                    self.targets.append(target)
                    self.slots.append(slot)

    def _missing(self, name: str, prefix: str, wanted_by: str) -> int:
        """An item for a node that only an edge names."""
        trouble = self.trouble("missing_input")
        trouble.note(f"{name or '(empty)'} → {wanted_by}")
        if trouble.count > MOST_MISSING:
            return -1
        scope, segment = _split(prefix + name)
        known = self._scopes.get(scope, -1)
        item = self._item(segment or "(empty)", known, -1, MISSING)
        self._found[prefix + name] = item
        return item

    def _find_cycles(self) -> None:
        """Takes away, again and again, what has no input left; what remains lies on a cycle or behind one."""
        waiting = [0] * len(self.segments)
        after: dict[int, list[int]] = {}
        for source, target in zip(self.sources, self.targets, strict=True):
            number = self.node_numbers[source]
            if number < 0 or self.nodes[number].op not in _LOOP_ENDS:
                waiting[target] += 1
                after.setdefault(source, []).append(target)
        ready = [item for item, count in enumerate(waiting) if count == 0]
        for item in ready:  # grows while it is walked
            for target in after.get(item, ()):
                waiting[target] -= 1
                if waiting[target] == 0:
                    ready.append(target)
        if len(ready) < len(waiting):
            self._tell_cycle(after, {item for item, count in enumerate(waiting) if count > 0})

    def _tell_cycle(self, after: dict[int, list[int]], rest: set[int]) -> None:
        """Walks back from what is left until it meets itself: that is a cycle."""
        before = {target: source for source in rest for target in after.get(source, ()) if target in rest}
        item, seen = next(iter(before)), dict[int, None]()
        while item not in seen:
            seen[item] = None
            item = before[item]
        cycle = [*list(seen)[list(seen).index(item) :], item]
        names = [self.segments[part] for part in reversed(cycle)]
        shown = [*names[:3], "…", *names[-2:]] if len(names) > 6 else names
        self.trouble("cycle").note(" → ".join(shown))


@dataclass(slots=True)
class Facts:
    """What is told of each item and edge besides its place, as columns; docs/kinds/graph.md says which."""

    ops: Table = field(default_factory=Table)
    devices: Table = field(default_factory=Table)
    classes: Table = field(default_factory=Table)
    tensors: Table = field(default_factory=Table)
    columns: dict[str, list[int] | list[float]] = field(default_factory=dict)


def facts_of(hierarchy: Hierarchy) -> Facts:
    """What the nodes say of themselves."""
    facts = Facts()
    outputs: list[list[int]] = []
    known: dict[object, tuple[list[TensorType], list[int]]] = {}
    rows: list[tuple[int, int, int, int, float, float, int]] = []
    for number in hierarchy.node_numbers:
        if number < 0:
            outputs.append([])
            rows.append((-1, -1, -1, UNKNOWN_TENSOR, nan, nan, 0))
            continue
        node = hierarchy.nodes[number]
        key = node.key_of_outputs()
        if key not in known:
            tensors = node.outputs()
            known[key] = tensors, [facts.tensors.number(tensor) for tensor in tensors]
        tensors, numbers = known[key]
        outputs.append(numbers)
        rows.append(
            (
                facts.ops.number(node.op or node.text("keras_class")),
                facts.devices.number(node.device) if node.device else -1,
                facts.classes.number(node.text("module_class")) if "module_class" in node.attributes else -1,
                numbers[0] if numbers else UNKNOWN_TENSOR,
                _parameters(node, tensors),
                _number(node, "flops"),
                _digest(node),
            )
        )
    names = ("op", "device", "class", "tensor", "parameters", "flops", "digest")
    facts.columns = dict(zip(names, map(list, zip(*rows, strict=True)) if rows else [[]] * 7, strict=True))
    facts.columns["edge_tensor"] = [
        CONTROL if slot == CONTROL else outputs[source][slot] if slot < len(outputs[source]) else UNKNOWN_TENSOR
        for source, slot in zip(hierarchy.sources, hierarchy.slots, strict=True)
    ]
    return facts


def integers(values: Iterable[float]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """A column of int64."""
    return np.fromiter(values, np.int64)


def _parameters(node: Node, tensors: list[TensorType]) -> float:
    """How many numbers are learnt: a module's with those of all modules in it."""
    for key in ("total_parameters", "parameters"):
        if key in node.attributes:
            return _number(node, key)
    if node.op in _VARIABLES and tensors and tensors[0].sizes is not None and min(tensors[0].sizes, default=0) >= 0:
        return float(prod(tensors[0].sizes))
    return nan


def _number(node: Node, key: str) -> float:
    value = node.integer(key) if key in node.attributes else None
    return nan if value is None else float(value)


def _digest(node: Node) -> int:
    """Equal for equal attributes, whatever their order; signed, so that it travels as an int32."""
    digest = 0
    for key, value in node.attributes.items():
        digest ^= crc32(value, crc32(key.encode("utf-8", "replace")))
    return digest - 2**32 if digest >= 2**31 else digest


def _role_of(node: Node) -> str:
    return node.text("role") if "role" in node.attributes else ""


def _read_edge(edge: str) -> tuple[str, int]:
    """The node's name, and the number of its output or CONTROL."""
    if edge.startswith("^"):
        return edge[1:], CONTROL
    name, *rest = edge.split(":")
    return name, int(rest[-1]) if rest and rest[-1].isdecimal() and len(rest[-1]) < 9 else 0


def _split(name: str) -> tuple[str, str]:
    """The scope and the rest; what lies too deep keeps its slashes."""
    if name.count("/") <= DEEPEST:
        scope, _, segment = name.rpartition("/")
        return scope, segment
    parts = name.split("/")
    return "/".join(parts[:DEEPEST]), "/".join(parts[DEEPEST:])


def _scopes_of(names: Iterable[str]) -> set[str]:
    """All scopes around the names."""
    found: set[str] = set()
    for name in names:
        scope, _ = _split(name)
        while scope and scope not in found:
            found.add(scope)
            scope, _ = _split(scope)
    return found
