"""What does the page cost with many runs and tags in it, and while runs grow under it?"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.logs import add_steps, logdir
from benchmarks.measure import Row
from benchmarks.page import drive, viewer

SCRIPT = Path(__file__).with_name("live_page.mjs")
RUNS, TAGS, STEPS = 20, 20, 1000
SECONDS = 20  # of live updates, a step of each run a second
HOUR = 3600  # updates
AT_ONCE = 12  # of those, so many a change: the page hears of them as of three hundred changes
WARMING = 600  # updates before the first look at the memory


def rows() -> list[Row]:
    """Long lists scrolled; twenty runs that log a step a second; an hour of that in a minute."""
    return [
        *_scroll("1,000 runs in the list", logdir(1000, 20, 100), ".list"),
        *_scroll("5,000 tags on the board", logdir(3, 5000, 20), ".board"),
        *_live(),
    ]


def _scroll(what: str, root: Path, selector: str) -> list[Row]:
    with viewer(root) as address:
        seen = drive("scroll", address, selector, script=SCRIPT)
    longest, frame = seen["longest"], seen["frame"]
    assert seen["reached"] > 10_000, "was not scrolled"
    return [
        Row(f"{what}, scrolled: longest task", "ms", longest, "at most 50 ms", longest <= 50),
        Row("the same: 95 of 100 frames within", "ms", frame, "at most 34 ms", frame <= 34),
    ]


def _live() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "logs"
        shutil.copytree(logdir(RUNS, TAGS, STEPS), root)
        with viewer(root) as address, _page(address) as look:
            before = look("look")
            for second in range(SECONDS):
                add_steps(root, RUNS, TAGS, STEPS + second, 1)
                time.sleep(1)
            after = look("look")
            first, last = _hour(root, STEPS + SECONDS, look)
    share = 100 * (after["cpu"] - before["cpu"]) / (after["at"] - before["at"])
    grown = last["heap"] - first["heap"]
    return [
        Row(
            f"{RUNS} runs logging a step a second: a core's share in the page", "%", share, "at most 10 %", share <= 10
        ),
        Row("its memory after an hour's worth of steps", "MB", last["heap"], "", True),
        Row("the same: more than after ten minutes' worth", "MB", grown, "at most 20 MB", grown <= 20),
    ]


def _hour(root: Path, step: int, look: Callable[[str], dict[str, Any]]) -> list[dict[str, Any]]:
    """What the page holds after the warming and after an hour's worth of steps, garbage collected."""
    seen = []
    for end in (WARMING, HOUR):
        while step < STEPS + SECONDS + end:
            add_steps(root, RUNS, TAGS, step, AT_ONCE)
            step += AT_ONCE
            time.sleep(0.2)
        time.sleep(2)  # so that the last change is drawn
        seen.append(look("collect"))
    return seen


@contextmanager
def _page(address: str) -> Iterator[Callable[[str], dict[str, Any]]]:
    """A browser at the address, and a way to ask it what it costs."""
    command = ["node", str(SCRIPT), "live", address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        stdin, stdout = program.stdin, program.stdout
        assert stdin is not None and stdout is not None
        assert json.loads(stdout.readline())["ready"]

        def look(word: str) -> dict[str, Any]:
            stdin.write(word + "\n")
            stdin.flush()
            return dict(json.loads(stdout.readline()))

        yield look
        stdin.close()
