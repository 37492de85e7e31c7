"""Meshes as the writer makes them, beside torch's, and as TensorBoard serves them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.writer.kinds import mesh
from tests.event_support import entries_of, events_of, values_of

VERTICES = np.random.default_rng(5).normal(size=(2, 4, 3)).astype(np.float32)
COLOURS = np.random.default_rng(6).integers(0, 256, (2, 4, 3))
FACES = np.array([[[0, 2, 3], [0, 3, 1]], [[0, 1, 2], [1, 3, 2]]])
CONFIG = {"material": {"cls": "PointsMaterial", "size": 0.5}, "camera": {"cls": "PerspectiveCamera"}}


def arrays_of(values: list[Any]) -> dict[str, Any]:
    from tensorboard.util import tensor_util

    return {value.tag: tensor_util.make_ndarray(value.tensor) for value in values}


@pytest.mark.parametrize("with_config", [False, True])
@pytest.mark.parametrize("with_faces", [False, True])
@pytest.mark.parametrize("with_colours", [False, True])
def test_values_equal_torchs(tmp_path: Path, with_colours: bool, with_faces: bool, with_config: bool) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    options: dict[str, Any] = {"colors": COLOURS} if with_colours else {}
    options |= {"faces": FACES} if with_faces else {}
    options |= {"config_dict": CONFIG} if with_config else {}
    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            for step in range(2):
                writer.add_mesh("a/b", VERTICES, global_step=step, walltime=1.5, **options)
    ours, torchs = (values_of(tmp_path / directory) for directory in ("ours", "torch"))
    assert [value.tag for value in ours] == [value.tag for value in torchs]
    assert [value.metadata.plugin_data for value in ours] == [value.metadata.plugin_data for value in torchs]
    for name, array in arrays_of(torchs).items():
        assert np.array_equal(arrays_of(ours)[name], array)
    assert len(events_of(tmp_path / "ours")) == 2
    assert list(entries_of(tmp_path / "ours").values()) == [("mesh", [(8, 0, 1.5), (8, 1, 1.5)])] * (
        1 + with_colours + with_faces
    )


def test_tensorboard_serves_it(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
    from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
    from tensorboard.plugins.base_plugin import TBContext
    from tensorboard.plugins.mesh.mesh_plugin import MeshPlugin
    from werkzeug.test import Client

    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_mesh("m", VERTICES, COLOURS, FACES, CONFIG, 7)
    multiplexer = EventMultiplexer().AddRunsFromDirectory(str(tmp_path))
    multiplexer.Reload()
    plugin = MeshPlugin(TBContext(data_provider=MultiplexerDataProvider(multiplexer, str(tmp_path))))
    routes = plugin.get_plugin_apps()
    assert json.loads(Client(routes["/tags"]).get("/").get_data()) == {"run": {"m": {"samples": 2}}}
    for content_type, dtype, array in (("VERTEX", "f4", VERTICES), ("FACE", "i4", FACES), ("COLOR", "u1", COLOURS)):
        query = f"/?run=run&tag=m&sample=1&step=7&content_type={content_type}"
        served = np.frombuffer(Client(routes["/data"]).get(query).get_data(), dtype)
        assert np.array_equal(served.reshape(-1, 3), array[1])


def test_without_a_batch_and_of_other_libraries(tmp_path: Path) -> None:
    import torch

    with SummaryWriter(tmp_path) as writer:
        vertices = torch.from_numpy(VERTICES[0]).bfloat16().requires_grad_()
        writer.add_mesh("m", vertices, COLOURS[0].tolist(), torch.from_numpy(FACES[0]))
    found = arrays_of(values_of(tmp_path))
    assert np.array_equal(found["m_VERTEX"], vertices.detach().float()[np.newaxis])
    assert np.array_equal(found["m_FACE"], FACES[:1])
    assert np.array_equal(found["m_COLOR"], COLOURS[:1])


@pytest.mark.parametrize(
    ("given", "want"),
    [([0.0, 0.5, 1.0], [0, 127, 255]), ([0.0, 0.5, 200.7], [0, 0, 200]), ([0, 1, 1], [0, 1, 1])],
)
def test_colours(tmp_path: Path, given: list[float], want: list[int]) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_mesh("m", [[0.0, 0.0, 0.0]], colors=[given])
    assert arrays_of(values_of(tmp_path))["m_COLOR"].tolist() == [[want]]


def test_parts_may_come_later(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

    with SummaryWriter(tmp_path) as writer:
        writer.add_mesh("m", VERTICES, global_step=0)
        writer.add_scalar("m", 1.0, new_style=True)
        writer.add_mesh("m", VERTICES, colors=COLOURS, global_step=1)
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    assert accumulator.PluginTagToContent("mesh").keys() == {"m_VERTEX", "m_COLOR"}
    assert accumulator.PluginTagToContent("scalars").keys() == {"m"}


@given(st.integers(1, 3), st.integers(0, 9), st.integers(0, 300), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_mesh(batch: int, points: int, triangles: int, tag: str) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.plugins.mesh.metadata import parse_plugin_metadata

    random = np.random.default_rng(points)
    vertices = random.normal(size=(batch, points, 3))
    faces = random.integers(0, points, (batch, triangles, 3)) if points else np.zeros((batch, 0, 3), np.int64)
    values = Event.FromString(mesh.mesh(tag, vertices, None, faces, None).encode(tag, True)).summary.value
    found = arrays_of(list(values))
    assert np.array_equal(found[f"{tag}_VERTEX"], vertices.astype(np.float32))
    assert np.array_equal(found[f"{tag}_FACE"], faces)
    content = [parse_plugin_metadata(value.metadata.plugin_data.content) for value in values]
    assert [list(item.shape) for item in content] == [[batch, points, 3], list(faces.shape)]
    assert {(item.name, item.components, item.json_config) for item in content} == {(tag, 6, "{}")}


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"vertices": VERTICES[..., :2]},
            ValueError,
            r"vertices of mesh 'm': got shape \(2, 4, 2\), want \[batch, n, 3\]",
        ),
        ({"vertices": VERTICES[0, 0]}, ValueError, r"vertices of mesh 'm': got shape \(3,\)"),
        ({"vertices": VERTICES[:0]}, ValueError, r"vertices of mesh 'm': got shape \(0, 4, 3\)"),
        ({"vertices": None}, TypeError, "vertices of mesh 'm': got NoneType"),
        ({"vertices": VERTICES * 1j}, TypeError, "vertices of mesh 'm': got complex numbers, want real ones"),
        ({"colors": COLOURS[:, :3]}, ValueError, r"colors of mesh 'm': got shape \(2, 3, 3\), want \(2, 4, 3\) as of"),
        (
            {"colors": COLOURS + 1000},
            ValueError,
            "colors of mesh 'm': got values from .*, want 0 to 255, or floats from",
        ),
        ({"colors": COLOURS * np.nan}, ValueError, "colors of mesh 'm': got values from nan"),
        ({"faces": FACES[:1]}, ValueError, "faces of mesh 'm': got a batch of 1, want 2 as of vertices"),
        (
            {"faces": FACES + 1},
            ValueError,
            "faces of mesh 'm': got indices from 1 to 4, want indices from 0 to 3 of the",
        ),
        ({"faces": FACES - 1}, ValueError, "faces of mesh 'm': got indices from -1 to 2"),
        ({"config_dict": [1]}, TypeError, r"config_dict of mesh 'm': got list \[1\], want a dict that JSON can hold"),
        ({"config_dict": {"a": b""}}, TypeError, "config_dict of mesh 'm': got dict"),
        ({"tag": 3}, TypeError, "tag: got int 3, want a str"),
    ],
)
def test_errors(tmp_path: Path, arguments: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_mesh(**{"tag": "m", "vertices": VERTICES, **arguments})
    assert values_of(tmp_path) == []
