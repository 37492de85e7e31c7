"""All reductions of this server: one computes at a time, the others wait in line."""

from __future__ import annotations

import atexit
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.question import BadQuestion
from runlens.api.reduction.job import Job, Rows
from runlens.api.reduction.request import Request
from runlens.api.reduction.results import Results

MOST_IN_LINE: Final = 8
FORGOTTEN: Final = 150.0  # s after which a job that no page asks about makes room; hidden pages ask once a minute

Floats = NDArray[np.float32]


class Jobs:
    """Jobs by the name of their result."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # whose it is, computes
        self._results = Results()

    def find(self, name: str) -> Job | None:
        """A job that was started and not ended, whatever became of it."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None:
                job.asked_at = time.monotonic()
            self._end_forgotten()
            return job

    def is_kept(self, name: str, cache: Path | None) -> bool:
        """Whether the result was made before, here or at an earlier start."""
        return self._results.has(name, cache)

    def start(self, name: str, request: Request, rows: Rows, points: Callable[[], Floats], cache: Path | None) -> Job:
        """The job of this name, begun anew unless it runs or its result is there.

        Raises:
            BadQuestion: too many wait already.
        """
        kept = self._results.get(name, cache, len(rows))
        with self._lock:
            job = self._jobs.get(name)
            if job is not None and job.state in ("waiting", "running", "done"):
                return job
            job = Job(name, request.parameters(), rows)
            if kept is not None:
                job.state, job.progress, job.frame, job.places = "done", 1, 1, kept
            elif sum(other.state in ("waiting", "running") for other in self._jobs.values()) >= MOST_IN_LINE:
                raise BadQuestion(f"projections: {MOST_IN_LINE} are computed or wait already; cancel one")
            self._forget_old()
            self._jobs[name] = job
        if kept is None:
            threading.Thread(target=self._run, args=(job, points, cache), name="reduction", daemon=True).start()
        return job

    def end(self, name: str) -> None:
        """Cancel a job. When this returns its worker is gone."""
        with self._lock:
            job = self._jobs.pop(name, None)
        if job is not None:
            job.end()

    def end_all(self) -> None:
        """Leave no worker behind."""
        for name in list(self._jobs):
            self.end(name)

    def _run(self, job: Job, points: Callable[[], Floats], cache: Path | None) -> None:
        with self._turn:
            if job.state == "waiting":
                job.run(points, lambda places: self._results.keep(job.name, places, cache))

    def _end_forgotten(self) -> None:
        """Others wait: end the one that runs, if nobody has asked about it for long."""
        long_ago = time.monotonic() - FORGOTTEN
        is_waited_for = any(job.state == "waiting" for job in self._jobs.values())
        for name, job in list(self._jobs.items()):
            if is_waited_for and job.state in ("waiting", "running") and job.asked_at < long_ago:
                del self._jobs[name]
                threading.Thread(target=job.end, daemon=True).start()

    def _forget_old(self) -> None:
        """Keep the newest; results stay where they are kept."""
        over = [name for name, job in self._jobs.items() if job.state not in ("waiting", "running")]
        for name in over[: -2 * MOST_IN_LINE]:
            del self._jobs[name]


JOBS: Final = Jobs()
atexit.register(JOBS.end_all)
