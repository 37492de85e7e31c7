"""Tensors that are logged as they are, under the plugin name `tensor` that torch gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, tensor
from runlens.writer.arguments import describe
from runlens.writer.arrays import as_array, snapshot

METADATA = event.metadata("tensor", data_class=event.DATA_CLASS_TENSOR)
MOST_BYTES = 2**31 - 2**16  # protobuf's readers take messages of less than 2 GB


@dataclass(frozen=True, slots=True)
class Numbers:
    """A tensor of numbers."""

    array: NDArray[Any]

    @property
    def size(self) -> int:
        """Bytes of the elements."""
        return self.array.nbytes

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of the tensor."""
        return event.summary(event.tensor_value(tag, tensor.of_array(self.array), METADATA if is_first else b""))


@dataclass(frozen=True, slots=True)
class Strings:
    """A tensor of strings, row-major."""

    strings: Sequence[bytes]
    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """Bytes of the strings."""
        return sum(map(len, self.strings))

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of the tensor."""
        strings = tensor.of_strings(self.strings, self.shape)
        return event.summary(event.tensor_value(tag, strings, METADATA if is_first else b""))


def tensor_of(tag: str, value: object) -> Numbers | Strings:
    """A tensor, checked and copied.

    Raises:
        TypeError: `value` holds neither numbers nor strings, or numbers of a dtype that TensorProto has not.
        ValueError: its rows differ in length, it has no data, is 2 GB or more, or a lone surrogate is in a text.
    """
    found = _strings(tag, value) if _is_text(value) else _numbers(tag, value)
    if found.size > MOST_BYTES:
        raise ValueError(f"tensor {tag!r}: got {found.size} bytes, want at most {MOST_BYTES}")
    # Copied last, so that what is refused costs no memory.
    return found if isinstance(found, Strings) else Numbers(snapshot(f"tensor {tag!r}", found.array))


def _numbers(tag: str, value: object) -> Numbers:
    array = as_array(f"tensor {tag!r}", value)
    if array.dtype.name not in tensor.DATA_TYPE_OF:
        want = f"want one of {', '.join(tensor.DATA_TYPE_OF)}"
        raise TypeError(f"tensor {tag!r}: got {describe(value)} of dtype {array.dtype}, {want}")
    return Numbers(array)


def _is_text(value: object) -> bool:
    """Whether it is a str or bytes, or an array or nested list of them, by its first element."""
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "SU" or (value.dtype.kind == "O" and value.size > 0 and _is_text(value.flat[0]))
    while isinstance(value, (list, tuple)) and value:
        value = value[0]
    return isinstance(value, (str, bytes))


def _strings(tag: str, value: object) -> Strings:
    try:
        array = np.asarray(value, dtype=object)
        return Strings([_utf8(item) for item in array.ravel().tolist()], array.shape)
    except (TypeError, ValueError) as error:
        raise type(error)(f"tensor {tag!r}: got {describe(value)}, want strings ({error})") from error


def _utf8(item: object) -> bytes:
    if isinstance(item, str):
        try:
            return item.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{error.reason} in {item!r}") from None
    if isinstance(item, bytes):
        return item
    raise TypeError(f"{describe(item)} among them")
