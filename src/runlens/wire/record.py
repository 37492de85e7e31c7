"""Framing of event files: length, masked CRC-32C of it, payload, masked CRC-32C of that."""

from runlens import _kernel

# (tag, value, step, wall time in seconds since the epoch)
Scalar = tuple[str, float, int, float]


def frame(payload: bytes) -> bytes:
    """The record that holds `payload`."""
    return _kernel.record(payload)


def checksum(data: bytes, before: int = 0) -> int:
    """CRC-32C of `data`, not masked; of what stands before it too, where `before` is the checksum of that."""
    return _kernel.crc32c(data, before)


def frame_scalars(scalars: list[Scalar]) -> bytes:
    """The records of one event per scalar, each with a `simple_value` (float32).

    Raises:
        OverflowError: a step does not fit 64 bits.
    """
    return _kernel.scalar_records(scalars)
