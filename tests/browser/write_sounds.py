"""Write sounds of several writers: `write_sounds.py LOGDIR`. Run and step say the pitch."""

import sys
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from runlens import SummaryWriter
from runlens.wire import event, tensor
from runlens.wire.record import frame

RATE = 8000
STEPS = (0, 10, 20)


def tone(hertz: float, seconds: float) -> np.ndarray:
    """A sine of half the full loudness that fades away."""
    time = np.arange(int(RATE * seconds)) / RATE
    return (0.5 * np.exp(-time) * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def wav(samples: np.ndarray) -> bytes:
    """A WAV file of 16 bits."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return out.getvalue()


def tensor_form(tag: str, step: int, parts: list[tuple[bytes, bytes]]) -> bytes:
    """An event as tf.summary.audio of TensorFlow 2 makes it: pairs of clip and label."""
    clips = tensor.of_strings([part for pair in parts for part in pair], (len(parts), 2))
    value = event.tensor_value(tag, clips, event.metadata("audio", b"\x10\x0b"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def main(logdir: Path) -> None:
    """Write them all."""
    with TorchWriter(str(logdir / "torch")) as writer:
        for step in STEPS:
            writer.add_audio("speech/tone", tone(400 + 20 * step, 1), step, RATE)
    with SummaryWriter(logdir / "ours") as writer:
        for step in STEPS:
            left, right = tone(800 + 20 * step, 2), tone(1600, 2)
            writer.add_audio("speech/tone", np.stack([left, right]), step, RATE)
    whole = wav(tone(1000, 1))
    clips = [(wav(tone(1000 + 500 * n, 0.5)), label) for n, label in enumerate((b"first", b"second <b>"))]
    broken = [(whole[: len(whole) // 2], b"cut"), (b"<script>alert(1)</script>", b""), (whole, b"good")]
    folder = logdir / "tensorflow"
    folder.mkdir()
    events = tensor_form("speech/tone", 10, clips) + tensor_form("speech/broken", 10, broken)
    (folder / "events.out.tfevents.1").write_bytes(events)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
