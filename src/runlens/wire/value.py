"""What one payload says, whatever its historic form: each kind asks here and gets the same shape.

`form` is the field in which the payload lay (see `wire/plugins.py`). All raise Malformed for bytes that are not what
the form says, and for a form that the question does not fit; it names what was found and what is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import located
from runlens.wire.array import array_of
from runlens.wire.buckets import (
    BucketTable,
    Histogram,
    buckets_in_table,
    histogram_of_buckets,
    read_buckets,
    read_histograms,
)
from runlens.wire.fields import CONTENT, TEXT, Malformed, singular
from runlens.wire.legacy import audio_of_summary, image_of_summary
from runlens.wire.stretch import Stretch

IMAGE, HISTOGRAM, AUDIO, TENSOR, METADATA = 4, 5, 6, 8, 9  # forms: fields of Summary.Value
LONGEST_LABEL = 10_000  # bytes of a sound's label that are told
GRAPH, RUN_METADATA, META_GRAPH = 104, 108, 109  # fields of Event, plus 100


@dataclass(frozen=True, slots=True)
class Images:
    """The images of one step. Width and height are pixels as the writer said them, 0 where it did not."""

    width: int
    height: int
    encoded: list[bytes]  # PNG, GIF, …


@dataclass(frozen=True, slots=True)
class Clip:
    """One sound. What its content type was said to be is left out: the bytes say it, and a browser would trust it."""

    encoded: Stretch  # not read yet where the value was not
    label: str
    sample_rate: float | None  # Hz, where the writer said it


def tensor_of(form: int, body: bytes) -> NDArray[Any]:
    """A tensor of any dtype and shape; see `array_of`."""
    if form != TENSOR:
        raise _misfit(form, "a tensor")
    return array_of(body)


def histograms_of(forms: Sequence[int], bodies: Sequence[bytes]) -> list[Histogram | Malformed]:
    """What each histogram says, in its place; or what is wrong with it, which is returned, not raised."""
    found: list[Histogram | Malformed] = [_misfit(form, "a histogram") for form in forms]
    old = [i for i, form in enumerate(forms) if form == HISTOGRAM]
    for i, histogram in zip(old, read_histograms([bodies[i] for i in old]), strict=True):
        found[i] = histogram
    for i in (i for i, form in enumerate(forms) if form == TENSOR):
        try:
            found[i] = histogram_of_buckets(tensor_of(TENSOR, bodies[i]))
        except Malformed as error:
            found[i] = error
    return found


def buckets_of(forms: Sequence[int], bodies: Sequence[bytes]) -> BucketTable:
    """The buckets alone of many histograms; what is wrong with one stands in its place."""
    if all(form == HISTOGRAM for form in forms):
        return read_buckets(list(bodies))
    return buckets_in_table(histograms_of(forms, bodies))


def images_of(form: int, body: bytes) -> Images:
    """The encoded images of one step."""
    if form == IMAGE:
        width, height, encoded = image_of_summary(body)
        return Images(max(width, 0), max(height, 0), [encoded])
    parts = _strings_of(form, body, "an image")
    if parts.ndim != 1 or len(parts) < 2:
        raise Malformed(f"image: got strings of shape {parts.shape}, want width, height and the images in a row")
    return Images(_pixels(parts[0]), _pixels(parts[1]), list(parts[2:]))


def clips_of(form: int, body: Stretch) -> list[Clip]:
    """The sounds of one step."""
    if form == AUDIO:
        encoded, rate = audio_of_summary(body)
        return [Clip(encoded, "", rate if 0 < rate < np.inf else None)]
    parts = _located_strings(form, body, "a sound")
    if parts.ndim == 1:
        parts = np.column_stack([parts, np.full(len(parts), b"", object)])
    if parts.ndim != 2 or parts.shape[1] != 2:
        raise Malformed(f"audio: got strings of shape {parts.shape}, want (k,) or (k, 2): clip and label")
    return [Clip(clip, label[:LONGEST_LABEL].decode("utf-8", "replace"), None) for clip, label in parts]


def video_of(form: int, body: Stretch) -> Stretch:
    """The video file of one step, unread. What its media type was said to be is left out, as of a sound."""
    parts = _located_strings(form, body, "a video")
    if parts.shape != (2,):
        raise Malformed(f"video: got strings of shape {parts.shape}, want media type and file")
    file: Stretch = parts[1]
    return file


def text_of(form: int, body: bytes) -> NDArray[np.object_]:
    """An object array of str, of any shape. What is no UTF-8 is replaced."""
    parts = _strings_of(form, body, "a text")
    texts = np.empty(parts.size, object)
    texts[:] = [part.decode("utf-8", "replace") for part in parts.ravel()]
    return texts.reshape(parts.shape)


def blob_of(form: int, body: bytes) -> bytes:
    """The one string in a tensor: a layout, a Keras model, RunMetadata."""
    parts = _strings_of(form, body, "one string")
    if parts.size != 1:
        raise Malformed(f"tensor: got {parts.size} strings, want one")
    return bytes(parts.item())


def graph_of(form: int, body: bytes) -> bytes:
    """A serialized GraphDef, from the event's graph_def or the one in its meta_graph_def."""
    if form == GRAPH:
        return body
    if form != META_GRAPH:
        raise _misfit(form, "a graph")
    (graph,) = singular(body, "MetaGraphDef", {2: CONTENT})
    return bytes(graph)


def run_metadata_of(form: int, body: bytes) -> tuple[str, bytes]:
    """The tag under which an event's RunMetadata were logged, and these, serialized."""
    if form != RUN_METADATA:
        raise _misfit(form, "RunMetadata")
    tag, metadata = singular(body, "TaggedRunMetadata", {1: TEXT, 2: CONTENT})
    return tag, metadata


def plugin_content_of(form: int, body: bytes) -> bytes:
    """The content of plugin_data in a SummaryMetadata: of hparams this is all there is."""
    if form != METADATA:
        raise _misfit(form, "metadata")
    (plugin_data,) = singular(body, "SummaryMetadata", {1: CONTENT})
    (content,) = singular(plugin_data, "PluginData", {2: CONTENT})
    return bytes(content)


def _strings_of(form: int, body: bytes, wanted: str) -> NDArray[Any]:
    if form != TENSOR:
        raise _misfit(form, wanted)
    return _checked_strings(array_of(body), wanted)


def _located_strings(form: int, body: Stretch, wanted: str) -> NDArray[Any]:
    """The strings as stretches: nothing of them is read."""
    if form != TENSOR:
        raise _misfit(form, wanted)
    return _checked_strings(located.strings_of(body), wanted)


def _checked_strings(parts: NDArray[Any], wanted: str) -> NDArray[Any]:
    if parts.dtype != object:
        raise Malformed(f"tensor: got elements of {parts.dtype}, want strings: {wanted}")
    return parts


def _misfit(form: int, wanted: str) -> Malformed:
    return Malformed(f"form {form} of a value cannot hold {wanted}")


def _pixels(text: bytes) -> int:
    return int(text) if text.isdigit() and len(text) < 10 else 0
