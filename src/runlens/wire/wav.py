"""WAV files -> samples (Microsoft and IBM, RIFF 1.0)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import Malformed
from runlens.wire.stretch import Stretch

_ENDLESS: Final = 0xFFFF_FFFF  # the size that a program writes which could not go back when it knew it
_MOST_CHANNELS: Final = 32
_MOST_RATE: Final = 1_000_000  # Hz

# wFormatTag -> bits of a sample that are understood.
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_BITS: Final = {_PCM: (8, 16, 24, 32), _FLOAT: (32, 64)}


@dataclass(frozen=True, slots=True)
class Wav:
    """What a WAV file says of itself, and where its samples lie."""

    form: int
    channels: int
    sample_rate: int  # Hz
    bits: int
    frame_size: int  # bytes
    begins: int
    size: int  # bytes

    @property
    def frames(self) -> int:
        """How many samples each channel has."""
        return self.size // self.frame_size


def look_at_wav(encoded: Stretch) -> Wav:
    """The head of a WAV file, of which only that much is read.

    Raises:
        Malformed: it is none, it was cut, or its format is not understood.
    """
    said: tuple[int, int, int, int, int] | None = None
    for name, start, size in _chunks(encoded):
        left = len(encoded) - start
        if name == b"fmt ":
            said = _format(encoded[start : start + min(size, 26)])
        elif name == b"data" and said:
            sound = left if size == _ENDLESS else size
            if sound > left:
                raise Malformed(f"the WAV file was cut: {left} bytes of sound are left, it says {sound}")
            return Wav(*said, start, sound)
    raise Malformed(f"the WAV file has no {'data' if said else 'format'} in its {len(encoded)} bytes")


def read_wav(encoded: Stretch) -> tuple[NDArray[np.float32], int]:
    """Samples of shape (frames, channels) from -1 to 1, and their rate in Hz.

    Raises:
        Malformed: as `look_at_wav`, or it is no WAV file.
    """
    if encoded[:4] != b"RIFF" or encoded[8:12] != b"WAVE":
        raise Malformed(f"not a WAV file: it begins with {encoded[:4].hex(' ') or 'nothing'}")
    wav = look_at_wav(encoded)
    body = encoded[wav.begins : wav.begins + wav.frames * wav.frame_size]
    return _samples(body, wav).reshape(-1, wav.channels), wav.sample_rate


def _samples(body: bytes, wav: Wav) -> NDArray[np.float32]:
    if wav.form == _FLOAT:
        return np.frombuffer(body, f"<f{wav.bits // 8}").astype(np.float32)
    if wav.bits == 8:  # the only size without a sign
        return _from_integers(np.frombuffer(body, np.uint8).astype(np.int16) - 128, 8)
    if wav.bits == 24:
        wide = np.zeros((len(body) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(body, np.uint8).reshape(-1, 3)
        return _from_integers(wide.view("<i4").ravel(), 32)
    return _from_integers(np.frombuffer(body, f"<i{wav.bits // 8}"), wav.bits)


def _from_integers(samples: NDArray[Any], bits: int) -> NDArray[np.float32]:
    scaled: NDArray[np.float64] = np.multiply(samples, 2.0 ** (1 - bits), dtype=np.float64)
    return scaled.astype(np.float32)


def _chunks(encoded: Stretch) -> Iterator[tuple[bytes, int, int]]:
    """Name, place and size in bytes of each chunk, as the file has it."""
    at = 12
    while at + 8 <= len(encoded):
        name, size = struct.unpack("<4sI", encoded[at : at + 8])
        yield name, at + 8, size
        at += 8 + size + size % 2


def _format(chunk: bytes) -> tuple[int, int, int, int, int]:
    if len(chunk) < 16:
        raise Malformed(f"the WAV file says its format in {len(chunk)} bytes, want 16")
    form, channels, rate, _, frame_size, bits = struct.unpack_from("<HHIIHH", chunk)
    if form == _EXTENSIBLE and len(chunk) >= 26:
        (form,) = struct.unpack_from("<H", chunk, 24)
    known = bits in _BITS.get(form, ()) and frame_size == channels * bits // 8
    if not known or not 0 < channels <= _MOST_CHANNELS or not 0 < rate <= _MOST_RATE:
        said = f"format {form}, {channels} channels, {rate} Hz, {bits} bits, {frame_size} bytes a frame"
        raise Malformed(f"the WAV file says {said}, want PCM or floats that fit together")
    return form, channels, rate, bits, frame_size
