"""scalar: one number per step.

A plain scalar is a tuple that the kernel encodes in batches (`wire.record.frame_scalars`); one as a tensor or with
metadata is encoded here.
"""

import math
from time import time
from typing import Literal

from runlens.wire import event, tensor
from runlens.wire.record import Scalar
from runlens.writer.arguments import STEP_MAX, STEP_MIN, check_tag, describe, step_of, wall_time_of

Form = Literal["plain", "float", "double"]
WANT = "want exactly one number"


def point(tag: str, value: object, step: object, walltime: object) -> Scalar:
    """One point of a curve, checked. Raises as `number`, `check_tag`, `step_of` and `wall_time_of` do."""
    # This runs a million times: each test below passes common input on without a call.
    if type(tag) is not str or not tag.isascii():
        check_tag(tag)
    if type(value) is not float:
        value = number(tag, value)
    if type(step) is not int or not STEP_MIN <= step <= STEP_MAX:
        step = step_of(tag, step)
    return (tag, value, step, time() if walltime is None else wall_time_of(tag, walltime))


def metadata(tag: str, display_name: str = "", description: str = "") -> bytes:
    """What is said of a tag with the first of its values. Raises as `check_tag`."""
    check_tag(display_name, f"display_name of {tag!r}")
    check_tag(description, f"summary_description of {tag!r}")
    return event.metadata("scalars", b"", event.DATA_CLASS_SCALAR, display_name, description)


def encode(tag: str, value: float, form: Form, metadata: bytes) -> bytes:
    """The summary of a scalar as a `simple_value` (float32), or as a rank-0 tensor of float32 or float64."""
    if form == "plain":
        return event.summary(event.simple_value(tag, value, metadata))
    proto = tensor.double_scalar(value) if form == "double" else tensor.float_scalar(value)
    return event.summary(event.tensor_value(tag, proto, metadata))


def number(tag: str, value: object) -> float:
    """The number in `value`.

    `value` is an int, float, bool or str of a number; or a scalar or an array of any shape and library with exactly one
    element, as long as it has `.item()`, `__array__`, `__dlpack__` or `__float__`.

    Raises:
        TypeError: `value` is no number.
        ValueError: it is an array with another number of elements, a str that is no number, a value beyond
            float64, or a tensor without data.
    """
    try:
        return _number(value)
    except _Refused as refusal:
        raise refusal.kind(f"scalar {tag!r}: got {refusal.got or describe(value)}, {WANT}") from None
    except Exception as error:  # whatever an array library raises when it cannot hand out its number
        raise ValueError(f"scalar {tag!r}: got {describe(value)}, {WANT} ({error})") from error


class _Refused(Exception):
    def __init__(self, kind: type[Exception], got: str = "") -> None:
        self.kind = kind
        self.got = got


def _number(value: object) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        return float(value)
    if value is None or isinstance(value, (bytes, bytearray, list, tuple, dict, set, frozenset)):
        raise _Refused(TypeError)
    if hasattr(value, "shape"):
        return _number_in_array(value)
    if hasattr(value, "__float__"):
        return float(value)
    return _number_in_array(value)


def _number_in_array(value: object) -> float:
    shape = getattr(value, "shape", None)
    if shape is not None and math.prod(shape) != 1:
        raise _Refused(ValueError, f"{describe(value)}, {math.prod(shape)} elements")
    if hasattr(value, "item"):
        element = value.item()
    elif hasattr(value, "__array__") or hasattr(value, "__dlpack__"):
        element = _element_of_view(value)
    else:
        raise _Refused(TypeError)
    if not (isinstance(element, str) or hasattr(element, "__float__")):  # a complex number has none
        raise _Refused(TypeError)
    return float(element)


def _element_of_view(value: object) -> object:
    import numpy as np  # noqa: PLC0415 - a script that logs plain numbers never pays for it

    array = np.asarray(value) if hasattr(value, "__array__") else np.from_dlpack(value)  # type: ignore[arg-type]
    if array.size != 1:
        raise _Refused(ValueError, f"{describe(array)}, {array.size} elements")
    return array.item()
