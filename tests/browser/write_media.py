"""Log the same picture, sound, text and mesh with four writers: `write_media.py LOGDIR`.

TensorFlow cannot be installed everywhere: run `tensorflow` is written by TensorBoard's own code for it, the metadata,
tensors and file writer of the tensorboard package, in the forms that its summary_v2 modules give to tf.summary.
tensorboardX encodes sounds with `soundfile`, in whose place Python's `wave` stands here.
"""

import sys
import wave
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import tensorboardX
from PIL import Image
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.audio import metadata as audio
from tensorboard.plugins.image import metadata as image
from tensorboard.plugins.mesh import metadata as mesh
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util.tensor_util import make_tensor_proto
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from runlens import SummaryWriter

STEPS = (0, 5)
RATE = 8000
VERTICES = np.array([[[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]]], np.float32)
FACES = np.array([[[0, 1, 2], [0, 2, 3], [0, 1, 3]]], np.int32)
COLOURS = np.arange(12, dtype=np.uint8).reshape(1, 4, 3) * 20


def pixels(step: int) -> Any:
    """Three channels, 3 x 5: each number is its own."""
    return np.arange(step, step + 225, 5).astype(np.uint8).reshape(3, 3, 5)


def samples(step: int) -> Any:
    """A tenth of a second."""
    return (0.5 * np.sin(np.arange(RATE // 10) * (0.1 + step / 50))).astype(np.float32)


def note(step: int) -> str:
    """Words."""
    return f"# Step {step}\n\nhello **world**"


def wav(samples: np.ndarray, rate: int) -> bytes:
    """16 bits, one channel."""
    out = BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return out.getvalue()


def write_with(writer: Any, axis_of_time: int) -> None:
    """By the calls that torch, tensorboardX and runlens share."""
    for step in STEPS:
        writer.add_image("picture", pixels(step), step)
        writer.add_audio("sound", np.expand_dims(samples(step), axis_of_time), step, RATE)
        writer.add_text("note", note(step), step)
        writer.add_mesh("body", VERTICES + step, COLOURS, FACES, None, step)


def write_v2(folder: Path) -> None:
    """As tf.summary of TensorFlow 2 does: tensors with metadata."""
    writer = EventFileWriter(str(folder))
    for step in STEPS:
        out = BytesIO()
        Image.fromarray(pixels(step).transpose(1, 2, 0)).save(out, "PNG")
        picture = make_tensor_proto([b"5", b"3", out.getvalue()])
        values = [
            value("picture", picture, image.create_summary_metadata(None, None)),
            value(
                "picture", make_tensor_proto([b"5", b"3", out.getvalue()]), image.create_summary_metadata(None, None)
            ),
            value(
                "sound",
                make_tensor_proto([[wav(samples(step), RATE), b"as labelled"]]),
                audio.create_summary_metadata(None, None, audio.Encoding.Value("WAV")),
            ),
            text_pb("note", note(step)).value[0],
        ]
        parts: dict[int, Any] = {1: VERTICES + step, 2: FACES, 3: COLOURS}
        for content_type, array in parts.items():
            metadata = mesh.create_summary_metadata("body", None, content_type, 14, array.shape)
            values.append(value(mesh.get_instance_name("body", content_type), make_tensor_proto(array), metadata))
        writer.add_event(Event(wall_time=1.7e9 + step, step=step, summary=Summary(value=values)))
    writer.close()


def value(tag: str, tensor: Any, metadata: Any) -> Any:
    """One value of a summary."""
    return Summary.Value(tag=tag, tensor=tensor, metadata=metadata)


def main(logdir: Path) -> None:
    """Write them all."""
    standin: Any = ModuleType("soundfile")
    standin.write = lambda file, data, samplerate, format: file.write(wav(data[:, 0], samplerate))
    sys.modules["soundfile"] = standin
    with TorchWriter(str(logdir / "torch")) as writer:
        write_with(writer, 0)
    with tensorboardX.SummaryWriter(str(logdir / "tensorboardx")) as writer:
        write_with(writer, 1)
    with SummaryWriter(logdir / "ours") as writer:
        write_with(writer, 0)
    write_v2(logdir / "tensorflow")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
