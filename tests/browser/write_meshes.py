"""Write meshes of three writers: `write_meshes.py LOGDIR [POINTS]`; with POINTS a cloud of so many."""

import sys
from pathlib import Path

import numpy as np
from tensorboardX import SummaryWriter as TensorboardX
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from runlens import SummaryWriter
from runlens.wire import event, tensor
from runlens.wire.message import int_field, text_field
from runlens.wire.record import frame

# A square in the plane of the screen, cut into two triangles; its colour is the step.
CORNERS = np.array([[[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]]], np.float32)
FACES = np.array([[[0, 1, 2], [0, 2, 3]]], np.int32)
LIT = {
    "camera": {"cls": "OrthographicCamera", "fov": 30},
    "lights": [{"cls": "AmbientLight", "color": "#800000", "intensity": 1}],
    "material": {"cls": "MeshLambertMaterial", "color": "#ffffff"},
}
CONFIG = {"material": {"cls": "MeshBasicMaterial"}, "camera": {"cls": "PerspectiveCamera", "fov": 40}}


def colours(step: int) -> np.ndarray:
    """Of the corners: red says the step."""
    return np.full((1, 4, 3), (50 + 50 * step, 40, 200), np.uint8)


def part(tag: str, ending: str, number: int, values: np.ndarray) -> bytes:
    """A value as tf.summary of the mesh plugin makes it."""
    content = text_field(2, tag) + int_field(3, number)
    return event.tensor_value(f"{tag}_{ending}", tensor.of_array(values), event.metadata("mesh", content))


def broken(tag: str, vertices: np.ndarray, faces: np.ndarray) -> bytes:
    """An event of a mesh that our own writer would refuse."""
    parts = part(tag, "VERTEX", 1, vertices), part(tag, "FACE", 2, faces)
    return frame(event.event(1.7e9, 0, event.summary(*parts)))


def main(logdir: Path, points: int) -> None:
    """Write them all."""
    for name, make in (("ours", SummaryWriter), ("torch", TorchWriter), ("tensorboardx", TensorboardX)):
        with make(str(logdir / name)) as writer:
            for step in range(3):
                writer.add_mesh("square", CORNERS, colours(step), FACES, CONFIG, step)
    random = np.random.default_rng(0)
    with SummaryWriter(logdir / "ours") as writer:
        cloud = random.normal(size=(2, 500, 3)).astype(np.float32)
        writer.add_mesh("cloud", cloud, (128 + 40 * cloud).clip(0, 255).astype(np.uint8))
        writer.add_mesh("lit", CORNERS, faces=FACES, config_dict=LIT)
        if points:
            sphere = random.normal(size=(points, 3)).astype(np.float32)
            sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
            writer.add_mesh("many", sphere, ((sphere + 1) * 127).astype(np.uint8))
    hostile = broken("beyond", CORNERS, FACES + 7) + broken("nan", CORNERS * np.nan, FACES)
    (logdir / "bad").mkdir()
    (logdir / "bad" / "events.out.tfevents.1").write_bytes(hostile)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
