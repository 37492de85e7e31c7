"""Every example runs as it stands, and logs what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import runlens
from tests.onnx_messages import onnx_messages

EXAMPLES = Path(__file__).parent.parent / "examples"

# Example -> the tags by kind that it logs below `logs`.
LOGGED = {
    "first_scalar": {"scalar": {"y=2x"}},
    "methods/add_audio": {"audio": {"chirp"}},
    "methods/add_custom_scalars": {
        "custom_scalars": {"custom_scalars__config__"},
        "scalar": {"accuracy/train", "accuracy/valid", "loss/mean", "loss/low", "loss/high"},
    },
    "methods/add_embedding": {},
    "methods/add_event": {"mark": {"__mark__/lower learning rate"}, "scalar": {"loss"}},
    "methods/add_figure": {"image": {"sine"}},
    "methods/add_graph": {"graph": {"__run_graph__"}},
    "methods/add_histogram": {"histogram": {"layer1/weights", "layer1/gradients"}},
    "methods/add_hparams": {"scalar": {"hparam/accuracy"}},
    "methods/add_image": {"image": {"waves"}},
    "methods/add_image_with_boxes": {"image": {"detections"}},
    "methods/add_images": {"image": {"batch"}},
    "methods/add_mesh": {"mesh": {"tetrahedron_VERTEX", "tetrahedron_FACE", "tetrahedron_COLOR"}},
    "methods/add_onnx_graph": {"graph": {"__run_graph__"}},
    "methods/add_pr_curve": {"pr_curve": {"detector"}},
    "methods/add_scalar": {"scalar": {"loss/train", "loss/valid"}},
    "methods/add_scalars": {"scalar": {"waves"}},
    "methods/add_tensor": {"tensor": {"confusion"}},
    "methods/add_text": {"text": {"notes/text_summary"}},
    "methods/add_video": {"image": {"moving square"}},
    "uses/model": {"graph": {"__run_graph__"}},
    "uses/pr_curves": {"pr_curve": {f"add_pr_curve 实例：/label_{i}" for i in range(3)}},  # noqa: RUF001
    "uses/training": {
        "scalar": {"loss/train", "accuracy/train", "accuracy/test"},
        "histogram": {"weights", "gradient"},
    },
    "uses/training_images": {
        "image": {"digits", "taken for another"},
        "text": {"taken for another/text_summary"},
    },
}


def test_every_example_is_here() -> None:
    found = {path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.rglob("*.py")}
    assert found == {*LOGGED, "demo"}


@pytest.mark.parametrize("name", LOGGED)
def test_an_example_logs_what_it_says(name: str, tmp_path: Path) -> None:
    run(name, tmp_path)
    logs = runlens.read(tmp_path / "logs")
    assert logs.problems == []
    found = {kind: set(tags) for kind, tags in logs.tags().items()}
    for kind, tags in LOGGED[name].items():
        assert found[kind] == tags
    assert logs.runs


def run(name: str, folder: Path) -> None:
    """Run an example as its reader does, in a folder of its own."""
    given = [onnx_file(folder)] if name.endswith("onnx_graph") else []
    subprocess.run(
        [sys.executable, EXAMPLES / f"{name}.py", *given], cwd=folder, check=True, capture_output=True, timeout=100
    )


def onnx_file(folder: Path) -> Path:
    """A model of one node, as ONNX's own messages write it."""
    messages = onnx_messages()
    model = messages["ModelProto"]()
    model.graph.node.add(name="double", op_type="Add", input=["x", "x"], output=["y"])
    model.graph.input.add(name="x")
    model.graph.output.add(name="y")
    path = folder / "model.onnx"
    path.write_bytes(model.SerializeToString())
    return path
