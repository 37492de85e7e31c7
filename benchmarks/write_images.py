"""What does one add_image cost the training loop, and how long does an image take until it is in the file?"""

from __future__ import annotations

import statistics
import tempfile
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.measure import Row

CALLS = 100
PEER_CALLS = 20
REPEATS = 5
SHAPE = (3, 256, 256)


def rows() -> list[Row]:
    """Caller's time per call beside torch and tensorboardX, and the time until all is written beside torch."""
    from tensorboardX import SummaryWriter as TensorboardX
    from torch.utils.tensorboard import SummaryWriter as Torch

    from runlens import SummaryWriter

    image = _photograph()

    ours, ours_written = _milliseconds(SummaryWriter, CALLS, image)
    torch, torch_written = _milliseconds(Torch, PEER_CALLS, image)
    tensorboardx, _ = _milliseconds(TensorboardX, PEER_CALLS, image)
    what = "add_image 3x256x256 uint8, caller's time per call"
    written = "the same until `close` returns, per image"
    return [
        Row(what, "ms", ours, "at most 0.2 ms", ours <= 0.2, "torch", torch),
        Row(what, "ms", ours, "", True, "tensorboardX", tensorboardx),
        Row(written, "ms", ours_written, "", True, "torch", torch_written),
    ]


def _photograph() -> NDArray[np.uint8]:
    """Waves of light with a camera's noise: neither as smooth as a drawing nor as random as static."""
    y, x = np.mgrid[: SHAPE[1], : SHAPE[2]]
    light = 127 + 60 * np.sin(x / 20) + 60 * np.cos(y / 33)
    noise = np.random.default_rng(0).normal(0, 6, SHAPE)
    return np.asarray((light + noise).clip(0, 255), np.uint8)


def _milliseconds(writer_class: Any, calls: int, image: NDArray[np.uint8]) -> tuple[float, float]:
    """Medians per image: what the calls of a loop that does nothing else take, and the same until `close` returns."""
    spent = [_spent(writer_class, calls, image) for _ in range(REPEATS)]
    called, written = (statistics.median(times) / calls * 1000 for times in zip(*spent, strict=True))
    return called, written


def _spent(writer_class: Any, calls: int, image: NDArray[np.uint8]) -> tuple[float, float]:
    with tempfile.TemporaryDirectory() as folder:
        writer = writer_class(folder)
        began = time.perf_counter()
        for step in range(calls):
            writer.add_image("input", image, step)
        called = time.perf_counter()
        writer.close()
        return called - began, time.perf_counter() - began
