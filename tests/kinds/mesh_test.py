"""Meshes from the event file to the bytes that the page gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.kinds import mesh
from runlens.api.question import NotFound
from runlens.api.run import runs
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, int_field, text_field
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of

GOLDEN = Path(__file__).with_name("mesh.golden.bin")
RANDOM = np.random.default_rng(3)
VERTICES = RANDOM.normal(size=(2, 5, 3)).astype(np.float32)
FACES = np.array([[[0, 1, 2], [2, 3, 4]], [[4, 3, 2], [1, 2, 3]]])
COLOURS = RANDOM.integers(0, 256, (2, 5, 3))
CONFIG = {"camera": {"cls": "PerspectiveCamera", "fov": 40}}


def part(tag: str, ending: str, kind: int, values: Any, step: int = 0, content: bytes | None = None) -> bytes:
    """An event of one part, as tf.summary writes each by itself."""
    said = text_field(2, tag) + int_field(3, kind) if content is None else content
    value = event.tensor_value(f"{tag}_{ending}", tensor.of_array(np.asarray(values)), event.metadata("mesh", said))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def log(root: Path, run: str, *records: bytes) -> Index:
    (root / run).mkdir(parents=True, exist_ok=True)
    (root / run / "tfevents.1").write_bytes(b"".join(records))
    return index_of(root)


def rows(index: Index, run: str, tag: str) -> list[dict[str, str]]:
    header, arrays = decode(mesh.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    series = header["charts"][0]["series"]
    keys = arrays[series[0]["key"]] if series else []
    return [{"run": run, "tag": tag, "row": str(n), "key": str(key)} for n, key in enumerate(keys)]


def geometry(index: Index, named: dict[str, str], **more: str) -> dict[str, Any]:
    """The header, with arrays [n, 3] in place of their numbers."""
    header, arrays = decode(mesh.BLOBS["geometry"](index, {**named, **more}).encode())
    for name in ("vertices", "faces", "colors"):
        if header[name] is not None:
            header[name] = arrays[header[name]].reshape(-1, 3)
    return header


@pytest.mark.parametrize("writer_name", ["runlens", "torch", "tensorboardX"])
def test_geometry_of_writers(tmp_path: Path, writer_name: str) -> None:
    from tensorboardX import SummaryWriter as TensorboardX
    from torch.utils.tensorboard import SummaryWriter as Torch

    makers: dict[str, Any] = {"runlens": SummaryWriter, "torch": Torch, "tensorboardX": TensorboardX}
    with makers[writer_name](str(tmp_path / "a")) as writer:
        for step in range(3):
            writer.add_mesh("some/body", VERTICES + step, COLOURS, FACES, CONFIG, step)
    index = index_of(tmp_path)
    assert runs(index, {}).value["tags"] == {"mesh": ["some/body"]}
    named = rows(index, "a", "some/body")
    assert len(named) == 3
    for step, row in enumerate(named):
        for batch in range(2):
            got = geometry(index, row, batch=str(batch))
            assert (got["batches"], got["config"], got["problem"]) == (2, CONFIG, None)
            assert got["vertices"].dtype == np.float32 and np.array_equal(got["vertices"], (VERTICES + step)[batch])
            assert got["faces"].dtype == np.int32 and np.array_equal(got["faces"], FACES[batch])
            assert got["colors"].dtype == np.uint8 and np.array_equal(got["colors"], COLOURS[batch])
    with pytest.raises(NotFound, match="batch 2: there are 2"):
        geometry(index, named[0], batch="2")


def test_parts_belong_together_by_step_and_order(tmp_path: Path) -> None:
    """Step 1 is logged twice, the second time in other colours; step 2 has none."""
    red, blue = np.full((1, 5, 3), (255, 0, 0)), np.full((1, 5, 3), (0, 0, 255))
    one = VERTICES[:1]
    index = log(
        tmp_path,
        "a",
        part("x", "VERTEX", 1, one, 1),
        part("x", "COLOR", 3, red, 1),
        part("x", "VERTEX", 1, one, 2),
        part("x", "VERTEX", 1, one, 1),
        part("x", "COLOR", 3, blue, 1),
    )
    colours = [geometry(index, row)["colors"] for row in rows(index, "a", "x")]
    assert [None if c is None else c[0].tolist() for c in colours] == [[255, 0, 0], None, [0, 0, 255]]


def test_colours_that_come_later_change_the_key(tmp_path: Path) -> None:
    records = [part("x", "VERTEX", 1, VERTICES), part("x", "COLOR", 3, COLOURS)]
    index = log(tmp_path, "a", records[0])
    (before,) = rows(index, "a", "x")
    held = decode(mesh.QUERIES["entries"](index, {"charts": [{"tag": "x", "runs": ["a"]}]}).encode())[0]
    index = log(tmp_path, "a", *records)
    (after,) = rows(index, "a", "x")
    assert before["key"] != after["key"]
    assert geometry(index, after)["colors"] is not None
    with pytest.raises(NotFound, match="not there any more"):
        geometry(index, before)
    have = {"a": [held["charts"][0]["series"][0]["generation"], 1]}
    told = decode(mesh.QUERIES["entries"](index, {"charts": [{"tag": "x", "runs": ["a"], "have": have}]}).encode())[0]
    assert told["charts"][0]["series"][0]["from"] == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xff", text_field(2, "x")])
def test_metadata_that_say_nothing(tmp_path: Path, content: bytes) -> None:
    """Then the tag's name says what it is."""
    index = log(tmp_path, "a", part("x", "1", 0, VERTICES, 0, content), part("x", "FACE", 0, FACES, 0, content))
    (row,) = rows(index, "a", "x")
    assert np.array_equal(geometry(index, row)["faces"], FACES[0])


def test_colours_as_floats(tmp_path: Path) -> None:
    shades = np.linspace(0, 1, 30, dtype=np.float32).reshape(2, 5, 3)
    index = log(
        tmp_path,
        "a",
        part("x", "VERTEX", 1, VERTICES),
        part("x", "COLOR", 3, shades),
        part("y", "VERTEX", 1, VERTICES),
        part("y", "COLOR", 3, np.where(shades > 0.5, np.nan, 300 * shades)),
    )
    got = geometry(index, rows(index, "a", "x")[0])["colors"]
    assert np.array_equal(got, (shades[0] * 255).astype(np.uint8))
    assert geometry(index, rows(index, "a", "y")[0])["colors"].max() <= 255


@pytest.mark.parametrize(
    ("vertices", "faces", "reason"),
    [
        (VERTICES, FACES + 1, "faces name vertices 1 to 5, there are 5"),
        (VERTICES, FACES - 1, "faces name vertices -1 to 3"),
        (VERTICES, FACES[:1], "faces of 1 meshes, vertices of 2"),
        (VERTICES, FACES.astype(np.float32) * np.nan, "faces name vertices nan"),
        (np.full((1, 2, 3), np.nan), None, "6 of 6 coordinates are no number below 1e[+]15"),
        (np.full((1, 1, 3), 1e300), None, "3 of 3 coordinates"),
        (VERTICES[0], None, "vertices are float32 of shape [(]5, 3[)]"),
        (np.zeros((0, 5, 3)), None, "want numbers of shape"),
    ],
)
def test_hostile_geometry_gives_a_message(tmp_path: Path, vertices: Any, faces: Any, reason: str) -> None:
    records = [part("x", "VERTEX", 1, vertices)] + ([] if faces is None else [part("x", "FACE", 2, faces)])
    index = log(tmp_path, "a", *records)
    with pytest.raises(NotFound, match=reason):
        geometry(index, rows(index, "a", "x")[0])


def test_a_huge_count_takes_no_memory(tmp_path: Path) -> None:
    """A tensor without elements is zeros in its shape, which says 20 million vertices."""
    sizes = b"".join(bytes_field(2, int_field(1, size)) for size in (1, 20_000_000, 3))
    value = event.tensor_value(
        "x_VERTEX",
        int_field(1, 1) + bytes_field(2, sizes),
        event.metadata("mesh", text_field(2, "x") + int_field(3, 1)),
    )
    index = log(tmp_path, "a", frame(event.event(1.7e9, 0, event.summary(value))))
    with pytest.raises(NotFound, match="20000000 vertices, want at most"):
        geometry(index, rows(index, "a", "x")[0])


def test_colours_that_do_not_fit_are_left_out(tmp_path: Path) -> None:
    index = log(tmp_path, "a", part("x", "VERTEX", 1, VERTICES), part("x", "COLOR", 3, COLOURS[:, :3]))
    got = geometry(index, rows(index, "a", "x")[0])
    assert got["colors"] is None
    assert got["problem"] == "mesh: colours of shape (2, 3, 3), vertices of shape (2, 5, 3)"


def test_faces_without_vertices_have_no_rows(tmp_path: Path) -> None:
    index = log(tmp_path, "a", part("x", "FACE", 2, FACES))
    assert rows(index, "a", "x") == []
    with pytest.raises(NotFound, match="row 0 of 'x' in 'a' is not there"):
        mesh.BLOBS["geometry"](index, {"run": "a", "tag": "x", "row": "0", "key": "0"})


@settings(max_examples=60)
@given(content=st.binary(max_size=40), config=st.text(max_size=40))
def test_any_metadata_are_borne(tmp_path_factory: pytest.TempPathFactory, content: bytes, config: str) -> None:
    root = tmp_path_factory.mktemp("any")
    said = text_field(2, "y") + int_field(3, 1) + text_field(5, config)
    index = log(root, "a", part("x", "1", 1, VERTICES, 0, content), part("y", "VERTEX", 1, VERTICES, 0, said))
    for tag in runs(index, {}).value["tags"]["mesh"]:
        for row in rows(index, "a", tag):
            assert isinstance(geometry(index, row)["config"], dict)


def test_golden(tmp_path: Path) -> None:
    """The answer of `geometry` that the page's tests read; delete the file to make it anew."""
    vertices = np.array([[[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, -3]]], np.float32)
    faces = np.array([[[0, 1, 2], [0, 2, 3]]], np.int32)
    colours = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [9, 8, 7]]], np.uint8)
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_mesh("x", vertices, colours, faces, CONFIG, 0)
    index = index_of(tmp_path)
    answer = mesh.BLOBS["geometry"](index, rows(index, "a", "x")[0]).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
