"""Embeddings from their files to what the page gets; numbers against TensorBoard's projector and a full SVD."""

from __future__ import annotations

import contextlib
import json
import os
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch.utils.tensorboard
from google.protobuf import text_format  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig
from werkzeug.test import Client

from runlens import SummaryWriter, _kernel
from runlens.api.kinds import embedding
from runlens.api.question import BadQuestion, NotFound
from runlens.api.run import runs
from runlens.store.index import Index
from runlens.wire import projector_config
from tests.columns import decode
from tests.support import index_of

GOLDEN = Path(__file__).with_name("embedding.golden.bin")
RNG = np.random.default_rng(5)


def write(folder: Path, tensors: str, config: str = "", **files: str) -> Index:
    """A run with one embedding `points`, of the given text, and the index of it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "t.tsv").write_text(tensors)
    for name, content in files.items():
        (folder / f"{name}.tsv").write_text(content)
    text = f'embeddings {{ tensor_name: "points" tensor_path: "t.tsv" {config} }}'
    (folder / "projector_config.pbtxt").write_text(text)
    return index_of(folder)


def ask(index: Index, query: str, run: str = ".", tag: str = "points", **question: Any) -> dict[str, Any]:
    """The answer's header, numbers of columns replaced by the columns."""
    answer = embedding.QUERIES[query](index, {"run": run, "tag": tag, **question})
    if answer.media_type == "application/json":
        return dict(json.loads(answer.encode()))
    header, arrays = decode(answer.encode())
    named = {name: arrays[value] for name, value in header.items() if name in ("rows", "distances", "values")}
    return header | named | {"places": [arrays[n] for n in header.get("places", [])]}


def fetch(index: Index, name: str, run: str, tag: str, **more: str) -> bytes:
    key = ask(index, "info", run, tag)["key"]
    return embedding.BLOBS[name](index, {"run": run, "tag": tag, "key": str(key), **more}).encode()


def projector_routes(logdir: Path) -> Client:
    """TensorBoard's projector, in this process."""
    from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
    from tensorboard.plugins import base_plugin
    from tensorboard.plugins.projector import projector_plugin
    from werkzeug.routing import Map, Rule
    from werkzeug.wrappers import Request, Response

    multiplexer = plugin_event_multiplexer.EventMultiplexer().AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
    context = base_plugin.TBContext(logdir=str(logdir), multiplexer=multiplexer, data_provider=provider)
    apps = projector_plugin.ProjectorPlugin(context).get_plugin_apps()
    urls = Map([Rule(route, endpoint=route) for route in apps])

    @Request.application
    def serve(request: Any) -> Any:
        return Response.from_app(apps[urls.bind_to_environ(request.environ).match()[0]], request.environ)

    return Client(serve)


def test_tensors_equal_those_of_tensorboards_projector(tmp_path: Path) -> None:
    points = RNG.standard_normal((40, 7)).astype(np.float32)
    with torch.utils.tensorboard.SummaryWriter(str(tmp_path / "torch")) as writer:
        names = [["cat", "1"], ["dog", "2"]] * 20
        writer.add_embedding(torch.from_numpy(points), names, global_step=3, metadata_header=["what", "age"])
        writer.add_embedding(torch.from_numpy(points * 1e-30), global_step=4)
        writer.add_scalar("a", 1, 0)
    with SummaryWriter(tmp_path / "ours") as ours:
        ours.add_embedding(points.astype(np.float64) / 3, tag="wide")
        ours.add_scalar("a", 1, 0)
    raw = tmp_path / "raw"
    with SummaryWriter(raw) as ours:
        ours.add_scalar("a", 1, 0)
    points.tofile(raw / "values.bytes")
    (raw / "projector_config.pbtxt").write_text(
        'embeddings < tensor_name: "raw", tensor_path: "values" ".bytes"; tensor_shape: [40, 7] >  # a comment\n'
    )
    index, client = index_of(tmp_path), projector_routes(tmp_path)
    for run, tag in (("torch", "default:00003"), ("torch", "default:00004"), ("ours", "wide:00000"), ("raw", "raw")):
        answer = client.get("/tensor", query_string={"run": run, "name": tag})
        assert answer.status_code == 200, answer.data
        assert fetch(index, "tensor", run, tag) == answer.data
        few = client.get("/tensor", query_string={"run": run, "name": tag, "num_rows": 3})
        assert fetch(index, "tensor", run, tag, num_rows="3") == few.data
    theirs = client.get("/metadata", query_string={"run": "torch", "name": "default:00003"}).data
    assert fetch(index, "metadata", "torch", "default:00003") == theirs
    info = ask(index, "info", "torch", "default:00003")
    assert [column["name"] for column in info["columns"]] == ["what", "age"]
    assert [column["is_number"] for column in info["columns"]] == [False, True]
    assert info["problems"] == [] and info["shape"] == [40, 7]


def test_the_list_of_runs_names_embeddings(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_embedding(np.eye(3), global_step=10)
        writer.add_embedding(np.eye(3), global_step=9)
    plugin = tmp_path / "b" / "plugins" / "org_tensorflow_tensorboard_projector"
    write(plugin, "1\t2\n")
    answer = runs(index_of(tmp_path), {}).value
    assert answer["tags"] == {"embedding": ["default:00009", "default:00010", "points"]}
    assert [(run["name"], run["tags"]) for run in answer["runs"]] == [
        ("a", {"embedding": [0, 1]}),
        ("b", {"embedding": [2]}),
    ]


@given(
    st.lists(st.lists(st.floats(width=32, allow_nan=False), min_size=3, max_size=3), min_size=1, max_size=8),
    st.integers(1, 9),
)
def test_text_is_read_as_numpy_reads_it(rows: list[list[float]], piece: int) -> None:
    matrix = np.array(rows, np.float32)
    text = _kernel.tsv(matrix)
    reader = _kernel.TsvReader()
    for at in range(0, len(text), piece):
        assert reader.feed(text[at : at + piece])
    assert reader.finish()
    values, columns, ragged, unreadable = reader.result()
    assert (columns, ragged[0], unreadable[0]) == (3, 0, 0)
    np.testing.assert_array_equal(values.reshape(-1, 3), matrix)


@pytest.mark.parametrize(
    "text",
    ["1", "-1.5e-3", " 2 ", "+3", "1e400", "-1e400", "1e-400", "3.5e38", "nan", "inf", "-Infinity", "0.1", "007"],
)
def test_numbers_mean_what_python_takes_them_for(text: str) -> None:
    reader = _kernel.TsvReader()
    assert reader.feed(text.encode()) and reader.finish()
    with np.errstate(over="ignore"):
        expected = np.array([float(text)]).astype(np.float32)
    np.testing.assert_array_equal(reader.result()[0], expected)


@pytest.mark.parametrize("text", ["", "x", "1,5", "+-1", "1 2", "0x10", "--1", "1e"])
def test_what_is_no_number_is_told(text: str) -> None:
    reader = _kernel.TsvReader()
    assert reader.feed(f"1\t1\n{text}\t2\n".encode()) and reader.finish()
    values, _, _, unreadable = reader.result()
    assert unreadable == (1, 2) and np.isnan(values[2]) and values[3] == 2


def test_a_first_line_cannot_claim_more_memory_than_the_text_has() -> None:
    reader = _kernel.TsvReader()
    assert not reader.feed(b"\t" * 10_000 + b"\n" + b"1\n" * 10_000)
    assert len(reader.result()[0]) < 100_000


def full_svd(points: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Coordinates along all components, and their parts of the variance."""
    centred = points - points.mean(axis=0)
    _, singular, directions = np.linalg.svd(centred, full_matrices=False)
    return centred @ directions.T, singular**2 / (singular**2).sum()


@pytest.mark.parametrize("dimensions", [5, 60, 1500])
def test_principal_components_are_those_of_a_full_svd(tmp_path: Path, dimensions: int) -> None:
    scales = 0.8 ** np.arange(dimensions)
    points = (RNG.standard_normal((200, dimensions)) * scales).astype(np.float32)
    index = write(tmp_path, _kernel.tsv(points).decode())
    answer = ask(index, "places", components=[0, 1, 3])
    expected, ratios = full_svd(points.astype(np.float64))
    for found, wanted in zip(answer["places"], expected.T[[0, 1, 3]], strict=True):
        sign = np.sign(found @ wanted)
        np.testing.assert_allclose(found * sign, wanted, atol=1e-3)
    np.testing.assert_allclose(answer["variance"], ratios[: len(answer["variance"])], rtol=1e-4)
    assert len(answer["variance"]) == min(10, dimensions)


def test_spherised_points_have_length_one_around_their_centre(tmp_path: Path) -> None:
    points = RNG.standard_normal((50, 3)).astype(np.float32) + 4
    index = write(tmp_path, _kernel.tsv(points).decode())
    found = ask(index, "places", components=[0, 1, 2], spherise=True)["places"]
    centred = points.astype(np.float64) - points.astype(np.float64).mean(axis=0)
    expected, _ = full_svd(centred / np.linalg.norm(centred, axis=1, keepdims=True))
    for column, wanted in zip(found, expected.T, strict=True):
        np.testing.assert_allclose(np.abs(column), np.abs(wanted), atol=1e-5)


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_neighbours_are_the_nearest(tmp_path: Path, metric: str) -> None:
    points = RNG.standard_normal((60, 4)).astype(np.float32)
    points[7] = np.nan
    index = write(tmp_path, _kernel.tsv(points).decode())
    answer = ask(index, "near", row=3, count=5, metric=metric)
    one = points[3].astype(np.float64)
    cosines = points @ one / (np.linalg.norm(points, axis=1) * np.linalg.norm(one))
    distances = 1 - cosines if metric == "cosine" else np.linalg.norm(points - one, axis=1)
    order = [row for row in np.argsort(distances) if row not in (3, 7)][:5]
    assert answer["rows"].tolist() == order
    np.testing.assert_allclose(answer["distances"], distances[order], rtol=1e-5)
    with pytest.raises(NotFound, match="point 7 has NaN"):
        ask(index, "near", row=7)
    assert len(ask(index, "near", row=3, count=1000)["rows"]) == 58


def test_custom_axes_lead_from_some_points_to_others(tmp_path: Path) -> None:
    labels = "kind\tn\nred a\t1\nred b\t2\nblue\t3\ngreen\t4\n"
    index = write(tmp_path, "0\t0\n2\t0\n1\t3\n5\t5\n", 'metadata_path: "m.tsv"', m=labels)
    axis = {"column": 0, "from": "RED", "to": "^blue$", "is_regex": True}
    answer = ask(index, "places", method="custom", axes=[axis])
    assert answer["matches"] == [[2, 1]]
    np.testing.assert_allclose(answer["places"][0], [-2, -2, 1, 3])  # upwards from (1, 0) to (1, 3), about the mean
    with pytest.raises(BadQuestion, match="axes: got 0"):
        ask(index, "places", method="custom", axes=[])


def test_labels_are_columns_to_colour_and_search_by(tmp_path: Path) -> None:
    labels = "word\tn\nCat\t1.5\ndog\t\ncat\t2\n"
    index = write(tmp_path, "1\t2\n3\t4\n5\t7\n", 'metadata_path: "m.tsv"', m=labels)
    assert ask(index, "column", column=0)["values"].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(ask(index, "column", column=1)["values"], [1.5, np.nan, 2])
    assert ask(index, "column", column=1, categories=True)["names"] == ["1.5", "", "2"]
    assert ask(index, "search", column=0, text="CAT")["rows"].tolist() == [0, 2]
    assert ask(index, "search", column=0, text="^.o", is_regex=True)["rows"].tolist() == [1]
    assert ask(index, "rows", rows=[2, 0])["rows"] == [["cat", "2"], ["Cat", "1.5"]]
    with pytest.raises(BadQuestion, match="column: got 2"):
        ask(index, "search", column=2, text="x")
    with pytest.raises(BadQuestion, match="column: got True"):
        ask(index, "search", column=True, text="x")
    with pytest.raises(BadQuestion, match="text: "):
        ask(index, "search", column=0, text="(", is_regex=True)


@pytest.mark.parametrize(
    ("tensors", "config", "problems"),
    [
        ("1\t2\n3\n5\t6\n", "", ["lines without 2 numbers, as the first one has: 1; line 2", "NaN or infinity.*: 1"]),
        ("1\t2\n3\tähm\n", "", ["what is no number: 1; line 2 is one", "NaN or infinity.*: 1"]),
        ("1\t2\n3\tinf\n", "", ["NaN or infinity.*: 1"]),
        ("1\t2\n", "tensor_shape: 3 tensor_shape: 2", [r"tensor_shape is \[3, 2\], but the file holds \[1, 2\]"]),
        ("1\t2\n", 'metadata_path: "nothing.tsv"', ["nothing.tsv is not there"]),
        ("1\t2\n", 'metadata_path: "m.tsv"', ["m.tsv has 2 labels, want 1"]),
        ("1\t2\n", 'sprite { image_path: "m.tsv" single_image_dim: 2 single_image_dim: 2 }', ["is no image"]),
        ("1\t2\n", 'sprite { image_path: "/etc/passwd" }', ["outside the run's folder"]),
        ("1\t2\n", 'metadata_path: "../m.tsv"', ["outside the run's folder"]),
    ],
)
def test_what_is_wrong_is_told_and_the_rest_shown(
    tmp_path: Path, tensors: str, config: str, problems: list[str]
) -> None:
    (tmp_path / "m.tsv").write_text("secret\n")
    info = ask(write(tmp_path / "run", tensors, config, m="a\nb\n"), "info")
    assert len(info["problems"]) == len(problems)
    for problem, wanted in zip(info["problems"], problems, strict=True):
        assert re.search(wanted, problem), problem
    assert len(ask(index_of(tmp_path / "run"), "places", components=[0, 1])["places"]) == 2


@pytest.mark.parametrize("values", [[[0.0, 2.0]], [[1.0, -1.0]], [[1e-40, 3.0]], RNG.standard_normal((9, 4))])
def test_raw_numbers_are_told_from_text(tmp_path: Path, values: Any) -> None:
    raw = np.array(values, np.float32)
    index = write(tmp_path, "", "tensor_shape: {} tensor_shape: {}".format(*raw.shape))
    raw.tofile(tmp_path / "t.tsv")
    assert fetch(index, "tensor", ".", "points") == raw.tobytes()
    (tmp_path / "t.tsv").write_bytes(raw.tobytes()[:-1])
    if len(raw) > 1:
        assert "the file holds [8, 4]" in ask(index, "info")["problems"][0]


def test_no_path_leads_out_of_the_run(tmp_path: Path) -> None:
    (tmp_path / "secret.tsv").write_text("1\t2\n")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "link.tsv").symlink_to(tmp_path / "secret.tsv")
    os.mkfifo(tmp_path / "run" / "pipe.tsv")
    for path in ("../secret.tsv", str(tmp_path / "secret.tsv"), "link.tsv", "a/../../secret.tsv", ".", "", "pipe.tsv"):
        config = f'embeddings {{ tensor_name: "points" tensor_path: "{path}" }}'
        (tmp_path / "run" / "projector_config.pbtxt").write_text(config)
        with pytest.raises(NotFound):
            ask(index_of(tmp_path / "run"), "info")


def test_a_sprite_is_described(tmp_path: Path) -> None:
    config = 'sprite { image_path: "s.png" single_image_dim: 4 single_image_dim: 3 }'
    index = write(tmp_path, "1\t2\n3\t4\n5\t6\n", config)
    Image.new("RGB", (9, 3)).save(tmp_path / "s.png")
    info = ask(index, "info")
    assert info["sprite"] == {"width": 4, "height": 3, "across": 2, "down": 1}
    assert info["problems"] == ["the sprite has room for 2 images, want 3; points beyond have none"]
    assert fetch(index, "sprite", ".", "points") == (tmp_path / "s.png").read_bytes()


def test_changes_are_noticed(tmp_path: Path) -> None:
    index = write(tmp_path, "1\t2\n")
    changes: list[Any] = []
    index.subscribe(changes.append)
    index.refresh()
    assert changes == []
    (tmp_path / "t.tsv").write_text("1\t2\n3\t4\n")
    index.refresh([tmp_path / "t.tsv"])
    assert [(change.runs, change.tree) for change in changes] == [({"."}, False)]
    assert ask(index, "info")["shape"] == [2, 2]
    config = tmp_path / "projector_config.pbtxt"
    config.write_text(config.read_text() + 'embeddings { tensor_name: "more" tensor_path: "t.tsv" }')
    index.refresh([config])
    assert changes[-1].tree and runs(index, {}).value["tags"] == {"embedding": ["more", "points"]}
    config.unlink()
    index.refresh()
    assert index.runs == {}


def test_a_broken_configuration_is_a_problem(tmp_path: Path) -> None:
    index = write(tmp_path, "1\t2\n", "}")
    assert [problem["reason"] for problem in runs(index, {}).value["problems"]] == ["line 1: got '}', want a word"]
    assert write(tmp_path, "1\t2\n").problems() == []


def message_of(text: str) -> list[tuple[str, str, str, list[int]]]:
    found = text_format.Parse(text, ProjectorConfig())
    return [(e.tensor_name, e.tensor_path, e.sprite.image_path, list(e.tensor_shape)) for e in found.embeddings]


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.lists(st.integers(0, 2**32 - 1)))
def test_configurations_are_read_as_protobuf_reads_them(junk: str, name: str, shape: list[int]) -> None:
    config = ProjectorConfig()
    config.model_checkpoint_path = name
    one = config.embeddings.add(tensor_name=name, tensor_path="p", tensor_shape=shape)
    one.sprite.image_path = name
    for text in (text_format.MessageToString(config), text_format.MessageToString(config, as_one_line=True)):
        (found,) = projector_config.embeddings(text)
        expected = [(name, "p", name, shape)]
        assert message_of(text) == expected
        assert found.files.get("sprite", "") == name and found.numbers["shape"] == tuple(shape)
        assert found.tag == (name or "p")
    with contextlib.suppress(ValueError):
        projector_config.embeddings(junk)


def test_golden(tmp_path: Path) -> None:
    """The answer that the page's tests read; delete the file to make it anew."""
    index = write(tmp_path, "1\t0\t0\n3\t1\t0\n5\tnan\t0\n7\t0\t1\n")
    answer = embedding.QUERIES["places"](index, {"run": ".", "tag": "points", "components": [0, 1]})
    answer.header["key"] = 7  # type: ignore[union-attr]
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer.encode())
    assert answer.encode() == GOLDEN.read_bytes()
