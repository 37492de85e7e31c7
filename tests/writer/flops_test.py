"""Formulas against torch's counter and values worked out by hand."""

from collections.abc import Mapping

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from runlens.writer.kinds.graph import Value
from runlens.writer.tracing.draft import value_of
from runlens.writer.tracing.flops import flops

randn = torch.randn
aten = torch.ops.aten


def values(*shapes: tuple[int, ...] | None) -> list[Value]:
    return [Value(shape) for shape in shapes]


CASES = [
    ("aten::linear", aten.linear, [randn(2, 5, 3), randn(4, 3), randn(4)], {}),
    ("aten::mm", aten.mm, [randn(2, 3), randn(3, 4)], {}),
    ("aten::bmm", aten.bmm, [randn(6, 2, 3), randn(6, 3, 4)], {}),
    ("aten::matmul", aten.matmul, [randn(6, 2, 3), randn(3, 4)], {}),
    ("aten::addmm", aten.addmm, [randn(4), randn(2, 3), randn(3, 4)], {}),
    ("aten::baddbmm", aten.baddbmm, [randn(6, 2, 4), randn(6, 2, 3), randn(6, 3, 4)], {}),
    ("aten::conv1d", aten.conv1d, [randn(2, 6, 9), randn(8, 3, 3)], {"groups": 2, "stride": [2]}),
    ("aten::conv2d", aten.conv2d, [randn(2, 3, 9, 7), randn(8, 3, 3, 2), randn(8)], {"padding": [1, 1]}),
    ("aten::conv3d", aten.conv3d, [randn(1, 2, 5, 5, 5), randn(4, 2, 2, 3, 2)], {}),
    ("aten::conv_transpose2d", aten.conv_transpose2d, [randn(2, 3, 5, 5), randn(3, 4, 3, 3)], {"stride": [2, 2]}),
    ("aten::scaled_dot_product_attention", aten.scaled_dot_product_attention, [randn(2, 4, 7, 8)] * 3, {}),
    ("aten::einsum", aten.einsum, [randn(2, 3, 4), randn(2, 4, 5)], {"equation": "bij, bjk -> bik"}),
]


@pytest.mark.parametrize(("op", "function", "tensors", "named"), CASES, ids=[case[0] for case in CASES])
def test_products_convolutions_and_attention_as_torch_counts(
    op: str, function: object, tensors: list[torch.Tensor], named: Mapping[str, object]
) -> None:
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        arguments = (named["equation"], tensors) if "equation" in named else tensors
        result = function(*arguments, **({} if "equation" in named else named))  # type: ignore[operator]
    found = flops(op, [value_of(tensor) for tensor in tensors], [value_of(result)], named)
    assert found == counter.get_total_flops() > 0


@pytest.mark.parametrize(
    ("op", "inputs", "output", "constants", "count"),
    [
        ("aten::batch_norm", [(2, 3, 4), (3,), (3,), (3,), (3,)], (2, 3, 4), {}, 2 * 24),
        ("aten::layer_norm", [(2, 8), (8,), (8,)], (2, 8), {}, 7 * 16),
        ("aten::layer_norm", [(2, 8)], (2, 8), {}, 5 * 16),
        ("aten::rms_norm", [(2, 8), (8,)], (2, 8), {}, 4 * 16),
        ("aten::mv", [(3, 4), (4,)], (3,), {}, 2 * 12),
        ("aten::dot", [(4,), (4,)], (), {}, 2 * 4),
        # Input [time 5, batch 2, 3]; two states; matrices 16 x 3 and 16 x 4; two biases.
        ("aten::lstm", [(5, 2, 3), (1, 2, 4), (1, 2, 4), (16, 3), (16, 4), (16,), (16,)], (5, 2, 4), {}, 2 * 10 * 112),
        ("aten::_convolution", [(1, 2, 5), (2, 3, 3)], (1, 3, 7), {"transposed": True}, 2 * 10 * 9),
        ("Gemm", [(3, 2), (3, 4)], (2, 4), {"transA": 1}, 2 * 8 * 3),
        ("Conv", [(1, 3, 8, 8), (4, 3, 3, 3)], (1, 4, 6, 6), {}, 2 * 144 * 27),
        ("MatMul", [(5, 2, 3), (3, 4)], (5, 2, 4), {}, 2 * 40 * 3),
        ("aten::linear", [(0, 3), (4, 3)], (0, 4), {}, 0),
    ],
)
def test_by_hand(
    op: str, inputs: list[tuple[int, ...]], output: tuple[int, ...], constants: Mapping[str, object], count: int
) -> None:
    assert flops(op, values(*inputs), values(output), constants) == count


@pytest.mark.parametrize(
    ("op", "inputs", "outputs"),
    [
        ("aten::relu", [(2, 3)], [(2, 3)]),
        ("aten::mm", [None, (3, 4)], [(2, 4)]),
        ("aten::mm", [(-1, 3), (3, 4)], [(-1, 4)]),
        ("aten::mm", [(2, 3), (3, 4)], []),
        ("aten::mm", [()], [(2, 4)]),
        ("aten::conv2d", [(2, 3)], [(2, 4)]),
        ("aten::einsum", [(2, 3), (3, 4)], [(2, 4)]),
    ],
)
def test_nothing_is_said_of_what_is_not_known(
    op: str, inputs: list[tuple[int, ...]], outputs: list[tuple[int, ...]]
) -> None:
    assert flops(op, values(*inputs), values(*outputs)) is None
