"""Forms of TensorFlow 1 -> what the modern ones say: Summary.Image, Audio, HistogramProto, and names of tags."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import CONTENT, DOUBLE, FIXED64, FLOAT, INT, Malformed, numbers, packed, singular

# What the ops of TensorFlow 1, torch and tensorboardX append to the name that was given; images are numbered.
_SUFFIX: Final = re.compile(r"(?<=.)/(?:(?:scalar|histogram|image|audio|text)_summary|pr_curves)(/\d+)?$")


def given_name(tag: str) -> str:
    """The tag without what writers append to it by themselves: `a/image_summary/1` -> `a/1`."""
    return _SUFFIX.sub(r"\1", tag)


def image_of_summary(body: bytes) -> tuple[int, int, bytes]:
    """Width and height in pixels, as logged, and the encoded image of a Summary.Image.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    height, width, encoded = singular(body, "Summary.Image", {1: INT, 2: INT, 4: CONTENT})
    return width, height, encoded


def audio_of_summary(body: bytes) -> tuple[bytes, float]:
    """The encoded clip and its sample rate in Hz, as logged, of a Summary.Audio.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    rate, encoded = singular(body, "Summary.Audio", {1: FLOAT, 4: CONTENT})
    return encoded, rate


def buckets_of_histogram(body: bytes) -> NDArray[np.float64]:
    """[k, 3] of a HistogramProto: left edge, right edge, count.

    Empty buckets at both ends are left out, and the outermost edges become the least and greatest value, as
    TensorBoard's data_compat.py has it, but in float64 and only where these are finite and on their side of the bucket.

    Raises:
        Malformed: the bytes are not protobuf, or there are not as many edges as counts.
    """
    least, greatest = singular(body, "HistogramProto", {1: DOUBLE, 2: DOUBLE})
    limits, counts = (
        numbers(packed(body, "HistogramProto", number, FIXED64), "<f8", f"HistogramProto.{name}")
        for number, name in ((6, "bucket_limit"), (7, "bucket"))
    )
    if len(limits) != len(counts):
        raise Malformed(f"HistogramProto: {len(limits)} bucket limits, want as many as buckets: {len(counts)}")
    counted = np.flatnonzero(counts != 0)
    if len(counted) == 0:
        return np.zeros((0, 3))
    first, last = int(counted[0]), int(counted[-1])
    rights = limits[first : last + 1].copy()
    lefts = np.concatenate([limits[max(first - 1, 0)][None], rights[:-1]])
    if np.isfinite(least) and least <= rights[0]:
        lefts[0] = least
    if np.isfinite(greatest) and greatest >= lefts[-1]:
        rights[-1] = greatest
    return np.column_stack([lefts, rights, counts[first : last + 1]])
