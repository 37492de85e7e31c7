"""Types of the native core; the C++ headers say what each does."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

# int32 or int64, float32 or float64: columns come in the narrowest type that holds them exactly.
Ints = NDArray[np.int32] | NDArray[np.int64]
Floats = NDArray[np.float32] | NDArray[np.float64]

class Harvest(TypedDict):
    offset: int
    pending: int
    at_end: bool
    records: int
    tags: list[tuple[int, str, str, bytes, str, str, int]]
    scalars: list[tuple[int, Ints, Floats, Floats]]
    entries: list[tuple[int, Ints, Ints, Floats, Ints, Ints, Ints]]
    disagreements: list[tuple[int, str, str, str]]
    damage: list[tuple[int, int, str]]
    open_damage: tuple[int, int, str] | None

class FileScanner:
    def advance(self, path: bytes, limit: int) -> Harvest: ...

def crc32c(data: bytes) -> int: ...
def crc32c_portable(data: bytes) -> int: ...
def masked_crc32c(data: bytes) -> int: ...
def record(payload: bytes) -> bytes: ...
def scalar_records(scalars: list[tuple[str, float, int, float]]) -> bytes: ...
def m4(
    x: Ints | Floats, y: Floats, low: float, high: float, columns: int, ascends: bool = False
) -> NDArray[np.int64]: ...
def debiased_ema(y: Floats, weight: float, steps: Ints | None = None) -> NDArray[np.float64]: ...
def histogram_edges() -> NDArray[np.float64]: ...
def histogram(values: Floats) -> tuple[NDArray[np.int64], int, int, int, float, float]: ...
def trim_heap() -> None: ...
