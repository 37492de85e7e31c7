"""ONNX files, made by torch and by protobuf, as graphs that TensorBoard reads."""

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.writer.tracing.onnx_file import scoped
from tests.onnx_messages import onnx_messages

ONNX = onnx_messages()


def written(directory: Path, path: object) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with SummaryWriter(directory) as writer:
        writer.add_onnx_graph(path)  # type: ignore[arg-type]
    return EventAccumulator(str(directory)).Reload().Graph()


def shapes(node: Any, key: str = "_output_shapes") -> list[tuple[int, ...] | None]:
    return [None if shape.unknown_rank else tuple(dim.size for dim in shape.dim) for shape in node.attr[key].list.shape]


def value(name: str, *sizes: int | str) -> Any:
    dims = [{"dim_param": size} if isinstance(size, str) else {"dim_value": size} for size in sizes]
    return {"name": name, "type": {"tensor_type": {"elem_type": 1, "shape": {"dim": dims}}}}


def saved(path: Path, **graph: Any) -> Path:
    path.write_bytes(ONNX["ModelProto"](ir_version=8, graph=graph).SerializeToString())
    return path


@pytest.mark.filterwarnings("ignore")
def test_a_file_of_torchs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from tests.models import ResNet

    nothing = SimpleNamespace(graph=SimpleNamespace(node=[]), functions=[], opset_import=[])
    # torch asks the package only for functions written in Python, of which there are none here.
    monkeypatch.setitem(sys.modules, "onnx", SimpleNamespace(load_model_from_string=lambda _: nothing))
    model = ResNet(4, 10).eval()
    path = tmp_path / "model.onnx"
    keep = torch.onnx.TrainingMode.PRESERVE
    torch.onnx.export(model, (torch.randn(1, 3, 32, 32),), str(path), dynamo=False, training=keep)
    graph = written(tmp_path / "run", path)
    by_name = {node.name: node for node in graph.node}
    assert len(by_name) == len(graph.node)
    assert {edge.partition(":")[0] for node in graph.node for edge in node.input} <= set(by_name)
    conv = by_name["layer3/0/downsample/0/Conv"]
    assert conv.input[0] == "layer2/1/relu_1/Relu"
    assert b"strides=[2, 2]" in conv.attr["attr"].s
    assert by_name["fc/Gemm"].input[1] == "fc/weight"
    assert shapes(by_name["fc/weight"]) == [(10, 32)]
    assert shapes(by_name["output/output.1"]) == [(1, 10)]


def test_shapes_parameters_and_flops(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "model.onnx",
        node=[
            # Used before it is made, which ONNX forbids and we survive.
            {"op_type": "Relu", "name": "last", "input": ["y"], "output": ["z"]},
            {"op_type": "Gemm", "name": "/net/fc/Gemm", "input": ["x", "net.fc.weight", ""], "output": ["y"],
             "attribute": [{"name": "transB", "i": 1, "type": 2}, {"name": "alpha", "f": 0.5, "type": 1},
                           {"name": "kernel", "ints": [3, -1], "type": 7}, {"name": "text", "s": b"a", "type": 3},
                           {"name": "floats", "floats": [0.25, 2], "type": 6},
                           {"name": "strings", "strings": [b"p", b"q"], "type": 8}]},
            {"op_type": "Split", "input": ["y"], "output": ["first", "second"], "domain": "my.domain"},
            {"op_type": "Add", "input": ["first", "second", "nowhere"], "output": ["sum"]},
        ],
        initializer=[{"name": "net.fc.weight", "dims": [4, 3], "data_type": 1, "raw_data": bytes(48)}],
        input=[value("x", 2, 3), value("net.fc.weight", 4, 3), value("free", "batch", 5)],
        output=[value("z", 2, 4), value("sum")],
        value_info=[value("y", 2, 4)],
    )  # fmt: skip
    graph = written(tmp_path / "run", path)
    by_name = {node.name: node for node in graph.node}
    assert list(by_name) == [
        "net/fc/weight", "input/x", "input/free", "last", "net/fc/Gemm", "first", "sum", "output/output.1",
        "output/output.2",
    ]  # fmt: skip
    gemm = by_name["net/fc/Gemm"]
    assert list(gemm.input) == ["input/x", "net/fc/weight"]
    assert (shapes(gemm), shapes(gemm, "input_shapes")) == ([(2, 4)], [(2, 3), (4, 3)])
    assert list(gemm.attr["output_types"].list.type) == [1]
    assert gemm.attr["flops"].i == 2 * 2 * 3 * 4
    text = "transB=1, alpha=0.5, kernel=[3, -1], text=a, floats=[0.25, 2.0], strings=['p', 'q']"
    assert gemm.attr["attr"].s.decode() == text
    assert by_name["net/fc/weight"].attr["parameters"].i == 12
    assert shapes(by_name["input/free"]) == [(-1, 5)]
    assert by_name["first"].op == "my.domain.Split"
    assert list(by_name["sum"].input) == ["first", "first:1"]
    assert shapes(by_name["sum"]) == [()]
    assert list(by_name["last"].input) == ["net/fc/Gemm"]


def test_branches_stand_in_the_scope_of_their_operation(tmp_path: Path) -> None:
    def branch(op: str) -> dict[str, Any]:
        return {"node": [{"op_type": op, "name": op, "input": ["x"], "output": ["y"]}], "output": [value("y")]}

    attributes = [{"name": "then_branch", "g": branch("Abs"), "type": 5}, {"name": "else_branch", "g": branch("Neg")}]
    node = {"op_type": "If", "name": "choose", "input": ["which"], "output": ["z"], "attribute": attributes}
    path = saved(tmp_path / "model.onnx", node=[node], input=[value("which"), value("x", 3)], output=[value("z")])
    by_name = {node.name: node for node in written(tmp_path / "run", path).node}
    assert list(by_name["choose"].input) == ["input/which", "choose/then_branch/Abs", "choose/else_branch/Neg"]
    assert list(by_name["choose/then_branch/Abs"].input) == ["input/x"]
    assert list(by_name["output/output.1"].input) == ["choose"]


def test_weights_are_not_read(tmp_path: Path) -> None:
    """A sparse file of 4 GB, whose one weight is a hole."""
    from runlens.wire.message import bytes_field, int_field, text_field, varint

    size = 4 * 2**30
    head = int_field(1, 2**30) + int_field(2, 1) + text_field(8, "weight") + varint(9 << 3 | 2) + varint(size)
    tail = bytes_field(1, text_field(3, "after") + text_field(4, "Relu") + text_field(1, "weight"))
    tensor = varint(5 << 3 | 2) + varint(len(head) + size) + head
    path = tmp_path / "large.onnx"
    with path.open("wb") as file:
        file.write(varint(7 << 3 | 2) + varint(len(tensor) + size + len(tail)) + tensor)
        file.seek(size, 1)
        file.write(tail)
    assert path.stat().st_blocks * 512 < 2**20
    by_name = {node.name: node for node in written(tmp_path / "run", path).node}
    assert by_name["weight"].attr["parameters"].i == 2**30
    assert list(by_name["after"].input) == ["weight"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "got the empty file"),
        (b"hello, this is no model", "want an ONNX model"),
        (b"\x08\x08", "no graph"),
        (b"\x3a\x05\x0a\x64", "a field reaches to byte"),
        (b"\x3a\x04\x0a\x02\x0a\x7f", "NodeProto: a field reaches to byte 129"),
        (b"\x3a\x0b" + b"\xff" * 11, "varint"),
    ],
)
def test_broken_files_are_told_by_name(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)
    with SummaryWriter(tmp_path / "run") as writer, pytest.raises(ValueError, match=message) as told:
        writer.add_onnx_graph(path)
    assert repr(str(path)) in str(told.value)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        with pytest.raises(TypeError, match="prototxt: got int 3, want the path of an ONNX file"):
            writer.add_onnx_graph(3)  # type: ignore[arg-type]
        with pytest.raises(FileNotFoundError, match=r"missing\.onnx"):
            writer.add_onnx_graph(tmp_path / "missing.onnx")
        with pytest.raises(IsADirectoryError, match="run"):
            writer.add_onnx_graph(tmp_path / "run")


def test_graphs_within_graphs_have_an_end(tmp_path: Path) -> None:
    from runlens.wire.message import bytes_field, text_field

    graph = b""
    for _ in range(10_000):
        graph = bytes_field(1, bytes_field(5, text_field(1, "g") + bytes_field(6, graph)))
    path = tmp_path / "model.onnx"
    path.write_bytes(bytes_field(7, graph))
    with SummaryWriter(tmp_path / "run") as writer, pytest.raises(ValueError, match="deeper than 32"):
        writer.add_onnx_graph(path)


WHOLE = ONNX["ModelProto"](
    graph={
        "node": [{"op_type": "If", "input": ["x"], "output": ["y"], "attribute": [{"name": "b", "g": {"name": "n"}}]}],
        "initializer": [{"name": "w", "dims": [2, 3], "data_type": 1, "raw_data": bytes(24)}],
        "input": [value("x", 2, "n")],
        "output": [value("y", 1)],
    }
).SerializeToString()


@settings(deadline=None, max_examples=300)
@given(
    places=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), max_size=4),
    end=st.integers(1, len(WHOLE)),
)
def test_damage_never_does_more_than_raise(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, int]], end: int
) -> None:
    from runlens.writer.tracing.onnx_file import graph_of_file

    content = bytearray(WHOLE)
    for place, byte in places:
        content[place] = byte
    path = tmp_path_factory.getbasetemp() / "damaged.onnx"
    path.write_bytes(content[:end])
    try:
        graph_of_file(path).encode("", True)
    except ValueError as error:
        assert "damaged.onnx" in str(error)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("layer1.0.conv1.weight", "layer1/0/conv1/weight"),
        ("/layer1/layer1.0/conv1/Conv", "layer1/0/conv1/Conv"),
        ("model/block.1x/Add", "model/block.1x/Add"),
        ("Conv_12", "Conv_12"),
    ],
)
def test_names_become_scopes(name: str, wanted: str) -> None:
    assert scoped(name) == wanted
