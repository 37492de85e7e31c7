"""Tensors -> TensorProto bytes, by the field numbers of tensor.proto, tensor_shape.proto and types.proto."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from runlens.wire.message import bytes_field, double_field, float_field, int_field

if TYPE_CHECKING:
    from numpy.typing import NDArray

DT_FLOAT = 1
DT_DOUBLE = 2
DT_STRING = 7

# numpy's name of a dtype -> DataType
DATA_TYPE_OF: Final[dict[str, int]] = {
    "float32": DT_FLOAT,
    "float64": DT_DOUBLE,
    "int32": 3,
    "uint8": 4,
    "int16": 5,
    "int8": 6,
    "complex64": 8,
    "int64": 9,
    "bool": 10,
    "uint16": 17,
    "complex128": 18,
    "float16": 19,
    "uint32": 22,
    "uint64": 23,
}
NAME_OF_DTYPE: Final[dict[int, str]] = {number: name for name, number in DATA_TYPE_OF.items()} | {14: "bfloat16"}


def float_scalar(value: float) -> bytes:
    """A rank-0 float32 tensor, its number in `float_val`."""
    return int_field(1, DT_FLOAT) + _shape(()) + float_field(5, value)


def double_scalar(value: float) -> bytes:
    """A rank-0 float64 tensor, its number in `double_val`."""
    return int_field(1, DT_DOUBLE) + _shape(()) + double_field(6, value)


def of_array(array: NDArray[Any]) -> bytes:
    """A tensor of the array's shape and dtype, its elements as they lie in memory.

    Raises:
        KeyError: the dtype is none of `DATA_TYPE_OF`.
    """
    data = array.astype(array.dtype.newbyteorder("<"), order="C", copy=False)
    return int_field(1, DATA_TYPE_OF[array.dtype.name]) + _shape(array.shape) + bytes_field(4, data.tobytes())


def of_strings(strings: Iterable[bytes], shape: Sequence[int]) -> bytes:
    """A tensor of strings, row-major; () is a rank-0 tensor with one string."""
    return int_field(1, DT_STRING) + _shape(shape) + b"".join(bytes_field(8, string) for string in strings)


def _shape(sizes: Sequence[int]) -> bytes:
    return bytes_field(2, b"".join(bytes_field(2, int_field(1, size)) for size in sizes))


# float32, of no elements: the value of a tag that is all metadata.
EMPTY = int_field(1, DT_FLOAT) + _shape((0,))
