"""Times and memory of processes, and the row that a benchmark returns."""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: a figure of ours, the peer's in the same run, and what is wanted."""

    what: str
    unit: str
    ours: float
    goal: str
    reached: bool
    peer: str = ""
    theirs: float | None = None

    def markdown(self) -> str:
        """The row as a line of a Markdown table."""
        theirs = f"{self.peer} {figure(self.theirs)} {self.unit}" if self.theirs is not None else ""
        ratio = f"{self.theirs / self.ours:.1f} x" if self.theirs is not None else ""
        cells = [
            self.what,
            f"{figure(self.ours)} {self.unit}",
            theirs,
            ratio,
            self.goal,
            "yes" if self.reached else "**no**",
        ]
        return "| " + " | ".join(cells) + " |"


def figure(number: float | None) -> str:
    """Three significant digits."""
    return "" if number is None else f"{number:,.3g}" if abs(number) < 1000 else f"{number:,.0f}"


def median_of(times: int, measure: Callable[[], float]) -> float:
    """The median of several measurements."""
    return statistics.median(measure() for _ in range(times))


@contextmanager
def process(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A running program, ended with all it started at the end."""
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        yield started
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()
        if started.stdout:
            started.stdout.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(check: Callable[[], bool], seconds: float = 300.0, pause: float = 0.01) -> None:
    """Poll until true. What is asked may not listen yet: a refused connection counts as no.

    Raises:
        TimeoutError: it did not become true.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if check():
                return
        except (OSError, ValueError, KeyError, IndexError):
            pass
        time.sleep(pause)
    raise TimeoutError("the program did not answer in time")


def get_json(address: str, form: bytes | None = None) -> Any:
    """The answer of a route."""
    with urllib.request.urlopen(address, form, timeout=60) as answer:
        return json.load(answer)


def resident(pid: int) -> float:
    """MB of memory held by a process and all below it (proportional share of what they share)."""
    total = _share(pid)
    for task in Path(f"/proc/{pid}/task").iterdir():
        children = (task / "children").read_text().split()
        total += sum(resident(int(child)) for child in children)
    return total


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, in user and system mode."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _share(pid: int) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
