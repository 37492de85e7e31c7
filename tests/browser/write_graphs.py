"""Write graphs for the browser tests: `write_graphs.py LOGDIR`, a model in run `a`, another version of it in `b`.

Run `a` has a profile, too; run `odd` a graph with a cycle, a missing input, a name that occurs twice, megabytes in an
attribute and no end; run `tf` a function that two nodes call.
"""

import sys
from pathlib import Path

from runlens.wire import event, graph
from runlens.wire.message import bytes_field, int_field, text_field
from runlens.wire.record import frame

SHAPE = graph.shapes([(8, 64)])
FLOAT = graph.types(["float32"])


def node(name: str, op: str, *inputs: str, role: str = "operation", **counts: int) -> bytes:
    """A node that gives 8 x 64 numbers."""
    attributes = {"role": graph.text(role), "_output_shapes": SHAPE, "output_types": FLOAT}
    attributes |= {key: graph.integer(value) for key, value in counts.items()}
    return graph.node(name, op, inputs, "/device:CPU:0", attributes)


def model(blocks: int, activation: str) -> list[bytes]:
    """So many blocks of a product and an activation, with modules as our writer describes them."""
    nodes = [
        node("input/x", "IO Node", role="input"),
        node("Net", "Net", role="module", total_parameters=blocks * 4160),
    ]
    before = "input/x"
    for number in range(blocks):
        block = f"Net/blocks/{number}"
        nodes += [
            node(block, "Block", role="module", total_parameters=4160, flops=65536),
            node(f"{block}/fc", "Linear", role="module", total_parameters=4160, flops=65536),
            node(f"{block}/fc/weight", "Parameter", role="parameter", parameters=4096),
            node(f"{block}/fc/linear", "aten::linear", before, f"{block}/fc/weight", flops=65536),
            node(f"{block}/{activation}", f"aten::{activation}", f"{block}/fc/linear"),
            node(f"{block}/add", "aten::add", f"{block}/{activation}", before),
        ]
        before = f"{block}/add"
    return [*nodes, node("output/y", "IO Node", before, role="output")]


def profile(name: str, microseconds: int) -> bytes:
    """TaggedRunMetadata of a step in which one node ran."""
    stats = text_field(1, name) + int_field(5, microseconds)
    device = text_field(1, "/device:CPU:0") + bytes_field(2, stats)
    return bytes_field(8, text_field(1, "step 7") + bytes_field(2, bytes_field(1, bytes_field(1, device))))


def calling() -> bytes:
    """A graph of TensorFlow with a library of one function."""
    function = bytes_field(10, text_field(1, "__inference_block_1"))
    nodes = [node("x", "Placeholder")]
    for name, before in (("first/call", "x"), ("second/call", "first/call")):
        nodes.append(graph.node(name, "PartitionedCall", [before], "", {"f": function}))
    signature = text_field(1, "__inference_block_1") + bytes_field(2, text_field(1, "inputs") + int_field(3, 1))
    body = bytes_field(3, node("dense/MatMul", "MatMul", "inputs")) + bytes_field(
        3, node("relu", "Relu", "dense/MatMul")
    )
    library = bytes_field(2, bytes_field(1, bytes_field(1, signature) + body))
    return bytes_field(4, b"".join(bytes_field(1, item) for item in nodes) + library)


def write(folder: Path, *parts: bytes) -> None:
    """An event file with one event for each part."""
    folder.mkdir(parents=True)
    events = [event.event(1.7e9, 0, part) for part in (event.file_version(), *parts)]
    (folder / "events.out.tfevents.1700000000.host.1.0").write_bytes(b"".join(map(frame, events)))


def main(logdir: Path) -> None:
    """Write all three runs."""
    write(logdir / "a", graph.graph(model(6, "relu")), profile("Net/blocks/2/fc/linear", 1500))
    write(logdir / "b", graph.graph(model(7, "gelu")))
    large = graph.node("q", "Q", ["p"], "", {"value": graph.text("z" * 3_000_000)})
    odd = [node("p", "P", "r"), large, node("r", "R", "q", "nowhere"), node("r", "R")]
    write(logdir / "tf", calling())
    write(logdir / "odd", bytes_field(4, b"".join(bytes_field(1, item) for item in odd) + b"\x0a\x7fcut"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
