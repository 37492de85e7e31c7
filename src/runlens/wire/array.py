"""TensorProto -> numpy array of any dtype, by tensor.proto, tensor_shape.proto and types.proto."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import (
    BYTES,
    CONTENT,
    FIXED32,
    FIXED64,
    INT,
    VARINT,
    Malformed,
    numbers,
    packed,
    repeated,
    singular,
    varints,
)
from runlens.wire.small_floats import BFLOAT16, FLOAT4, FLOAT8

MAX_ELEMENTS: Final = 1 << 26
MAX_RANK: Final = 32  # what every numpy can hold
DT_STRING: Final = 7
STRINGS: Final = 8  # string_val
_UINT8: Final = 4
_BOOL: Final = 10
_UINT32_LIST: Final = 16
_HALF_LIST: Final = 13


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a dtype lies in tensor_content, and which typed list holds it otherwise."""

    dtype: str
    list: int  # number of the field
    wire: int  # how that list writes a number; BYTES: as tensor_content does
    widen: Callable[[NDArray[Any]], NDArray[Any]] | None = None  # to what numpy has


_INT8, _INT16, _INT32 = (_Layout(dtype, 7, VARINT) for dtype in ("<i1", "<i2", "<i4"))
_UINT8_LAYOUT, _UINT16 = (_Layout(dtype, 7, VARINT) for dtype in ("<u1", "<u2"))

# DataType -> layout. Quantized numbers are their integers; four and two bits lie in a byte each.
_LAYOUTS: Final[dict[int, _Layout]] = {
    1: _Layout("<f4", 5, FIXED32),
    2: _Layout("<f8", 6, FIXED64),
    3: _INT32,
    _UINT8: _UINT8_LAYOUT,
    5: _INT16,
    6: _INT8,
    8: _Layout("<c8", 9, FIXED32),
    9: _Layout("<i8", 10, VARINT),
    _BOOL: _Layout("<u1", 11, VARINT, lambda bits: bits != 0),
    11: _INT8,
    12: _UINT8_LAYOUT,
    13: _INT32,
    14: _Layout("<u2", _HALF_LIST, VARINT, BFLOAT16),
    15: _INT16,
    16: _UINT16,
    17: _UINT16,
    18: _Layout("<c16", 12, FIXED64),
    19: _Layout("<f2", _HALF_LIST, VARINT),
    22: _Layout("<u4", _UINT32_LIST, VARINT),
    23: _Layout("<u8", 17, VARINT),
    **{number: _Layout("<u1", 18, BYTES, widen) for number, widen in FLOAT8.items()},
    29: _INT8,
    30: _UINT8_LAYOUT,
    31: _INT8,
    32: _UINT8_LAYOUT,
    33: _Layout("<u1", 18, BYTES, FLOAT4),
}


def array_of(tensor: bytes, limit: int = MAX_ELEMENTS) -> NDArray[Any]:
    """The tensor as an array, to be read and not written: its elements may be views of `tensor`, or share memory.

    bfloat16 and floats of 8 and 4 bits come as float32, strings as an object array of bytes. A typed list that is
    shorter than the shape goes on with its last element, an empty one with zeros.

    Raises:
        Malformed: the bytes are no tensor, its dtype has no numbers (a resource, a variant), shape and elements
            do not match, or the shape claims more than `limit` elements.
    """
    dtype, content = singular(tensor, "TensorProto", {1: INT, 4: CONTENT})
    dtype = dtype - 100 if dtype > 100 else dtype  # a reference to one
    shape = _shape_of(tensor, limit)
    if dtype == DT_STRING:
        return _fill(_strings(tensor), shape, b"")
    layout = _LAYOUTS.get(dtype)
    if layout is None:
        raise Malformed(f"TensorProto: got DataType {dtype}, want one that is a number or a string")
    if content:
        elements = numbers(content, layout.dtype, "TensorProto.tensor_content")
        if len(elements) != math.prod(shape):
            raise Malformed(f"TensorProto: {len(elements)} elements, want {math.prod(shape)} for shape {shape}")
    else:
        elements = _listed(tensor, dtype, layout)
    filled = _fill(elements, shape, 0)
    return filled if layout.widen is None else layout.widen(filled)


def _shape_of(tensor: bytes, limit: int) -> tuple[int, ...]:
    sizes: list[int] = []
    for shape in repeated(tensor, "TensorProto", 2):
        for dimension in repeated(shape, "TensorShapeProto", 2):
            sizes += singular(dimension, "TensorShapeProto.Dim", {1: INT})
            if len(sizes) > MAX_RANK:
                raise Malformed(f"TensorProto: more than {MAX_RANK} dimensions")
    if any(size < 0 for size in sizes) or math.prod(size for size in sizes if size) > limit:
        raise Malformed(f"TensorProto: got shape {sizes}, want sizes from 0 and at most {limit} elements in all")
    return tuple(sizes)


def _strings(tensor: bytes) -> NDArray[np.object_]:
    found = [bytes(string) for string in repeated(tensor, "TensorProto", STRINGS)]
    elements = np.empty(len(found), object)
    elements[:] = found
    return elements


def _listed(tensor: bytes, dtype: int, layout: _Layout) -> NDArray[Any]:
    """The elements of the typed list."""
    if layout.wire != VARINT:
        wanted = packed(tensor, "TensorProto", layout.list, layout.wire)
        return numbers(wanted, layout.dtype, "TensorProto")
    listed = packed(tensor, "TensorProto", layout.list, VARINT)
    if not listed and dtype == _UINT8:  # where torch's add_tensor puts them
        listed = packed(tensor, "TensorProto", _UINT32_LIST, VARINT)
    values = varints(listed, "TensorProto")
    if dtype == _BOOL:
        return np.not_equal(values, 0).astype(np.uint8)
    if layout.list == _HALF_LIST:
        return _halves(values, layout)
    return values.astype(layout.dtype)


def _halves(bits: NDArray[np.uint64], layout: _Layout) -> NDArray[Any]:
    """Floats of 16 bits from their bits, or from those of the same numbers as float32, as torch's add_tensor has it."""
    if bits.max(initial=0) < 1 << 16:
        return bits.astype("<u2").view(layout.dtype)
    if layout.widen is None:
        return bits.astype("<u4").view("<f4").astype(layout.dtype)
    upper = np.right_shift(bits, np.uint64(16))
    return upper.astype(layout.dtype)


def _fill(elements: NDArray[Any], shape: tuple[int, ...], zero: object) -> NDArray[Any]:
    """The elements in their shape; the last is repeated where there are too few."""
    wanted = math.prod(shape)
    if len(elements) > wanted:
        raise Malformed(f"TensorProto: {len(elements)} elements, want at most {wanted} for shape {shape}")
    if len(elements) == wanted:
        return elements.reshape(shape)
    if len(elements) <= 1:  # one for all, and no memory for more
        one = elements if len(elements) else np.array([zero], elements.dtype)
        return np.broadcast_to(one.reshape(()), shape)
    filled = np.empty(wanted, elements.dtype)
    filled[: len(elements)] = elements
    filled[len(elements) :] = elements[-1]
    return filled.reshape(shape)
