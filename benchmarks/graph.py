"""How soon is a large graph on the screen, and does it freeze the page?"""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from benchmarks.logs import DATA
from benchmarks.measure import Row
from benchmarks.page import drive, viewer
from runlens.wire import event, graph
from runlens.wire.record import frame

BLOCKS_A_STAGE = 50
SIZES = (8, 128, 512)


def rows() -> list[Row]:
    """Ten thousand and a hundred thousand nodes: time to the first picture, and the longest task of the page."""
    return [row for nodes in (10_000, 100_000) for row in _measure(nodes)]


def _measure(nodes: int) -> list[Row]:
    with viewer(logdir(nodes)) as address:
        runs: list[dict[str, Any]] = [drive("graph", address) for _ in range(3)]
    shown = statistics.median(run["shown"] for run in runs) / 1e3
    longest = statistics.median(run["longest"] for run in runs)
    fluid = statistics.median(run["fluid"] for run in runs)
    seconds = 2 if nodes <= 10_000 else 5
    return [
        Row(f"a graph of {nodes:,} nodes: shown", "s", shown, f"under {seconds} s", shown < seconds),
        Row("the same: longest task until then", "ms", longest, "at most 250 ms", longest <= 250),
        Row("the same, panned and zoomed: longest task", "ms", fluid, "at most 50 ms", fluid <= 50),
    ]


def logdir(nodes: int) -> Path:
    """A logdir with one graph of about so many nodes: stages of blocks of two parts, as transformers have them."""
    folder = DATA / f"graph{nodes}"
    path = folder / "events.out.tfevents.1700000000.host.1.0"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        parts = [event.file_version(), graph.graph(_nodes(nodes))]
        path.write_bytes(b"".join(frame(event.event(1.7e9, 0, part)) for part in parts))
    return folder


def _nodes(count: int) -> list[bytes]:
    nodes = [_node("input", "Placeholder")]
    before = "input"
    block = 0
    while len(nodes) < count:
        scope = f"model/stage_{block // BLOCKS_A_STAGE}/block_{block % BLOCKS_A_STAGE}"
        for part in ("attention", "mlp"):
            first = before
            for layer in range(4):
                dense = f"{scope}/{part}/dense_{layer}"
                nodes += [
                    _node(f"{dense}/kernel", "Const"),
                    _node(f"{dense}/MatMul", "MatMul", before, f"{dense}/kernel"),
                ]
                before = f"{dense}/MatMul"
            for name in ("Add", "Mul", "Relu", "Softmax"):
                nodes.append(_node(f"{scope}/{part}/{name}", name, before, first))
                before = f"{scope}/{part}/{name}"
            nodes.append(_node(f"{scope}/{part}/residual", "AddV2", before, first))
            before = f"{scope}/{part}/residual"
        block += 1
    return nodes


def _node(name: str, op: str, *inputs: str) -> bytes:
    attributes = {"_output_shapes": graph.shapes([SIZES]), "T": graph.types(["float32"])}
    return graph.node(name, op, inputs, "/device:GPU:0", attributes)
