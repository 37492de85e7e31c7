"""What does one add_scalar cost the training loop, and what does the import cost?"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from typing import Any

from benchmarks.measure import Row, median_of

CALLS = 200_000
PEER_CALLS = 20_000
REPEATS = 5


def rows() -> list[Row]:
    """Caller's time per call beside torch and tensorboardX; import time beside torch."""
    from tensorboardX import SummaryWriter as TensorboardX
    from torch.utils.tensorboard import SummaryWriter as Torch

    from runlens import SummaryWriter

    ours = median_of(REPEATS, lambda: _per_call(SummaryWriter, CALLS))
    torch = median_of(REPEATS, lambda: _per_call(Torch, PEER_CALLS))
    tensorboardx = median_of(REPEATS, lambda: _per_call(TensorboardX, PEER_CALLS))
    late, torch_late = median_of(REPEATS, lambda: _import("runlens")), _import("torch.utils.tensorboard")
    return [
        Row("add_scalar, caller's time per call", "us", ours, "at most 1.5 us", ours <= 1.5, "torch", torch),
        Row("add_scalar, caller's time per call", "us", ours, "", True, "tensorboardX", tensorboardx),
        Row("import", "s", late, "at most 0.1 s", late <= 0.1, "torch.utils.tensorboard", torch_late),
    ]


def _per_call(writer_class: Any, calls: int) -> float:
    """Microseconds a call takes, in a loop that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        writer = writer_class(folder)
        began = time.perf_counter()
        for step in range(calls):
            writer.add_scalar("train/loss", 0.5, step)
        spent = time.perf_counter() - began
        writer.close()
    return spent / calls * 1e6


def _import(module: str) -> float:
    """Seconds that `import module` and taking its SummaryWriter add to a bare interpreter."""
    bare, loaded = _start("pass"), _start(f"from {module} import SummaryWriter")
    return loaded - bare


def _start(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began
