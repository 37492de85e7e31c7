"""Samples of WAV files, against those the standard library and numpy wrote."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.wire.fields import Malformed
from runlens.wire.wav import read_wav


def pcm(width: int, channels: int, body: bytes) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((channels, width, 8000, 0, "NONE", ""))
        file.writeframes(body)
    return out.getvalue()


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@given(data=st.data())
def test_integers_of_every_width(width: int, data: st.DataObject) -> None:
    least, most = (0, 255) if width == 1 else (-(1 << 8 * width - 1), (1 << 8 * width - 1) - 1)
    values = data.draw(st.lists(st.tuples(st.integers(least, most), st.integers(least, most)), max_size=20))
    body = b"".join(value.to_bytes(width, "little", signed=width > 1) for frame in values for value in frame)
    samples, rate = read_wav(pcm(width, 2, body))
    middle = 128 if width == 1 else 0
    expected = [[(value - middle) / 2 ** (8 * width - 1) for value in frame] for frame in values]
    assert rate == 8000
    np.testing.assert_allclose(samples, np.array(expected, np.float32).reshape(-1, 2), atol=1e-7)


@pytest.mark.parametrize("dtype", ["<f4", "<f8"])
def test_floats(dtype: str) -> None:
    values = np.array([0.0, -1.0, 0.5, 1.5], dtype)
    size = values.itemsize
    head = struct.pack("<HHIIHH", 3, 1, 44100, 44100 * size, size, size * 8)
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + b"data" + struct.pack("<I", values.nbytes)
    samples, rate = read_wav(b"RIFF" + struct.pack("<I", len(body) + values.nbytes) + body + values.tobytes())
    assert rate == 44100
    assert samples[:, 0].tolist() == values.tolist()


@pytest.mark.parametrize(
    ("encoded", "reason"),
    [
        (b"", "begins with nothing"),
        (b"OggS" + bytes(40), "not a WAV file"),
        (pcm(2, 1, bytes(8))[:-2], "was cut: 6 bytes of sound are left, it says 8"),
        (pcm(2, 1, b"")[:12], "has no format"),
        (pcm(2, 1, b"")[:36], "has no data"),
        (pcm(2, 1, bytes(8)).replace(struct.pack("<I", 8000), bytes(4), 1), "0 Hz"),
    ],
)
def test_what_is_no_whole_wav_file_is_told(encoded: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        read_wav(encoded)
