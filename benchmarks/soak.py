"""Does a viewer of a growing logdir take more and more memory? `make soak` asks for ten minutes, not for 20 seconds."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Row, get_json, process, resident, wait_until
from runlens.wire.record import frame_scalars

SECONDS = 20.0
RUNS, TAGS = 10, 5
WARMING_SHARE = 0.2  # of the time, before the first look at the memory
MOST_GROWTH = 10.0  # MB: the points themselves, and what the allocator makes of so many small blocks


def rows(seconds: float = SECONDS) -> list[Row]:
    """Memory near the start and at the end, over as many changes as there is time for; each is read and saved."""
    with tempfile.TemporaryDirectory() as folder:
        root, caches = Path(folder) / "logs", Path(folder) / "caches"
        _grow(root, 0)
        command = [sys.executable, "-m", "runlens", str(root), "--port=0", f"--cache_dir={caches}"]
        with process([*command, "--reload_interval=0.01"]) as program:
            assert program.stdout is not None
            address = program.stdout.readline().split(" at ")[1].split(" ")[0].replace("localhost", "127.0.0.1")
            wait_until(lambda: get_json(f"{address}api/runs")["state"] == "ready")
            began, first, start = time.monotonic(), 0.0, get_json(f"{address}api/runs")["revision"]
            step = 1
            while (elapsed := time.monotonic() - began) < seconds:
                _grow(root, step)
                wait_until(lambda: _points(address) == RUNS * TAGS * (step + 1))  # noqa: B023, called at once
                step += 1
                if not first and elapsed > WARMING_SHARE * seconds:
                    first = resident(program.pid)
            changes = get_json(f"{address}api/runs")["revision"] - start
            last = resident(program.pid)
    what = f"memory after {changes:,} changes read in {seconds:.0f} s"
    goal = f"at most {MOST_GROWTH:.0f} MB more than at first"
    return [Row(what, "MB", last, goal, last <= first + MOST_GROWTH, "at first", first)]


def _grow(root: Path, step: int) -> None:
    for run in range(RUNS):
        path = root / f"run{run}" / "events.out.tfevents.1.host"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            file.write(frame_scalars([(f"tag{tag}", step * 0.1, step, 1.7e9 + step) for tag in range(TAGS)]))


def _points(address: str) -> int:
    return sum(run["points"] for run in get_json(f"{address}api/runs")["runs"])


if __name__ == "__main__":
    for row in rows(float(sys.argv[1])):
        print(row.markdown())
