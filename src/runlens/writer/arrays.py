"""Arrays of any library -> numpy, without importing any of them."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.writer.arguments import describe


def as_array(name: str, value: object) -> NDArray[Any]:
    """The numbers in `value` as a numpy array, on this machine's memory; shared with `value` where that can be.

    Args:
        name: the argument's name, for errors.
        value: a number, a list, or an array or tensor of numpy, torch (any device, bfloat16, with gradients), JAX,
            TensorFlow, CuPy or another library that has `__array__` or DLPack.

    Returns:
        An array of bools, integers, floats or complex numbers; bfloat16 and other floats that numpy lacks as float32.

    Raises:
        TypeError: `value` holds no numbers.
        ValueError: it has no data (torch's meta device), or its rows differ in length.
    """
    try:
        array = _to_numpy(value)
    except Exception as error:  # whatever an array library raises when it cannot hand out its numbers
        raise ValueError(f"{name}: got {describe(value)}, want an array of numbers ({error})") from error
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name}: got {describe(value)} of dtype {array.dtype}, want an array of numbers")
    return array


def snapshot(name: str, value: object) -> NDArray[Any]:
    """As `as_array`, and never shared with `value`: what the caller does to it afterwards does not matter."""
    array = as_array(name, value)
    return array.copy() if _may_share(array, value) else array


def _may_share(array: NDArray[Any], value: object) -> bool:
    return not isinstance(value, (int, float, list, tuple)) or array.base is not None


def _to_numpy(value: object) -> NDArray[Any]:
    if isinstance(value, np.ndarray):
        array: NDArray[Any] = np.asarray(value)  # no matrix, which would stay of rank 2
    elif isinstance(value, (list, tuple)):
        array = np.asarray([_to_numpy(item) if hasattr(item, "shape") else item for item in value])
    else:
        array = _from_library(value)
    if array.dtype.kind == "V" and array.dtype.type is not np.void:  # bfloat16 and float8 as JAX gives them
        array = array.astype(np.float32)
    return array


def _from_library(value: Any) -> NDArray[Any]:  # noqa: ANN401 - of whatever library
    for method in ("detach", "to_dense", "cpu"):  # torch: off the graph, no longer sparse, off the device
        if hasattr(value, method):
            value = getattr(value, method)()
    if hasattr(value, "resolve_conj"):  # torch's lazy conjugates and negatives have no numpy view
        value = value.resolve_conj().resolve_neg()
    if hasattr(value, "__cuda_array_interface__") and hasattr(value, "get"):  # CuPy
        value = value.get()
    if "float8" in str(getattr(value, "dtype", "")) or "bfloat16" in str(getattr(value, "dtype", "")):
        with contextlib.suppress(AttributeError):
            value = value.float()  # torch; others have `__array__` with a dtype of their own
    if hasattr(value, "__array__") or not hasattr(value, "__dlpack__"):
        return np.asarray(value)
    return np.from_dlpack(value)
