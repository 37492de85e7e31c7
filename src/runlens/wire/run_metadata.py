"""RunMetadata bytes -> what each node cost, and the graphs of tf.function.

Field numbers: config.proto and step_stats.proto.
"""

from __future__ import annotations

from dataclasses import dataclass

from runlens.wire.fields import CONTENT, INT, TEXT, Malformed, repeated, singular
from runlens.wire.graph_def import GraphDef, Node, read_graph_def


@dataclass(slots=True)
class Cost:
    """What the calls of one node took in a step, all together."""

    device: str
    microseconds: float = 0.0
    bytes: float = 0.0


def profile_of(metadata: bytes) -> dict[str, Cost]:
    """Node name -> its cost, as far as the bytes can be read. Of several devices the first that ran it is named."""
    costs: dict[str, Cost] = {}
    try:
        (stats,) = singular(metadata, "RunMetadata", {1: CONTENT})
        for device_stats in repeated(stats, "StepStats", 1):
            (device,) = singular(device_stats, "DeviceStepStats", {1: TEXT})
            for node_stats in repeated(device_stats, "DeviceStepStats", 2):
                _add_cost(costs, device, node_stats)
    except Malformed:
        pass  # what was read before is right all the same
    return costs


def _add_cost(costs: dict[str, Cost], device: str, stats: memoryview) -> None:
    name, microseconds, nanoseconds = singular(stats, "NodeExecStats", {1: TEXT, 5: INT, 16: INT})
    cost = costs.setdefault(name, Cost(device))
    cost.microseconds += nanoseconds / 1e3 if nanoseconds else microseconds
    for memory in repeated(stats, "NodeExecStats", 6):
        (total,) = singular(memory, "AllocatorMemoryUsed", {2: INT})
        cost.bytes += max(total, 0)


def merged_graph(metadata: bytes) -> GraphDef:
    """The graphs of the functions that ran, before TensorFlow optimized them.

    Several are told apart by the scopes graph_1, graph_2, … as TensorBoard does it.
    """
    graphs, damage = [], ""
    try:
        for functions in repeated(metadata, "RunMetadata", 4):
            (encoded,) = singular(functions, "FunctionGraphs", {2: CONTENT})
            graphs.append(read_graph_def(encoded))
    except Malformed as error:
        damage = str(error)
    if len(graphs) == 1:
        return graphs[0]
    merged = GraphDef(damage=damage)
    for number, graph in enumerate(graphs, 1):
        scope = f"graph_{number}"
        merged.nodes += [_within(scope, node) for node in graph.nodes]
        for name, nodes in graph.functions.items():
            merged.functions[f"{scope}_{name}"] = nodes
            for node in nodes:
                node.library = f"{scope}_"
        merged.damage = merged.damage or graph.damage
    return merged


def _within(scope: str, node: Node) -> Node:
    inputs = [f"^{scope}/{name[1:]}" if name.startswith("^") else f"{scope}/{name}" for name in node.inputs]
    return Node(f"{scope}/{node.name}", node.op, node.device, inputs, node.attributes, f"{scope}_")
