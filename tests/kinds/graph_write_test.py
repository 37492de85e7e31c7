"""Graphs that the writer makes, read by TensorBoard and compared with torch's."""

import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.node_def_pb2 import NodeDef
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DataType

from runlens import SummaryWriter
from runlens.wire.scan import EventFile
from runlens.writer.kinds.graph import Graph, Names, Node, Value
from runlens.writer.tracing import model as tracing
from tests.models import Gpt, ResNet, Several

IMAGE = torch.zeros(2, 3, 32, 32)
CONVERSIONS = ("aten::Int", "aten::ScalarImplicit")  # of a number, which are no nodes of ours
WAYS = {"export": "torch.export", "trace": "torch.jit.trace", "hooks": "forward hooks"}


@pytest.fixture
def by_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_by_export", lambda call: 1 / 0)


def accumulated(directory: Path) -> Any:
    return EventAccumulator(str(directory)).Reload()


def written(directory: Path, model: object, *arguments: Any) -> Any:
    """The GraphDef that TensorBoard reads of `add_graph`."""
    with SummaryWriter(directory) as writer:
        writer.add_graph(model, *arguments)
    return accumulated(directory).Graph()


def torchs(directory: Path, model: object, *arguments: object) -> Any:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with warnings.catch_warnings(), TorchWriter(str(directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
        warnings.simplefilter("ignore")
        writer.add_graph(model, *arguments)
    return accumulated(directory).Graph()


def shapes(node: Any, key: str = "_output_shapes") -> list[tuple[int, ...]]:
    return [tuple(dim.size for dim in shape.dim) for shape in node.attr[key].list.shape if not shape.unknown_rank]


def module(node: Any) -> str:
    """The scope of a node; torch's `Net/Sequential[layer1]/Block[0]` is our `Net/layer1/0`.

    A list of modules, which is not called itself, is no scope of torch's.
    """
    parts = node.name.split("/")[:-1]
    return "/".join(part.partition("[")[2].rstrip("]") or part for part in parts).replace("Gpt/h/", "Gpt/")


def operations(graph: Any) -> list[Any]:
    return [node for node in graph.node if node.op.startswith("aten::") and node.op not in CONVERSIONS]


@pytest.mark.parametrize("model", [ResNet(4, 10), Gpt()], ids=["resnet", "gpt"])
def test_a_traced_graph_has_the_scopes_operations_and_edges_of_torchs(
    tmp_path: Path, by_trace: None, model: torch.nn.Module
) -> None:
    given = IMAGE if isinstance(model, ResNet) else torch.zeros(1, 5, dtype=torch.long)
    ours = written(tmp_path / "ours", model, given)
    theirs = torchs(tmp_path / "torch", model, given)
    assert ours.versions.producer == theirs.versions.producer == 22
    found, wanted = ([(module(node), node.op, shapes(node)) for node in operations(graph)] for graph in (ours, theirs))
    assert sorted(found) == sorted(wanted)
    assert not any(node.op in CONVERSIONS for node in ours.node)
    assert edges_between_operations(ours) == edges_between_operations(theirs)


def edges_between_operations(graph: Any) -> Counter[Any]:
    """Pairs (operation, operation that it feeds), past lists and conversions of numbers."""
    by_name = {node.name: node for node in graph.node}

    def origins(edge: str) -> Iterator[Any]:
        node = by_name.get(edge.partition(":")[0])
        if node is not None and (node.op in CONVERSIONS or node.op.startswith("prim::")):
            for source in node.input:
                yield from origins(source)
        elif node is not None and node.op.startswith("aten::"):
            yield node

    ends = [(origin, node) for node in operations(graph) for edge in node.input for origin in origins(edge)]
    return Counter(((module(a), a.op), (module(b), b.op)) for a, b in ends)


@pytest.mark.parametrize("way", WAYS)
def test_tensorboards_graph_plugin_serves_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    for name in WAYS:
        if name != way:
            monkeypatch.setattr(tracing, f"_by_{name}", lambda call: 1 / 0)
    written(tmp_path / "run", ResNet(4, 10), IMAGE)
    info, graph = served(tmp_path, None, is_conceptual=False)
    assert info["run"]["run_graph"]
    assert info["run"]["tags"] == {}  # no empty profile, which torch's writer adds
    names = [node.name for node in graph.node]
    assert len(set(names)) == len(names)
    assert {edge.partition(":")[0] for node in graph.node for edge in node.input} <= set(names)
    by_name = {node.name: node for node in graph.node}
    assert by_name["ResNet"].attr["traced_by"].s == WAYS[way].encode()
    assert len(by_name["ResNet"].attr["trace_failures"].list.s) == list(WAYS).index(way)
    conv = by_name["ResNet/layer2/0/conv1"]
    assert (conv.op, shapes(conv), shapes(conv, "input_shapes")) == ("Conv2d", [(2, 8, 4, 4)], [(2, 4, 8, 8)])
    assert conv.attr["output_types"].list.type == [DataType.DT_FLOAT]
    assert conv.attr["module"].s == b"layer2.0.conv1"
    assert conv.attr["module_class"].s == b"torch.nn.modules.conv.Conv2d"
    assert conv.attr["parameters"].i == conv.attr["trainable_parameters"].i == 8 * 4 * 9
    assert conv.attr["flops"].i == 2 * (2 * 8 * 4 * 4) * (4 * 9)
    assert conv.device == "/device:CPU:0"
    assert not any("_too_large_attrs" in node.attr for node in graph.node)


def served(logdir: Path, tag: str | None, is_conceptual: bool) -> tuple[Any, Any]:
    """What TensorBoard's graph plugin answers: of all runs, and the graph of `run` as the page would get it."""
    from google.protobuf import text_format  # type: ignore[import-untyped]
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.context import RequestContext
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.graph.graphs_plugin import GraphsPlugin

    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
    plugin = GraphsPlugin(base_plugin.TBContext(logdir=str(logdir), data_provider=provider))
    text, _ = plugin.graph_impl(RequestContext(), "run", tag, is_conceptual, "", 1024, "_too_large_attrs")
    return plugin.info_impl(RequestContext(), ""), text_format.Parse(text, GraphDef())


def test_our_own_scan_finds_a_graph(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_graph(Gpt())
    (path,) = tmp_path.iterdir()
    scan = EventFile(path).advance(2**40)
    assert not scan.damage
    assert [(entries.forms.tolist(), entries.steps.tolist()) for entries in scan.entries.values()] == [([104], [0])]


def test_parameters_add_up(tmp_path: Path) -> None:
    model = Gpt()
    model.wpe.requires_grad_(False)
    graph = written(tmp_path, model, torch.zeros(1, 5, dtype=torch.long))
    total = sum(parameter.numel() for parameter in model.parameters())
    frozen = model.wpe.weight.numel()
    for role in ("module", "parameter"):
        nodes = [node for node in graph.node if node.attr["role"].s == role.encode()]
        assert sum(node.attr["parameters"].i for node in nodes) == total
        assert sum(node.attr["trainable_parameters"].i for node in nodes) == total - frozen
    by_name = {node.name: node for node in graph.node}
    for path, module in model.named_modules():
        node = by_name["/".join(["Gpt", *filter(None, path.split("."))])]
        assert node.attr["total_parameters"].i == sum(parameter.numel() for parameter in module.parameters()), path
    assert by_name["Gpt/lm_head"].attr["parameters"].i == 0  # tied to the embedding, which owns it
    assert "Gpt/wte/weight" in by_name["Gpt/lm_head/linear"].input


def test_a_keras_model_is_a_conceptual_graph(tmp_path: Path) -> None:
    layers = [
        {"class_name": "InputLayer", "config": {"name": "input", "dtype": "float32"}, "inbound_nodes": []},
        {
            "class_name": "Dense",
            "config": {"name": "größe", "dtype": "float32"},
            "inbound_nodes": [{"args": [{"config": {"keras_history": ["input", 0, 0]}}], "kwargs": {}}],
        },
    ]
    config = {"name": "net", "layers": layers, "input_layers": ["input", 0, 0], "output_layers": ["größe", 0, 0]}
    description = json.dumps({"class_name": "Functional", "config": config})

    def to_json(_: object) -> str:
        return description

    model = type("Functional", (), {"__module__": "keras.src.models.functional", "to_json": to_json})()
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_graph(model)
    info, graph = served(tmp_path, "keras", is_conceptual=True)
    assert info["run"]["tags"]["keras"]["conceptual_graph"]
    assert [(node.name, list(node.input)) for node in graph.node] == [("net/input", []), ("net/größe", ["net/input"])]


def test_what_is_no_model_is_refused(tmp_path: Path) -> None:
    class Unbuilt:
        def to_json(self) -> str:
            raise ValueError("not built yet")

    Unbuilt.__module__ = "keras.src.models.sequential"
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match=r"model: got list \[1\], want a torch.nn.Module, .* or a Keras model"):
            writer.add_graph([1], IMAGE)
        with pytest.raises(TypeError, match=r"want a Keras model that has `to_json\(\)` \(not built yet\)"):
            writer.add_graph(Unbuilt())
    with pytest.raises(ValueError, match="no graph"):
        accumulated(tmp_path).Graph()


def test_torch_is_not_imported_for_what_is_not_of_torch() -> None:
    import subprocess
    import sys

    script = """
import sys, tempfile
from runlens import SummaryWriter
with SummaryWriter(tempfile.mkdtemp()) as writer:
    try:
        writer.add_graph(print)
    except TypeError as error:
        print(error)
    print("torch" in sys.modules)
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert "want a torch.nn.Module or a Keras model\nFalse\n" in said


def test_the_logger_says_how_it_was_traced(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "runlens")
    written(tmp_path / "a", Gpt(), torch.zeros(1, 5, dtype=torch.long))
    written(tmp_path / "b", Several(), torch.zeros(3))
    levels = [(record.levelname, record.getMessage().partition(" (")[0]) for record in caplog.records]
    assert levels == [
        ("INFO", "add_graph: Gpt traced by torch.export"),
        ("WARNING", "add_graph: Several traced by named_modules"),
    ]
    assert "torch.export: TypeError: " in caplog.records[1].getMessage()


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
VALUES = st.builds(
    Value,
    st.none() | st.lists(st.integers(-1, 2**40), max_size=4).map(tuple),
    st.sampled_from(["float32", "bfloat16", "int64", "bool", "", "bits8"]),
    st.sampled_from(["", "cpu", "cuda:3"]),
)
FACTS = st.dictionaries(NAMES, NAMES | st.integers(0, 2**63 - 1) | st.lists(NAMES, max_size=3), max_size=3)
NODES = st.builds(
    Node, NAMES, NAMES, st.just("operation"), st.lists(NAMES), st.lists(VALUES, max_size=2), st.lists(VALUES), FACTS
)


@settings(deadline=None, max_examples=100)
@given(nodes=st.lists(NODES, max_size=5))
def test_the_bytes_are_those_of_protobuf(nodes: list[Node]) -> None:
    event = Event.FromString(Graph(nodes).encode("", True))
    got = GraphDef.FromString(event.graph_def)
    assert len(got.node) == len(nodes)
    for found, node in zip(got.node, nodes, strict=True):
        assert found == by_protobuf(node)


def by_protobuf(node: Node) -> Any:
    want = NodeDef(name=node.name, op=node.op, input=node.inputs)
    attributes: dict[str, Any] = {"role": AttrValue(s=b"operation")}
    for key, fact in node.facts.items():
        attributes[key] = AttrValue(s=fact.encode()) if isinstance(fact, str) else AttrValue()
        if isinstance(fact, int):
            attributes[key] = AttrValue(i=fact)
        elif isinstance(fact, list):
            attributes[key] = AttrValue(list=AttrValue.ListValue(s=[text.encode() for text in fact]))
    numbers = {"float32": 1, "bfloat16": 14, "int64": 9, "bool": 10}
    for shapes_key, types_key, values in (
        ("_output_shapes", "output_types", node.outputs),
        ("input_shapes", "input_types", node.values),
    ):
        if values:
            protos = [shape_proto(value.shape) for value in values]
            attributes[shapes_key] = AttrValue(list=AttrValue.ListValue(shape=protos))
            types = [numbers.get(value.dtype, 0) for value in values]
            attributes[types_key] = AttrValue(list=AttrValue.ListValue(type=types))
    for key, attribute in attributes.items():
        want.attr[key].CopyFrom(attribute)
    devices = [value.device for value in (*node.outputs, *node.values) if value.device]
    want.device = {"cpu": "/device:CPU:0", "cuda:3": "/device:CUDA:3"}[devices[0]] if devices else ""
    return want


def shape_proto(shape: tuple[int, ...] | None) -> Any:
    if shape is None:
        return TensorShapeProto(unknown_rank=True)
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=size) for size in shape])


@given(st.lists(st.sampled_from(["a", "a_1", "a:1", "^a", "a/b", "/", "", "a_1_1", "\ud800"]), max_size=30))
def test_names_are_unique_and_plain(wanted: list[str]) -> None:
    names = Names()
    given = [names.unique(name) for name in wanted]
    assert len(set(given)) == len(given)
    assert all(name and name.isprintable() and not set(name) & {":", "^"} for name in given)
