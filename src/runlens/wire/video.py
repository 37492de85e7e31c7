"""When each frame of a video file is shown: WebM by RFC 9559 (Matroska), MP4 by `mp4.py`."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import Malformed
from runlens.wire.mp4 import times_of_mp4
from runlens.wire.stretch import Stretch

WEBM: Final = "video/webm"
MP4: Final = "video/mp4"
MAX_FRAMES: Final = 1 << 20

# Ids of WebM. What holds other elements is entered, its size not looked at: a stream does not know it.
_ENTERED: Final = {0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE, 0xA0, 0x1549A966}  # segment, cluster, tracks, track, …
_SCALE, _NUMBER, _TYPE, _TIME = 0x2AD7B1, 0xD7, 0x83, 0xE7
_BLOCKS: Final = {0xA3, 0xA1}
_VIDEO_TRACK: Final = 1


def media_type_of(encoded: Stretch) -> str | None:
    """What the first bytes say; None for what is neither."""
    if encoded[4:8] == b"ftyp":
        return MP4
    if encoded[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in encoded[:64]:
        return WEBM
    return None


def frame_times(encoded: Stretch) -> NDArray[np.float64]:
    """Seconds from the first frame at which each frame is shown, ascending; none where the file does not say.

    Raises:
        Malformed: the bytes end within what tells it, or it contradicts itself.
    """
    try:
        times = _times_of_webm(encoded) if media_type_of(encoded) == WEBM else times_of_mp4(encoded, MAX_FRAMES)
    except (struct.error, IndexError):
        raise Malformed(f"video: {len(encoded)} bytes end within the description of the frames") from None
    if len(times) > MAX_FRAMES:
        raise Malformed(f"video: got {len(times)} frames, want at most {MAX_FRAMES}")
    ascending = np.sort(times)
    return ascending - ascending[:1]


def _times_of_webm(encoded: Stretch) -> NDArray[np.float64]:
    # Nanoseconds of a tick, ticks of the cluster, and the track that is described.
    said = {_SCALE: 1_000_000, _TIME: 0, _NUMBER: 0, _TYPE: 0}
    video = None
    ticks = []
    for name, start, stop in _elements(encoded):
        if name in _BLOCKS:
            track, at = _vint(encoded, start)
            if track == video:
                ticks.append(said[_TIME] + struct.unpack(">h", encoded[at : at + 2])[0])
        elif name in said:
            said[name] = int.from_bytes(encoded[start : min(stop, start + 8)], "big")
            if name == _TYPE and said[_TYPE] == _VIDEO_TRACK and video is None:
                video = said[_NUMBER]
    return np.array(ticks, np.float64) * (said[_SCALE] / 1e9)


def _elements(encoded: Stretch) -> Iterator[tuple[int, int, int]]:
    """Id, first byte of the content and the one after the last, of all elements on the way to the frames."""
    at = 0
    while at < len(encoded):
        width = 9 - encoded[at].bit_length()
        if width > 4:
            raise Malformed(f"WebM: no element at byte {at}")
        name = int.from_bytes(encoded[at : at + width], "big")
        size, start = _vint(encoded, at + width)
        yield name, start, start + size
        at = start if name in _ENTERED else start + size


def _vint(encoded: Stretch, at: int) -> tuple[int, int]:
    """A number of variable width, and the byte after it."""
    width = 9 - encoded[at].bit_length()
    if width > 8:
        raise Malformed(f"WebM: a number at byte {at} without a width")
    if at + width > len(encoded):
        raise IndexError
    return int.from_bytes(encoded[at : at + width], "big") & ((1 << 7 * width) - 1), at + width
