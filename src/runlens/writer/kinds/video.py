"""video: moving pictures per step. Frames become an animated GIF; an encoded video is stored as it is.

A GIF is stored as torch stores it, as an image, which TensorBoard plays. Other videos are a tensor of two strings, the
media type and the file, under a plugin name of our own: TensorBoard would show a broken image in their place.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, media, tensor
from runlens.writer import gif, pixels
from runlens.writer.arguments import describe

METADATA = event.metadata("runlens_video", data_class=event.DATA_CLASS_BLOB_SEQUENCE)
MOST_BYTES = 2**31 - 2**16  # protobuf's readers take messages of less than 2 GB
SHORTEST_DELAY = 2  # hundredths of a second; what is shown shorter, browsers show for ten
RGB = 3


@dataclass(frozen=True, slots=True)
class Frames:
    """Videos that are to make one: [N, T, height, width, channels] of any real dtype."""

    pixels: NDArray[Any]
    fps: float

    @property
    def size(self) -> int:
        """Bytes of the pixels."""
        return self.pixels.nbytes

    @property
    def has_nan(self) -> bool:
        """Whether a pixel is no number."""
        return pixels.has_nan(self.pixels)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of a GIF in which the videos run side by side."""
        frames = pixels.tiled(pixels.as_bytes(self.pixels), *_grid(len(self.pixels)))
        _, height, width, channels = frames.shape
        encoded = gif.animation(frames, _delays(len(frames), self.fps))
        return event.summary(media.image_value(tag, height, width, channels, encoded))


@dataclass(frozen=True, slots=True)
class Encoded:
    """A video file."""

    content: bytes
    media_type: str

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.content)

    has_nan = False

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of the file as it is."""
        if self.media_type == "image/gif":
            width, height = struct.unpack_from("<2H", self.content, 6)
            return event.summary(media.image_value(tag, height, width, RGB, self.content))
        parts = tensor.of_strings([self.media_type.encode(), self.content], (2,))
        return event.summary(event.tensor_value(tag, parts, METADATA if is_first else b""))


def video(tag: str, value: object, fps: float, dataformats: str) -> Frames | Encoded:
    """A video, checked and copied; a file is read now.

    Raises:
        TypeError: `value` holds no real numbers, or `fps` or `dataformats` is of a wrong type.
        ValueError: shape, `dataformats` or `fps` are wrong, or the file is no MP4, WebM or GIF.
        OSError: the file cannot be read.
    """
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _encoded(tag, bytes(value), describe(value))
    if isinstance(value, (str, os.PathLike)):
        return _encoded(tag, Path(os.fspath(value)).read_bytes(), repr(os.fspath(value)))
    frames = pixels.copy_of(f"video {tag!r}", value, dataformats, axes="NTHWC", needed="THW")
    if frames.shape[-1] not in (1, RGB):
        raise ValueError(f"video {tag!r}: got {frames.shape[-1]} channels, want 1 (gray) or 3 (RGB)")
    rows, columns = _grid(len(frames))
    height, width = frames.shape[2] * rows, frames.shape[3] * columns
    if max(height, width) > gif.MAX_SIZE:
        raise ValueError(f"video {tag!r}: got frames of {height} x {width}, want at most {gif.MAX_SIZE} as a GIF has")
    return Frames(frames, _rate(tag, fps))


def _rate(tag: str, fps: object) -> float:
    want = "want frames per second, a number from 0.002 up"
    try:
        rate = float(fps)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise TypeError(f"fps of video {tag!r}: got {describe(fps)}, {want}") from error
    if not 0.002 <= rate < float("inf"):
        raise ValueError(f"fps of video {tag!r}: got {fps}, {want}")
    return rate


def _encoded(tag: str, content: bytes, source: str) -> Encoded:
    media_type = _media_type(content)
    if media_type is None:
        start = content[:12].hex(" ")
        raise ValueError(f"video {tag!r}: got {source}, which begins with {start or 'nothing'}, want MP4, WebM or GIF")
    if len(content) > MOST_BYTES:
        raise ValueError(f"video {tag!r}: got {len(content)} bytes, want at most {MOST_BYTES}")
    return Encoded(content, media_type)


def _media_type(content: bytes) -> str | None:
    """What the first bytes say: ISO/IEC 14496-12 for MP4, RFC 8794 for WebM's container, GIF89a."""
    if content[4:8] == b"ftyp":
        return "video/mp4"
    if content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]:
        return "video/webm"
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) > 10:
        return "image/gif"
    return None


def _grid(count: int) -> tuple[int, int]:
    """Rows and columns in which torch lays videos out: cells for the next power of two, at least as wide as high."""
    rows = 2 ** ((count.bit_length() - 1) // 2)
    return rows, 2 ** (count - 1).bit_length() // rows


def _delays(count: int, fps: float) -> list[int]:
    """How long each frame is shown, in hundredths of a second, so that the whole lasts `count / fps` seconds."""
    ends = np.round(np.arange(count + 1) * 100 / fps).astype(int)
    return [max(SHORTEST_DELAY, int(delay)) for delay in np.diff(ends)]
