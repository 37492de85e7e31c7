"""Sounds: which steps there are, what one is, its bytes. Contract: docs/kinds/audio.md."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from runlens.api.entries import LazyPayload, entries_query, find_row, info_query, number_below
from runlens.api.payload import Blob
from runlens.api.question import NotFound
from runlens.wire.fields import Malformed
from runlens.wire.value import Clip, clips_of

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index
    from runlens.wire.stretch import Stretch

KIND: Final = "audio"

# First bytes -> media type. What is not here no browser is handed, whatever a log calls it.
_MAGIC: Final = (
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
)
_ENDLESS: Final = 0xFFFF_FFFF  # the size that a program writes which could not go back when it knew it
_MOST_CHANNELS: Final = 32
_MOST_RATE: Final = 1_000_000  # Hz

# wFormatTag of the WAV format -> bits of a sample that are understood.
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_BITS: Final = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64)}


def clip(index: Index, parameters: Mapping[str, str]) -> Blob:
    """One sound as it was logged."""
    clips = _clips(find_row(index, KIND, parameters))
    encoded = clips[number_below(parameters, "sample", len(clips))].encoded
    return Blob(encoded, _type_of(encoded))


def samples_of(entry: Entry) -> list[dict[str, Any]]:
    """What each sound of a row is, or why it cannot be heard."""
    return [_describe(clip) for clip in _clips(entry)]


QUERIES = {"entries": entries_query(KIND), "info": info_query(KIND, samples_of)}
BLOBS = {"clip": clip}


def _clips(entry: Entry) -> list[Clip]:
    try:
        return clips_of(entry.form, LazyPayload(entry))
    except Malformed as error:
        raise NotFound(str(error)) from None


def _describe(clip: Clip) -> dict[str, Any]:
    about = {"label": clip.label, "bytes": len(clip.encoded)}
    try:
        media_type = _type_of(clip.encoded)
        found = _wav(clip.encoded) if media_type == "audio/wav" else {"sample_rate": clip.sample_rate}
    except NotFound as error:
        return {**about, "error": str(error)}
    return {**about, "error": None, "media_type": media_type, "channels": None, "frames": None, **found}


def _type_of(encoded: Stretch) -> str:
    for magic, media_type in _MAGIC:
        if magic.match(encoded[:16]):
            return media_type
    start = encoded[:8].hex(" ") or "nothing"
    raise NotFound(f"not a sound: it begins with {start}, want WAV, Ogg, FLAC or MP3")


def _wav(encoded: Stretch) -> dict[str, Any]:
    """Sample rate in Hz, channels and frames of a WAV file (Microsoft and IBM, RIFF 1.0), which must be whole."""
    shape: tuple[int, int, int] | None = None  # rate, channels, bytes a frame
    for name, start, size in _chunks(encoded):
        left = len(encoded) - start
        if name == b"fmt ":
            shape = _wav_format(encoded[start : start + min(size, 26)])
        elif name == b"data" and shape:
            rate, channels, frame_size = shape
            sound = left if size == _ENDLESS else size
            if sound > left:
                raise NotFound(f"the WAV file was cut: {left} bytes of sound are left, it says {sound}")
            return {"sample_rate": rate, "channels": channels, "frames": sound // frame_size}
    raise NotFound(f"the WAV file has no {'data' if shape else 'format'} in its {len(encoded)} bytes")


def _chunks(encoded: Stretch) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size in bytes of each chunk, as the file has it."""
    at = 12
    while at + 8 <= len(encoded):
        name, size = struct.unpack("<4sI", encoded[at : at + 8])
        yield name, at + 8, size
        at += 8 + size + size % 2


def _wav_format(chunk: bytes) -> tuple[int, int, int]:
    if len(chunk) < 16:
        raise NotFound(f"the WAV file says its format in {len(chunk)} bytes, want 16")
    form, channels, rate, _, frame_size, bits = struct.unpack_from("<HHIIHH", chunk)
    if form == _EXTENSIBLE and len(chunk) >= 26:
        (form,) = struct.unpack_from("<H", chunk, 24)
    known = bits in _BITS.get(form, ()) and frame_size == channels * bits // 8
    if not known or not 0 < channels <= _MOST_CHANNELS or not 0 < rate <= _MOST_RATE:
        said = f"format {form}, {channels} channels, {rate} Hz, {bits} bits, {frame_size} bytes a frame"
        raise NotFound(f"the WAV file says {said}, want PCM or floats that fit together")
    return rate, channels, frame_size
