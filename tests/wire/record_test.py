"""Checksums and framing, against published vectors, a table-free CRC and torch's bytes."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from runlens import _kernel
from runlens.wire.record import frame, frame_scalars
from tests import oracle


def crc_by_bits(data: bytes) -> int:
    """The definition: one bit at a time, reflected polynomial 0x82F63B78."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def test_crc_of_rfc_3720_vectors() -> None:
    assert _kernel.crc32c(bytes(32)) == 0x8A9136AA
    assert _kernel.crc32c(b"\xff" * 32) == 0x62A8AB43
    assert _kernel.crc32c(bytes(range(32))) == 0x46DD794E
    assert _kernel.crc32c(b"123456789") == 0xE3069283


@given(st.binary(max_size=100))
def test_hardware_and_tables_agree_with_the_definition(data: bytes) -> None:
    assert _kernel.crc32c(data) == _kernel.crc32c_portable(data) == crc_by_bits(data)
    for checksum in (_kernel.crc32c, _kernel.crc32c_portable):  # piece by piece
        assert checksum(data[7:], checksum(data[:7])) == checksum(data)


@given(st.binary(max_size=100))
def test_frame_holds_length_and_masked_checksums(payload: bytes) -> None:
    length, length_crc = struct.unpack_from("<QI", frame(payload))
    (payload_crc,) = struct.unpack("<I", frame(payload)[-4:])
    assert length == len(payload)
    assert frame(payload)[12:-4] == payload
    for crc, data in ((length_crc, struct.pack("<Q", length)), (payload_crc, payload)):
        plain = crc_by_bits(data)
        assert crc == ((plain >> 15 | plain << 17) + 0xA282EAD8) & 0xFFFFFFFF


def test_scalars_are_the_bytes_that_protobuf_makes() -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary

    scalars = [("loss", 0.5, 7, 1.7e9), ("größe/損失", -1e30, -3, 0.0), ("t" * 300, float("inf"), 2**62, 1e-3)]
    for tag, value, step, wall_time in scalars:
        event = Event(wall_time=wall_time, step=step)
        event.summary.value.append(Summary.Value(tag=tag, simple_value=value))
        (parsed,) = oracle.read_events(frame_scalars([(tag, value, step, wall_time)]))
        assert isinstance(parsed, oracle.Event)
        ours = Event.FromString(frame_scalars([(tag, value, step, wall_time)])[12:-4])
        assert ours == event
