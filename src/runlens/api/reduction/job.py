"""One reduction under way: the worker, and what it told last."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Literal, cast

import numpy as np
from numpy.typing import NDArray

from runlens.api.reduction.messages import receive, send

State = Literal["waiting", "running", "done", "failed", "ended"]
Rows = NDArray[np.intp]
Floats = NDArray[np.float32]


@dataclass(slots=True, eq=False)
class Job:
    """Its worker, and how far that is. Places are those of the rows that take part, [n, K]."""

    name: str
    parameters: dict[str, Any]
    rows: Rows
    state: State = "waiting"
    stage: str = ""
    progress: float = 0
    frame: int = 0  # counts the pictures
    places: Floats | None = None
    error: str = ""
    asked_at: float = field(default_factory=time.monotonic)
    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, points: Callable[[], Floats], keep: Callable[[Floats], None]) -> None:
        """Compute, from beginning to end, in the calling thread: Linux ends the worker with that thread."""
        try:
            if (process := self._start()) is None:
                return
            self._tell(process, points())
            self._listen(process, keep)
        except OSError as error:
            self._fail(f"the worker cannot be started: {error.strerror or error}")
        except MemoryError:
            self._fail("there is not enough memory; take fewer points")
        finally:
            self.end()

    def end(self) -> None:
        """Kill the worker, if there is one; what is done stays done. Returns when it is gone."""
        with self._lock:
            if self.state in ("waiting", "running"):
                self.state = "ended"
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # what was not written yet has nobody to read it
                    cast(BinaryIO, stream).close()

    def _start(self) -> subprocess.Popen[bytes] | None:
        """The worker; None where the job was ended before."""
        command = [sys.executable, "-m", "runlens.api.reduction.worker"]
        with self._lock:
            if self.state != "waiting":
                return None
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OMP_WAIT_POLICY": "passive"},  # threads that wait leave the processors to others
                start_new_session=True,  # Ctrl+C is for the server, which then ends its workers
            )
            self.state, self.stage = "running", "start"
            return self._process

    def _tell(self, process: subprocess.Popen[bytes], points: Floats) -> None:
        with contextlib.suppress(OSError, ValueError):  # it is gone already; its end tells why
            send(cast(BinaryIO, process.stdin), {"count": len(points), "parameters": self.parameters}, points)

    def _listen(self, process: subprocess.Popen[bytes], keep: Callable[[Floats], None]) -> None:
        while (message := _receive(process)) is not None:
            words, floats = message
            if "error" in words:
                return self._fail(words["error"])
            if len(floats):
                self.places = floats.reshape(len(self.rows), -1)
                self.frame += 1
            self.stage, self.progress = words.get("stage", self.stage), words.get("progress", 1.0)
            if "done" in words and self.places is not None:
                keep(self.places)
                self.state = "done"
                return None
        self._fail(f"the worker ended unexpectedly, with status {process.wait()}; was there enough memory?")
        return None

    def _fail(self, error: str) -> None:
        with self._lock:
            if self.state != "ended":
                self.state, self.error = "failed", error


def _receive(process: subprocess.Popen[bytes]) -> tuple[dict[str, Any], Floats] | None:
    try:
        return receive(cast(BinaryIO, process.stdout))
    except (OSError, ValueError):
        return None  # closed under our feet: the job was ended
