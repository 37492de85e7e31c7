"""Sounds as the writer makes them, beside torch's."""

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runlens import SummaryWriter
from runlens.writer.kinds import audio
from tests.event_support import entries_of, values_of

Array = np.ndarray[Any, Any]
SOUND = np.sin(np.arange(500) / 7).astype(np.float32)
STEREO = np.stack([SOUND, SOUND / 2], axis=1)


def samples_of(encoded: bytes) -> tuple[int, Array]:
    """Sample rate, and [frames, channels] of int16."""
    with wave.open(io.BytesIO(encoded)) as file:
        assert file.getsampwidth() == 2
        data = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return file.getframerate(), data.reshape(-1, file.getnchannels())


def logged(directory: Path, *arguments: Any) -> Any:
    with SummaryWriter(directory) as writer:
        writer.add_audio("sound", *arguments)
    (value,) = values_of(directory)
    return value


def samples(directory: Path, value: Any) -> Array:
    found = logged(directory, value).audio
    rate, heard = samples_of(found.encoded_audio_string)
    assert (rate, heard.shape) == (found.sample_rate, (found.length_frames, found.num_channels))
    return heard


def of_kind(name: str) -> Any:
    import torch

    return {
        "numpy": SOUND,
        "torch": torch.from_numpy(SOUND).requires_grad_(),
        "float64": SOUND.astype(np.float64) / 3,
        "one by n": SOUND[np.newaxis],
        "n by one by one": SOUND[:, np.newaxis, np.newaxis],
        "loud": SOUND * 1.5,
    }[name]


@pytest.mark.parametrize("name", ["numpy", "torch", "float64", "one by n", "n by one by one", "loud"])
@pytest.mark.filterwarnings("ignore:audio 'a/b'")
def test_the_value_equals_torchs(tmp_path: Path, name: str) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    sound = of_kind(name)
    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            writer.add_audio("a/b", sound, 3, 8000, 4.5)
    ours, torchs = (values_of(tmp_path / directory) for directory in ("ours", "torch"))
    assert ours == torchs  # field by field, and the file in it byte by byte
    assert entries_of(tmp_path / "ours") == {"a/b": ("", [(6, 3, 4.5)])}


def test_stereo(tmp_path: Path) -> None:
    want = (STEREO * 32767).astype(np.int16)
    assert np.array_equal(samples(tmp_path / "frames first", STEREO), want)
    assert np.array_equal(samples(tmp_path / "channels first", STEREO.T), want)
    assert np.array_equal(samples(tmp_path / "batch of one", STEREO[np.newaxis]), want)
    assert np.array_equal(samples(tmp_path / "two frames", STEREO[:2]), want[:2])


def test_one_sample(tmp_path: Path) -> None:
    assert samples(tmp_path, [0.3]).tolist() == [[9830]]


def test_16_bits_stay_as_they_are(tmp_path: Path) -> None:
    sound = np.array([0, 1, -1, 32767, -32768], np.int16)
    assert samples(tmp_path / "own", sound)[:, 0].tolist() == sound.tolist()
    assert samples(tmp_path / "swapped", sound.astype(">i2"))[:, 0].tolist() == sound.tolist()


def test_half_precision_does_not_overflow(tmp_path: Path) -> None:
    assert samples(tmp_path, np.array([1, -1, 0.5], np.float16))[:, 0].tolist() == [32767, -32767, 16383]


def test_clipping_is_told_once_a_tag(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.warns(RuntimeWarning, match="audio 'sound': samples beyond -1 to 1 were clipped") as warned:
            writer.add_audio("sound", [0.0, 2.0, -np.inf])
        assert warned[0].filename == __file__
        writer.add_audio("sound", [0.0, 2.0, -np.inf])
    found = [samples_of(value.audio.encoded_audio_string)[1][:, 0].tolist() for value in values_of(tmp_path)]
    assert found == [[0, 32767, -32767]] * 2


@given(arrays.arrays("<f4", st.integers(1, 50), elements=st.floats(-2, 2, width=32)))
def test_any_sound_equals_torchs(sound: Array) -> None:
    from tensorboard.compat.proto.event_pb2 import Event

    want = np.trunc(np.clip(sound, -1, 1) * np.float32(32767)).astype(int)
    encoded = audio.audio("x", sound, 44100).encode("x", True)
    rate, got = samples_of(Event.FromString(encoded).summary.value[0].audio.encoded_audio_string)
    assert rate == 44100
    assert got[:, 0].tolist() == want.tolist()


@pytest.mark.parametrize(
    ("sound", "rate", "error", "message"),
    [
        ([], 1, ValueError, r"audio 'sound': got shape \(0,\), want at least one sample"),
        ([0.5, np.nan], 1, ValueError, "audio 'sound': got NaN, want samples from -1 to 1"),
        (np.zeros((3, 4)), 1, ValueError, r"got shape \(3, 4\), want one axis, or two of which one is the 2 channels"),
        (np.zeros((2, 2, 2)), 1, ValueError, r"got shape \(2, 2, 2\)"),
        (np.zeros(3, np.int32), 1, TypeError, "of dtype int32, want floats or int16"),
        (np.zeros(3, np.complex64), 1, TypeError, "of dtype complex64, want floats or int16"),
        ("noise", 1, TypeError, "audio 'sound': got str 'noise'"),
        (SOUND, 0, ValueError, "sample_rate of audio 'sound': got 0, want samples per second"),
        (SOUND, 2**32, ValueError, "sample_rate of audio 'sound': got 4294967296"),
        (SOUND, None, TypeError, "sample_rate of audio 'sound': got NoneType None"),
    ],
)
def test_errors(tmp_path: Path, sound: Any, rate: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_audio("sound", sound, 0, rate)
    assert values_of(tmp_path) == []
