"""A file of the user's -> a graph: GraphDef as bytes or text, SavedModel, ONNX, a Keras model as JSON."""

from __future__ import annotations

from runlens.api.keras import graph_of_keras
from runlens.wire.fields import CONTENT, Malformed, repeated, singular
from runlens.wire.graph_def import GraphDef, read_graph_def
from runlens.wire.graph_text import graph_bytes
from runlens.writer.tracing.onnx_file import graph_of_model


def graph_of_file(name: str, body: bytes) -> GraphDef:
    """The graph in a file; its name's ending decides only where its bytes do not.

    Raises:
        Malformed: it is none of these.
    """
    start = body[:4096].lstrip()
    if start.startswith(b"{"):
        return graph_of_keras(body)
    is_text = b"\0" not in start and not start.startswith(b"\n") and start[:1].isalpha() and b"{" in start
    if name.endswith((".pbtxt", ".txt", ".prototxt")) or is_text:
        encoded, damage = graph_bytes(body)
        graph = read_graph_def(encoded)
        graph.damage = graph.damage or damage
        if not graph.nodes and damage:
            raise Malformed(damage)
        return graph
    if name.endswith(".onnx"):
        return _onnx(body)
    graph = read_graph_def(body)
    return graph if graph.nodes else _saved_model(body) or graph


def _onnx(body: bytes) -> GraphDef:
    """As `add_onnx_graph` draws it."""
    part = graph_of_model(memoryview(body)).encode("", True)
    (encoded,) = singular(part, "Event", {4: CONTENT})
    return read_graph_def(encoded)


def _saved_model(body: bytes) -> GraphDef | None:
    """The graph of the first MetaGraphDef in a SavedModel; None where there is none."""
    try:
        for meta_graph in repeated(body, "SavedModel", 2):
            (encoded,) = singular(meta_graph, "MetaGraphDef", {2: CONTENT})
            if encoded:
                return read_graph_def(encoded)
    except Malformed:
        pass
    return None
