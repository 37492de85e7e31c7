"""Every way of tracing, on plain and awkward models, and that models are left as they were."""
# mypy: disable-error-code="misc"

import copy
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from runlens.writer.kinds.graph import Graph, Node
from runlens.writer.tracing import hooked
from runlens.writer.tracing import model as tracing
from runlens.writer.tracing.draft import Draft
from runlens.writer.tracing.modules import modules_of
from tests.models import Branching, Gpt, Meddling, Pair, Refusing, ResNet, Scripted, Several, Transformer

WAYS = ["export", "trace", "hooks"]
NAMES = {"export": "torch.export", "trace": "torch.jit.trace", "hooks": "forward hooks"}
TOKENS = torch.zeros(2, 7, dtype=torch.long)

Only = Callable[[str], None]


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> Only:
    """Let all ways but one fail."""

    def let(way: str) -> None:
        for name in set(WAYS) - {way}:
            monkeypatch.setattr(tracing, f"_by_{name}", lambda call: 1 / 0)

    return let


def graph_of(model: object, given: object = None, verbose: bool = False, strict: bool = True) -> Graph:
    graph = tracing.graph_of(model, given, verbose, strict)
    names = [node.name for node in graph.nodes]
    assert len(set(names)) == len(names)
    assert {edge.partition(":")[0] for node in graph.nodes for edge in node.inputs} <= set(names)
    return graph


def by_name(graph: Graph) -> dict[str, Node]:
    return {node.name: node for node in graph.nodes}


def root(graph: Graph) -> Node:
    (node,) = (node for node in graph.nodes if "traced_by" in node.facts)
    return node


def flop_counter(model: nn.Module, *inputs: Tensor) -> dict[str, int]:
    """What torch counts in each module, without norms."""
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    counter = FlopCounterMode(display=False)
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        with sdpa_kernel(SDPBackend.MATH), counter, torch.no_grad():  # it does not know the kernel for the CPU
            model(*inputs)
    finally:
        torch.backends.mha.set_fastpath_enabled(True)
    return {name: sum(counts.values()) for name, counts in counter.get_flop_counts().items()}


def norms(model: nn.Module, graph: Graph) -> int:
    """FLOPs of the norms, which torch does not count."""
    kinds = (nn.BatchNorm2d, nn.BatchNorm1d, nn.LayerNorm)
    paths = {path for path, module in model.named_modules() if isinstance(module, kinds)}
    modules = [node for node in graph.nodes if node.role == "module" and node.facts["module"] in paths]
    return sum(int(node.facts["flops"]) for node in modules)  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("make", "given"),
    [
        (lambda: ResNet(4, 10), torch.randn(2, 3, 32, 32)),
        (lambda: Transformer(2, 16), TOKENS),
        (Gpt, TOKENS),
    ],
    ids=["resnet", "transformer", "gpt"],
)
def test_every_way_agrees_with_torchs_counter(only: Only, way: str, make: Any, given: Tensor) -> None:
    only(way)
    model = make().eval()
    graph = graph_of(model, given)
    name = type(model).__name__
    assert root(graph).facts["traced_by"] == NAMES[way]
    total = root(graph).facts["flops"]
    counted = flop_counter(model, given)
    assert int(total) - norms(model, graph) == counted[name]  # type: ignore[arg-type]
    nodes = by_name(graph)
    for path, count in counted.items():  # each layer on its own
        scope = path.replace(".", "/")
        if scope in nodes and not nodes[scope].op.startswith(("ResNet", "Block", "Sequential", "Tr", "Gpt", "Glob")):
            assert nodes[scope].facts["flops"] == count, path
    parameters = sum(parameter.numel() for parameter in model.parameters())
    assert root(graph).facts["total_parameters"] == parameters
    owned = [node.facts["parameters"] for node in graph.nodes if node.role == "module"]
    assert sum(owned) == parameters  # type: ignore[arg-type]


@pytest.mark.parametrize("way", WAYS)
def test_every_way_finds_the_same_shapes(only: Only, way: str) -> None:
    only(way)
    nodes = by_name(graph_of(ResNet(4, 10), torch.randn(2, 3, 32, 32)))
    assert nodes["input/0" if way == "hooks" else "input/x"].outputs[0].shape == (2, 3, 32, 32)
    block = nodes["ResNet/layer3/0"]
    assert block.facts["module_class"] == "tests.models.Block"
    assert [value.shape for value in block.values] == [(2, 8, 4, 4)]
    assert [value.shape for value in block.outputs] == [(2, 16, 2, 2)]
    assert {(value.dtype, value.device) for value in (*block.values, *block.outputs)} == {("float32", "cpu")}
    assert [value.shape for value in nodes["output/output.1"].outputs] == [(2, 10)]
    if way == "hooks":
        assert nodes["ResNet/layer3/0/conv1"].inputs == ["ResNet/layer2/1/relu"]
        assert nodes["ResNet/fc"].inputs == ["ResNet/avgpool"]  # although flatten stands between them
        assert nodes["ResNet/layer3/0/relu"].facts["calls"] == 2
        assert block.inputs == []  # a box, in which the edges end
    else:
        assert (
            "ResNet/layer2/1/relu/relu__1"
            in nodes[
                "ResNet/layer3/0/downsample/0/conv2d"
                if way == "export"
                else "ResNet/layer3/0/downsample/0/_convolution"
            ].inputs
        )


def left_as_it_was(model: nn.Module) -> Callable[[], None]:
    """Asserts, when called later, that nothing has changed."""
    flags = [module.training for module in model.modules()]
    state = {name: value.clone() for name, value in model.state_dict().items()}
    identities = {name: id(value) for name, value in (*model.named_parameters(), *model.named_buffers())}
    attributes = [set(module.__dict__) for module in model.modules()]
    own, numpy, torchs = random.getstate(), np.random.get_state()[1].copy(), torch.get_rng_state()  # type: ignore[index]

    def check() -> None:
        assert [module.training for module in model.modules()] == flags
        assert all(torch.equal(value, state[name]) for name, value in model.state_dict().items())
        named = (*model.named_parameters(), *model.named_buffers())
        assert {name: id(value) for name, value in named} == identities
        assert [set(module.__dict__) for module in model.modules()] == attributes
        assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())
        assert random.getstate() == own
        assert np.array_equal(np.random.get_state()[1], numpy)  # type: ignore[index]
        assert torch.equal(torch.get_rng_state(), torchs)
        assert torch.is_grad_enabled()
        assert torch.backends.mha.get_fastpath_enabled()

    return check


@pytest.mark.parametrize("way", WAYS)
def test_a_model_that_meddles_is_left_as_it_was(only: Only, way: str) -> None:
    only(way)
    model = Meddling()
    model.frozen.training = False  # each flag on its own
    given = torch.randn(3, 4)
    before = given.clone()
    check = left_as_it_was(model)
    graph = graph_of(model, given)
    check()
    assert root(graph).facts["traced_by"] == NAMES[way]
    assert model.last is None
    assert (model.seen, model.cache) == ([], {})
    assert torch.equal(given, before)


@pytest.mark.parametrize("way", WAYS)
def test_a_model_that_fails_is_left_as_it_was(only: Only, way: str) -> None:
    only(way)
    model = nn.Sequential(Meddling(), Refusing())
    given = torch.randn(3, 4)
    check = left_as_it_was(model)
    graph = graph_of(model, given)
    check()
    assert root(graph).facts["traced_by"] == "named_modules"
    assert f"{NAMES[way]}: RuntimeError: not with me" in root(graph).facts["trace_failures"]  # type: ignore[operator]
    assert [node.name for node in graph.nodes][-1] == "Sequential/1/inner/1"
    assert root(graph).facts["total_parameters"] == sum(parameter.numel() for parameter in model.parameters())


def test_scripted_parts_of_a_model_are_left_as_they_were() -> None:
    model = nn.Sequential(torch.jit.script(nn.Dropout()), nn.Linear(4, 4))
    check = left_as_it_was(model)
    graph_of(model, torch.ones(2, 4))
    check()


def test_hooks_are_removed_by_who_put_them_there() -> None:
    model = Gpt().eval()
    hooked.draw(model, lambda: model(TOKENS), {}, Draft(modules_of(model)))
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in model.modules())


def test_control_flow_falls_back_to_hooks() -> None:
    graph = graph_of(Branching(), torch.ones(2, 4))
    nodes = by_name(graph)
    assert root(graph).facts["traced_by"] == "forward hooks"
    assert [failure.partition(":")[0] for failure in root(graph).facts["trace_failures"]] == [  # type: ignore[union-attr]
        "torch.export",
        "torch.jit.trace",
    ]
    assert nodes["Branching/small"].facts["calls"] == 1
    assert nodes["Branching/small"].facts["flops"] == 2 * 2 * 4 * 4
    assert nodes["output/output.1"].inputs == nodes["output/output.2"].inputs == ["Branching/small"]
    assert "calls" not in nodes["Branching/large"].facts  # the branch that was not taken
    assert nodes["Branching/large"].facts["parameters"] == 20


def test_failures_of_torch_are_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    graph_of(Branching(), torch.ones(2, 4))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("way", WAYS)
def test_several_inputs_of_all_sorts(only: Only, way: str) -> None:
    only(way)
    more, pair = {"bias": torch.ones(4)}, Pair(torch.ones(4), torch.ones(4))
    given: list[object] = [(torch.randn(2, 4), more, pair), [torch.randn(2, 4), more, pair]]
    given += [{"x": torch.randn(2, 4), "more": more, "pair": pair}] if way != "trace" else []
    for inputs in given:
        graph = graph_of(Several(), inputs, strict=False)  # torch.jit.trace strictly refuses a dict as a result
        assert root(graph).facts["traced_by"] == NAMES[way], root(graph).facts["trace_failures"]
        assert sum(node.role == "output" for node in graph.nodes) >= 2
        assert "Several/again" not in by_name(graph)  # one module under two names
        if way == "hooks":
            assert by_name(graph)["Several/first"].facts["calls"] == 2
        else:
            assert {"Several/first/linear", "Several/first/linear_1"} <= set(by_name(graph))


def test_a_dict_is_one_argument_unless_its_keys_are_the_arguments_names() -> None:
    class OfDict(nn.Module):
        def forward(self, batch: dict[str, Tensor]) -> Tensor:
            return batch["a"] + batch["b"]

    class OfNames(nn.Module):
        def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return a + b

    for model in (OfDict(), OfNames()):
        graph = graph_of(model, {"a": torch.ones(2), "b": torch.ones(2)})
        assert root(graph).facts["traced_by"] == "torch.export"


def test_lazy_modules_get_their_shapes_on_a_copy() -> None:
    model = nn.Sequential(nn.LazyLinear(4), nn.LazyBatchNorm1d())
    graph = graph_of(model, torch.randn(3, 7))
    assert root(graph).facts["traced_by"] == "torch.export"
    assert root(graph).facts["total_parameters"] == 7 * 4 + 4 + 2 * 4
    assert all(torch.nn.parameter.is_lazy(parameter) for parameter in model.parameters())
    assert model(torch.randn(3, 5)).shape == (3, 4)  # another number of features than the copy had
    assert root(graph_of(nn.LazyLinear(4))).facts["total_parameters"] == 0


def test_wrappers_are_seen_through() -> None:
    for wrapped in (nn.DataParallel(Gpt()), torch.compile(Gpt())):
        graph = graph_of(wrapped, TOKENS)
        assert root(graph).name == "Gpt"
        assert root(graph).facts["traced_by"] == "torch.export"


def test_inputs_come_to_the_device_of_a_parallel_model() -> None:
    nodes = by_name(graph_of(nn.DataParallel(nn.Linear(3, 5, device="meta")), torch.ones(2, 3)))
    assert nodes["input/input"].outputs[0].device == nodes["Linear/linear"].outputs[0].device == "meta"


def test_a_scripted_module_shows_branches_and_loops() -> None:
    graph = graph_of(torch.jit.script(Scripted()))
    nodes = by_name(graph)
    assert root(graph).facts["traced_by"] == "torch.jit.ScriptModule"
    assert nodes["Scripted/inner/1/relu"].inputs == ["Scripted/inner/0/linear"]
    assert nodes["Scripted/If"].inputs == ["Scripted/Bool", "Scripted/inner/1/relu", "Scripted/other/linear"]
    assert nodes["Scripted/add"].inputs == ["Scripted/If"]
    assert nodes["Scripted/Loop"].inputs == ["Scripted/If", "Scripted/add"]
    assert "other=" not in str(nodes["Scripted/add"].facts["attr"])  # the step's number is no constant
    assert nodes["Scripted/inner/0"].op == "Linear"
    assert nodes["Scripted/inner/0"].facts["parameters"] == 20


def test_an_exported_program_is_the_graph_of_its_model() -> None:
    model = Gpt()
    ours = graph_of(model, TOKENS)
    program = graph_of(torch.export.export(model, (TOKENS,), strict=False))
    assert root(program).facts["traced_by"] == "torch.export.ExportedProgram"
    sorts = [[(node.op, node.name) for node in graph.nodes if node.role == "operation"] for graph in (ours, program)]
    assert sorts[0] == sorts[1]
    assert root(program).facts["flops"] == root(ours).facts["flops"]
    assert root(program).facts["total_parameters"] == root(ours).facts["total_parameters"]
    assert root(program).facts["module_class"] == "tests.models.Gpt"


@pytest.mark.filterwarnings("ignore")
def test_a_quantised_model_is_traced() -> None:
    model = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 4), nn.ReLU()), dtype=torch.qint8)
    graph = graph_of(model, torch.randn(2, 4))
    assert root(graph).facts["traced_by"] == "torch.jit.trace"
    assert by_name(graph)["Sequential/0/linear_dynamic"].op == "quantized::linear_dynamic"


def test_a_model_without_data_is_traced() -> None:
    graph = graph_of(nn.Linear(3, 5, device="meta"), torch.ones(2, 3, device="meta"))
    assert by_name(graph)["Linear/linear"].outputs[0].device == "meta"
    assert root(graph).facts["flops"] == 2 * 2 * 3 * 5


def test_conditions_of_torch_are_exported() -> None:
    class Conditional(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.cond(x.sum() > 0, lambda x: x + 1, lambda x: x - 1, (x,))

    graph = graph_of(Conditional(), torch.ones(3))
    assert root(graph).facts["traced_by"] == "torch.export"
    assert by_name(graph)["Conditional/cond"].op == "cond"


def test_a_recurrent_model_counts_each_step() -> None:
    graph = graph_of(nn.LSTM(3, 4, 2, bidirectional=True), torch.randn(5, 2, 3))
    matrices = 2 * (4 * 4 * 3 + 4 * 4 * 4) + 2 * (4 * 4 * 8 + 4 * 4 * 4)
    assert root(graph).facts["flops"] == 2 * 5 * 2 * matrices
    assert [value.shape for value in root(graph).outputs] == [(5, 2, 8), (4, 2, 4), (4, 2, 4)]


def test_a_way_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "MOST_SECONDS", -1.0)
    graph = graph_of(Gpt(), TOKENS)
    assert root(graph).facts["traced_by"] == "forward hooks"
    assert "TimeoutError: it takes more than -1.0 s" in root(graph).facts["trace_failures"][0]  # type: ignore[index]


def test_verbose_prints_torchs_graph(only: Only, capsys: pytest.CaptureFixture[str]) -> None:
    graph_of(Gpt(), TOKENS, verbose=True)
    assert "ExportedProgram" in capsys.readouterr().out
    only("trace")
    graph_of(Gpt(), TOKENS, verbose=True)
    assert "aten::embedding" in capsys.readouterr().out


def test_use_strict_trace_is_passed_on(only: Only) -> None:
    class OfDict(nn.Module):
        def forward(self, x: Tensor) -> dict[str, Tensor]:
            return {"y": x + 1}

    only("trace")
    assert root(graph_of(OfDict(), torch.ones(2), strict=False)).facts["traced_by"] == "torch.jit.trace"
    assert root(graph_of(OfDict(), torch.ones(2), strict=True)).facts["traced_by"] == "named_modules"


def test_odd_names_of_modules_stay_apart() -> None:
    layers = nn.ModuleDict(
        {"a:b": nn.Linear(2, 2), "a_b": nn.Linear(2, 2), "weight": nn.Linear(2, 2), "^c/d": nn.ReLU()}
    )
    graph = graph_of(nn.Sequential(*layers.values(), layers), torch.ones(1, 2))
    assert root(graph).facts["total_parameters"] == 3 * 6


def test_a_thousand_layers(only: Only) -> None:
    only("hooks")
    model = nn.Sequential(*(nn.Linear(2, 2) for _ in range(1000)))
    graph = graph_of(model, torch.ones(1, 2))
    assert by_name(graph)["Sequential/999"].inputs == ["Sequential/998"]
    assert root(graph).facts["flops"] == 1000 * 8


def test_a_copy_of_the_model_traces_alike() -> None:
    model = Transformer(1, 8)
    first, second = (graph_of(each, TOKENS) for each in (model, copy.deepcopy(model)))
    assert [node.encode() for node in first.nodes] == [node.encode() for node in second.nodes]
