"""How soon is a large graph on the screen, and does it freeze the page?"""

from __future__ import annotations

import statistics
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.logs import DATA
from benchmarks.measure import Row, free_port, get_json, process, wait_until
from benchmarks.page import drive, viewer
from runlens.wire import event, graph
from runlens.wire.record import frame

BLOCKS_A_STAGE = 50
SIZES = (8, 128, 512)
TIMES = 3
LAYERS = 150  # of the large transformer: torch traces some 65 nodes for each


def rows() -> list[Row]:
    """Models of plain torch.nn, beside TensorBoard's page; then graphs of 10,000 and 100,000 nodes."""
    return [
        *_real("ResNet-18", _resnet),
        *_real("GPT-2 of 12 layers", _gpt),
        *_real(f"a GPT of {LAYERS} layers, 10,000 nodes", _deep),
        *_generated(10_000, 2),
        *_generated(100_000, 5),
    ]


def _real(name: str, make: Callable[[], tuple[Any, Any]]) -> list[Row]:
    root = _traced(name.split(",", maxsplit=1)[0].replace(" ", "-"), make)
    with viewer(root) as address:
        ours = _medians("graph", address)
    with tensorboard(root) as address:
        theirs = _medians("graph_tensorboard", address)
    shown = (f"graph of {name}: shown", "s", ours["shown"] / 1e3, "under 2 s", ours["shown"] < 2000)
    return [
        Row(*shown, "TensorBoard", theirs["shown"] / 1e3),
        Row("the same: longest task until then", "ms", ours["longest"], "at most 250 ms", ours["longest"] <= 250),
        _fluid(ours),
        Row("the same: all opened that fits in one act", "s", ours["expanded"] / 1e3, "", True),
        Row("the same: longest task meanwhile", "ms", ours["expanding"], "at most 250 ms", ours["expanding"] <= 250),
    ]


def _generated(nodes: int, seconds: int) -> list[Row]:
    with viewer(logdir(nodes)) as address:
        ours = _medians("graph", address)
    shown = ours["shown"] / 1e3
    return [
        Row(f"a graph of {nodes:,} nodes: shown", "s", shown, f"under {seconds} s", shown < seconds),
        Row("the same: longest task until then", "ms", ours["longest"], "at most 250 ms", ours["longest"] <= 250),
        _fluid(ours),
    ]


def _fluid(ours: dict[str, float]) -> Row:
    return Row("the same, panned and zoomed: longest task", "ms", ours["fluid"], "at most 50 ms", ours["fluid"] <= 50)


def _medians(act: str, address: str) -> dict[str, float]:
    """Of several runs of one act of `page.mjs`, in milliseconds."""
    runs = [drive(act, address) for _ in range(TIMES)]
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def _resnet() -> tuple[Any, Any]:
    import torch

    from tests.models import ResNet

    return ResNet(), torch.zeros(1, 3, 224, 224)


def _gpt() -> tuple[Any, Any]:
    import torch

    from tests.models import Gpt

    return Gpt(12, 768, 12), torch.zeros(1, 64, dtype=torch.long)


def _deep() -> tuple[Any, Any]:
    import torch

    from tests.models import Gpt

    return Gpt(LAYERS, 32, 4), torch.zeros(1, 64, dtype=torch.long)


def _traced(name: str, make: Callable[[], tuple[Any, Any]]) -> Path:
    """A logdir with the graph as torch's own writer traces it, so that both pages show the same log."""
    from torch.utils.tensorboard import SummaryWriter

    folder = DATA / f"graph-{name}"
    if not folder.exists():
        with warnings.catch_warnings(), SummaryWriter(str(folder)) as writer:
            warnings.simplefilter("ignore")
            writer.add_graph(*make())
    return folder


@contextmanager
def tensorboard(root: Path, route: str = "graphs/info") -> Iterator[str]:
    """The address of TensorBoard, once it lists the graph, or whatever a plugin's route tells of."""
    program = Path(sys.executable).with_name("tensorboard")
    port = free_port()
    address = f"http://127.0.0.1:{port}/"
    with process([str(program), f"--logdir={root}", f"--port={port}", "--load_fast=false"]):
        wait_until(lambda: bool(get_json(f"{address}data/plugin/{route}")))
        yield address


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
