"""Images among scalars and texts: order, slow disks, the end of a process, and what is imported when."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runlens import SummaryWriter
from runlens.writer import encoding
from runlens.writer import sink as sink_module
from tests.event_support import events_of

LARGE = np.random.default_rng(7).integers(0, 256, (3, 128, 128), dtype=np.uint8)  # a thread's worth
SMALL = LARGE[:, :4, :4]


def log_mixed(writer: SummaryWriter, name: str, count: int) -> None:
    """`count` steps of four values each, in this order."""
    for step in range(count):
        writer.add_image(f"{name}/image", LARGE if step % 3 else SMALL, step)
        writer.add_scalar(f"{name}/scalar", step, step)
        writer.add_text(f"{name}/text", f"{name} {step}", step)
        writer.add_tensor(f"{name}/tensor", [step], step)


def told(events: list[Any], name: str) -> list[tuple[int, str]]:
    """(step, what) of a thread's values, in the order of the file."""
    found = [(event.step, event.summary.value[0].tag) for event in events]
    return [(step, tag.split("/")[1]) for step, tag in found if tag.startswith(f"{name}/")]


def test_order_of_several_threads(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        threads = [threading.Thread(target=log_mixed, args=(writer, f"thread{number}", 30)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    events = events_of(tmp_path)
    for number in range(4):
        want = [(step, what) for step in range(30) for what in ("image", "scalar", "text", "tensor")]
        assert told(events, f"thread{number}") == want
    assert len(events) == 4 * 4 * 30


def test_a_slow_disk_delays_no_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, write = threading.Event(), os.write

    def slow_write(descriptor: int, data: Any) -> int:
        assert opened.wait(60)
        return write(descriptor, data)

    writer = SummaryWriter(tmp_path)
    monkeypatch.setattr(os, "write", slow_write)
    log_mixed(writer, "a", 40)  # returns although nothing can be written
    assert len(writer._sink) == 160
    opened.set()
    writer.close()
    assert len(told(events_of(tmp_path), "a")) == 160


def test_a_call_waits_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sink_module, "HARD_LIMIT_BYTES", 15 * LARGE.nbytes)
    opened, write, asked = threading.Event(), os.write, threading.Event()

    def slow_write(descriptor: int, data: Any) -> int:
        assert opened.wait(60)
        return write(descriptor, data)

    writer = SummaryWriter(tmp_path)
    wait = writer._worker.wait

    def wait_and_say(wants_close: bool = False) -> None:
        asked.set()
        wait(wants_close)

    monkeypatch.setattr(writer._worker, "wait", wait_and_say)
    monkeypatch.setattr(os, "write", slow_write)

    def log() -> None:
        for step in range(30):
            writer.add_image("x", LARGE, step)

    done = threading.Thread(target=log)
    done.start()
    assert asked.wait(60)
    held = writer._sink._bytes_held()
    opened.set()
    done.join(60)
    writer.close()
    assert held <= 15 * LARGE.nbytes
    assert [event.step for event in events_of(tmp_path)] == list(range(30))


def test_what_is_added_may_change_after_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding.Encoders, "submit", lambda *_: None)
    arrays = {
        "image": np.full((3, 90, 90), 40, np.uint8),
        "boxes": np.array([[1.0, 1, 20, 20]]),
        "video": np.full((1, 2, 3, 90, 90), 40, np.uint8),
        "audio": np.full(20_000, 40, np.int16),
        "vertices": np.full((1, 9_000, 3), 40, np.float32),
        "tensor": np.full(9_000, 40, np.float32),
    }
    for name in ("untouched", "changed"):
        with SummaryWriter(tmp_path / name, max_queue=10**6) as writer:
            writer.add_image("image", arrays["image"])
            writer.add_image_with_boxes("boxes", arrays["image"], arrays["boxes"])
            writer.add_video("video", arrays["video"])
            writer.add_audio("audio", arrays["audio"])
            writer.add_mesh("mesh", arrays["vertices"], arrays["vertices"], arrays["vertices"].astype(int))
            writer.add_tensor("tensor", arrays["tensor"])
            for array in arrays.values() if name == "changed" else ():
                array[:] = 7
    untouched, changed = ([event.summary for event in events_of(tmp_path / name)] for name in ("untouched", "changed"))
    assert untouched == changed


def test_what_cannot_be_encoded_is_told_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import Image

    def fail(*_: Any, **__: Any) -> None:
        raise MemoryError("no room")

    writer = SummaryWriter(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Image.Image, "save", fail)
        writer.add_image("x", SMALL, 0)
        writer.add_scalar("y", 1, 0)
        with pytest.warns(RuntimeWarning, match="an event was left out: no room"):
            writer.flush()
    writer.add_image("x", SMALL, 1)
    writer.close()
    assert [(event.step, event.summary.value[0].tag) for event in events_of(tmp_path)] == [(0, "y"), (1, "x")]


def test_without_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding.Encoders, "submit", lambda *_: None)
    with SummaryWriter(tmp_path) as writer:
        log_mixed(writer, "a", 5)
    assert len(told(events_of(tmp_path), "a")) == 20


@pytest.mark.parametrize("end", ["", "; os._exit(0)", "; sys.exit(3)", "; raise KeyboardInterrupt"])
def test_the_end_of_a_process_without_close(tmp_path: Path, end: str) -> None:
    end = "; writer.flush()" + end if "_exit" in end else end
    code = (
        "import os, sys; import numpy as np; from runlens import SummaryWriter; writer = SummaryWriter(sys.argv[1])\n"
        "for step in range(5): writer.add_image('x', np.zeros((3, 256, 256), np.uint8), step)\n"
        "writer.add_video('clip', np.zeros((1, 3, 3, 64, 64), np.uint8), 5); writer.add_audio('a', [0.5] * 9, 6)\n"
        f"writer.add_text('t', 'text', 7){end}"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, check=False, timeout=60)
    assert [event.step for event in events_of(tmp_path)] == list(range(8))


def test_imports_are_late(tmp_path: Path) -> None:
    code = (
        "import sys; from runlens import SummaryWriter; writer = SummaryWriter(sys.argv[1])\n"
        "print({'numpy', 'PIL', 'wave'} & set(sys.modules))\n"
        "writer.add_text('t', 'x'); writer.close(); print({'numpy', 'PIL'} & set(sys.modules))\n"
        "writer.add_image('x', [[0.5]], dataformats='HW'); writer.close()\n"
        "print({'torch', 'matplotlib', 'wave'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\nset()\nset()\n"
