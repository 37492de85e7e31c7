"""audio: a sound per step, stored as 16-bit WAV."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, media
from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

LOUDEST = 32767  # of 16 bits
STEREO = 2


@dataclass(frozen=True, slots=True)
class Audio:
    """Samples, [frames] or [frames, 2]: floats from -1 to 1, or int16."""

    samples: NDArray[Any]
    sample_rate: int
    is_clipped: bool

    @property
    def size(self) -> int:
        """Bytes of the samples."""
        return self.samples.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of a WAV file."""
        channels = self.samples.shape[1] if self.samples.ndim == STEREO else 1
        buffer = io.BytesIO()
        with wave.open(buffer, "wb") as file:
            file.setnchannels(channels)
            file.setsampwidth(2)
            file.setframerate(self.sample_rate)
            file.writeframes(_as_int16(self.samples).tobytes())
        sound = buffer.getvalue()
        value = media.audio_value(tag, self.sample_rate, channels, len(self.samples), sound, "audio/wav")
        return event.summary(value)


def audio(tag: str, value: object, sample_rate: object) -> Audio:
    """A sound, checked and copied.

    Raises:
        TypeError: `value` holds neither floats nor int16.
        ValueError: it has no samples, NaN, or more axes than channels and time; or `sample_rate` is none.
    """
    samples = snapshot(f"audio {tag!r}", value)
    if samples.dtype.kind != "f" and samples.dtype.name != "int16":
        raise TypeError(f"audio {tag!r}: got {describe(value)} of dtype {samples.dtype}, want floats or int16")
    samples = _in_frames(tag, samples)
    is_clipped = False
    if samples.dtype.kind == "f":
        low, high = samples.min(), samples.max()
        if np.isnan(low):
            raise ValueError(f"audio {tag!r}: got NaN, want samples from -1 to 1")
        is_clipped = bool(low < -1 or high > 1)
    return Audio(samples, _rate(tag, sample_rate), is_clipped)


def _in_frames(tag: str, samples: NDArray[Any]) -> NDArray[Any]:
    """[frames], or [frames, 2] for stereo, which may have come as [2, frames]."""
    given = f"audio {tag!r}: got shape {samples.shape}"
    if samples.size == 0:
        raise ValueError(f"{given}, want at least one sample")
    squeezed = samples.squeeze()
    if squeezed.ndim < STEREO:
        return squeezed.reshape(-1)
    if squeezed.ndim > STEREO or STEREO not in squeezed.shape:
        raise ValueError(f"{given}, want one axis, or two of which one is the 2 channels of stereo")
    return squeezed if squeezed.shape[1] == STEREO else squeezed.T


def _as_int16(samples: NDArray[Any]) -> NDArray[np.int16]:
    """Floats clipped, times 32767, the fraction cut off, as torch has it; half precision cannot count so far."""
    if samples.dtype.kind == "f":
        wide = samples.astype(np.float32) if samples.dtype == np.float16 else samples
        samples = wide.clip(-1, 1) * LOUDEST
    return samples.astype("<i2")


def _rate(tag: str, sample_rate: object) -> int:
    want = "want samples per second, an integer from 1 to 2**32 - 1"
    try:
        rate = int(sample_rate)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"sample_rate of audio {tag!r}: got {describe(sample_rate)}, {want}") from error
    if not 0 < rate < 2**32:
        raise ValueError(f"sample_rate of audio {tag!r}: got {sample_rate}, {want}")
    return int(rate)
