"""What `to_json` of a Keras model says -> a graph of its layers, one scope a model.

Keras 3 names what a layer is fed with in `keras_history` of its arguments; Keras 2 in lists of [layer, node, tensor].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from runlens.wire.fields import Malformed
from runlens.wire.graph_def import GraphDef, Node
from runlens.wire.message import bytes_field, int_field
from runlens.wire.tensor import DATA_TYPE_OF

Layer = dict[str, Any]
DEEPEST = 40  # models within models


def graph_of_keras(description: bytes) -> GraphDef:
    """The layers of a model as nodes.

    Raises:
        Malformed: it is no model as Keras describes it.
    """
    try:
        model = json.loads(description)
        drawing = _Drawing()
        drawing.draw(model, "", [], DEEPEST)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise Malformed(f"Keras model: {type(error).__name__}: {error}; want what to_json() of a model gives") from None
    return GraphDef(drawing.nodes)


class _Drawing:
    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def draw(self, model: Layer, scope: str, feeds: list[str], depth: int) -> list[str]:
        """Draw a model's layers; `feeds` and what is returned are the names of nodes that feed and leave it."""
        if depth == 0:
            raise ValueError(f"more than {DEEPEST} models within models")
        config = model["config"]
        path = _join(scope, str(config.get("name") or model.get("class_name") or "model"))
        if config.get("input_layers") and config.get("output_layers"):
            return self._draw_functional(config, path, feeds, depth)
        for layer in config["layers"]:
            feeds = self._draw_layer(layer, path, feeds, depth)
        return feeds

    def _draw_functional(self, config: Layer, path: str, feeds: list[str], depth: int) -> list[str]:
        given: dict[str, list[str]] = {}  # name of a layer -> the nodes that its outputs come from

        def resolve(name: str, index: int) -> str:
            known = given.get(name, [_join(path, name)])
            return known[min(index, len(known) - 1)] if known else _join(path, name)

        fed = dict(zip((name for name, _ in _references(config["input_layers"])), feeds, strict=False))
        for layer in config["layers"]:
            name = layer["config"]["name"]
            sources = [resolve(*reference) for reference in _inbound(layer)]
            sources += [fed[name]] if name in fed else []
            given[name] = self._draw_layer(layer, path, sources, depth)
        return [resolve(*reference) for reference in _references(config["output_layers"])]

    def _draw_layer(self, layer: Layer, path: str, sources: list[str], depth: int) -> list[str]:
        config = layer["config"]
        if config.get("layers") is not None:
            return self.draw(layer, path, sources, depth - 1)
        name = _join(path, str(config["name"]))
        attributes = {key: _text(value) for key, value in config.items() if key not in ("name", "dtype")}
        attributes["keras_class"] = _text(layer.get("class_name", ""))
        attributes |= _tensor(config)
        self.nodes.append(Node(name, "", "", sources, {key: memoryview(value) for key, value in attributes.items()}))
        return [name]


def _inbound(layer: Layer) -> Iterator[tuple[str, int]]:
    for call in layer.get("inbound_nodes") or []:
        if isinstance(call, dict):
            yield from _histories([call.get("args"), call.get("kwargs")])
        else:
            yield from _references(call)


def _histories(value: object) -> Iterator[tuple[str, int]]:
    """Name of the layer and number of its output for each tensor in the arguments of a call."""
    if isinstance(value, dict):
        history = value.get("config", {}).get("keras_history") if isinstance(value.get("config"), dict) else None
        if history:
            yield str(history[0]), int(history[2])
        else:
            yield from _histories(list(value.values()))
    elif isinstance(value, list):
        for item in value:
            yield from _histories(item)


def _references(value: object) -> Iterator[tuple[str, int]]:
    """The same of [layer, node, tensor] or a list of such."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield value[0], int(value[2]) if len(value) > 2 else 0
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def _tensor(config: Layer) -> dict[str, bytes]:
    """Shape and dtype, as far as a layer's configuration tells them."""
    attributes = {}
    dtype = config.get("dtype")
    if isinstance(dtype, dict):
        dtype = dtype.get("config", {}).get("name")
    if isinstance(dtype, str) and dtype in DATA_TYPE_OF:
        attributes["dtype"] = int_field(6, DATA_TYPE_OF[dtype])
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    if isinstance(shape, list) and all(size is None or isinstance(size, int) for size in shape):
        sizes = (bytes_field(2, int_field(1, -1 if size is None else size)) for size in shape)
        attributes["shape"] = bytes_field(7, b"".join(sizes))
    return attributes


def _text(value: object) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return bytes_field(2, text.encode("utf-8", "replace"))


def _join(scope: str, name: str) -> str:
    return f"{scope}/{name}" if scope else name
