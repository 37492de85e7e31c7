"""graph, from the event file to the bytes that the page reads."""

from __future__ import annotations

import itertools
import math
import warnings
from pathlib import Path
from typing import Any

import pytest
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef

from runlens.api.kinds import graph
from runlens.api.question import NotFound
from tests import graphs
from tests.columns import decode
from tests.support import DATA, index_of

GOLDEN = Path(__file__).parent / "graph.golden.bin"


def logged(tmp_path: Path, *nodes: tuple[str, str, list[str]]) -> dict[str, Any]:
    """The answer about a graph of these nodes."""
    graphs.write_graph(tmp_path / "tfevents", graphs.graph_def(*nodes))
    return graphs.only(tmp_path)


def troubles(chart: dict[str, Any]) -> dict[str, tuple[int, list[str]]]:
    return {trouble["name"]: (trouble["count"], trouble["examples"]) for trouble in chart["troubles"]}


def test_golden_payload(tmp_path: Path) -> None:
    """The bytes that web/src/kinds/graph also reads; delete the file to make it anew, and look at the difference."""
    graphs.write_graph(tmp_path / "run" / "tfevents", graphs.SMALL)
    index = index_of(tmp_path)
    (entry,) = graphs.entries(index)
    answer = graph.graph(index, {"charts": [entry]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    chart = graphs.plain(answer)
    # net/dense is both a node and a scope: the node lies in the scope.
    assert chart["segments"] == ["x", "net", "dense", "kernel", "MatMul", "(dense)", "split", "out", "nowhere"]
    assert chart["parent"] == [-1, -1, 1, 2, 2, 2, 1, -1, -1]
    assert chart["node"] == [0, -1, -1, 1, 2, 3, 4, 5, -1]
    assert [chart["roles"][role] for role in chart["role"]] == [""] * 8 + ["missing"]
    assert [chart["ops"][op] if op >= 0 else "" for op in chart["op"]] == [
        *("Placeholder", "", "", "VariableV2", "MatMul", "Identity", "Split", "AddN", ""),
    ]
    assert chart["tensors"] == [["float32", [8, -1]], ["float32", [4, 3]], ["float32", [8, 3]]]
    assert chart["tensor"] == [0, -1, -1, 1, 2, -1, -1, -1, -1]
    assert [None if math.isnan(count) else count for count in chart["parameters"]] == [
        *(None, None, None, 12, None, None, None, None, None)
    ]
    edges = zip(chart["source"], chart["target"], chart["slot"], chart["edge_tensor"], strict=True)
    assert list(edges) == [
        *((0, 4, 0, 0), (3, 4, 0, 1), (4, 5, 0, 2), (0, 5, -2, -2)),
        *((5, 6, 0, -1), (6, 7, 1, -1), (6, 7, 0, -1), (8, 7, 0, -1)),
    ]
    assert troubles(chart) == {"missing_input": (1, ["nowhere → out"])}


def test_a_module_is_its_scope(tmp_path: Path) -> None:
    proto = graphs.graph_def(("net/fc", "Linear", []), ("net/fc/linear", "aten::linear", []), ("net/fc/w", "", []))
    facts = {"role": b"module", "module_class": b"torch.nn.Linear"}
    for key, value in facts.items():
        proto.node[0].attr[key].s = value
    for key, count in {"parameters": 7, "total_parameters": 40, "flops": 900}.items():
        proto.node[0].attr[key].i = count
    graphs.write_graph(tmp_path / "tfevents", proto)
    chart = graphs.only(tmp_path)
    assert chart["segments"] == ["net", "fc", "linear", "w"]
    assert chart["node"] == [-1, 0, 1, 2]
    assert (chart["roles"][chart["role"][1]], chart["classes"][chart["class"][1]]) == ("module", "torch.nn.Linear")
    assert (chart["parameters"][1], chart["flops"][1]) == (40, 900)


def torch_model(name: str) -> tuple[Any, Any]:
    import torch

    from tests.models import Gpt, ResNet

    if name == "ResNet-18":
        return ResNet(8, 10), torch.zeros(1, 3, 32, 32)
    return Gpt(3), torch.zeros(1, 8, dtype=torch.long)


@pytest.mark.parametrize("name", ["ResNet-18", "GPT-2"])
def test_nodes_and_edges_of_torch_are_those_of_tensorboards_route(tmp_path: Path, name: str) -> None:
    from torch.utils.tensorboard import SummaryWriter

    model, example = torch_model(name)
    with warnings.catch_warnings(), SummaryWriter(str(tmp_path / "run")) as writer:
        warnings.simplefilter("ignore")
        writer.add_graph(model, example)
    index = index_of(tmp_path)
    entry, profile = graphs.entries(index)
    assert (entry["holds"], profile["holds"], profile["name"]) == (["graph"], ["profile"], "step1")
    chart = graphs.ask(index, entry)
    assert len(graphs.nodes_of(chart)) > 150 and len(chart["source"]) > 150
    assert chart["troubles"] == []
    graphs.assert_same(chart, graphs.tensorboard_graph(tmp_path, "run", None))


@pytest.mark.parametrize("name", ["ResNet-18", "GPT-2"])
def test_nodes_and_edges_of_our_writer_are_those_of_tensorboards_route(tmp_path: Path, name: str) -> None:
    from runlens import SummaryWriter

    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_graph(*torch_model(name))
    chart = graphs.only(tmp_path)
    assert len(graphs.nodes_of(chart)) > 100 and chart["troubles"] == []
    graphs.assert_same(chart, graphs.tensorboard_graph(tmp_path, "run", None))


@pytest.mark.parametrize(("run", "tag"), [("v1", None), ("keras/train", "keras")])
def test_nodes_and_edges_of_tensorflow_are_those_of_tensorboards_route(run: str, tag: str | None) -> None:
    index = index_of(DATA / "tensorflow")
    (entry,) = [entry for entry in graphs.entries(index) if entry["run"] == run]
    theirs = graphs.tensorboard_graph(DATA / "tensorflow", run, tag, conceptual=tag is not None)
    graphs.assert_same(graphs.ask(index, entry), theirs)


@pytest.mark.parametrize("count", [1, 2])
def test_nodes_and_edges_of_functions_are_those_of_tensorboards_route(tmp_path: Path, count: int) -> None:
    metadata = RunMetadata()
    for number in range(count):
        function = metadata.function_graphs.add()
        function.pre_optimization_graph.CopyFrom(
            graphs.graph_def(
                ("a", "Const", []), (f"b/{number}", "Add", ["a", "a:1"]), ("c", "NoOp", ["b/" + str(number)])
            )
        )
        function.pre_optimization_graph.versions.producer = 22
    plugin = "graph_run_metadata_graph"
    graphs.write_summary(tmp_path / "run" / "tfevents", "step", plugin, metadata.SerializeToString())
    index = index_of(tmp_path)
    (entry,) = graphs.entries(index)
    assert entry["holds"] == ["functions"]
    graphs.assert_same(graphs.ask(index, entry), graphs.tensorboard_graph(tmp_path, "run", "step"))


def test_functions_lie_in_scopes_of_their_own(tmp_path: Path) -> None:
    proto = graphs.graph_def(("call", "PartitionedCall", []), ("twice/y", "Const", []))
    function = proto.library.function.add()
    function.signature.name = "twice"
    function.signature.input_arg.add(name="x", type=1)
    function.node_def.add(name="y", op="Mul", input=["x", "two:output:0"])
    function.node_def.add(name="two", op="Const")
    function.ret["z"] = "y:z:0"
    graphs.write_graph(tmp_path / "tfevents", proto)
    chart = graphs.only(tmp_path)
    prefix = "functions/twice/"
    assert graphs.nodes_of(chart) == {"call", "twice/y"} | {prefix + name for name in ("x", "y", "two", "return/z")}
    assert graphs.edges_of(chart) == {
        *((prefix + "x", "0", prefix + "y"), (prefix + "two", "0", prefix + "y")),
        (prefix + "y", "0", prefix + "return/z"),
    }


def calls_of(chart: dict[str, Any]) -> set[tuple[str, str]]:
    """Which node calls which function."""
    named = graphs.names(chart)
    return {(named[caller], named[callee]) for caller, callee in zip(chart["caller"], chart["callee"], strict=True)}


def with_functions(calls: str) -> GraphDef:
    """A call by attribute, one by operation, branches in a list, a call within a function and one of nothing."""
    proto = graphs.graph_def(("a", "PartitionedCall", []), ("b", "twice", []), ("c", "Case", []), ("d", "", []))
    proto.node[0].attr["f"].func.name = calls
    for name in ("twice", "thrice", "twice"):
        proto.node[2].attr["branches"].list.func.add(name=name)
    proto.node[3].attr["f"].func.name = "gone"
    for name in ("twice", "thrice"):
        proto.library.function.add().signature.name = name
    inner = proto.library.function[0].node_def.add(name="inner", op="While")
    inner.attr["body"].func.name = "thrice"
    return proto


def test_calls_lead_to_their_functions(tmp_path: Path) -> None:
    graphs.write_graph(tmp_path / "tfevents", with_functions("twice"))
    assert calls_of(graphs.only(tmp_path)) == {
        *(("a", "functions/twice"), ("b", "functions/twice"), ("c", "functions/twice"), ("c", "functions/thrice")),
        ("functions/twice/inner", "functions/thrice"),
    }


def test_calls_lead_to_the_functions_of_their_own_graph(tmp_path: Path) -> None:
    metadata = RunMetadata()
    for name in ("twice", "thrice"):
        metadata.function_graphs.add().pre_optimization_graph.CopyFrom(with_functions(name))
    plugin = "graph_run_metadata_graph"
    graphs.write_summary(tmp_path / "run" / "tfevents", "step", plugin, metadata.SerializeToString())
    calls = calls_of(graphs.only(tmp_path))
    assert {callee for caller, callee in calls if caller == "graph_1/a"} == {"functions/graph_1_twice"}
    assert {callee for caller, callee in calls if caller == "graph_2/a"} == {"functions/graph_2_thrice"}
    assert ("functions/graph_2_twice/inner", "functions/graph_2_thrice") in calls


def test_of_nodes_with_one_name_all_are_shown_and_the_first_is_meant(tmp_path: Path) -> None:
    chart = logged(tmp_path, ("a", "Const", []), ("a", "Relu", []), ("b", "Add", ["a"]))
    assert chart["segments"] == ["a", "a", "b"]
    assert (chart["source"], chart["target"]) == ([0], [2])
    assert troubles(chart) == {"duplicate_name": (1, ["a"])}


def test_a_cycle_is_told_and_shown(tmp_path: Path) -> None:
    chart = logged(tmp_path, ("a", "Add", ["c"]), ("b", "Add", ["a"]), ("c", "Add", ["b"]), ("d", "Add", ["c"]))
    assert len(chart["source"]) == 4
    count, (example,) = troubles(chart)["cycle"]
    assert count == 1
    names = example.split(" → ")
    assert names[0] == names[-1] and set(names) == {"a", "b", "c"}
    order = {("a", "b"), ("b", "c"), ("c", "a")}
    assert set(itertools.pairwise(names)) == order


def test_a_loop_of_tensorflow_is_no_trouble(tmp_path: Path) -> None:
    chart = logged(tmp_path, ("merge", "Merge", ["next"]), ("next", "NextIteration", ["merge"]))
    assert chart["troubles"] == []


def test_many_missing_inputs_are_counted_and_some_are_shown(tmp_path: Path) -> None:
    chart = logged(tmp_path, ("sum", "AddN", [f"gone{n}" for n in range(3000)]))
    count, examples = troubles(chart)["missing_input"]
    assert (count, len(examples)) == (3000, 5)
    assert 100 < len(chart["segments"]) < 2000


def test_names_of_any_shape_are_items(tmp_path: Path) -> None:
    deep = "/".join(["s"] * 1000)
    odd = ["", "/", "a//b", "/x", "x/", "\x00f/y", "ü/損失"]
    chart = logged(tmp_path, *((name, "Op", []) for name in [*odd, deep]))
    assert len([node for node in chart["node"] if node >= 0]) == 8
    assert len(chart["segments"]) < 120
    assert all(parent < item for item, parent in enumerate(chart["parent"]))


def test_a_graph_that_breaks_off_is_shown_so_far(tmp_path: Path) -> None:
    whole = graphs.SMALL.SerializeToString()
    for end in range(1, len(whole)):
        graphs.write_graph(tmp_path / str(end) / "tfevents", whole[:end])
    index = index_of(tmp_path)
    for entry in graphs.entries(index):
        chart = graphs.ask(index, entry)
        parsed = GraphDef()
        boundary = _whole_nodes(int(entry["run"]))
        parsed.ParseFromString(whole[:boundary])
        assert graphs.nodes_of(chart) == {node.name for node in parsed.node}
        assert ("truncated" in troubles(chart)) == (boundary < int(entry["run"]))


def _whole_nodes(end: int) -> int:
    """Bytes of the nodes that are whole within the first `end` bytes of graphs.SMALL."""
    at = 0
    for node in graphs.SMALL.node:
        size = node.ByteSize()
        following = at + 1 + (1 if size < 128 else 2) + size
        if following > end:
            break
        at = following
    return at


def test_attributes_of_a_node(tmp_path: Path) -> None:
    proto = graphs.graph_def(("n", "Op", ["a", "^b"]))
    attributes = proto.node[0].attr
    attributes["text"].s = b"caf\xc3\xa9"
    attributes["count"].i = -3
    attributes["zero"].i = 0
    attributes["rate"].f = 0.5
    attributes["truth"].b = True
    attributes["T"].type = 14
    attributes["reference"].type = 101
    attributes["shape"].shape.dim.add(size=4)
    attributes["shape"].shape.dim.add(size=-1)
    attributes["strides"].list.i.extend([1, -2])
    attributes["names"].list.s.extend([b"x", b"y"])
    attributes["f"].func.name = "twice"
    attributes["value"].tensor.dtype = 1
    attributes["value"].tensor.tensor_shape.dim.add(size=2)
    attributes["big"].s = b"z" * 1_000_000
    proto.node[0].device = "/device:GPU:0"
    graphs.write_graph(tmp_path / "tfevents", proto)
    index = index_of(tmp_path)
    (entry,) = graphs.entries(index)
    header, _ = decode(graph.node(index, {"charts": [{**entry, "node": 0}]}).encode())
    (node,) = header["charts"]
    shown = {key: text for key, text, _, _ in node["attributes"]}
    assert shown.pop("big") == "z" * 1024
    assert shown == {
        **{"text": "café", "count": "-3", "zero": "0", "rate": "0.5", "truth": "true", "T": "bfloat16"},
        **{"reference": "float32", "shape": "[4, ?]", "strides": "[1, -2]", "names": "[x, y]", "f": "twice"},
        "value": "float32 [2]",
    }
    assert {key for key, *_, whole in node["attributes"] if not whole} == {"big", "value"}
    assert (node["name"], node["op"], node["inputs"], node["device"]) == ("n", "Op", ["a", "^b"], "/device:GPU:0")
    with pytest.raises(NotFound, match="node: got 1, but the graph has 1"):
        graph.node(index, {"charts": [{**entry, "node": 1}]})


def test_a_profile_tells_time_and_memory_of_each_node(tmp_path: Path) -> None:
    metadata = RunMetadata()
    device = metadata.step_stats.dev_stats.add(device="/device:GPU:0")
    for micros, size in ((30, 100), (12, 50)):
        stats = device.node_stats.add(node_name="net/split", all_end_rel_micros=micros)
        stats.memory.add(total_bytes=size)
        stats.memory.add(total_bytes=1)
    device.node_stats.add(node_name="x", all_end_rel_nanos=2500, all_end_rel_micros=2)
    path = tmp_path / "run" / "tfevents"
    graphs.write_graph(path, graphs.SMALL)
    graphs.write_run_metadata(path, "step 7", metadata.SerializeToString())
    index = index_of(tmp_path)
    model, profile = graphs.entries(index)
    assert profile["name"] == "step 7"
    chart = graphs.plain(graph.profile(index, {"charts": [{**model, "profile": profile}]}).encode())
    items = dict(zip(graphs.names(graphs.ask(index, model)), range(9), strict=False))
    assert (chart["time"][items["net/split"]], chart["memory"][items["net/split"]]) == (42, 152)
    assert (chart["time"][items["x"]], chart["memory"][items["x"]]) == (2.5, 0)
    assert math.isnan(chart["time"][items["out"]])
    assert [chart["device"][items[name]] for name in ("x", "out")] == [0, -1]


def test_a_graph_that_is_gone_is_told(tmp_path: Path) -> None:
    path = graphs.write_graph(tmp_path / "tfevents", graphs.SMALL)
    index = index_of(tmp_path)
    (entry,) = graphs.entries(index)
    for change in ({"run": "other"}, {"tag": "other"}, {"row": 1}, {"key": entry["key"] ^ 1}):
        with pytest.raises(NotFound, match="not there any more"):
            graph.graph(index, {"charts": [{**entry, **change}]})
    path.unlink()
    with pytest.raises(NotFound):
        graph.graph(index, {"charts": [entry]})
