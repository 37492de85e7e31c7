"""What does one add_ call cost the training loop, and what does the import cost?"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.measure import Row, median_of

CALLS = 200_000
PEER_CALLS = 20_000
REPEATS = 5


def rows() -> list[Row]:
    """Caller's time per call beside torch and tensorboardX; import time beside torch."""
    values = np.random.default_rng(0).normal(size=100_000).astype(np.float32)
    late, torch_late = median_of(REPEATS, lambda: _import("runlens")), _import("torch.utils.tensorboard")
    return [
        *_beside_peers("add_scalar", "us", 1.5, CALLS, lambda writer, step: writer.add_scalar("loss", 0.5, step)),
        *_beside_peers(
            "add_histogram of 100,000 float32",
            "ms",
            0.3,
            100,
            lambda writer, step: writer.add_histogram("w", values, step),
        ),
        Row("import", "s", late, "at most 0.1 s", late <= 0.1, "torch.utils.tensorboard", torch_late),
    ]


def _beside_peers(what: str, unit: str, goal: float, calls: int, call: Callable[[Any, int], None]) -> list[Row]:
    """Caller's time per call, ours beside torch's and beside tensorboardX's."""
    from tensorboardX import SummaryWriter as TensorboardX
    from torch.utils.tensorboard import SummaryWriter as Torch

    from runlens import SummaryWriter

    scale = {"us": 1e6, "ms": 1e3}[unit]
    what = f"{what}, caller's time per call"
    ours = scale * median_of(REPEATS, lambda: _per_call(SummaryWriter, calls, call))
    torch = scale * median_of(REPEATS, lambda: _per_call(Torch, min(calls, PEER_CALLS), call))
    tensorboardx = scale * median_of(REPEATS, lambda: _per_call(TensorboardX, min(calls, PEER_CALLS), call))
    return [
        Row(what, unit, ours, f"at most {goal} {unit}", ours <= goal, "torch", torch),
        Row(what, unit, ours, "", True, "tensorboardX", tensorboardx),
    ]


def _per_call(writer_class: Any, calls: int, call: Callable[[Any, int], None]) -> float:
    """Seconds a call takes, in a loop that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        writer = writer_class(folder)
        began = time.perf_counter()
        for step in range(calls):
            call(writer, step)
        spent = time.perf_counter() - began
        writer.close()
    return spent / calls


def _import(module: str) -> float:
    """Seconds that `import module` and taking its SummaryWriter add to a bare interpreter."""
    bare, loaded = _start("pass"), _start(f"from {module} import SummaryWriter")
    return loaded - bare


def _start(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began
