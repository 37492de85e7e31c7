"""What counts as one number, and what is said of all else."""

import math
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from runlens.writer.kinds.scalar import point

torch = pytest.importorskip("torch")


class OnlyArray:
    def __init__(self, data: Any) -> None:
        self.data = np.asarray(data)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.data


class OnlyDLPack:
    def __init__(self, data: Any) -> None:
        self.data = np.asarray(data)

    def __dlpack__(self, **options: Any) -> Any:
        return self.data.__dlpack__(**options)

    def __dlpack_device__(self) -> Any:
        return self.data.__dlpack_device__()


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (0.5, 0.5),
        (3, 3.0),
        (True, 1.0),
        ("1e-3", 1e-3),
        (Fraction(1, 4), 0.25),
        (Decimal("0.75"), 0.75),
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.float16(0.5), 0.5),
        (np.int64(-7), -7.0),
        (np.bool_(True), 1.0),
        (np.array(2.5), 2.5),
        (np.array([[[2.5]]]), 2.5),
        (np.array([4], dtype=np.uint8), 4.0),
        (torch.tensor(0.25), 0.25),
        (torch.tensor([[0.25]], requires_grad=True), 0.25),
        (torch.tensor([0.25], dtype=torch.bfloat16), 0.25),
        (torch.tensor(5), 5.0),
        (torch.tensor([True]), 1.0),
        (OnlyArray([[8.0]]), 8.0),
        (OnlyDLPack([9.0]), 9.0),
    ],
    ids=repr,
)
def test_one_number(given: object, want: float) -> None:
    _, value, _, _ = point("loss", given, 0, None)
    assert type(value) is float
    assert value == want


@pytest.mark.parametrize("given", [math.inf, -math.inf, "-inf", np.float32(np.inf), torch.tensor([math.inf])])
def test_infinities_are_numbers(given: object) -> None:
    assert math.isinf(point("loss", given, 0, None)[1])


@pytest.mark.parametrize("given", [math.nan, "nan", np.float32(np.nan), torch.tensor(math.nan)])
def test_nan_is_a_number(given: object) -> None:
    assert math.isnan(point("loss", given, 0, None)[1])


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        (None, TypeError, "None"),
        ([1.0], TypeError, "list"),
        ({"a": 1}, TypeError, "dict"),
        (1 + 2j, TypeError, "complex"),
        (b"1", TypeError, "bytes"),
        (object(), TypeError, "object"),
        (np.complex64(1), TypeError, "complex64"),
        (np.array(None, dtype=object), TypeError, "ndarray"),
        (torch.tensor([1 + 2j]), TypeError, "Tensor"),
        ("abc", ValueError, "abc"),
        ("", ValueError, "''"),
        (10**400, ValueError, "int"),
        (np.zeros(3), ValueError, r"ndarray of shape \(3,\), 3 elements"),
        (np.zeros((0, 2)), ValueError, "0 elements"),
        (torch.zeros(2, 2), ValueError, r"Tensor of shape \(2, 2\), 4 elements"),
        (torch.zeros(1, device="meta"), ValueError, "on meta tensors"),
        (OnlyArray([1.0, 2.0]), ValueError, "2 elements"),
        (OnlyDLPack([1.0, 2.0]), ValueError, "2 elements"),
    ],
    ids=repr,
)
def test_not_one_number(given: object, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=r"^scalar 'loss': got .+, want exactly one number") as refusal:
        point("loss", given, 0, None)
    assert re.search(said, str(refusal.value))


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (None, 0),
        (7, 7),
        (-7, -7),
        (1.7, 1),
        ("5", 5),
        (True, 1),
        (np.int64(3), 3),
        (torch.tensor(4), 4),
        (2**63 - 1, 2**63 - 1),
        (-(2**63), -(2**63)),
    ],
)
def test_step_is_what_int_makes_of_it(given: object, want: int) -> None:
    step = point("loss", 0.0, given, None)[2]
    assert type(step) is int
    assert step == want


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (2**63, ValueError),
        (-(2**63) - 1, ValueError),
        (math.nan, ValueError),
        (math.inf, ValueError),
        ("x", ValueError),
        ([1], TypeError),
        (torch.zeros(2), ValueError),
    ],
)
def test_bad_step(given: object, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=r"global_step of 'loss': got .*, want an integer that fits 64 bits"):
        point("loss", 0.0, given, None)


def test_wall_time() -> None:
    assert point("loss", 0.0, 0, 12)[3] == 12.0
    assert point("loss", 0.0, 0, None)[3] > 1e9
    with pytest.raises(ValueError, match="walltime of 'loss': got str 'noon', want seconds"):
        point("loss", 0.0, 0, "noon")
    with pytest.raises(TypeError, match="walltime of 'loss': got list"):
        point("loss", 0.0, 0, [1])


@pytest.mark.parametrize("tag", [None, 3, b"loss", ["loss"]])
def test_tag_is_no_text(tag: Any) -> None:
    with pytest.raises(TypeError, match=r"tag: got .*, want a str"):
        point(tag, 0.0, 0, None)


def test_tag_that_utf8_cannot_hold() -> None:
    with pytest.raises(ValueError, match="want text that UTF-8 can hold"):
        point("a\ud800", 0.0, 0, None)
