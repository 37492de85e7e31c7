"""What the metadata of a mesh say (MeshPluginData), and what a value of it is."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import INT, TEXT, Malformed, singular
from runlens.wire.value import tensor_of

if TYPE_CHECKING:
    from runlens.wire.scan import Tag

VERTEX, FACE, COLOR = 1, 2, 3  # ContentType
MAX_VERTICES: Final = 10_000_000
MAX_FACES: Final = 20_000_000
MAX_CONFIG: Final = 1 << 20  # bytes
FARTHEST: Final = 1e15  # its square is still a float32
_WHITE: Final = 255

# How writers name the parts: TensorFlow and torch by words, tensorboardX by numbers.
_ENDINGS: Final = {"VERTEX": VERTEX, "FACE": FACE, "COLOR": COLOR, "1": VERTEX, "2": FACE, "3": COLOR}


@dataclass(frozen=True, slots=True)
class Part:
    """What a tag is a part of: the name that was given to the mesh, which part, and how it is to be shown."""

    name: str
    content_type: int
    config: str  # JSON


def part_of(tag: Tag) -> Part:
    """By its metadata, or where these say nothing, by its own name."""
    try:
        name, content_type, config = singular(tag.content, "MeshPluginData", {2: TEXT, 3: INT, 5: TEXT})
    except Malformed:
        name, content_type, config = "", 0, ""
    ending = re.fullmatch(r"(.*)_(VERTEX|FACE|COLOR|[123])", tag.name, re.DOTALL)
    if not name:
        name = ending[1] if ending else tag.name
    if content_type not in (VERTEX, FACE, COLOR):
        content_type = _ENDINGS[ending[2]] if ending else VERTEX
    return Part(name, content_type, config)


def config_of(part: Part) -> dict[str, Any]:
    """How the mesh is to be shown, as far as it is an object of JSON."""
    try:
        config = json.loads(part.config) if 0 < len(part.config) <= MAX_CONFIG else {}
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def vertices_of(form: int, body: bytes) -> NDArray[np.float32]:
    """[batch, n, 3], all of them finite."""
    given = _batches("vertices", form, body, MAX_VERTICES)
    with np.errstate(over="ignore"):
        vertices = given.astype(np.float32)
    beyond = int(np.count_nonzero(~(np.abs(vertices) < FARTHEST)))
    if beyond:
        raise Malformed(f"mesh: {beyond} of {vertices.size} coordinates are no number below {FARTHEST:g}")
    return vertices


def faces_of(form: int, body: bytes, shape: tuple[int, ...]) -> NDArray[np.int32]:
    """[batch, m, 3], indices of vertices, which have this shape."""
    faces = _batches("faces", form, body, MAX_FACES)
    if len(faces) != shape[0]:
        raise Malformed(f"mesh: faces of {len(faces)} meshes, vertices of {shape[0]}")
    if faces.size and not (faces.min() >= 0 and faces.max() < shape[1]):
        raise Malformed(f"mesh: faces name vertices {faces.min()} to {faces.max()}, there are {shape[1]}")
    return faces.astype(np.int32)


def colours_of(form: int, body: bytes, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """[batch, n, 3], 0 to 255; floats of which none is beyond 1 are 0 to 1."""
    colours = _batches("colours", form, body, MAX_VERTICES)
    if colours.shape != shape:
        raise Malformed(f"mesh: colours of shape {colours.shape}, vertices of shape {shape}")
    if colours.dtype.kind == "f" and colours.size and colours.max() <= 1:
        colours = colours * _WHITE
    return np.asarray(np.nan_to_num(colours).clip(0, _WHITE), np.uint8)


def _batches(what: str, form: int, body: bytes, most: int) -> NDArray[Any]:
    tensor = tensor_of(form, body)
    if tensor.ndim != 3 or tensor.shape[2] != 3 or tensor.dtype.kind not in "fiu" or not len(tensor):
        raise Malformed(f"mesh: {what} are {tensor.dtype} of shape {tensor.shape}, want numbers of shape (batch, n, 3)")
    if tensor.shape[1] > most:
        raise Malformed(f"mesh: {tensor.shape[1]} {what}, want at most {most}")
    return tensor
