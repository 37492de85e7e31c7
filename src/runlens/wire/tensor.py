"""Tensors -> TensorProto bytes."""

from runlens.wire.message import bytes_field, double_field, float_field, int_field

DT_FLOAT = 1
DT_DOUBLE = 2


def float_scalar(value: float) -> bytes:
    """A rank-0 float32 tensor, its number in `float_val`."""
    return int_field(1, DT_FLOAT) + bytes_field(2, b"") + float_field(5, value)


def double_scalar(value: float) -> bytes:
    """A rank-0 float64 tensor, its number in `double_val`."""
    return int_field(1, DT_DOUBLE) + bytes_field(2, b"") + double_field(6, value)
