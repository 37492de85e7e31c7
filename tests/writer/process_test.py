"""What becomes of the data when processes die, end, fork and receive signals. Each case is a script of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Points = Callable[[Path], list[tuple[str, int, float, float]]]
Files = Callable[[Path], list[Path]]

PROLOGUE = """
import atexit, os, signal, sys, threading, time
from runlens import SummaryWriter
log_dir = sys.argv[1]
writer = SummaryWriter(log_dir)
def log(count, first=0, tag="loss"):
    for step in range(first, first + count):
        writer.add_scalar(tag, 0.5, step)
"""


def run(directory: Path, script: str, want: int = 0) -> str:
    command = [sys.executable, "-c", PROLOGUE + script, str(directory)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == want, result.stderr
    return result.stderr


def steps(points: list[tuple[str, int, float, float]], tag: str = "loss") -> list[int]:
    return [point[1] for point in points if point[0] == tag]


def test_kill_after_flush(tmp_path: Path, points: Points) -> None:
    run(tmp_path, "log(30_000); writer.flush(); os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL)
    assert steps(points(tmp_path)) == list(range(30_000))


def test_exit_without_close(tmp_path: Path, points: Points) -> None:
    assert run(tmp_path, "log(30_000); writer.add_scalars('group', {'a': 1.0}, 1)") == ""
    assert steps(points(tmp_path)) == list(range(30_000))
    assert steps(points(tmp_path / "group_a"), "group") == [1]


def test_exit_by_an_exception(tmp_path: Path, points: Points) -> None:
    assert "ZeroDivisionError" in run(tmp_path, "log(100); 1 / 0", 1)
    assert steps(points(tmp_path)) == list(range(100))


def test_exit_from_a_child_thread_still_writing(tmp_path: Path, points: Points) -> None:
    run(tmp_path, "threading.Thread(target=log, args=(50_000,)).start()")
    assert steps(points(tmp_path)) == list(range(50_000))


def test_logging_in_exit_handlers(tmp_path: Path, points: Points) -> None:
    # Registered before runlens is imported, so run after its own handler.
    script = f"""
import atexit, sys
late = []
atexit.register(lambda: late[0].add_scalar("loss", 0.5, 3))
atexit.register(lambda: (late[0].add_scalar("loss", 0.5, 2), late[0].flush()))
from runlens import SummaryWriter
late.append(SummaryWriter({str(tmp_path)!r}))
late[0].add_scalar("loss", 0.5, 1)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
    assert steps(points(tmp_path)) == [1, 2, 3]


def test_fork(tmp_path: Path, points: Points, files: Files) -> None:
    # Points wait in the parent's queue at every fork; no child may write them.
    script = """
children = []
for child in range(5):
    log(2_000, 2_000 * child)
    pid = os.fork()
    if pid == 0:
        log(100, 0, f"child{child}")
        writer.add_scalar("new", 1.0, 1, new_style=True)
        sys.exit(0) if child % 2 else (writer.close(), os._exit(0))
    children.append(pid)
assert [os.waitpid(pid, 0)[1] for pid in children] == [0] * 5
"""
    run(tmp_path, script)
    found = points(tmp_path)
    assert steps(found) == list(range(10_000))
    for child in range(5):
        assert steps(found, f"child{child}") == list(range(100))
    assert steps(found, "new") == [1] * 5
    assert len(files(tmp_path)) == 6
    assert len({path.name.split(".")[-2] for path in files(tmp_path)}) == 6


def test_a_forked_child_that_logs_nothing_makes_no_file(tmp_path: Path, files: Files) -> None:
    run(tmp_path, "log(10); pid = os.fork(); pid and os.waitpid(pid, 0)")
    assert len(files(tmp_path)) == 1


def test_a_forked_child_exports_its_own_scalars(tmp_path: Path) -> None:
    script = """
log(10)
pid = os.fork()
if pid == 0:
    log(3, tag="child")
writer.export_scalars_to_json(f"{log_dir}/{'parent' if pid else 'child'}.json")
pid and os.waitpid(pid, 0)
"""
    run(tmp_path, script)
    for name, tag, count in (("parent", "loss", 10), ("child", "child", 3)):
        exported = json.loads((tmp_path / f"{name}.json").read_text())
        assert {key: len(found) for key, found in exported.items()} == {f"{tmp_path}/{tag}": count}


def test_fork_under_fire(tmp_path: Path, points: Points) -> None:
    # Other threads log and flush while forks happen, so locks would be held.
    script = """
stop = False
def fire(number):
    step = 0
    while not stop:
        writer.add_scalar(f"thread{number}", 1.0, step, new_style=step % 2 == 0)
        step += 1
        if step % 50 == 0:
            writer.flush()
fires = [threading.Thread(target=fire, args=(number,)) for number in range(2)]
for thread in fires: thread.start()
for child in range(20):
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        log(10, tag=f"child{child}"); writer.flush(); writer.close(); os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
stop = True
for thread in fires: thread.join()
"""
    run(tmp_path, script)
    found = points(tmp_path)
    for child in range(20):
        assert steps(found, f"child{child}") == list(range(10))
    for number in range(2):
        thread = steps(found, f"thread{number}")
        assert thread == list(range(len(thread)))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_child(tmp_path: Path, points: Points, method: str) -> None:
    script = f"""
import multiprocessing, sys
from runlens import SummaryWriter
writer = None
def child(log_dir):
    mine = writer or SummaryWriter(log_dir)
    for step in range(1_000):
        mine.add_scalar("child", 0.5, step)  # neither flushed nor closed
if __name__ == "__main__":
    writer = SummaryWriter({str(tmp_path)!r})
    writer.add_scalar("loss", 0.5, 0)
    process = multiprocessing.get_context({method!r}).Process(target=child, args=({str(tmp_path)!r},))
    process.start(); process.join()
    sys.exit(process.exitcode)
"""
    (tmp_path / "script.py").write_text(script)
    subprocess.run([sys.executable, str(tmp_path / "script.py")], check=True, timeout=60)
    assert steps(points(tmp_path), "child") == list(range(1_000))
    assert steps(points(tmp_path)) == [0]


def test_a_signal_handler_may_log_flush_and_close(tmp_path: Path, points: Points) -> None:
    script = """
count = 0
def handler(*_):
    global count
    writer.add_scalar("signal", 1.0, count, new_style=True)
    writer.flush()
    if count % 10 == 0: writer.close()
    count += 1
    if count < 200: signal.setitimer(signal.ITIMER_REAL, 0.0005)
signal.signal(signal.SIGALRM, handler)
signal.setitimer(signal.ITIMER_REAL, 0.0005)
step = 0
while count < 200:
    writer.add_scalar("loss", 1.0, step, new_style=step % 2 == 0)
    if step % 20 == 0: writer.flush()
    step += 1
"""
    run(tmp_path, script)
    found = points(tmp_path)
    assert steps(found) == list(range(len(steps(found))))
    assert steps(found, "signal") == list(range(200))
