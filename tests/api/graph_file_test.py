"""Files of the user's: every form of a graph gives the same answer, and what is none is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from runlens.api.kinds import graph
from runlens.api.question import BadQuestion
from runlens.notes.sidecar import Sidecar
from runlens.server.app import Settings, create_app
from tests import graphs
from tests.columns import decode
from tests.onnx_messages import onnx_messages
from tests.support import index_of


def upload(body: bytes, name: str = "", **more: str) -> dict[str, Any]:
    return graphs.plain(graph.upload(body, {"name": name, **more}).encode())


def test_a_file_is_read_whatever_its_form() -> None:
    expected = upload(graphs.SMALL.SerializeToString(), "model.pb")
    assert graphs.nodes_of(expected) == {node.name for node in graphs.SMALL.node}
    text = text_format.MessageToString(graphs.SMALL).encode()
    assert json.dumps(upload(text, "model.pbtxt")) == json.dumps(expected)
    assert json.dumps(upload(text, "no ending")) == json.dumps(expected)
    meta_graph = b"\x12" + _varint(graphs.SMALL.ByteSize()) + graphs.SMALL.SerializeToString()
    saved_model = b"\x08\x01\x12" + _varint(len(meta_graph)) + meta_graph
    assert json.dumps(upload(saved_model, "saved_model.pb")) == json.dumps(expected)
    keras = json.dumps(graphs.keras_model("m", [graphs.keras_layer("a")], None, None)).encode()
    assert graphs.nodes_of(upload(keras, "model.json")) == {"m/a"}


def test_an_onnx_file_is_drawn_as_add_onnx_graph_draws_it(tmp_path: Path) -> None:
    from runlens import SummaryWriter

    messages = onnx_messages()
    model = messages["ModelProto"](ir_version=9)
    model.graph.input.add(name="x")
    model.graph.initializer.add(name="net.w", dims=[3, 4], data_type=1)
    model.graph.node.add(name="/net/MatMul", op_type="MatMul", input=["x", "net.w"], output=["y"])
    model.graph.output.add(name="y")
    path = tmp_path / "model.onnx"
    path.write_bytes(model.SerializeToString())
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_onnx_graph(path)
    uploaded = upload(path.read_bytes(), "model.onnx")
    assert json.dumps(uploaded) == json.dumps(graphs.only(tmp_path))
    assert ("net/w", "0", "net/MatMul") in graphs.edges_of(uploaded)


def _varint(value: int) -> bytes:
    return bytes([value & 0x7F | 0x80, value >> 7]) if value > 127 else bytes([value])


@pytest.mark.parametrize("body", [b"", b"\xff" * 40, b"hello", b"node { name: }", b"<html>", b"{}"])
def test_what_is_no_graph_is_told_by_its_name(body: bytes) -> None:
    for name in ("model.pb", "model.onnx"):
        with pytest.raises(BadQuestion, match=f"^{re.escape(name)}: "):
            upload(body, name)


def test_a_file_goes_over_http_and_so_do_its_nodes(tmp_path: Path) -> None:
    app = create_app(index_of(tmp_path), Settings(logdir="logs", version="0"), Sidecar(tmp_path / "notes.toml"))
    with TestClient(app) as client:
        answer = client.post("/api/graph/upload?name=m.pb", content=graphs.SMALL.SerializeToString())
        assert graphs.nodes_of(graphs.plain(answer.content)) == {node.name for node in graphs.SMALL.node}
        answer = client.post("/api/graph/upload?name=m.pb&node=2", content=graphs.SMALL.SerializeToString())
        assert decode(answer.content)[0]["charts"][0]["name"] == "net/dense/MatMul"
        answer = client.post("/api/graph/upload?name=m.pb&node=x", content=graphs.SMALL.SerializeToString())
        assert (answer.status_code, answer.json()["error"]) == (400, "node: got 'x', want the number of a node")
