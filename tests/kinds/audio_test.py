"""Sounds from the event file to the bytes that the page gets."""

from __future__ import annotations

import io
import struct
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.kinds import audio
from runlens.api.payload import Columns
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, float_field, text_field
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of

GOLDEN = Path(__file__).with_name("audio.golden.bin")


def wav(frames: int = 4, rate: int = 8000, channels: int = 1, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(bytes(frames * channels * width))
    return out.getvalue()


def old_form(tag: str, data: bytes, step: int = 0, rate: float = 44100.0) -> bytes:
    sound = float_field(1, rate) + bytes_field(4, data) + text_field(5, "text/html")
    return frame(event.event(1.7e9 + step, step, event.summary(text_field(1, tag) + bytes_field(6, sound))))


def new_form(tag: str, clips: list[bytes], shape: tuple[int, ...], step: int = 0) -> bytes:
    value = event.tensor_value(tag, tensor.of_strings(clips, shape), event.metadata("audio"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def log(root: Path, run: str, records: bytes) -> None:
    (root / run).mkdir(parents=True, exist_ok=True)
    (root / run / "tfevents.1").write_bytes(records)


def rows(index: Index, run: str, tag: str) -> list[dict[str, str]]:
    header, arrays = decode(audio.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    (series,) = header["charts"][0]["series"]
    return [{"run": run, "tag": tag, "row": str(n), "key": str(key)} for n, key in enumerate(arrays[series["key"]])]


def info(index: Index, named: dict[str, str]) -> Any:
    answer = audio.QUERIES["info"](index, {"charts": [named]})
    assert isinstance(answer, Columns)
    return decode(answer.encode())[0]["charts"][0]


def described(tmp_path: Path, data: bytes) -> Any:
    log(tmp_path, "a", old_form("x", data))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    (sample,) = info(index, named)["samples"]
    return sample


@pytest.mark.parametrize("writer_name", ["runlens", "torch"])
def test_samples_of_writers(tmp_path: Path, writer_name: str) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    samples = np.random.default_rng(0).uniform(-1, 1, 500).astype(np.float32)
    make: Any = SummaryWriter if writer_name == "runlens" else TorchWriter
    with make(str(tmp_path / "a")) as writer:
        writer.add_audio("x", samples, 3, sample_rate=16000)
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    got = audio.BLOBS["clip"](index, named)
    assert got.media_type == "audio/wav"
    with wave.open(io.BytesIO(got.encode())) as file:
        assert (file.getframerate(), file.getnchannels()) == (16000, 1)
        assert np.array_equal(np.frombuffer(file.readframes(500), "<i2"), (samples * 32767).astype(np.int16))
    want = {"error": None, "label": "", "bytes": len(got.encode()), "media_type": "audio/wav"}
    assert info(index, named) == {
        "error": None,
        "samples": [{**want, "sample_rate": 16000, "channels": 1, "frames": 500}],
    }


def test_several_with_labels(tmp_path: Path) -> None:
    log(tmp_path, "a", new_form("x", [wav(1), b"one", wav(2), "zwö".encode()], (2, 2)) + new_form("x", [wav(3)], (1,)))
    index = index_of(tmp_path)
    labelled, plain = rows(index, "a", "x")
    assert [(s["label"], s["frames"]) for s in info(index, labelled)["samples"]] == [("one", 1), ("zwö", 2)]
    assert [(s["label"], s["frames"]) for s in info(index, plain)["samples"]] == [("", 3)]
    assert audio.BLOBS["clip"](index, {**labelled, "sample": "1"}).encode() == wav(2)
    with pytest.raises(NotFound, match="sample 2: there are 2"):
        audio.BLOBS["clip"](index, {**labelled, "sample": "2"})
    with pytest.raises(BadQuestion, match="sample: got '-1'"):
        audio.BLOBS["clip"](index, {**labelled, "sample": "-1"})


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (b"OggS\0\2", "audio/ogg"),
        (b"fLaC\0\0", "audio/flac"),
        (b"ID3\4\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x44", "audio/mpeg"),
    ],
)
def test_the_type_is_that_of_the_first_bytes(tmp_path: Path, data: bytes, media_type: str) -> None:
    sample = described(tmp_path, data)
    assert (sample["error"], sample["media_type"]) == (None, media_type)
    assert (sample["sample_rate"], sample["frames"]) == (44100, None)


def extensible(form: int) -> bytes:
    chunk = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 8000, 32000, 4, 32, 22, 32, 4, form) + bytes(14)
    return b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(chunk)) + chunk + b"data\x08\0\0\0" + bytes(8)


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (wav(5, 22050, 2), (22050, 2, 5)),
        (wav(5, 8000, 1, 1), (8000, 1, 5)),
        (wav(5, 8000, 1, 3), (8000, 1, 5)),
        (extensible(3), (8000, 1, 2)),
        (wav(5)[:40] + b"\xff\xff\xff\xff" + wav(5)[44:], (8000, 1, 5)),  # written to a pipe
        (wav(5)[:36] + b"LIST\x03\0\0\0abc\0" + wav(5)[36:], (8000, 1, 5)),  # an odd chunk is padded
    ],
)
def test_shapes_of_wav(tmp_path: Path, data: bytes, shape: tuple[int, int, int]) -> None:
    sample = described(tmp_path, data)
    assert sample["error"] is None
    assert (sample["sample_rate"], sample["channels"], sample["frames"]) == shape


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (wav(100)[:60], "was cut: 16 bytes of sound are left, it says 200"),
        (wav()[:30], "says its format in 10 bytes, want 16"),
        (wav()[:12], "has no format in its 12 bytes"),
        (wav()[:36], "has no data in its 36 bytes"),
        (wav()[:22] + b"\0\0" + wav()[24:], "says format 1, 0 channels"),
        (wav()[:24] + b"\0\0\0\0" + wav()[28:], "1 channels, 0 Hz"),
        (wav()[:32] + b"\x07\0" + wav()[34:], "7 bytes a frame, want PCM"),
        (extensible(7), "says format 7"),
        (b"<!doctype html><script>alert(1)</script>", "not a sound: it begins with 3c 21 64"),
        (b"", "begins with nothing"),
    ],
)
def test_hostile_bytes_give_a_message(tmp_path: Path, data: bytes, reason: str) -> None:
    sample = described(tmp_path, data)
    assert reason in sample["error"]
    assert sample["bytes"] == len(data)


def test_what_is_no_sound_is_not_sent(tmp_path: Path) -> None:
    log(tmp_path, "a", old_form("x", b"<html>") + new_form("x", [b""] * 8, (2, 2, 2)))
    index = index_of(tmp_path)
    page, odd = rows(index, "a", "x")
    with pytest.raises(NotFound, match="not a sound"):
        audio.BLOBS["clip"](index, page)
    assert "want (k,) or (k, 2)" in info(index, odd)["error"]


@settings(max_examples=60)
@given(cut=st.integers(0, 80), flips=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 7)), max_size=4))
def test_broken_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(wav(10))
    for place, bit in flips:
        data[place] ^= 1 << bit
    sample = described(tmp_path_factory.mktemp("broken"), bytes(data[: len(data) - cut]))
    assert sample["error"] or 0 <= sample["frames"] <= 20


def test_golden(tmp_path: Path) -> None:
    """The answer of `info` that the page's tests read; delete the file to make it anew."""
    log(tmp_path, "a", new_form("x", [wav(4000), b"one", b"<svg/>", b"two"], (2, 2)))
    index = index_of(tmp_path)
    index.revision = 42
    answer = audio.QUERIES["info"](
        index, {"charts": [*rows(index, "a", "x"), {"run": "b", "tag": "x", "row": 0, "key": 1}]}
    ).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
