"""Models: which graphs and profiles there are, one graph's items and edges, one node's attributes.

docs/kinds/graph.md is the contract.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from runlens.api.entries import find_row, payload_of, rows_of
from runlens.api.graph_file import graph_of_file
from runlens.api.hierarchy import ROLES, Hierarchy, facts_of, integers
from runlens.api.keras import graph_of_keras
from runlens.api.payload import Columns
from runlens.api.question import BadQuestion, NotFound, Object, a_list, a_number, an_object, short
from runlens.store.kept import Kept
from runlens.wire.fields import Malformed
from runlens.wire.graph_def import GraphDef, TensorType, read_graph_def
from runlens.wire.run_metadata import merged_graph, profile_of
from runlens.wire.value import RUN_METADATA, TENSOR, blob_of, graph_of, run_metadata_of

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index

KIND = "graph"
MOST_KEPT = 3  # graphs that were looked at last: each click on a node asks again

# What an entry is -> what it holds.
_OF_PLUGIN = {
    "graph_keras_model": ("keras",),
    "graph_run_metadata": ("functions", "profile"),
    "graph_run_metadata_graph": ("functions",),
}

_kept: Kept[Hierarchy] = Kept(MOST_KEPT, lambda _: 1)


def list_graphs(index: Index, question: Object) -> Columns:
    """What each run has: graphs of every sort, and profiles."""
    charts = []
    for chart in a_list(question, "charts"):
        listed = []
        for name in a_list(an_object(chart, "charts"), "runs"):
            with index.lock:
                run = index.runs.get(name) if isinstance(name, str) else None
                tags = sorted(run.entries) if run else []
            for tag in tags:
                entries = [rows.entry(row) for rows in rows_of(index, KIND, name, tag) for row in range(len(rows))]
                listed += [_listed(name, tag, row, entry) for row, entry in enumerate(entries)]
        charts.append({"entries": listed})
    return Columns({"charts": charts})


def graph(index: Index, question: Object) -> Columns:
    """The items and edges of each graph asked for."""
    answer = Columns({"charts": []})
    for chart in a_list(question, "charts"):
        answer.header["charts"].append(answer_graph(_hierarchy(index, an_object(chart, "charts")), answer))
    return answer


def node(index: Index, question: Object) -> Columns:
    """The attributes of each node asked for."""
    charts = []
    for chart in a_list(question, "charts"):
        hierarchy = _hierarchy(index, an_object(chart, "charts"))
        charts.append(answer_node(hierarchy, int(a_number(chart, "node", -1, 0, 2**31))))
    return Columns({"charts": charts})


def profile(index: Index, question: Object) -> Columns:
    """Compute time and memory of a graph's nodes in one profile."""
    answer = Columns({"charts": []})
    for chart in a_list(question, "charts"):
        hierarchy = _hierarchy(index, an_object(chart, "charts"))
        body = _body_of_profile(_find(index, an_object(chart.get("profile"), "profile")))
        answer.header["charts"].append(_answer_profile(hierarchy, body, answer))
    return answer


def upload(body: bytes, parameters: Mapping[str, str]) -> Columns:
    """The graph in a file of the asker's, or of its node `node` the attributes. Nothing is kept but in memory.

    `name` is that of the file; its ending says what it is when its bytes do not.
    """
    name = parameters.get("name", "")
    key = f"upload {hashlib.blake2b(body, digest_size=16).hexdigest()} {name.rpartition('.')[2]}"
    hierarchy = _kept.get(key, lambda: Hierarchy(_graph_of_file(name, body)))
    answer = Columns({"charts": []})
    number = parameters.get("node")
    if number is None:
        answer.header["charts"].append(answer_graph(hierarchy, answer))
    elif number.isdecimal() and len(number) < 12:
        answer.header["charts"].append(answer_node(hierarchy, int(number)))
    else:
        raise BadQuestion(f"node: got {short(number)}, want the number of a node")
    return answer


QUERIES = {"list": list_graphs, "graph": graph, "node": node, "profile": profile}
UPLOADS = {"upload": upload}


def answer_graph(hierarchy: Hierarchy, answer: Columns) -> dict[str, Any]:
    """The header of a graph; its columns go into the answer."""
    facts = facts_of(hierarchy)
    columns: dict[str, Any] = {
        "parent": integers(hierarchy.parents),
        "node": integers(hierarchy.node_numbers),
        "role": integers(hierarchy.roles),
        "source": integers(hierarchy.sources),
        "target": integers(hierarchy.targets),
        "slot": integers(hierarchy.slots),
        "caller": integers(hierarchy.callers),
        "callee": integers(hierarchy.callees),
    }
    for name, column in facts.columns.items():
        is_count = name in ("parameters", "flops")
        columns[name] = np.array(column, np.float64) if is_count else integers(column)
    return {
        "segments": hierarchy.segments,
        "roles": ROLES,
        "ops": list(facts.ops),
        "devices": list(facts.devices),
        "classes": list(facts.classes),
        "tensors": [_tensor(tensor) for tensor in facts.tensors],
        "troubles": [
            {"name": name, "count": trouble.count, "examples": trouble.examples}
            for name, trouble in hierarchy.troubles.items()
        ],
        **{name: answer.add(column) for name, column in columns.items()},
    }


def answer_node(hierarchy: Hierarchy, number: int) -> dict[str, Any]:
    """All that a node says of itself."""
    if number >= len(hierarchy.nodes):
        raise NotFound(f"node: got {number}, but the graph has {len(hierarchy.nodes)}")
    found = hierarchy.nodes[number]
    shown = {key: found.shown(key) for key in sorted(found.attributes)}
    return {
        "name": found.name,
        "op": found.op,
        "device": found.device,
        "inputs": found.inputs,
        "outputs": [_tensor(tensor) for tensor in found.outputs()],
        "attributes": [[key, value.text, value.size, value.whole] for key, value in shown.items()],
    }


def _graph_of_file(name: str, body: bytes) -> GraphDef:
    try:
        found = graph_of_file(name, body)
    except Malformed as error:
        raise BadQuestion(f"{name or 'file'}: {error}") from None
    if not found.nodes and not found.functions:
        raise BadQuestion(f"{name or 'file'}: no node in it; want a GraphDef as .pb or .pbtxt, or an ONNX model")
    return found


def _tensor(tensor: object) -> list[Any]:
    assert isinstance(tensor, TensorType)
    return [tensor.dtype, None if tensor.sizes is None else list(tensor.sizes)]


def _listed(run: str, tag: str, row: int, entry: Entry) -> dict[str, Any]:
    name = tag
    if entry.form == RUN_METADATA:
        try:
            name = run_metadata_of(entry.form, payload_of(entry))[0]
        except (Malformed, NotFound):
            name = tag
    return {
        "run": run,
        "tag": tag,
        "row": row,
        "key": entry.checksum,
        "name": name,
        "holds": _holds(entry),
        "step": entry.step,
        "wall_time": entry.wall_time if np.isfinite(entry.wall_time) else None,
        "bytes": entry.length,
    }


def _holds(entry: Entry) -> tuple[str, ...]:
    if entry.form == TENSOR:
        return _OF_PLUGIN.get(entry.plugin, ())
    return ("profile",) if entry.form == RUN_METADATA else ("graph",)


def _find(index: Index, chart: Object) -> Entry:
    """The entry that `run`, `tag`, `row` and `key` name."""
    return find_row(index, KIND, {name: str(chart.get(name, "")) for name in ("run", "tag", "row", "key")})


def _hierarchy(index: Index, chart: Object) -> Hierarchy:
    entry = _find(index, chart)
    return _kept.get(f"{entry.path} {entry.offset} {entry.length} {entry.checksum}", lambda: _read(entry))


def _read(entry: Entry) -> Hierarchy:
    try:
        return Hierarchy(_graph_def(entry, payload_of(entry)))
    except Malformed as error:
        raise NotFound(f"the graph cannot be read: {error}") from None


def _graph_def(entry: Entry, body: bytes) -> GraphDef:
    if entry.form != TENSOR:
        return read_graph_def(graph_of(entry.form, body))
    blob = blob_of(entry.form, body)
    return graph_of_keras(blob) if "keras" in _holds(entry) else merged_graph(blob)


def _body_of_profile(entry: Entry) -> bytes:
    body = payload_of(entry)
    try:
        return run_metadata_of(entry.form, body)[1] if entry.form == RUN_METADATA else blob_of(entry.form, body)
    except Malformed as error:
        raise NotFound(f"the profile cannot be read: {error}") from None


def _answer_profile(hierarchy: Hierarchy, body: bytes, answer: Columns) -> dict[str, Any]:
    """Of each item its time, memory and device in the profile; NaN and -1 where that says nothing."""
    costs = profile_of(body)
    devices = list(dict.fromkeys(cost.device for cost in costs.values()))
    times, sizes, places = [], [], []
    for number in hierarchy.node_numbers:
        cost = costs.get(hierarchy.nodes[number].name) if number >= 0 else None
        times.append(cost.microseconds if cost else np.nan)
        sizes.append(cost.bytes if cost else np.nan)
        places.append(devices.index(cost.device) if cost else -1)
    return {
        "devices": devices,
        "time": answer.add(np.array(times, np.float64)),
        "memory": answer.add(np.array(sizes, np.float64)),
        "device": answer.add(integers(places)),
    }
