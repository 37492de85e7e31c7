"""The writer as a training script meets it: names, files, life cycle."""

import gc
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter

Points = Callable[[Path], list[tuple[str, int, float, float]]]
Files = Callable[[Path], list[Path]]


def threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "runlens writer"]


def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(2_000):
        if is_so():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to be")


def test_default_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with SummaryWriter(comment="_lr0.1") as writer:
        host = re.escape(socket.gethostname())
        assert re.fullmatch(rf"runs/[A-Z][a-z]{{2}}\d\d_\d\d-\d\d-\d\d_{host}_lr0\.1", writer.get_logdir())
    assert len(list((tmp_path / writer.log_dir).iterdir())) == 1


def test_comment_means_nothing_beside_a_directory(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path / "a"), comment="x") as writer:
        assert writer.log_dir == str(tmp_path / "a")


def test_file_names(tmp_path: Path, files: Files) -> None:
    for _ in range(2):
        SummaryWriter(tmp_path / "deep" / "er", filename_suffix=".mine").close()
    names = sorted(path.name for path in (tmp_path / "deep" / "er").iterdir())
    host = re.escape(socket.gethostname())
    found = [re.fullmatch(rf"events\.out\.tfevents\.(\d{{10}})\.{host}\.(\d+)\.(\d+)\.mine", name) for name in names]
    assert [match is not None and int(match[2]) for match in found] == [os.getpid()] * 2
    numbers = sorted(int(match[3]) for match in found if match)
    assert numbers[1] == numbers[0] + 1


def test_directory_and_file_are_there_at_once(tmp_path: Path, files: Files) -> None:
    writer = SummaryWriter(tmp_path / "run")
    (path,) = files(tmp_path / "run")
    assert b"brain.Event:2" in path.read_bytes()
    assert not threads()  # nothing to write yet
    writer.close()


def test_purge_step(tmp_path: Path, files: Files) -> None:
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    writer = SummaryWriter(tmp_path, purge_step=40)
    writer.add_scalar("loss", 1.0, 40)
    writer.close()
    writer.add_scalar("loss", 1.0, 41)
    writer.close()
    first, second = ([*LegacyEventFileLoader(str(path)).Load()] for path in files(tmp_path))
    assert [(event.step, event.WhichOneof("what")) for event in first] == [
        (0, "file_version"),
        (40, "file_version"),
        (40, "session_log"),
        (40, "summary"),
    ]
    assert first[2].session_log.status == 1
    assert [event.WhichOneof("what") for event in second] == ["file_version", "summary"]


def test_tensorboard_purges_at_the_purge_step(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with SummaryWriter(tmp_path) as writer:
        for step in range(10):
            writer.add_scalar("loss", 1.0, step)
    with SummaryWriter(tmp_path, purge_step=4) as writer:
        writer.add_scalar("loss", 2.0, 4)
    events = EventAccumulator(str(tmp_path), size_guidance={"scalars": 0}).Reload().Scalars("loss")
    assert [(event.step, event.value) for event in events] == [(0, 1), (1, 1), (2, 1), (3, 1), (4, 2)]


def test_a_flushed_point_is_in_the_open_file(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(3):
        writer.add_scalar("loss", 0.5, step)
        writer.add_scalars("group", {"a": 1.0}, step)
        writer.flush()
        assert [point[1] for point in points(tmp_path)] == list(range(step + 1))
        assert [point[1] for point in points(tmp_path / "group_a")] == list(range(step + 1))
    writer.close()


def test_without_flush_points_arrive_soon(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    for step in range(3):  # also after the thread has gone to sleep
        writer.add_scalar("loss", 0.5, step)
        wait_until(lambda step=step: len(points(tmp_path)) == step + 1)  # type: ignore[misc]
    writer.close()


def test_write_after_close_opens_a_new_file(tmp_path: Path, points: Points, files: Files) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 0.5, 1)
    writer.close()
    writer.close()
    assert len(files(tmp_path)) == 1
    writer.add_scalar("loss", 0.5, 2)
    writer.flush()
    assert [point[1] for point in points(tmp_path)] == [1, 2]
    assert len(files(tmp_path)) == 2
    writer.close()


def test_context_manager_closes_also_after_an_error(tmp_path: Path, points: Points) -> None:
    with pytest.raises(KeyError), SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 0.5, 1)
        raise KeyError
    assert len(points(tmp_path)) == 1
    wait_until(lambda: not threads())


def test_flush_and_close_of_an_unused_writer_start_no_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda *_: pytest.fail("started a thread"))
    writer = SummaryWriter(tmp_path)
    writer.flush()
    writer.close()


def test_one_thread_for_all_lines(tmp_path: Path) -> None:
    wait_until(lambda: not threads())
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalars("group", {f"line{number}": 1.0 for number in range(20)}, 0)
        writer.flush()
        assert len(threads()) == 1
        assert len(list(tmp_path.glob("group_line*/*tfevents*"))) == 20


def test_a_dropped_writer_is_written_and_leaves_neither_thread_nor_file(tmp_path: Path, points: Points) -> None:
    def open_files() -> list[str]:
        targets = []
        for link in Path("/proc/self/fd").iterdir():
            if link.is_symlink():
                targets.append(str(link.readlink()))
        return [target for target in targets if str(tmp_path) in target]

    for number in range(5):
        writer = SummaryWriter(tmp_path / str(number))
        if number < 4:  # one stays without a thread
            writer.add_scalar("loss", 0.5, 1)
    assert open_files()
    del writer
    gc.collect()
    wait_until(lambda: not threads() and not open_files())
    assert [len(points(tmp_path / str(number))) for number in range(5)] == [1, 1, 1, 1, 0]


def test_bad_calls_lose_nothing(tmp_path: Path, points: Points) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("loss", 0.5, 1)
    for bad in ({"scalar_value": None}, {"scalar_value": 1.0, "global_step": 2**63}):
        with pytest.raises((TypeError, ValueError), match="'loss'"):
            writer.add_scalar("loss", **bad)
    writer.add_scalar("loss", 0.5, 2)
    writer.close()
    assert [point[1] for point in points(tmp_path)] == [1, 2]


def test_log_dir_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(OSError, match=f"cannot make the log directory.*{tmp_path}/taken"):
        SummaryWriter(tmp_path / "taken")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where not even root can write")
def test_log_dir_that_cannot_be_written() -> None:
    with pytest.raises(OSError, match=r"cannot make .*'/proc/self"):
        SummaryWriter("/proc/self/run")


def test_log_dir_is_a_url() -> None:
    with pytest.raises(ValueError, match="log_dir: got 's3://bucket/run', want a directory of this machine"):
        SummaryWriter("s3://bucket/run")


def test_what_an_import_loads() -> None:
    script = """
import sys, runlens
early = set(sys.modules)
from runlens import SummaryWriter
assert runlens.SummaryWriter is SummaryWriter and "SummaryWriter" in dir(runlens) and runlens.__version__
heavy = {"numpy", "torch", "PIL", "starlette", "uvicorn", "google.protobuf", "tensorboard", "asyncio"}
print(sorted(heavy & set(sys.modules)), "runlens.writer" in early)
"""
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[] False"


def test_logging_numbers_loads_no_numpy(tmp_path: Path) -> None:
    script = f"""
import sys
from runlens import SummaryWriter
with SummaryWriter({str(tmp_path)!r}) as writer:
    writer.add_scalar("loss", 0.5, 1)
    writer.add_scalar("loss", "0.5", 1, new_style=True)
assert "numpy" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_package_has_no_other_names() -> None:
    import runlens

    package: Any = runlens
    with pytest.raises(AttributeError, match="no attribute 'SumaryWriter'"):
        _ = package.SumaryWriter
