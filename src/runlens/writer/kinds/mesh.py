"""mesh: points in space and triangles between them, per step; several in a batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, int_field, text_field, varint
from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

# MeshPluginData.ContentType, and the dtype that TensorBoard's mesh plugin sends to its page.
PARTS: dict[str, tuple[int, type[np.generic]]] = {
    "VERTEX": (1, np.float32),
    "FACE": (2, np.int32),
    "COLOR": (3, np.uint8),
}
WHITE = 255


@dataclass(frozen=True, slots=True)
class Mesh:
    """Vertices [B, N, 3], and perhaps faces [B, M, 3] and colours [B, N, 3], under the names of `PARTS`."""

    tag: str
    parts: dict[str, NDArray[Any]]
    config: str  # JSON

    @property
    def size(self) -> int:
        """Bytes of all parts."""
        return sum(part.nbytes for part in self.parts.values())

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary with a tensor for each part.

        What each is stands with every value, as with torch, because another time other parts may be there.
        """
        components = sum(1 << PARTS[name][0] for name in self.parts)
        return event.summary(*(self._value(name, part, components) for name, part in self.parts.items()))

    def _value(self, name: str, part: NDArray[Any], components: int) -> bytes:
        content_type, dtype = PARTS[name]
        if name == "COLOR":
            part = _as_colour_bytes(part)
        content = text_field(2, self.tag) + int_field(3, content_type) + text_field(5, self.config)
        content += bytes_field(6, b"".join(varint(size) for size in part.shape)) + int_field(7, components)
        metadata = event.metadata("mesh", content, event.DATA_CLASS_TENSOR)
        return event.tensor_value(f"{self.tag}_{name}", tensor.of_array(part.astype(dtype)), metadata)


def mesh(tag: str, vertices: object, colors: object, faces: object, config_dict: object) -> Mesh:
    """A mesh, checked and copied.

    Raises:
        TypeError: an array holds no real numbers, or `config_dict` is no dict that JSON can hold.
        ValueError: an array is neither [n, 3] nor [batch, n, 3], two do not fit each other, a face names a vertex
            that is not there, or a colour is outside 0 to 255.
    """
    points = _batch(tag, "vertices", vertices)
    parts = {"VERTEX": points}
    if faces is not None:
        parts["FACE"] = _faces(tag, faces, points.shape)
    if colors is not None:
        parts["COLOR"] = _colours(tag, colors, points.shape)
    return Mesh(tag, parts, _config(tag, config_dict))


def _batch(tag: str, name: str, value: object) -> NDArray[Any]:
    """[B, n, 3], made of [n, 3] if need be."""
    array = snapshot(f"{name} of mesh {tag!r}", value)
    if array.dtype.kind == "c":
        raise TypeError(f"{name} of mesh {tag!r}: got complex numbers, want real ones")
    if array.ndim not in (2, 3) or array.shape[-1] != 3 or 0 in array.shape[:-2]:
        raise ValueError(f"{name} of mesh {tag!r}: got shape {array.shape}, want [batch, n, 3] or [n, 3]")
    return array if array.ndim == 3 else array[np.newaxis]


def _faces(tag: str, value: object, shape: tuple[int, ...]) -> NDArray[Any]:
    faces = _batch(tag, "faces", value)
    if len(faces) != shape[0]:
        raise ValueError(f"faces of mesh {tag!r}: got a batch of {len(faces)}, want {shape[0]} as of vertices {shape}")
    if faces.size:
        low, high = faces.min(), faces.max()
        if not (low >= 0 and high < shape[1]):
            want = f"want indices from 0 to {shape[1] - 1} of the vertices"
            raise ValueError(f"faces of mesh {tag!r}: got indices from {low} to {high}, {want}")
    return faces


def _colours(tag: str, value: object, shape: tuple[int, ...]) -> NDArray[Any]:
    colours = _batch(tag, "colors", value)
    if colours.shape != shape:
        raise ValueError(f"colors of mesh {tag!r}: got shape {colours.shape}, want {shape} as of vertices")
    if colours.size:
        low, high = colours.min(), colours.max()
        if not (low >= 0 and high <= WHITE):
            want = "want 0 to 255, or floats from 0 to 1"
            raise ValueError(f"colors of mesh {tag!r}: got values from {low} to {high}, {want}")
    return colours


def _as_colour_bytes(colours: NDArray[Any]) -> NDArray[Any]:
    """0 to 255, the fraction cut off; floats of which none is beyond 1 are 0 to 1."""
    if colours.dtype.kind == "f" and colours.size and colours.max() <= 1:
        return colours.astype(np.float32) * WHITE
    return colours


def _config(tag: str, config: object) -> str:
    if config is None:
        return "{}"
    want = "want a dict that JSON can hold"
    if not isinstance(config, Mapping):
        raise TypeError(f"config_dict of mesh {tag!r}: got {describe(config)}, {want}")
    try:
        return json.dumps(dict(config), sort_keys=True)
    except (TypeError, ValueError) as error:
        raise TypeError(f"config_dict of mesh {tag!r}: got {describe(config)}, {want} ({error})") from error
