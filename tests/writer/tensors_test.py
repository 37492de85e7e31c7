"""Tensors as they are logged, read back by TensorBoard's own conversion."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runlens import SummaryWriter
from runlens.wire.tensor import DATA_TYPE_OF
from runlens.writer.tensors import tensor_of
from tests.event_support import entries_of, values_of

Array = np.ndarray[Any, Any]


def logged(directory: Path, value: Any) -> Array:
    from tensorboard.util import tensor_util

    with SummaryWriter(directory) as writer:
        writer.add_tensor("t", value, 3, 1.5)
    (found,) = values_of(directory)
    assert (found.metadata.plugin_data.plugin_name, found.metadata.data_class) == ("tensor", 2)
    assert entries_of(directory) == {"t": ("tensor", [(8, 3, 1.5)])}
    return np.asarray(tensor_util.make_ndarray(found.tensor))


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int16", "int8", "int64", "bool"])
def test_torch_says_the_same(tmp_path: Path, dtype: str) -> None:
    import torch
    from tensorboard.util import tensor_util
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    tensor = torch.arange(-6, 6).reshape(3, 1, 4).to(getattr(torch, dtype))
    with TorchWriter(str(tmp_path / "torch")) as writer:
        writer.add_tensor("t", tensor, 3, 1.5)
    (torchs,) = values_of(tmp_path / "torch")
    ours = logged(tmp_path / "ours", tensor)
    want = tensor_util.make_ndarray(torchs.tensor)
    assert ours.dtype == want.dtype
    assert np.array_equal(ours, want)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16", "uint8", "complex64", "complex128", "uint16", "float8_e5m2"])
def test_what_torchs_writer_gets_wrong_or_refuses(tmp_path: Path, dtype: str) -> None:
    import torch

    tensor = torch.arange(12).reshape(3, 4).to(getattr(torch, dtype))
    want = tensor.float() if dtype in ("bfloat16", "float8_e5m2") else tensor
    found = logged(tmp_path, tensor.clone())
    assert found.dtype == want.numpy().dtype
    assert np.array_equal(found, want.numpy())


NUMBERS = st.sampled_from(sorted(DATA_TYPE_OF)).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=0, max_dims=3, min_side=0))
)


@given(NUMBERS)
def test_any_numbers(array: Array) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.util import tensor_util

    assume(array.size or array.dtype not in ("uint32", "uint64"))  # TensorBoard cannot read those without an element
    (value,) = Event.FromString(tensor_of("t", array).encode("t", True)).summary.value
    found = np.asarray(tensor_util.make_ndarray(value.tensor))
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tobytes() == array.tobytes()


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("Größe", np.array("Größe".encode(), object)),
        (b"\xff\0", np.array(b"\xff\0", object)),
        ([["a", "b"], [b"c", ""]], np.array([[b"a", b"b"], [b"c", b""]], object)),
        (np.array(["x", "yz"]), np.array([b"x", b"yz"], object)),
        (np.array([b"x", b"yz"], object), np.array([b"x", b"yz"], object)),
    ],
)
def test_strings(tmp_path: Path, value: Any, want: Array) -> None:
    found = logged(tmp_path, value)
    assert found.shape == want.shape
    assert found.tolist() == want.tolist()


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (None, TypeError, "tensor 't': got NoneType"),
        ({"a": 1}, TypeError, "tensor 't': got dict"),
        ([[1, 2], [3]], ValueError, "tensor 't': got list"),
        (["a", 3], TypeError, r"tensor 't': got list \['a', 3\], want strings \(int 3 among them\)"),
        (["a\ud800"], ValueError, "tensor 't': got list .*, want strings .*surrogates not allowed"),
        ([["a"], ["b", "c"]], (TypeError, ValueError), "tensor 't': got list .*, want strings"),
        (np.zeros(2, "M8[s]"), TypeError, "tensor 't': got ndarray of shape"),
        (np.zeros(2, np.longdouble), TypeError, "tensor 't': got ndarray .* of dtype float128, want one of float32, "),
        (np.broadcast_to(np.float64(0), 2**28), ValueError, "tensor 't': got 2147483648 bytes, want at most"),
    ],
)
def test_errors(tmp_path: Path, value: Any, error: Any, message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_tensor("t", value)
    assert values_of(tmp_path) == []
