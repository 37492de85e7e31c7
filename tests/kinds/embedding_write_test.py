"""Embeddings as TensorBoard's projector finds them, beside torch's own files."""

from __future__ import annotations

import errno
import io
import json
import math
import os
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.plugins.projector.projector_config_pb2 import EmbeddingInfo, ProjectorConfig, SpriteMetadata
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from werkzeug import test as werkzeug_test

from runlens import SummaryWriter
from runlens.wire import projector
from runlens.writer import side_file
from runlens.writer.kinds import embedding

torch = pytest.importorskip("torch")
TorchWriter = pytest.importorskip("torch.utils.tensorboard").SummaryWriter
text_format = pytest.importorskip("google.protobuf.text_format")  # has no types
Image = pytest.importorskip("PIL.Image")


class Projector:
    """TensorBoard's projector on a logdir, asked through its own routes."""

    def __init__(self, logdir: Path) -> None:
        runs = [SimpleNamespace(run_name=".")]
        provider = SimpleNamespace(list_runs=lambda *_, **__: runs)
        self._apps = ProjectorPlugin(SimpleNamespace(data_provider=provider, logdir=str(logdir))).get_plugin_apps()

    def get(self, route: str, name: str = "") -> bytes:
        client = werkzeug_test.Client(self._apps[route])
        response = client.get(route, query_string={"run": ".", "name": name} if name else {"run": "."})
        assert response.status_code == 200, response.get_data()
        return bytes(response.get_data())

    def embeddings(self) -> list[dict[str, Any]]:
        return list(json.loads(self.get("/info"))["embeddings"])

    def tensor(self, name: str, columns: int) -> Any:
        return np.frombuffer(self.get("/tensor", name), np.float32).reshape(-1, columns)

    def labels(self, name: str) -> list[str]:
        return self.get("/metadata", name).decode().removesuffix("\n").split("\n")

    def sprite(self, name: str) -> Any:
        with Image.open(io.BytesIO(self.get("/sprite_image", name))) as image:
            return np.asarray(image.convert("RGB"))


def config_of(directory: Path) -> ProjectorConfig:
    config = ProjectorConfig()
    text_format.Parse((directory / "projector_config.pbtxt").read_text(), config)
    return config


def tags_of(directory: Path) -> list[str]:
    """The tags of a run's events."""
    (path,) = directory.glob("*tfevents*")
    return [value.tag for event in LegacyEventFileLoader(str(path)).Load() for value in event.summary.value]


def both(tmp_path: Path, *calls: dict[str, Any]) -> tuple[Path, Path]:
    """The same calls on our writer and on torch's; the two directories."""
    for name, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / name)) as writer:
            for call in calls:
                writer.add_embedding(**call)
    return tmp_path / "ours", tmp_path / "torch"


def test_equals_torchs_in_the_projector(tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    mat = torch.randn(11, 5, generator=generator)
    images = torch.randint(0, 256, (11, 3, 6, 6), generator=generator).float() / 256  # exact in float32 and float64
    ours, torchs = both(
        tmp_path,
        {"mat": mat, "metadata": [f"label {i} é" for i in range(11)], "label_img": images},
        {"mat": mat * 1e-20, "global_step": 123, "tag": "a/b\\c%"},
        {
            "mat": mat * 2,
            "metadata": [[i, f"x{i}"] for i in range(11)],
            "metadata_header": ["n", "x"],
            "global_step": 123456,
            "tag": "größe",
        },
    )
    ours_found, torchs_found = Projector(ours), Projector(torchs)
    assert ours_found.embeddings() == torchs_found.embeddings()
    assert len(ours_found.embeddings()) == 3
    for name, want in (("default:00000", mat), ("a/b\\c%:00123", mat * 1e-20), ("größe:123456", mat * 2)):
        assert np.array_equal(ours_found.tensor(name, 5), want.numpy())
        assert np.array_equal(torchs_found.tensor(name, 5), want.numpy())
    for name in ("default:00000", "größe:123456"):
        assert ours_found.labels(name) == torchs_found.labels(name)
    assert np.array_equal(ours_found.sprite("default:00000"), torchs_found.sprite("default:00000"))
    names = [
        {str(path.relative_to(folder)) for path in folder.rglob("*.*") if "tfevents" not in path.name}
        for folder in (ours, torchs)
    ]
    assert names[0] == names[1]


@given(
    arrays.arrays(
        st.sampled_from([np.float32, np.float64]),
        st.tuples(st.integers(1, 5), st.integers(1, 5)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)
def test_numbers_read_back_exactly(array: Any) -> None:
    lines = embedding.tensors_tsv(embedding.matrix("default", array)).decode().splitlines()
    found = np.array([[float(number) for number in line.split("\t")] for line in lines])
    assert np.array_equal(found.astype(array.dtype), array)
    assert np.array_equal(np.signbit(found), np.signbit(array))


def test_numbers_are_as_short_as_they_can_be() -> None:
    assert embedding.tensors_tsv(np.array([[0.1, 1, -2.5], [1e-45, 3.4028235e38, 1e-5]], np.float32)) == (
        b"0.1\t1\t-2.5\n1e-45\t3.4028235e+38\t1e-05\n"
    )
    assert embedding.tensors_tsv(np.array([[0.1, -1.7976931348623157e308]])) == b"0.1\t-1.7976931348623157e+308\n"


@pytest.mark.parametrize(
    "mat",
    [
        [[1, 2], [3, 4]],
        np.array([[1, 2], [3, 4]], np.int64),
        np.array([[1, 3], [2, 4]], ">f4").T,
        np.array([[1, 0, 2], [3, 0, 4]], np.float16)[:, ::2],
        torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.bfloat16, requires_grad=True),
    ],
)
def test_any_array_and_a_later_change_of_it(tmp_path: Path, mat: Any) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(mat)
        if isinstance(mat, np.ndarray):
            mat[:] = 9
    assert Projector(tmp_path).tensor("default:00000", 2).tolist() == [[1, 2], [3, 4]]


def test_labels_with_what_would_break_the_file(tmp_path: Path) -> None:
    labels = ["a\tb", "c\nd", "e\r\nf", "", "  ", "g\vh\fi", "j\u2028k\x85l", "m"]
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.ones((8, 2)), labels)
        table = [[label, ""] for label in labels]
        writer.add_embedding(np.ones((8, 2)), table, tag="table", metadata_header=["a\tb", ""])
    found = Projector(tmp_path)
    want = ["a\\tb", "c\\nd", "e\\r\\nf", "\u200b", "\u200b", "g\\vh\\fi", "j\u2028k\x85l", "m"]
    assert found.labels("default:00000") == want
    assert all(label.strip() for label in found.labels("default:00000"))  # the projector skips what is blank
    lines = found.labels("table:00000")
    assert lines[0] == "a\\tb\t"
    assert [line.split("\t") for line in lines[1:]] == [[label, ""] for label in want]


@pytest.mark.parametrize(
    ("metadata", "want"),
    [
        ([1, 2.5, b"x"], ["1", "2.5", "x"]),
        (np.array([1, 2, 3]), ["1", "2", "3"]),
        (torch.tensor([1, 2, 3]), ["1", "2", "3"]),
        (("a", None, True), ["a", "None", "True"]),
        ([torch.tensor(1), np.int8(2), "\ud800"], ["1", "2", "?"]),
    ],
)
def test_labels_of_any_type(tmp_path: Path, metadata: Any, want: list[str]) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.ones((3, 2)), metadata)
        writer.add_embedding(np.ones((3, 2)), [[label] for label in metadata], tag="column", metadata_header=["n"])
        writer.add_embedding(np.ones((3, 2)), metadata, tag="flat", metadata_header=["n"])
    found = Projector(tmp_path)
    assert [found.labels(f"{tag}:00000") for tag in ("default", "column", "flat")] == [want] * 3


@pytest.mark.parametrize("count", [1, 2, 4, 5, 10])
@pytest.mark.parametrize(("height", "width"), [(3, 3), (2, 5), (5, 2)])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sprites_of_any_count_and_shape(count: int, height: int, width: int, channels: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (count, channels, height, width), np.uint8)
    with Image.open(io.BytesIO(embedding.sprite_png(images))) as sprite:
        pixels = np.asarray(sprite).reshape(sprite.height, sprite.width, channels)
    side = math.ceil(math.sqrt(count))
    assert pixels.shape == (side * height, side * width, channels)  # the shader wants as many rows as columns
    for number in range(side * side):
        top, left = number // side * height, number % side * width
        cell = pixels[top : top + height, left : left + width].transpose(2, 0, 1)
        assert np.array_equal(cell, images[number] if number < count else np.zeros_like(cell))


def test_pixels_of_floats_and_bools() -> None:
    levels = np.arange(256, dtype=np.float32).reshape(1, 1, 16, 16) / 255
    for images, want in (
        (levels, np.arange(256)),
        (levels.astype(np.float64), np.arange(256)),
        (np.array([[[[-1, 2, np.nan, 0.5]]]], np.float32), [0, 255, 0, 127]),
        (np.array([[[[True, False]]]]), [255, 0]),
    ):
        with Image.open(io.BytesIO(embedding.sprite_png(images))) as sprite:
            assert np.asarray(sprite).ravel().tolist() == list(want)


def test_a_sprite_too_large_for_browsers_is_scaled_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding, "SPRITE_MAX", 24)
    images = np.zeros((9, 3, 16, 32), np.uint8)
    images[:] = np.arange(9, dtype=np.uint8).reshape(9, 1, 1, 1) * 20
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.ones((9, 2)), label_img=images)
    found = Projector(tmp_path)
    assert found.embeddings()[0]["sprite"]["singleImageDim"] == [8, 4]
    sprite = found.sprite("default:00000")
    assert sprite.shape == (12, 24, 3)
    assert np.array_equal(sprite[::4, ::8, 0].ravel(), np.arange(9) * 20)
    assert np.array_equal(sprite[3::4, 7::8, 0].ravel(), np.arange(9) * 20)  # nothing of the neighbour


def test_the_configuration_keeps_what_others_wrote(tmp_path: Path) -> None:
    with TorchWriter(str(tmp_path)) as writer:
        writer.add_embedding(torch.ones(2, 2), tag="torch's")
        writer.add_embedding(torch.ones(2, 2), ["a", "b"], tag="again é")
    config = tmp_path / "projector_config.pbtxt"
    config.write_text("# a comment {\nmodel_checkpoint_dir: 'it\\'s {here'\n" + config.read_text())
    for number in range(2):  # a restarted job
        with SummaryWriter(tmp_path) as ours:
            ours.add_embedding(np.full((2, 2), number), tag="again é")
            ours.add_embedding(np.full((2, 2), number), tag=f"new {number}")
    found = config_of(tmp_path)
    assert found.model_checkpoint_dir == "it's {here"
    names = ["torch's:00000", "new 0:00000", "again é:00000", "new 1:00000"]
    assert [info.tensor_name for info in found.embeddings] == names
    assert [info.metadata_path for info in found.embeddings] == [""] * 4
    assert Projector(tmp_path).tensor("again é:00000", 2).tolist() == [[1, 1]] * 2


def test_writers_in_threads_lose_no_entry_of_each_other(tmp_path: Path) -> None:
    def write(number: int) -> None:
        with SummaryWriter(tmp_path) as writer:
            for step in range(10):
                writer.add_embedding(np.ones((2, 2)), tag=f"of {number}", global_step=step)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({info.tensor_name for info in config_of(tmp_path).embeddings}) == 40


@pytest.mark.parametrize("broken", ['embeddings {\n  tensor_name: "x', "embeddings {", "}", b"\xff"])
def test_an_unreadable_configuration_is_put_aside(tmp_path: Path, broken: str | bytes) -> None:
    content = broken.encode() if isinstance(broken, str) else broken
    (tmp_path / "projector_config.pbtxt").write_bytes(content)
    with SummaryWriter(tmp_path) as writer:
        writer.add_embedding(np.ones((2, 2)))
    assert [info.tensor_name for info in config_of(tmp_path).embeddings] == ["default:00000"]
    assert (tmp_path / "projector_config.pbtxt.unreadable").read_bytes() == content


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
INFOS = st.builds(
    EmbeddingInfo,
    tensor_name=TEXTS,
    metadata_path=TEXTS,
    tensor_path=TEXTS,
    tensor_shape=st.lists(st.integers(0, 2**32 - 1), max_size=3),
    sprite=st.none() | st.builds(SpriteMetadata, image_path=TEXTS, single_image_dim=st.just([3, 4])),
)
HARD = EmbeddingInfo(tensor_name="a\n\tb\r\"'\\ é{#", sprite=SpriteMetadata(image_path="}"))


@example([HARD, EmbeddingInfo(tensor_name="b")], "", HARD.tensor_name, False, False)
@example([HARD, EmbeddingInfo(tensor_name="b")], "", HARD.tensor_name, True, True)
@example([HARD, EmbeddingInfo(tensor_name="b")], "", "b", False, False)
@given(st.lists(INFOS, max_size=4), TEXTS, TEXTS, st.booleans(), st.booleans())
def test_merging_equals_protobufs(infos: list[Any], directory: str, name: str, one_line: bool, utf8: bool) -> None:
    before = ProjectorConfig(embeddings=infos, model_checkpoint_dir=directory)
    text = text_format.MessageToString(before, as_one_line=one_line, as_utf8=utf8)
    if not name:
        return
    merged = projector.with_embedding(text, name, projector.embedding(name, (3, 4), "tensors", "labels", "s", (5, 6)))
    after = text_format.Parse(merged, ProjectorConfig())
    want = ProjectorConfig(embeddings=[i for i in infos if i.tensor_name != name], model_checkpoint_dir=directory)
    added = want.embeddings.add(tensor_name=name, tensor_shape=[3, 4], tensor_path="tensors", metadata_path="labels")
    added.sprite.image_path = "s"
    added.sprite.single_image_dim.extend([5, 6])
    assert after == want


def test_a_tag_never_leads_out_of_the_run(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        for tag in ("..", ".", "../../up", "/etc", "~"):
            writer.add_embedding(np.ones((2, 2)), tag=tag)
    assert {path.name for path in tmp_path.iterdir()} == {"run"}
    assert {path.name for path in (tmp_path / "run" / "00000").iterdir()} == {
        "%2e%2e", "%2e", "..%2f..%2fup", "%2fetc", "~",
    }  # fmt: skip
    assert Projector(tmp_path / "run").tensor("..:00000", 2).shape == (2, 2)


@pytest.mark.parametrize(
    ("kind", "match", "arguments"),
    [
        (ValueError, r"mat of embedding 'default': got shape \(3,\), want \[N, D\]", {"mat": [1, 2, 3]}),
        (ValueError, r"got shape \(2, 2, 2\)", {"mat": np.ones((2, 2, 2))}),
        (ValueError, r"got shape \(0, 3\)", {"mat": np.ones((0, 3))}),
        (ValueError, r"got shape \(3, 0\)", {"mat": np.ones((3, 0))}),
        (ValueError, "NaN or infinity in 2 rows, first in row 1", {"mat": [[1, 2], [math.nan, 1], [1, math.inf]]}),
        (TypeError, "complex128, want real numbers", {"mat": np.ones((2, 2), complex)}),
        (TypeError, "mat of embedding 'default': got list", {"mat": [["a"]]}),
        (ValueError, "got 2 labels, want one for each of the 3 rows", {"metadata": ["a", "b"]}),
        (TypeError, "metadata of embedding 'default': got str 'abc', want a list", {"metadata": "abc"}),
        (TypeError, "metadata of embedding 'default': got int 3", {"metadata": 3}),
        (ValueError, "metadata_header of .* want it with metadata only", {"metadata_header": ["a"]}),
        (ValueError, "got str 'x' in row 0, want 2", {"metadata": list("xyz"), "metadata_header": ["a", "b"]}),
        (ValueError, "got 1 columns in row 2, want 2", {"metadata": [[1, 2], [3, 4], [5]], "metadata_header": "ab"}),
        (ValueError, r"label_img .* got shape \(3, 4, 4\), want \[N, C, H, W\]", {"label_img": np.ones((3, 4, 4))}),
        (ValueError, r"got shape \(3, 2, 4, 4\)", {"label_img": np.ones((3, 2, 4, 4))}),
        (ValueError, "got 2 images, want one for each of the 3 rows", {"label_img": np.ones((2, 3, 4, 4))}),
        (ValueError, "dtype int64, want uint8, or floats", {"label_img": np.ones((3, 3, 4, 4), np.int64)}),
        (TypeError, "tag: got int 5, want a str", {"tag": 5}),
        (ValueError, "tag: got '', want a name", {"tag": ""}),
        (ValueError, "tag: got 'xxx", {"tag": "x" * 256}),
        (ValueError, "global_step of 'default'", {"global_step": "x"}),
    ],
)  # fmt: skip
def test_errors(tmp_path: Path, kind: type[Exception], match: str, arguments: dict[str, Any]) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=match):
        writer.add_embedding(**{"mat": np.ones((3, 2)), **arguments})
    assert [path.name.split(".")[0] for path in tmp_path.iterdir()] == ["events"]  # nothing was written


def test_a_full_disk_keeps_files_and_events_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_full = True
    write = side_file.replace_file

    def replace_file(path: Path, content: bytes) -> None:
        if is_full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr(side_file, "replace_file", replace_file)
    writer = SummaryWriter(tmp_path)
    writer.add_scalar("before", 1.0, 1)
    writer.add_embedding(np.ones((2, 2)))
    writer.add_scalar("after", 1.0, 1)
    with pytest.warns(RuntimeWarning, match=r"tensors\.tsv: No space left on device; events are kept and tried again"):
        writer.flush()
    assert tags_of(tmp_path) == ["before"]
    is_full = False
    writer.close()
    assert tags_of(tmp_path) == ["before", "after"]
    assert Projector(tmp_path).tensor("default:00000", 2).tolist() == [[1, 1]] * 2


def test_a_path_in_the_way_costs_the_embedding_only(tmp_path: Path) -> None:
    (tmp_path / "00000").write_text("a file")
    writer = SummaryWriter(tmp_path)
    writer.add_embedding(np.ones((2, 2)))
    writer.add_embedding(np.ones((2, 2)), global_step=1)
    writer.add_scalar("after", 1.0, 1)
    with pytest.warns(RuntimeWarning, match="an event was left out"):
        writer.flush()
    writer.close()
    assert tags_of(tmp_path) == ["after"]
    assert Projector(tmp_path).tensor("default:00001", 2).shape == (2, 2)


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    side_file.replace_file(path, b"first")
    with path.open("rb") as reader:
        side_file.replace_file(path, b"second")
        assert reader.read() == b"first"  # another file has the name now
    with pytest.raises(TypeError):
        side_file.replace_file(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]  # nothing else is left behind
