"""How many floating-point operations an operation takes, from the shapes of its tensors.

A multiplication and an addition are two operations, as in `torch.utils.flop_counter`, whose counts those of products,
convolutions and attention here equal. Biases, activations and other element-wise operations are not counted. Norms are
counted by their definitions, as written at each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Final

from runlens.writer.kinds.graph import Value

Sizes = tuple[int, ...]
# (shapes of the inputs, shapes of the outputs, constant arguments by name) -> operations
Formula = Callable[[list[Sizes], list[Sizes], Mapping[str, object]], int]


def flops(
    op: str, inputs: Sequence[Value], outputs: Sequence[Value], constants: Mapping[str, object] | None = None
) -> int | None:
    """Operations of one call of `op`, such as `aten::conv2d` or ONNX's `Conv`; None where no formula is known.

    Args:
        op: kind of the operation.
        inputs: its tensors in the order of its arguments, lists of tensors one after the other.
        outputs: what it gives.
        constants: its other arguments, by name.
    """
    formula = FORMULAS.get(op.removeprefix("aten::"))
    known = [value.shape for value in inputs if value.shape is not None and min(value.shape, default=0) >= 0]
    given = [value.shape for value in outputs if value.shape is not None and min(value.shape, default=0) >= 0]
    if formula is None or len(known) < len(inputs) or not given:
        return None
    try:
        return formula(known, given, constants or {})
    except (IndexError, KeyError, TypeError, ValueError):  # an operation of this name with other arguments
        return None


def _product(first: int) -> Formula:
    """A matrix product: of [.., n, k] and [.., k, m], 2 k for each element of the result."""
    return lambda inputs, outputs, _: 2 * prod(outputs[0]) * inputs[first][-1]


def _gemm(inputs: list[Sizes], outputs: list[Sizes], constants: Mapping[str, object]) -> int:
    """ONNX's Gemm, whose first matrix may be transposed."""
    return 2 * prod(outputs[0]) * inputs[0][0 if constants.get("transA") else 1]


def _convolution(inputs: list[Sizes], outputs: list[Sizes], constants: Mapping[str, object]) -> int:
    """Weight [out, in / groups, ..kernel]: 2 (in / groups) kernel for each element of the result.

    A transposed one, weight [in, out / groups, ..kernel], does the same for each element of its input.
    """
    places = inputs[0] if constants.get("transposed") else outputs[0]
    return 2 * prod(places) * prod(inputs[1][1:])


def _transposed_convolution(inputs: list[Sizes], outputs: list[Sizes], constants: Mapping[str, object]) -> int:
    return _convolution(inputs, outputs, {**constants, "transposed": True})


def _attention(inputs: list[Sizes], outputs: list[Sizes], _: Mapping[str, object]) -> int:
    """Query [.., t, e], key [.., s, e], value [.., s, v]: the products of query and key, then of scores and value.

    What a mask leaves out is counted too.
    """
    query, key, value = inputs[:3]
    return 2 * prod(query[:-1]) * key[-2] * (query[-1] + value[-1])


def _recurrent(inputs: list[Sizes], outputs: list[Sizes], constants: Mapping[str, object]) -> int:
    """Each weight matrix is multiplied once for each of the steps x batch rows of the input."""
    matrices = [shape for shape in inputs[2:] if len(shape) == 2]
    return 2 * prod(inputs[0][:-1]) * sum(prod(shape) for shape in matrices)


def _einsum(inputs: list[Sizes], outputs: list[Sizes], constants: Mapping[str, object]) -> int:
    """Two operands: a multiplication and an addition for each combination of all indices."""
    left = str(constants["equation"]).replace(" ", "").split("->")[0].split(",")
    if len(left) != 2 or "." in "".join(left):
        raise ValueError(constants["equation"])
    sizes = {
        letter: n for letters, shape in zip(left, inputs, strict=True) for letter, n in zip(letters, shape, strict=True)
    }
    return 2 * prod(sizes.values())


def _for_each_element(plain: int, for_weight: int) -> Formula:
    """So many operations for each element of the input, and `for_weight` more if there is a weight."""
    return lambda inputs, outputs, _: prod(inputs[0]) * (plain + (for_weight if len(inputs) > 1 else 0))


# (x - mean) * rstd * weight + bias with the statistics given: one factor and one addend for each element.
_BATCH_NORM = _for_each_element(2, 0)
# Mean: 1 addition; centring: 1; variance: a multiplication and an addition; scaling: 1; weight and bias: 1 each.
_LAYER_NORM = _for_each_element(5, 2)
# Mean square: a multiplication and an addition; scaling: 1; weight: 1.
_RMS_NORM = _for_each_element(3, 1)

FORMULAS: Final[dict[str, Formula]] = {
    **dict.fromkeys(["linear", "mm", "bmm", "matmul", "mv", "dot", "MatMul"], _product(0)),
    **dict.fromkeys(["addmm", "baddbmm", "addmv"], _product(1)),
    "Gemm": _gemm,
    "einsum": _einsum,
    **dict.fromkeys(["conv1d", "conv2d", "conv3d", "convolution", "_convolution", "Conv"], _convolution),
    **dict.fromkeys(["mkldnn_convolution", "convolution_overrideable"], _convolution),
    **dict.fromkeys(["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"], _transposed_convolution),
    "ConvTranspose": _transposed_convolution,
    "scaled_dot_product_attention": _attention,
    "_scaled_dot_product_flash_attention": _attention,
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
    "_scaled_dot_product_efficient_attention": _attention,
    "_scaled_dot_product_cudnn_attention": _attention,
    **dict.fromkeys(["lstm", "gru", "rnn_tanh", "rnn_relu"], _recurrent),
    **dict.fromkeys(["batch_norm", "native_batch_norm", "_native_batch_norm_legit_no_training"], _BATCH_NORM),
    **dict.fromkeys(["cudnn_batch_norm", "BatchNormalization"], _BATCH_NORM),
    **dict.fromkeys(["layer_norm", "native_layer_norm", "LayerNormalization"], _LAYER_NORM),
    **dict.fromkeys(["group_norm", "native_group_norm", "GroupNormalization"], _LAYER_NORM),
    **dict.fromkeys(["instance_norm", "InstanceNormalization"], _LAYER_NORM),
    **dict.fromkeys(["rms_norm", "_fused_rms_norm", "RMSNormalization"], _RMS_NORM),
}
