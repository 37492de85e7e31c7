"""Long fields found by the heads of a message's fields alone, as the real protobuf finds them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util.tensor_util import make_ndarray, make_tensor_proto

from runlens.wire.array import array_of
from runlens.wire.fields import Malformed
from runlens.wire.located import long_fields, strings_of
from runlens.wire.stretch import Part


class Noted:
    """Bytes that know which of them were read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.read = 0

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, at: slice) -> bytes:
        found = self.data[at]
        self.read += len(found)
        return found


@given(st.lists(st.lists(st.binary(max_size=300), min_size=2, max_size=2), min_size=1, max_size=5))
def test_strings_are_those_of_the_tensor(strings: list[list[bytes]]) -> None:
    tensor = make_tensor_proto(np.array(strings, object))
    found = strings_of(tensor.SerializeToString())
    assert found.shape == np.shape(strings)
    assert [part[:] for part in found.ravel()] == list(make_ndarray(tensor).ravel())


def test_the_contents_are_not_read() -> None:
    content = bytes(1_000_000)
    noted = Noted(make_tensor_proto([b"video/webm", content]).SerializeToString())
    media_type, file = strings_of(noted)  # type: ignore[arg-type]
    assert len(file) == len(content)
    assert noted.read < 200
    assert file[500:510] == bytes(10)
    assert media_type[:] == b"video/webm"


def test_of_a_singular_field_all_are_found_and_the_rest_is_kept() -> None:
    audio = Summary.Audio(sample_rate=8000, encoded_audio_string=b"RIFF" * 100, content_type="audio/wav")
    twice = audio.SerializeToString() + Summary.Audio(encoded_audio_string=b"last").SerializeToString()
    found, beside = long_fields(twice, "Summary.Audio", 4)
    assert [Part(twice, place)[:] for place in found] == [b"RIFF" * 100, b"last"]
    assert Summary.Audio.FromString(beside) == Summary.Audio(sample_rate=8000, content_type="audio/wav")


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_are_a_tensor_of_strings_or_malformed(head: bytes, tail: bytes) -> None:
    data = head + make_tensor_proto([b"one", b"two"]).SerializeToString() + tail
    try:
        expected = array_of(data, 1 << 16)
    except Malformed:
        with pytest.raises(Malformed):
            strings_of(data)
        return
    try:
        found = strings_of(data)
    except Malformed:
        return
    if expected.dtype == object:
        assert [part[:] for part in found.ravel()] == list(expected.ravel())


def test_what_is_beside_is_bounded() -> None:
    content = make_tensor_proto(np.zeros(100_000)).SerializeToString()
    with pytest.raises(Malformed, match="65536 bytes beside it"):
        strings_of(content)


@pytest.mark.parametrize(
    ("broken", "place"), [(b"\xff" * 11, 0), (b"\x0a" + b"\xff" * 11, 1), (b"\x0a\xff", 1), (b"\x08\x80", 1)]
)
def test_a_number_without_an_end_is_told_where_it_stands(broken: bytes, place: int) -> None:
    before = Summary.Audio(encoded_audio_string=b"RIFF" * 100).SerializeToString()
    with pytest.raises(Malformed, match=f"^Audio from byte {len(before)}: a varint at byte {place} without an end"):
        long_fields(before + broken, "Audio", 4)
