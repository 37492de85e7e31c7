"""GraphDef bytes -> nodes, by graph.proto, node_def.proto, attr_value.proto, function.proto and types.proto.

Only names, operations, inputs and devices are read at once. Attributes stay bytes until somebody asks for one: a graph
of a hundred thousand nodes has a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from runlens.wire.fields import BYTES, FLOAT, INT, TEXT, VARINT, Malformed, fields, singular, varints

# fmt: off
_TYPE_NAMES: Final = [
    "", "float32", "float64", "int32", "uint8", "int16", "int8", "string", "complex64", "int64", "bool", "qint8",
    "quint8", "qint32", "bfloat16", "qint16", "quint16", "uint16", "complex128", "float16", "resource", "variant",
    "uint32", "uint64", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e4m3b11fnuz", "float8_e5m2fnuz",
    "int4", "uint4", "int2", "uint2", "float4_e2m1fn",
]
# fmt: on
_REFERENCE: Final = 100  # what a type number is raised by where it stands for a reference

# Attributes that tell the type of what a node gives, the surest first.
_TYPES_OF_OUTPUTS: Final = ("output_types", "dtype", "DstT", "out_type", "Tout", "T", "_output_types")
_SHAPES_OF_OUTPUTS: Final = ("_output_shapes", "output_shapes", "shape")
_TELLING_OUTPUTS: Final = {*_TYPES_OF_OUTPUTS, *_SHAPES_OF_OUTPUTS}

# What an attribute that is a function, or a list, begins with: its field in AttrValue.
_FUNCTION_TAG: Final = bytes([10 << 3 | BYTES])
_LIST_TAG: Final = bytes([1 << 3 | BYTES])

_MOST_LISTED: Final = 64  # of a list in an attribute
_LONGEST_TEXT: Final = 1024  # characters of one string


Sizes = tuple[int, ...] | None  # -1 for an unknown size; None where even their number is


@dataclass(frozen=True, slots=True)
class TensorType:
    """What is known of a tensor before it exists: "" for an unknown dtype."""

    dtype: str
    sizes: Sizes


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a person reads it; `size` is that of its bytes, and `whole` whether nothing was left out."""

    text: str
    size: int
    whole: bool = True


@dataclass(slots=True)
class Node:
    """One NodeDef. `inputs` are `name`, `name:k` or `^name`; in a function `name:output:k`, too."""

    name: str = ""
    op: str = ""
    device: str = ""
    inputs: list[str] = field(default_factory=list)
    attributes: dict[str, memoryview] = field(default_factory=dict)
    library: str = ""  # stands before the names of the functions it calls, where libraries were merged

    def called(self) -> list[str]:
        """Names of the functions in its attributes: those that it calls, the branches and bodies of loops."""
        found: list[str] = []
        for value in self.attributes.values():
            if value[:1] in (_FUNCTION_TAG, _LIST_TAG):
                found += _functions(value)
        return [self.library + name for name in dict.fromkeys(found) if name]

    def text(self, key: str) -> str:
        """An attribute that is a string; "" where there is none such."""
        return "".join(_listed(self.attributes.get(key), 2, BYTES, lambda part: str(part, "utf-8", "replace")))

    def integer(self, key: str) -> int | None:
        """An attribute that is an integer; None where there is none such."""
        return next(iter(_listed(self.attributes.get(key), 3, VARINT, _signed)), None)

    def key_of_outputs(self) -> tuple[tuple[str, bytes], ...]:
        """Nodes with equal keys have equal outputs: most of a graph's nodes have few different ones."""
        return tuple((key, bytes(value)) for key, value in self.attributes.items() if key in _TELLING_OUTPUTS)

    def outputs(self) -> list[TensorType]:
        """What is said of the tensors that it gives."""
        sizes = next(filter(None, (_shapes(self.attributes.get(key)) for key in _SHAPES_OF_OUTPUTS)), [])
        types = next(filter(None, (_types(self.attributes.get(key)) for key in _TYPES_OF_OUTPUTS)), [])
        if len(types) == 1:  # one type for all, or of the only one
            types *= max(len(sizes), 1)
        count = max(len(sizes), len(types))
        sizes = sizes + [None] * (count - len(sizes))
        types = types + [""] * (count - len(types))
        return [TensorType(*known) for known in zip(types, sizes, strict=True)]

    def shown(self, key: str) -> Shown:
        """An attribute for the eye."""
        encoded = self.attributes[key]
        try:
            return _show(encoded)
        except Malformed as error:
            return Shown(str(error), len(encoded), whole=False)


@dataclass(slots=True)
class GraphDef:
    """The nodes of a graph, in its order. `damage` says where the reading ended, if that was before the end."""

    nodes: list[Node] = field(default_factory=list)
    functions: dict[str, list[Node]] = field(default_factory=dict)
    producer: int = 0
    damage: str = ""


def read_graph_def(payload: bytes | memoryview) -> GraphDef:
    """The nodes, as far as the bytes are such."""
    graph = GraphDef()
    try:
        for number, wire, content in fields(payload, "GraphDef"):
            if number == 1 and wire == BYTES:
                graph.nodes.append(_read_node(content))
            elif number == 2 and wire == BYTES:
                _read_library(content, graph.functions)
            elif number == 4 and wire == BYTES:
                (graph.producer,) = singular(content, "VersionDef", {1: INT})
    except Malformed as error:
        graph.damage = str(error)
    return graph


def _read_node(content: memoryview) -> Node:
    node = Node()
    for number, wire, part in fields(content, "NodeDef"):
        if wire != BYTES:
            continue
        if number == 3:
            node.inputs.append(str(part, "utf-8", "replace"))
        elif number == 5:
            key, value = _read_entry(part)
            node.attributes[key] = value
        elif number == 1:
            node.name = str(part, "utf-8", "replace")
        elif number == 2:
            node.op = str(part, "utf-8", "replace")
        elif number == 4:
            node.device = str(part, "utf-8", "replace")
    return node


def _read_entry(part: memoryview) -> tuple[str, memoryview]:
    """Key and value of a map's entry."""
    key, value = "", memoryview(b"")
    for number, wire, content in fields(part, "attribute"):
        if number == 1 and wire == BYTES:
            key = str(content, "utf-8", "replace")
        elif number == 2 and wire == BYTES:
            value = content
    return key, value


def _read_library(content: memoryview, functions: dict[str, list[Node]]) -> None:
    """FunctionDefLibrary: each function's arguments, its nodes, and what it returns."""
    for number, wire, part in fields(content, "FunctionDefLibrary"):
        if number != 1 or wire != BYTES:
            continue
        name = ""
        nodes: list[Node] = []
        for inner, inner_wire, encoded in fields(part, "FunctionDef"):
            if inner_wire != BYTES:
                continue
            if inner == 1:
                name, arguments = _read_signature(encoded)
                nodes[:0] = arguments
            elif inner == 3:
                nodes.append(_read_node(encoded))
            elif inner == 4:
                key, value = _read_entry(encoded)
                nodes.append(Node(f"return/{key}", "_Retval", inputs=[str(value, "utf-8", "replace")]))
        functions[name] = nodes


def _read_signature(content: memoryview) -> tuple[str, list[Node]]:
    name, arguments = "", []
    for number, wire, part in fields(content, "OpDef"):
        if wire == BYTES and number == 1:
            name = str(part, "utf-8", "replace")
        elif wire == BYTES and number == 2:
            argument, kind = singular(part, "ArgDef", {1: TEXT, 3: INT})
            # As an attribute `dtype` would say it: field 6 of AttrValue.
            arguments.append(Node(argument, "_Arg", attributes={"dtype": memoryview(bytes([6 << 3, kind & 0x7F]))}))
    return name, arguments


def _listed(value: memoryview | None, number: int, wire: int, read: Any) -> Iterator[Any]:  # noqa: ANN401
    """What an attribute holds in a field, whether alone or in its list; nothing of what is broken."""
    try:
        for found, found_wire, content in fields(value or b"", "AttrValue"):
            if found == number and found_wire == wire:
                yield read(content)
            elif found == 1 and found_wire == BYTES:
                for inner, inner_wire, part in fields(content, "ListValue"):
                    if inner == number and inner_wire == wire:
                        yield read(part)
                    elif inner == number and inner_wire == BYTES:  # packed
                        yield from (int(item) for item in varints(bytes(part), "ListValue"))
    except Malformed:
        return


def _functions(value: memoryview) -> Iterator[str]:
    """Names in an attribute that is a NameAttrList, or a list of such (field 9 of ListValue)."""
    try:
        for number, wire, content in fields(value, "AttrValue"):
            if number == 10 and wire == BYTES:
                yield _show_function(content)
            elif number == 1 and wire == BYTES:
                for inner, inner_wire, part in fields(content, "ListValue"):
                    if inner != 9 or inner_wire != BYTES:
                        break  # a list is of one type
                    yield _show_function(part)
    except Malformed:
        return


def _shapes(value: memoryview | None) -> list[Sizes]:
    return list(_listed(value, 7, BYTES, read_shape)) if value else []


def _types(value: memoryview | None) -> list[str]:
    return [type_name(number) for number in _listed(value, 6, VARINT, _signed)] if value else []


def read_shape(content: memoryview) -> Sizes:
    """A TensorShapeProto."""
    sizes = []
    for number, wire, part in fields(content, "TensorShapeProto"):
        if number == 2 and wire == BYTES:
            sizes.append(singular(part, "Dim", {1: INT})[0])
        elif number == 3 and wire == VARINT and _signed(part):
            return None
    return tuple(sizes)


def type_name(number: int) -> str:
    """numpy's name of a DataType; "" for none."""
    number -= _REFERENCE if number > _REFERENCE else 0
    return _TYPE_NAMES[number] if 0 <= number < len(_TYPE_NAMES) else ""


def type_number(name: str) -> int:
    """The number of `DT_FLOAT`, or of a number in digits.

    Raises:
        ValueError: it is neither.
    """
    if name.isdecimal():
        return int(name)
    plain = name.removeprefix("DT_").lower()
    is_reference = plain.endswith("_ref")
    plain = plain.removesuffix("_ref")
    plain = {"float": "float32", "double": "float64", "half": "float16", "invalid": ""}.get(plain, plain)
    return _TYPE_NAMES.index(plain) + (_REFERENCE if is_reference else 0)


def _show(value: memoryview) -> Shown:
    """An AttrValue as text."""
    for number, wire, content in fields(value, "AttrValue"):
        if number == 1 and wire == BYTES:
            return _show_list(content, len(value))
        text = _show_field(number, content)
        if text is not None:
            cut = len(text) > _LONGEST_TEXT
            return Shown(text[:_LONGEST_TEXT], len(value), not cut and number != 8)
    return Shown("", len(value))


def _show_list(content: memoryview, size: int) -> Shown:
    items: list[str] = []
    whole = True
    for number, wire, part in fields(content, "ListValue"):
        if number in (3, 5, 6) and wire == BYTES:
            found = [_show_number(number, item) for item in varints(bytes(part), "ListValue").tolist()]
        else:
            found = [_show_field(number, part) or ""]
        items += found
        if len(items) > _MOST_LISTED:
            whole = False
            break
    text = f"[{', '.join(items[:_MOST_LISTED])}{'' if whole else ', …'}]"
    return Shown(text[:_LONGEST_TEXT], size, whole and len(text) <= _LONGEST_TEXT)


def _show_field(number: int, content: memoryview) -> str | None:
    """One value by its field in AttrValue; None for a field that is not known."""
    if number in (3, 5, 6):
        return _show_number(number, _signed(content))
    show = _SHOWN.get(number)
    return show(content) if show else None


def _show_number(number: int, value: int) -> str:
    if number == 5:
        return "true" if value else "false"
    return type_name(value) if number == 6 else str(value - 2**64 if value >= 2**63 else value)


def _show_tensor(content: memoryview) -> str:
    """Dtype and shape of a TensorProto."""
    kind, sizes = 0, None
    for number, wire, part in fields(content, "TensorProto"):
        if number == 1 and wire == VARINT:
            kind = _signed(part)
        elif number == 2 and wire == BYTES:
            sizes = read_shape(part)
    return f"{type_name(kind)} {show_sizes(sizes)}".strip()


def _show_text(content: memoryview) -> str:
    return str(content[: 4 * _LONGEST_TEXT], "utf-8", "replace")


def show_sizes(sizes: Sizes) -> str:
    """`[8, 3, ?]`; `?` where not even the number of sizes is known."""
    return "?" if sizes is None else f"[{', '.join('?' if size < 0 else str(size) for size in sizes)}]"


def _show_function(content: memoryview) -> str:
    """The name of a NameAttrList."""
    return str(singular(content, "NameAttrList", {1: TEXT})[0])


def _signed(content: memoryview) -> int:
    return int(INT.read(content))


_SHOWN: Final[dict[int, Callable[[memoryview], str]]] = {
    2: _show_text,
    4: lambda content: f"{FLOAT.read(content):.7g}" if len(content) == 4 else "",
    7: lambda content: show_sizes(read_shape(content)),
    8: _show_tensor,
    9: _show_text,
    10: _show_function,
}
