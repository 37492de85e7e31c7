"""Floats that numpy lacks -> float32: bfloat16, and those of eight and four bits that types.proto knows.

Sources: OCP 8-bit Floating Point Specification (E5M2, E4M3FN), arXiv 2206.02915 (the FNUZ forms),
OCP Microscaling Formats (E2M1). FN has no infinities; UZ has no negative zero, whose bits are its only NaN.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Widen = Callable[[NDArray[Any]], NDArray[np.float32]]


def _bfloat16(bits: NDArray[Any]) -> NDArray[np.float32]:
    """The upper half of a float32."""
    return (bits.astype(np.uint32) << 16).view(np.float32)


def _table(exponent_bits: int, fraction_bits: int, bias: int, special: dict[int, float]) -> NDArray[np.float32]:
    """The number that each pattern of bits means; `special` holds those that are no plain number."""
    magnitudes = 1 << (exponent_bits + fraction_bits)
    values = []
    for magnitude in range(magnitudes):
        exponent, fraction = divmod(magnitude, 1 << fraction_bits)
        implied = (1 << fraction_bits) if exponent else 0
        values.append(math.ldexp(fraction + implied, max(exponent, 1) - bias - fraction_bits))
    table = np.array(values + [-value for value in values], np.float32)
    for bits, value in special.items():
        table[bits] = value
    return table


def _by_table(table: NDArray[np.float32]) -> Widen:
    return lambda bits: table[bits & (len(table) - 1)]


_NAN, _INFINITY = math.nan, math.inf
_E5M2 = {0x7C: _INFINITY, 0xFC: -_INFINITY} | dict.fromkeys((0x7D, 0x7E, 0x7F, 0xFD, 0xFE, 0xFF), _NAN)
_UZ = {0x80: _NAN}

BFLOAT16: Final[Widen] = _bfloat16

# DataType -> how to widen it: E5M2, E4M3FN, E4M3FNUZ, E4M3B11FNUZ, E5M2FNUZ.
FLOAT8: Final[dict[int, Widen]] = {
    24: _by_table(_table(5, 2, 15, _E5M2)),
    25: _by_table(_table(4, 3, 7, {0x7F: _NAN, 0xFF: _NAN})),
    26: _by_table(_table(4, 3, 8, _UZ)),
    27: _by_table(_table(4, 3, 11, _UZ)),
    28: _by_table(_table(5, 2, 16, _UZ)),
}
FLOAT4: Final[Widen] = _by_table(_table(2, 1, 1, {}))
