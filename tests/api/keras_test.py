"""Keras models as JSON, against what TensorBoard's own route makes of them."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.api.keras import graph_of_keras
from runlens.api.question import NotFound
from runlens.wire.fields import Malformed
from tests import graphs

TEXT = st.text(max_size=12)


def test_nodes_and_edges_of_nested_keras_models_are_those_of_tensorboards_route(tmp_path: Path) -> None:
    inner = graphs.keras_model(
        "inner",
        [graphs.keras_layer("in"), graphs.keras_layer("mid", ["in", 0, 0]), graphs.keras_layer("end", ["mid", 0, 0])],
        ["in", 0, 0],
        [["end", 0, 0], ["mid", 0, 0]],
    )
    inner["inbound_nodes"] = graphs.keras_layer("", ["first", 0, 0])["inbound_nodes"]
    row = graphs.keras_model(
        "row",
        [{**graphs.keras_layer("r1"), "inbound_nodes": None}, {**graphs.keras_layer("r2"), "inbound_nodes": None}],
        None,
        None,
    )
    row["inbound_nodes"] = graphs.keras_layer("", ["first", 0, 0])["inbound_nodes"]
    model = graphs.keras_model(
        "model",
        [
            graphs.keras_layer("first"),
            inner,
            row,
            graphs.keras_layer("sum", ["row", 0, 0], ["inner", 0, 0], ["inner", 0, 1]),
        ],
        [["first", 0, 0]],
        [["sum", 0, 0]],
    )
    graphs.write_summary(tmp_path / "run" / "tfevents", "keras", "graph_keras_model", json.dumps(model).encode())
    chart = graphs.only(tmp_path)
    graphs.assert_same(chart, graphs.tensorboard_graph(tmp_path, "run", "keras", conceptual=True))
    assert ("model/inner/end", "0", "model/sum") in graphs.edges_of(chart)


def test_a_layer_of_keras_2_names_its_inputs_in_lists(tmp_path: Path) -> None:
    layers = [graphs.keras_layer("a"), {**graphs.keras_layer("b"), "inbound_nodes": [[["a", 0, 0, {}]]]}]
    model = graphs.keras_model("m", layers, [["a", 0, 0]], [["b", 0, 0]])
    graphs.write_summary(tmp_path / "tfevents", "keras", "graph_keras_model", json.dumps(model).encode())
    assert graphs.edges_of(graphs.only(tmp_path)) == {("m/a", "0", "m/b")}


@pytest.mark.parametrize("text", [b"", b"null", b"[]", b"{}", b'{"config": {"layers": [1]}}', b"[" * 10_000])
def test_what_is_no_keras_model_is_told(tmp_path: Path, text: bytes) -> None:
    graphs.write_summary(tmp_path / "tfevents", "keras", "graph_keras_model", text)
    with pytest.raises(NotFound, match="Keras model"):
        graphs.only(tmp_path)


@given(st.recursive(st.none() | st.integers() | TEXT, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner)))
def test_no_json_is_too_odd_for_a_keras_model(value: object) -> None:
    for model in (value, {"config": value}, {"config": {"layers": [{"config": {"name": "a", "layers": value}}]}}):
        with suppress(Malformed):
            graph_of_keras(json.dumps(model).encode())
