"""Graphs for tests, made with TensorBoard's own protobuf classes, and what an answer says of them in plain sets."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from google.protobuf import text_format  # type: ignore[import-untyped]
from tensorboard.compat.proto.event_pb2 import Event, TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto

from runlens.api.kinds import graph
from runlens.store.index import Index
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of

Edges = set[tuple[str, str, str]]  # source, its output or "^", target


def graph_def(*nodes: tuple[str, str, list[str]], **shapes: list[int]) -> GraphDef:
    """Nodes of (name, op, inputs); `shapes` are those of the outputs, by the last part of the name."""
    graph = GraphDef()
    for name, op, inputs in nodes:
        node = graph.node.add(name=name, op=op, input=inputs)
        sizes = shapes.get(name.rpartition("/")[2])
        if sizes is not None:
            shape = node.attr["_output_shapes"].list.shape.add()
            for size in sizes:
                shape.dim.add(size=size)
            node.attr["dtype"].type = 1
    return graph


def write_graph(path: Path, graph: GraphDef | bytes) -> Path:
    """An event file with one graph."""
    encoded = graph if isinstance(graph, bytes) else graph.SerializeToString()
    return write_events(path, Event(wall_time=1.7e9, graph_def=encoded))


def write_run_metadata(path: Path, tag: str, metadata: bytes) -> Path:
    """More of an event file: a profile as `add_run_metadata` of TensorFlow 1 writes it."""
    return write_events(
        path, Event(wall_time=1.7e9, tagged_run_metadata=TaggedRunMetadata(tag=tag, run_metadata=metadata))
    )


def write_summary(path: Path, tag: str, plugin: str, content: bytes) -> Path:
    """More of an event file: a string under a plugin's name, as TensorFlow 2 writes graphs."""
    value = Summary.Value(tag=tag, tensor=TensorProto(dtype=7, string_val=[content]))
    value.metadata.plugin_data.plugin_name = plugin
    value.metadata.plugin_data.content = b"1"
    return write_events(path, Event(wall_time=1.7e9, summary=Summary(value=[value])))


def write_events(path: Path, *events: Event) -> Path:
    """Append events to a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        file.write(b"".join(frame(event.SerializeToString()) for event in events))
    return path


def entries(index: Index) -> list[dict[str, Any]]:
    """All graphs and profiles of all runs."""
    header, _ = decode(graph.list_graphs(index, {"charts": [{"runs": sorted(index.runs)}]}).encode())
    return list(header["charts"][0]["entries"])


def ask(index: Index, entry: dict[str, Any]) -> dict[str, Any]:
    """A graph's header with its columns in place of their numbers."""
    return plain(graph.graph(index, {"charts": [entry]}).encode())


def plain(answer: bytes) -> dict[str, Any]:
    """The same of an answer's bytes."""
    header, arrays = decode(answer)
    chart = header["charts"][0]
    return {key: arrays[value].tolist() if isinstance(value, int) else value for key, value in chart.items()}


def names(chart: dict[str, Any]) -> list[str]:
    """The full name of each item; a node that lies in the scope of its name has that name."""
    found: list[str] = []
    for segment, parent, node in zip(chart["segments"], chart["parent"], chart["node"], strict=True):
        scope = found[parent] if parent >= 0 else ""
        is_inner = node >= 0 and scope and segment == f"({scope.rpartition('/')[2]})"
        found.append(scope if is_inner else f"{scope}/{segment}" if parent >= 0 else segment)
    return found


def nodes_of(chart: dict[str, Any]) -> set[str]:
    """Names of the nodes, scopes left out."""
    return {name for name, node in zip(names(chart), chart["node"], strict=True) if node >= 0}


def edges_of(chart: dict[str, Any]) -> Edges:
    """All edges by names."""
    named = names(chart)
    edges = zip(chart["source"], chart["slot"], chart["target"], strict=True)
    return {(named[source], "^" if slot == -2 else str(slot), named[target]) for source, slot, target in edges}


def sets_of_graph_def(graph: GraphDef) -> tuple[set[str], Edges]:
    """What protobuf says the nodes and edges are."""
    edges = set()
    for node in graph.node:
        for edge in node.input:
            name, _, slot = edge.removeprefix("^").partition(":")
            edges.add((name, "^" if edge.startswith("^") else slot or "0", node.name))
    return {node.name for node in graph.node}, edges


def tensorboard_graph(logdir: Path, run: str, tag: str | None, conceptual: bool = False) -> GraphDef:
    """The graph that TensorBoard's own route answers with."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.graph import graphs_plugin
    from werkzeug.test import Client

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        multiplexer = plugin_event_multiplexer.EventMultiplexer()
        multiplexer.AddRunsFromDirectory(str(logdir))
        multiplexer.Reload()
        provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
        context = base_plugin.TBContext(logdir=str(logdir), data_provider=provider)
        plugin = graphs_plugin.GraphsPlugin(context)
        query = {"run": run, **({"tag": tag} if tag else {}), **({"conceptual": "true"} if conceptual else {})}
        response = Client(plugin.get_plugin_apps()["/graph"]).get("/", query_string=query)
    assert response.status_code == 200
    return text_format.Parse(response.data, GraphDef())


def assert_same(chart: dict[str, Any], theirs: GraphDef) -> None:
    """Nodes and edges are equal, as far as an edge begins at a node."""
    nodes, edges = sets_of_graph_def(theirs)
    assert nodes_of(chart) == nodes
    # torch names objects that its graph leaves out: no node is made up for these.
    assert edges_of(chart) == {edge for edge in edges if edge[0] in nodes}


def keras_layer(name: str, *inbound: list[Any]) -> dict[str, Any]:
    """A layer as Keras 3 writes it; `inbound` are [layer, node, tensor] of each input."""
    tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": history}} for history in inbound]
    nodes = [{"args": [tensors[0] if len(tensors) == 1 else tensors], "kwargs": {}}] if tensors else []
    return {"class_name": "Dense", "config": {"name": name, "dtype": "float32"}, "inbound_nodes": nodes}


def keras_model(name: str, layers: list[Any], inputs: list[Any] | None, outputs: list[Any] | None) -> dict[str, Any]:
    """A model: sequential for no inputs, else functional."""
    config: dict[str, Any] = {"name": name, "layers": layers}
    if inputs is not None:
        config |= {"input_layers": inputs, "output_layers": outputs}
    return {"class_name": "Functional" if inputs else "Sequential", "config": config}


def only(logdir: Path) -> dict[str, Any]:
    """The answer about the one graph of a logdir."""
    index = index_of(logdir)
    (entry,) = entries(index)
    return ask(index, entry)


SMALL = graph_def(
    ("x", "Placeholder", []),
    ("net/dense/kernel", "VariableV2", []),
    ("net/dense/MatMul", "MatMul", ["x", "net/dense/kernel"]),
    ("net/dense", "Identity", ["net/dense/MatMul:0", "^x"]),
    ("net/split", "Split", ["net/dense"]),
    ("out", "AddN", ["net/split:1", "net/split", "nowhere"]),
    x=[8, -1],
    kernel=[4, 3],
    MatMul=[8, 3],
)
