"""What was logged at one step, as numpy arrays and Python values."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.buckets import Histogram
from runlens.wire.curve import Curve, curve_of
from runlens.wire.fields import Malformed
from runlens.wire.graph_def import GraphDef, read_graph_def
from runlens.wire.read_layout import Category, read_layout
from runlens.wire.value import blob_of, clips_of, graph_of, histograms_of, images_of, tensor_of, text_of, video_of
from runlens.wire.wav import read_wav

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS: Final = 1 << 29  # of one picture; more is an error instead of all memory


@dataclass(frozen=True, slots=True)
class Sound:
    """One sound: samples of shape (frames, channels), float32 from -1 to 1, and the rate in Hz."""

    samples: NDArray[np.float32]
    sample_rate: int
    label: str
    encoded: bytes


def pictures(form: int, body: bytes) -> list[NDArray[np.uint8]]:
    """The images of a step, each of shape (height, width, channels).

    Raises:
        Malformed: they cannot be decoded, or are too large.
    """
    return [_pixels(encoded) for encoded in images_of(form, body).encoded]


def sounds(form: int, body: bytes) -> list[Sound]:
    """The sounds of a step.

    Raises:
        Malformed: one is no WAV file.
    """
    found = []
    for clip in clips_of(form, body):
        samples, rate = read_wav(clip.encoded)
        found.append(Sound(samples, rate, clip.label, clip.encoded[:]))
    return found


def text(form: int, body: bytes) -> Any:  # noqa: ANN401 - str, or an array of str
    """A str; an object array of str where a tensor of texts was logged."""
    cells = text_of(form, body)
    return cells.item() if cells.size == 1 and cells.ndim < 2 else cells


def histogram(form: int, body: bytes) -> Histogram:
    """Buckets as they were logged."""
    (found,) = histograms_of([form], [body])
    if isinstance(found, Malformed):
        raise found
    return found


def pr_curve(form: int, body: bytes) -> Curve:
    """Counts and curves at thresholds.

    Raises:
        Malformed: as `wire/curve.py` has it.
    """
    return curve_of(tensor_of(form, body))


def graph(form: int, body: bytes) -> GraphDef:
    """The nodes of a graph and its functions."""
    return read_graph_def(graph_of(form, body))


def layout(form: int, body: bytes) -> list[Category]:
    """The categories of a layout of custom scalars."""
    return read_layout(blob_of(form, body))


# Kind -> what makes a value of a payload.
DECODERS: Final[Mapping[str, Callable[[int, bytes], Any]]] = {
    "image": pictures,
    "audio": sounds,
    "text": text,
    "histogram": histogram,
    "pr_curve": pr_curve,
    "video": lambda form, body: video_of(form, body)[:],
    "mesh": tensor_of,
    "graph": graph,
    "custom_scalars": layout,
    "tensor": tensor_of,
}


def _pixels(encoded: bytes) -> NDArray[np.uint8]:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and an error
    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            if math.prod(opened.size) > MAX_PIXELS:
                raise Malformed(f"image: {opened.width} x {opened.height} pixels, want at most {MAX_PIXELS}")
            pixels = np.asarray(_plain(opened))
    except Malformed:
        raise
    except Exception as error:  # whatever a decoder raises at hostile bytes
        raise Malformed(f"image: {error}") from None
    return pixels[:, :, None] if pixels.ndim == 2 else pixels


def _plain(opened: Image) -> Image:
    """With a byte per channel: grey, grey and alpha, RGB or RGBA."""
    if opened.mode in ("L", "LA", "RGB", "RGBA"):
        return opened
    return opened.convert("RGBA" if "transparency" in opened.info or opened.mode == "PA" else "RGB")
