"""An end to the tracing of models that would take too long, such as a loop over ten thousand steps."""

from __future__ import annotations

import time
from typing import Any

import torch  # noqa: TID253 - imported only to trace a model of torch
from torch.overrides import TorchFunctionMode  # noqa: TID253


class Budget(TorchFunctionMode):  # type: ignore[misc, unused-ignore]  # torch is not typed to us
    """Within it, torch's functions can be called for so many seconds.

    Raises:
        TimeoutError: at the first call after that.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        # torch.compile, which torch's control flow uses within, cannot look into this.
        if not torch.compiler.is_dynamo_compiling() and time.monotonic() > self._end:
            raise TimeoutError(f"it takes more than {self._seconds} s")
        return func(*args, **(kwargs or {}))
