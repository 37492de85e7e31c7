"""Forms of TensorFlow 1 -> what the modern ones say: Summary.Image and Audio, and names of tags."""

from __future__ import annotations

import re
from typing import Final

from runlens.wire.fields import CONTENT, FLOAT, INT, singular
from runlens.wire.located import long_fields
from runlens.wire.stretch import Part, Stretch

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


def audio_of_summary(body: Stretch) -> tuple[Stretch, float]:
    """The encoded clip, unread, and its sample rate in Hz, as logged, of a Summary.Audio.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    clips, beside = long_fields(body, "Summary.Audio", 4)
    (rate,) = singular(beside, "Summary.Audio", {1: FLOAT})
    return Part(body, clips[-1] if clips else slice(0)), rate
