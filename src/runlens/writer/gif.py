"""Frames -> an animated GIF, by the GIF89a specification (CompuServe, 1990).

Pillow reduces the colours and compresses each frame; what holds the frames together is written here, because Pillow
merges equal frames and so loses count of them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIZE = 0xFFFF  # pixels, and hundredths of a second
COLOURS = 256
LOOP_FOREVER = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
KEEP_WHAT_IS_SHOWN = 1 << 2  # disposal method: a frame is drawn over those before it
HAS_COLOURS = 0x80
COLOUR_BITS = 0x07
EXTENSION = 0x21
TRAILER = b";"


def animation(frames: NDArray[np.uint8], delays: Sequence[int]) -> bytes:
    """A GIF that loops forever and has every frame, also one equal to the frame before.

    Gray is exact, and so is a frame of at most 256 colours; others get the 256 that suit them best.

    Args:
        frames: [T, height, width, 1 or 3], sizes up to `MAX_SIZE`.
        delays: for each frame how long it is shown, in hundredths of a second, up to `MAX_SIZE`.
    """
    height, width = frames.shape[1:3]
    parts = [b"GIF89a", struct.pack("<2H3B", width, height, 0, 0, 0), LOOP_FOREVER]
    before = None
    for frame, delay in zip(frames, delays, strict=True):
        left, top, right, bottom = (0, 0, width, height) if before is None else _changed(before, frame)
        bits, colours, indices = _compressed(frame[top:bottom, left:right])
        parts.append(struct.pack("<4BHBB", EXTENSION, 0xF9, 4, KEEP_WHAT_IS_SHOWN, delay, 0, 0))
        parts.append(struct.pack("<c4HB", b",", left, top, right - left, bottom - top, HAS_COLOURS | bits))
        parts += [colours, indices]
        before = frame
    return b"".join([*parts, TRAILER])


def _changed(before: NDArray[np.uint8], frame: NDArray[np.uint8]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what differs; one pixel if nothing does."""
    differs = (before != frame).any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, 1, 1
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def _compressed(pixels: NDArray[np.uint8]) -> tuple[int, bytes, bytes]:
    """The bits that say how many colours there are, the colours, and the compressed indices of the pixels.

    All are taken from the GIF that Pillow makes of one frame: header, colours, extensions, the frame, trailer.
    """
    buffer = io.BytesIO()
    _with_few_colours(pixels).save(buffer, "GIF", interlace=0, optimize=False)
    encoded = buffer.getvalue()
    bits = encoded[10] & COLOUR_BITS
    at = 13 + (3 << bits + 1)
    colours = encoded[13:at]
    while encoded[at] == EXTENSION:
        at += 2
        while encoded[at]:  # sub-blocks, each with its length before it
            at += encoded[at] + 1
        at += 1
    return bits, colours, encoded[at + 10 : -1]


def _with_few_colours(pixels: NDArray[np.uint8]) -> Image:
    from PIL import Image

    if pixels.shape[2] == 1:
        return Image.fromarray(pixels[..., 0])
    image = Image.fromarray(np.ascontiguousarray(pixels))
    if image.getcolors(COLOURS) is not None:
        return image.quantize(COLOURS, Image.Quantize.MEDIANCUT)
    # The palette is chosen among colours of 5 bits a channel: 15 times as fast, and 1 dB worse at most.
    coarse = Image.fromarray(np.ascontiguousarray(pixels & 0xF8 | 4))
    palette = coarse.quantize(COLOURS, Image.Quantize.MEDIANCUT)
    return image.quantize(palette=palette, dither=Image.Dither.NONE)
