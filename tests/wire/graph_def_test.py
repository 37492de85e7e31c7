"""GraphDef, RunMetadata and the text format, against protobuf's own parsers."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from google.protobuf import text_format  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.types_pb2 import DataType

from runlens.api.graph_file import graph_of_file
from runlens.api.hierarchy import Hierarchy, facts_of
from runlens.wire.fields import Malformed
from runlens.wire.graph_def import TensorType, read_graph_def, type_name, type_number
from runlens.wire.graph_text import graph_bytes
from runlens.wire.run_metadata import merged_graph, profile_of

TEXT = st.text(max_size=12)


def attributes() -> st.SearchStrategy[AttrValue]:
    integers = st.integers(-(2**63), 2**63 - 1)
    return st.one_of(
        st.builds(lambda s: AttrValue(s=s), st.binary(max_size=8)),
        st.builds(lambda i: AttrValue(i=i), integers),
        st.builds(lambda b: AttrValue(b=b), st.booleans()),
        st.builds(lambda f: AttrValue(f=f), st.floats(width=32)),
        st.builds(lambda t: AttrValue(type=t), st.sampled_from([0, 1, 7, 9, 14, 101])),
        st.builds(_list, st.lists(integers, max_size=4), st.lists(st.binary(max_size=4), max_size=3)),
        st.builds(_shapes, st.lists(st.lists(st.integers(-1, 9), max_size=4), max_size=3)),
    )


def _list(numbers: list[int], texts: list[bytes]) -> AttrValue:
    value = AttrValue()
    value.list.i.extend(numbers)
    value.list.s.extend(texts)
    return value


def _shapes(shapes: list[list[int]]) -> AttrValue:
    value = AttrValue()
    for shape in shapes:
        added = value.list.shape.add()
        for size in shape:
            added.dim.add(size=size)
    return value


@st.composite
def graph_defs(draw: Any) -> GraphDef:
    graph = GraphDef()
    graph.versions.producer = draw(st.integers(0, 30))
    for _ in range(draw(st.integers(0, 4))):
        node = graph.node.add(name=draw(TEXT), op=draw(TEXT), device=draw(TEXT), input=draw(st.lists(TEXT, max_size=3)))
        for key in draw(st.lists(st.sampled_from(["T", "_output_shapes", "x", "ü"]), max_size=3)):
            node.attr[key].CopyFrom(draw(attributes()))
    return graph


@given(graph_defs())
def test_nodes_are_those_that_protobuf_reads(graph: GraphDef) -> None:
    read = read_graph_def(graph.SerializeToString())
    assert (read.damage, read.producer) == ("", graph.versions.producer)
    assert [(n.name, n.op, n.device, n.inputs) for n in read.nodes] == [
        (n.name, n.op, n.device, list(n.input)) for n in graph.node
    ]
    for node, theirs in zip(read.nodes, graph.node, strict=True):
        assert {key: bytes(value) for key, value in node.attributes.items()} == {
            key: theirs.attr[key].SerializeToString() for key in theirs.attr
        }
        shapes = theirs.attr["_output_shapes"].list.shape if "_output_shapes" in theirs.attr else []
        if shapes:
            assert [output.sizes for output in node.outputs()] == [tuple(d.size for d in s.dim) for s in shapes]
        for key in node.attributes:
            assert isinstance(node.shown(key).text, str)


@given(graph_defs())
def test_the_text_means_the_same_as_the_bytes(graph: GraphDef) -> None:
    encoded, damage = graph_bytes(text_format.MessageToString(graph).encode())
    assert damage == ""
    parsed = GraphDef()
    parsed.ParseFromString(encoded)
    assert text_format.MessageToString(parsed) == text_format.MessageToString(graph)


def test_the_text_in_all_its_spellings() -> None:
    text = rb"""
    # a comment
    node: < name: 'a' "b\x41\101\n\u00fc" op: "Op"; input: ["x", "y"], unknown { deep: [1, 2] more < k: -3 > } >
    node { name: "c" attr { key: "T" value { type: DT_HALF } } attr { key: "n" value { i: 0x10 } }
           attr { key: "b" value { b: true } } attr { key: "f" value { f: 1.5f } } }
    versions { producer: 9 min_consumer: 1 }
    """
    encoded, damage = graph_bytes(text)
    assert damage == ""
    read = read_graph_def(encoded)
    first, second = read.nodes
    assert (first.name, first.op, first.inputs) == ("abAA\nü", "Op", ["x", "y"])
    shown = {key: second.shown(key).text for key in second.attributes}
    assert shown == {"T": "float16", "n": "16", "b": "true", "f": "1.5"}
    assert read.producer == 9


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        (b'node { name: "a" }\nnode { name "b" }', "line 2: got '\"b\"', want `:` or `{`"),
        (b'node { name: "a" }\nnode { name: }', "line 2: got '}', want a value"),
        (b'node { name: "a" }\n}', "line 2: got '}', want the name of a field"),
        (b'node { name: "a" } node {', "line 1: got the end, want the name of a field"),
        (b'node { name: "a" } versions { producer: x }', "want a value of type int before it, not 'x'"),
        (b'node { name: "a" } \xff', "want the name of a field"),
        (b'node { name: "a" } ' + b"x {" * 100, "messages within messages without end"),
    ],
)
def test_text_that_breaks_off_gives_what_came_before(text: bytes, damage: str) -> None:
    encoded, told = graph_bytes(text)
    assert damage in told
    assert [node.name for node in read_graph_def(encoded).nodes] == ["a"]


def test_types_have_numpys_names() -> None:
    by_number = {value.number: value.name for value in DataType.DESCRIPTOR.values}
    assert {number: type_name(number) for number in (1, 2, 3, 9, 10, 14, 19, 25)} == {
        **{1: "float32", 2: "float64", 3: "int32", 9: "int64", 10: "bool"},
        **{14: "bfloat16", 19: "float16", 25: "float8_e4m3fn"},
    }
    for number, name in by_number.items():
        if name.startswith("DT_"):
            assert type_number(name) == number
            assert type_name(number) == type_name(number % 100)
    assert type_name(99) == type_name(-1) == type_name(10**9) == ""


def test_types_and_shapes_of_outputs_are_joined() -> None:
    graph = GraphDef()
    node = graph.node.add(name="split", op="Split")
    node.attr["_output_shapes"].CopyFrom(_shapes([[2, 3], [4]]))
    node.attr["T"].type = 9
    node.attr["_output_shapes"].list.shape.add(unknown_rank=True)
    (read,) = read_graph_def(graph.SerializeToString()).nodes
    assert read.outputs() == [TensorType("int64", (2, 3)), TensorType("int64", (4,)), TensorType("int64", None)]


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd(data: bytes) -> None:
    for read in (read_graph_def, merged_graph):
        graph = read(data)
        hierarchy = Hierarchy(graph)
        facts = facts_of(hierarchy)
        assert len(facts.columns["edge_tensor"]) == len(hierarchy.sources)
        for node in hierarchy.nodes:
            for key in node.attributes:
                node.shown(key)
    profile_of(data)
    graph_bytes(data)
    for ending in ("x.pb", "x.pbtxt", "x.json"):
        with suppress(Malformed):
            graph_of_file(ending, data)


def test_a_profile_that_breaks_off_tells_what_came_before() -> None:
    metadata = RunMetadata()
    device = metadata.step_stats.dev_stats.add(device="cpu")
    device.node_stats.add(node_name="a", all_end_rel_micros=5)
    assert profile_of(metadata.SerializeToString())["a"].microseconds == 5
    assert profile_of(metadata.SerializeToString()[:-1]) == {}
