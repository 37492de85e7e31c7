"""The process that computes: `python -m runlens.api.reduction.worker`, told what by its standard input.

It ends when its input does, so it cannot outlive the server, however that ends.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from importlib import import_module
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.reduction.messages import Report, receive, send

MOST_DIMENSIONS: Final = 100  # beyond, only so many principal components are looked at, as is usual
FRAME_EVERY: Final = 0.3  # s between two pictures
PARENT_DEATH: Final = 1  # PR_SET_PDEATHSIG of prctl(2)


def main() -> None:
    """Compute what is asked for, and tell how far it is."""
    _die_with_parent()
    if hasattr(os, "nice"):
        os.nice(5)  # whoever looks at charts comes first
    # Libraries print; only messages may go to the server.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = receive(sys.stdin.buffer)
    if asked is None:
        return
    threading.Thread(target=_end_with_input, daemon=True).start()
    words, floats = asked
    try:
        points = floats.reshape(words["count"], -1)
        reporter = Reporter(answers)
        places = reduce(points, words["parameters"], reporter)
        send(answers, {"done": True}, places)
    except MemoryError:
        send(answers, {"error": "there is not enough memory; take fewer points"})
    except Exception as error:  # whatever the packages raise at odd points is told to who asked
        send(answers, {"error": f"{type(error).__name__}: {error}"})


class Reporter:
    """Tells the server how far it is, and not too often shows it a picture."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._shown = 0.0

    def __call__(self, stage: str, progress: float, places: NDArray[Any] | None = None) -> None:
        """`progress` from 0 to 1; `places` [n, K] as they are now."""
        now = time.monotonic()
        if places is not None and now - self._shown < FRAME_EVERY:
            return
        self._shown = now
        shown = None if places is None or not np.isfinite(places).all() else places.astype(np.float32)
        send(self._answers, {"stage": stage, "progress": progress}, shown)


def reduce(points: NDArray[np.float32], parameters: dict[str, Any], report: Report) -> NDArray[np.float32]:
    """Places [n, K] of points [n, D]."""
    if points.shape[1] > MOST_DIMENSIONS:
        report("components", 0, None)
        points = _principal(points)
    report("neighbours", 0, None)
    method = import_module(f"runlens.api.reduction.by_{parameters['method']}")
    places: NDArray[np.float32] = np.asarray(method.reduce(points, parameters, report), np.float32)
    return places


def _principal(points: NDArray[np.float32]) -> NDArray[np.float32]:
    pca = import_module("sklearn.decomposition").PCA(min(MOST_DIMENSIONS, *points.shape), random_state=0)
    return np.asarray(pca.fit_transform(points), np.float32)


def _die_with_parent() -> None:
    """Linux ends us with the thread that started us, even while a library holds the interpreter."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PARENT_DEATH, signal.SIGKILL)


def _end_with_input() -> None:
    """The server keeps our input open for as long as it wants the result."""
    sys.stdin.buffer.read(1)
    os._exit(1)


if __name__ == "__main__":
    main()
