"""Arrays of any library as numpy's, and copies that later changes do not reach."""

from __future__ import annotations

import math
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as numpy_arrays

from runlens.writer.arrays import as_array, snapshot

torch = pytest.importorskip("torch")


class ArrayOnly:
    """As TensorFlow's tensors: `__array__` and nothing else."""

    def __init__(self, array: Any) -> None:
        self._array = array

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self._array


class DlpackOnly:
    """An array of a library that speaks DLPack only."""

    def __init__(self, array: Any) -> None:
        self._array = array

    def __dlpack__(self, **options: Any) -> Any:
        return self._array.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self._array.__dlpack_device__()


class OnDevice:
    """As CuPy's arrays: numpy may not have them, `get` brings them over."""

    def __init__(self, array: Any) -> None:
        self._array = array

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        return {}

    def get(self) -> Any:
        return self._array.copy()

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise TypeError("implicit conversion is not allowed")


class Broken:
    shape = (2, 2)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        raise RuntimeError("the device is gone")


VALUES = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (VALUES, "float64"),
        ([(1, 2), (3, 4)], "int64"),
        ([np.array([1.0, 2.0]), np.array([3.0, 4.0])], "float64"),
        ([torch.tensor([1.0, 2.0], requires_grad=True), torch.tensor([3.0, 4.0])], "float32"),
        (np.array(VALUES), "float64"),
        (np.array(VALUES, ">f4"), "float32"),
        (np.array(VALUES, "<i2"), "int16"),
        (np.array(VALUES, order="F"), "float64"),
        (np.array([[1.0, 0, 2.0], [3.0, 0, 4.0]])[:, ::2], "float64"),
        (np.array([[4.0, 3.0], [2.0, 1.0]])[::-1, ::-1], "float64"),
        (np.array(VALUES, np.float16), "float16"),
        (np.array(VALUES, np.complex64), "complex64"),
        (np.ma.masked_array(VALUES), "float64"),
        (torch.tensor(VALUES), "float32"),
        (torch.tensor(VALUES).t().contiguous().t(), "float32"),
        (torch.tensor(VALUES, requires_grad=True) * 1, "float32"),
        (torch.nn.Parameter(torch.tensor(VALUES)), "float32"),
        (torch.tensor(VALUES, dtype=torch.bfloat16, requires_grad=True), "float32"),
        (torch.tensor(VALUES, dtype=torch.float16), "float16"),
        (torch.tensor(VALUES).to(torch.float8_e4m3fn), "float32"),
        (torch.tensor(VALUES).to(torch.float8_e5m2), "float32"),
        (torch.tensor(VALUES, dtype=torch.uint8), "uint8"),
        (torch.tensor(VALUES, dtype=torch.complex64).conj(), "complex64"),
        (torch.tensor(VALUES, dtype=torch.complex64).conj().imag + torch.tensor(VALUES), "float32"),
        (ArrayOnly(np.array(VALUES, np.float32)), "float32"),
        (DlpackOnly(np.array(VALUES, np.float32)), "float32"),
        (OnDevice(np.array(VALUES, np.float32)), "float32"),
    ],
)  # fmt: skip
def test_the_same_numbers_from_anywhere(value: Any, dtype: str) -> None:
    for make in (as_array, snapshot):
        array = make("mat", value)
        assert type(array) is np.ndarray
        assert array.dtype.name == dtype
        assert array.tolist() == VALUES


def test_a_lazy_conjugate_and_negative_of_torch() -> None:
    value = torch.tensor([1 + 2j, 3 - 4j]).conj()
    assert as_array("x", value).tolist() == [1 - 2j, 3 + 4j]
    assert value.imag.is_neg()
    assert as_array("x", value.imag).tolist() == [-2.0, 4.0]


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (3, 3),
        (2.5, 2.5),
        (True, True),
        (np.float32(0.5), 0.5),
        (np.array(7), 7),
        (torch.tensor(1.5), 1.5),
        ([], []),
        ([[]], [[]]),
        (np.zeros((0, 3)), []),
        ([True, False], [True, False]),
        ([math.inf, -1.0], [math.inf, -1.0]),
        (range(3), [0, 1, 2]),
        ((1, torch.tensor(2), np.int8(3)), [1, 2, 3]),
    ],
)  # fmt: skip
def test_numbers_and_empty_ones(value: Any, want: Any) -> None:
    assert as_array("x", value).tolist() == want
    assert snapshot("x", value).tolist() == want


def test_floats_that_numpy_lacks_and_others_register() -> None:
    """As ml_dtypes registers bfloat16: a void dtype to numpy, which casts it by a function of theirs."""
    ml_dtypes = pytest.importorskip("ml_dtypes")
    array = np.array(VALUES, ml_dtypes.bfloat16)
    assert as_array("x", array).dtype.name == "float32"
    assert as_array("x", array).tolist() == VALUES


@pytest.mark.parametrize(
    ("kind", "match", "value"),
    [
        (ValueError, r"mat: got list \[\[1, 2\], \[3\]\], want an array of numbers \(", [[1, 2], [3]]),
        (ValueError, "mat: got Tensor of shape .*, want an array of numbers", torch.ones(2, device="meta")),
        (ValueError, "mat: got Broken .*the device is gone", Broken()),
        (TypeError, "mat: got list .* of dtype <U1, want an array of numbers", ["a"]),
        (TypeError, "mat: got str 'abc' of dtype", "abc"),
        (TypeError, "mat: got bytes .* of dtype", b"abc"),
        (TypeError, "mat: got NoneType None of dtype object", None),
        (TypeError, "mat: got dict .* of dtype object", {}),
        (TypeError, "mat: got object .* of dtype object", object()),
        (TypeError, "mat: got ndarray .* of dtype object", np.array([1, None])),
        (TypeError, "mat: got ndarray .* of dtype datetime64", np.array(["2020"], "datetime64[D]")),
        (TypeError, "mat: got ndarray .* of dtype", np.zeros(2, [("a", "f4")])),
        (TypeError, "mat: got ndarray .* of dtype", np.zeros(2, "V3")),
    ],
)  # fmt: skip
def test_errors(kind: type[Exception], match: str, value: Any) -> None:
    for make in (as_array, snapshot):
        with pytest.raises(kind, match=match):
            make("mat", value)


@pytest.mark.parametrize("layout", ["to_sparse", "to_sparse_csr"])
@pytest.mark.filterwarnings("ignore:Sparse:UserWarning")
def test_sparse_tensors(layout: str) -> None:
    value = getattr(torch.tensor([[0.0, 2.0], [3.0, 0.0]]), layout)()
    assert as_array("mat", value).tolist() == [[0, 2], [3, 0]]


def changed(value: Any) -> None:
    if isinstance(value, list):
        value[0] = 9
    elif isinstance(value, torch.Tensor):
        value.data.fill_(9)
    elif isinstance(value, np.ndarray):
        value[...] = 9
    else:
        changed(value._array)


@pytest.mark.parametrize(
    "make",
    [
        lambda: [1.0, 2.0],
        lambda: np.array([1.0, 2.0]),
        lambda: np.array([1.0, 0, 2.0])[::2],
        lambda: np.array([[1.0, 2.0]])[0],
        lambda: np.ma.masked_array([1.0, 2.0]),
        lambda: np.matrix([1.0, 2.0]),
        lambda: torch.tensor([1.0, 2.0]),
        lambda: torch.tensor([1.0, 2.0], requires_grad=True),
        lambda: torch.tensor([1.0, 2.0], dtype=torch.bfloat16),
        lambda: ArrayOnly(np.array([1.0, 2.0])),
        lambda: DlpackOnly(np.array([1.0, 2.0])),
        lambda: OnDevice(np.array([1.0, 2.0])),
    ],
)
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_snapshot_is_not_reached_by_later_changes(make: Any) -> None:
    value = make()
    array = snapshot("x", value)
    changed(value)
    assert array.ravel().tolist() == [1.0, 2.0]
    array[...] = 5  # nor the other way
    assert np.ravel(as_array("x", value)).tolist() != [5.0, 5.0]


def test_a_view_is_shared_where_that_can_be() -> None:
    for value in (np.zeros(3), torch.zeros(3), ArrayOnly(np.zeros(3))):
        array = as_array("x", value)
        changed(value)
        assert array.tolist() == [9, 9, 9]


@given(
    numpy_arrays.arrays(
        st.sampled_from(["<f4", ">f4", "<f8", "<i4", ">i2", "u1", "?", "<c8"]),
        numpy_arrays.array_shapes(min_dims=0, min_side=0),
    )
)
def test_any_array_of_numpy(array: Any) -> None:
    found = snapshot("x", array)
    assert np.array_equal(found, array, equal_nan=True)
    assert found.shape == array.shape
    assert not np.shares_memory(found, array)


def test_no_library_is_imported() -> None:
    code = (
        "import sys, runlens.writer.arrays as arrays; arrays.snapshot('x', [1, 2]);"
        "print(sorted({'torch', 'jax', 'tensorflow', 'cupy', 'PIL'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
