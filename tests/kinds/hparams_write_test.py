"""Hyper-parameters: the messages beside torch's, and what TensorBoard's hparams plugin makes of the files."""

from __future__ import annotations

import argparse
import enum
import functools
import math
import multiprocessing
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from runlens import SummaryWriter
from runlens.wire import plugins
from runlens.wire.scan import EventFile
from runlens.writer.kinds import hparams

torch = pytest.importorskip("torch")
TorchWriter = pytest.importorskip("torch.utils.tensorboard").SummaryWriter

START, END, EXPERIMENT = (f"_hparams_/{name}" for name in ("session_start_info", "session_end_info", "experiment"))


def events(directory: Path) -> list[Any]:
    paths = sorted(directory.glob("*tfevents*"), key=lambda path: int(path.name.split(".")[-1]))
    return [event for path in paths for event in LegacyEventFileLoader(str(path)).Load() if event.summary.value]


def messages(directory: Path) -> list[tuple[str, Any]]:
    """Tag and message of all that a run says of hyper-parameters, in order."""
    values = [value for event in events(directory) for value in event.summary.value]
    return [
        (value.tag, HParamsPluginData.FromString(value.metadata.plugin_data.content))
        for value in values
        if value.metadata.plugin_data.plugin_name == "hparams"
    ]


def scalars(directory: Path) -> list[tuple[str, int, float]]:
    found = [(value, event.step) for event in events(directory) for value in event.summary.value]
    return [(v.tag, step, v.simple_value) for v, step in found if v.HasField("simple_value")]


class Plugin:
    """What TensorBoard's hparams plugin finds in a logdir."""

    def __init__(self, logdir: Path) -> None:
        multiplexer = plugin_event_multiplexer.EventMultiplexer()
        multiplexer.AddRunsFromDirectory(str(logdir))
        multiplexer.Reload()
        provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
        self._context = backend_context.Context(base_plugin.TBContext(data_provider=provider, logdir=str(logdir)))

    def experiment(self) -> Any:
        ctx = context.RequestContext()
        content = self._context.hparams_metadata(ctx, "")
        return self._context.experiment_from_metadata(ctx, "", True, content, None)

    def groups(self) -> list[Any]:
        statuses = [api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING]
        request = api_pb2.ListSessionGroupsRequest(allowed_statuses=statuses, slice_size=100)
        handler = list_session_groups.Handler(context.RequestContext(), self._context, "", request)
        return list(handler.run().session_groups)


def plain(group: Any) -> dict[str, Any]:
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in group.hparams.items()}


def test_child_run_equals_torchs(tmp_path: Path) -> None:
    given = {"lr": 0.1, "batch": 32, "name": "ådam", "empty": "", "zero": 0.0, "none": None}
    metrics = {"hparam/loss": 0.5, "hparam/accuracy": 1}
    domains = {"lr": [0.1, 0.0], "name": ["ådam", "sgd"]}
    for name, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / name)) as writer:
            writer.add_hparams(given, metrics, domains, run_name="child", global_step=7)
    ours, torchs = (messages(tmp_path / name / "child") for name in ("ours", "torch"))
    assert [tag for tag, _ in ours] == [EXPERIMENT, START, END]
    assert ours == torchs
    assert scalars(tmp_path / "ours" / "child") == scalars(tmp_path / "torch" / "child")
    assert {event.step for event in events(tmp_path / "ours" / "child")} == {7}
    assert messages(tmp_path / "ours") == []


def test_compat_names_the_child_run_by_the_time(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, compat=True) as writer:
        writer.add_hparams({"lr": 0.1}, {"loss": 1.0})
        writer.add_hparams({"lr": 0.2}, {"loss": 2.0})
    children = sorted(path for path in tmp_path.iterdir() if path.is_dir())
    assert [float(path.name) > 1.7e9 for path in children] == [True, True]
    groups = Plugin(tmp_path).groups()
    assert sorted((plain(group)["lr"], group.metric_values[0].value) for group in groups) == [(0.1, 1.0), (0.2, 2.0)]


@pytest.mark.parametrize("compat", [None, False])
def test_in_the_run_itself_with_live_metrics(tmp_path: Path, compat: bool | None) -> None:
    writer = SummaryWriter(tmp_path / "run", compat=compat)
    writer.add_scalar("loss", 3.0, 1)
    writer.add_hparams({"lr": 0.1, "amp": False, "depth": 3, "name": "x"}, {"loss": None, "acc": 0.25}, global_step=2)
    writer.flush()
    (group,) = Plugin(tmp_path).groups()
    assert plain(group) == {"lr": 0.1, "amp": False, "depth": 3.0, "name": "x"}
    assert {v.name.tag: (v.value, v.training_step) for v in group.metric_values} == {"loss": (3.0, 1), "acc": (0.25, 2)}
    assert group.sessions[0].name == "run"
    assert group.sessions[0].status == api_pb2.STATUS_UNKNOWN  # it has not ended
    assert group.sessions[0].start_time_secs > 1.7e9
    writer.add_scalar("loss", 0.5, 9)
    writer.close()
    (group,) = Plugin(tmp_path).groups()
    assert {v.name.tag: (v.value, v.training_step) for v in group.metric_values} == {"loss": (0.5, 9), "acc": (0.25, 2)}
    assert group.sessions[0].status == api_pb2.STATUS_SUCCESS
    assert group.sessions[0].end_time_secs >= group.sessions[0].start_time_secs
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    infos = Plugin(tmp_path).experiment().hparam_infos
    assert {info.name: info.type for info in infos} == {"lr": 3, "amp": 2, "depth": 3, "name": 1}


def test_a_second_call_adds_and_changes(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_hparams({"lr": 0.1, "seed": 1}, {"loss": 1.0}, {"lr": [0.1, 0.2]})
        writer.add_hparams({"lr": 0.2, "name": "x"}, {"acc": 1.0})
    said = messages(tmp_path / "run")
    assert [tag for tag, _ in said] == [EXPERIMENT, START, EXPERIMENT, START, END]
    last = said[3][1].session_start_info
    assert plain(last) == {"lr": 0.2, "seed": 1.0, "name": "x"}
    assert last.start_time_secs == said[1][1].session_start_info.start_time_secs
    experiment = said[2][1].experiment
    assert [info.name for info in experiment.hparam_infos] == ["lr", "seed", "name"]
    assert [value.number_value for value in experiment.hparam_infos[0].domain_discrete.values] == [0.1, 0.2]
    assert [info.name.tag for info in experiment.metric_infos] == ["loss", "acc"]
    # TensorBoard holds on to the first word of a run; this is its limit, of which docs/kinds/hparams.md tells.
    (group,) = Plugin(tmp_path).groups()
    assert plain(group) == {"lr": 0.1, "seed": 1.0}


def test_how_a_run_ends(tmp_path: Path) -> None:
    def status(name: str) -> list[int]:
        return [message.session_end_info.status for tag, message in messages(tmp_path / name) if tag == END]

    def run(name: str, error: BaseException | None) -> list[int]:
        with SummaryWriter(tmp_path / name) as writer:
            writer.add_hparams({"lr": 0.1}, {})
            if error is not None:
                raise error
        return status(name)

    assert run("fine", None) == [1]
    for number, error in enumerate((ValueError(), KeyboardInterrupt(), SystemExit(3), SystemExit("why"))):
        with pytest.raises(type(error)):
            run(f"failed {number}", error)
        assert status(f"failed {number}") == [2]
    for code in (0, None):
        with pytest.raises(SystemExit):
            run(f"exit {code}", SystemExit(code))
        assert status(f"exit {code}") == [1]
    with pytest.raises(KeyError), SummaryWriter(tmp_path / "without"):
        raise KeyError
    assert messages(tmp_path / "without") == []


def test_closing_twice_ends_once_and_more_goes_on(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_hparams({"lr": 0.1}, {})
    writer.close()
    writer.close()
    assert [tag for tag, _ in messages(tmp_path)] == [EXPERIMENT, START, END]
    writer.add_hparams({"seed": 1}, {})
    writer.close()
    assert [tag for tag, _ in messages(tmp_path)] == [EXPERIMENT, START, END] * 2
    assert plain(messages(tmp_path)[4][1].session_start_info) == {"lr": 0.1, "seed": 1.0}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_does_not_end_the_run(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    writer.add_hparams({"lr": 0.1}, {})
    writer.flush()
    child = multiprocessing.get_context("fork").Process(target=writer.close)
    child.start()
    child.join(30)
    assert child.exitcode == 0
    assert [tag for tag, _ in messages(tmp_path)] == [EXPERIMENT, START]
    writer.close()
    assert [tag for tag, _ in messages(tmp_path)] == [EXPERIMENT, START, END]


class Color(str, enum.Enum):
    RED = "r"


class Number(enum.IntEnum):
    ONE = 1


def function() -> None:
    pass


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (True, True),
        (np.bool_(False), False),
        (torch.tensor(True), True),
        (3, 3.0),
        (-0.5, -0.5),
        (np.int64(7), 7.0),
        (np.float32(0.5), 0.5),
        (np.array([[2]]), 2.0),
        (torch.tensor(0.25, requires_grad=True), 0.25),
        (torch.tensor([1.5], dtype=torch.bfloat16), 1.5),
        (math.inf, math.inf),
        (2**2000, math.inf),
        (-(2**2000), -math.inf),
        ("", ""),
        (np.str_("a"), "a"),
        (Color.RED, "RED"),
        (Number.ONE, "ONE"),
        (Path("a") / "b", str(Path("a") / "b")),
        (function, "function"),
        (torch.nn.ReLU, "ReLU"),
        (torch.float16, "torch.float16"),
        (torch.device("cpu"), "cpu"),
        (np.dtype("float32"), "float32"),
    ],
)  # fmt: skip
def test_values(value: Any, want: Any) -> None:
    found = hparams.checked({"x": value})["x"]
    assert (type(found), found) == (type(want), want)


def test_a_function_without_a_name_is_its_text() -> None:
    assert str(hparams.checked({"x": functools.partial(function)})["x"]).startswith("functools.partial(")


@pytest.mark.parametrize(
    ("kind", "match", "arguments"),
    [
        (ValueError, r"hparam 'layers': got list \[1, 2\], want a bool, int", ({"layers": [1, 2]}, {})),
        (ValueError, "hparam 'o': got dict", ({"o": {}}, {})),
        (ValueError, "hparam 'o': got ndarray of shape", ({"o": np.ones(2)}, {})),
        (ValueError, "hparam 'o': got Tensor of shape", ({"o": torch.ones(2)}, {})),
        (ValueError, "hparam 'o': got Tensor", ({"o": torch.ones(1, device="meta")}, {})),
        (ValueError, "hparam 'o': got complex", ({"o": 1j}, {})),
        (ValueError, "hparam 'o': .* UTF-8", ({"o": "\ud800"}, {})),
        (TypeError, r"hparam_dict: got Namespace .*, want a dict, such as vars\(args\)", (argparse.Namespace(a=1), {})),
        (TypeError, "hparam_dict: got NoneType", (None, {})),
        (TypeError, "metric_dict: got list", ({}, [])),
        (TypeError, "tag: got int 1", ({1: 2}, {})),
        (TypeError, "tag: got int 1", ({}, {1: 2})),
        (TypeError, "scalar 'm': got dict", ({"a": 1}, {"m": {}})),
        (TypeError, "hparam_domain_discrete: got list", ({"a": 1}, {}, [1])),
        (TypeError, r"hparam_domain_discrete\['a'\]: got int 1, want a list", ({"a": 1}, {}, {"a": 1})),
        (TypeError, r"hparam_domain_discrete\['a'\]: got str 'x' in it", ({"a": 1}, {}, {"a": [1, "x"]})),
        (TypeError, r"hparam_domain_discrete\['a'\]: got int 1 in it", ({"a": True}, {}, {"a": [1]})),
        (TypeError, r"hparam_domain_discrete\['a'\]: got bool True in it", ({"a": 1}, {}, {"a": [True]})),
        (TypeError, r"hparam_domain_discrete\['a'\]: got NoneType None in it", ({"a": 1}, {}, {"a": [None]})),
        (ValueError, r"hparam_domain_discrete\['b'\]: want the name", ({"a": 1, "b": None}, {}, {"b": []})),
        (ValueError, "global_step of 'hparams'", ({"a": 1}, {}, None, None, 2**70)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("compat", [True, None])
def test_errors_write_nothing(
    tmp_path: Path, compat: bool | None, kind: type[Exception], match: str, arguments: tuple[Any, ...]
) -> None:
    with SummaryWriter(tmp_path, compat=compat) as writer, pytest.raises(kind, match=match):
        writer.add_hparams(*arguments)
    assert events(tmp_path) == []
    assert len(list(tmp_path.iterdir())) == 1


def test_infinite_hyperparameters_do_not_break_the_plugin(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_hparams({"clip": math.inf, "lr": 0.1}, {"loss": math.nan})
    (group,) = Plugin(tmp_path).groups()
    assert plain(group)["lr"] == 0.1
    assert messages(tmp_path / "run")[1][1].session_start_info.hparams["clip"].number_value == math.inf


def test_our_scan_finds_them(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_hparams({"lr": 0.1}, {"loss": 1.0})
    (path,) = tmp_path.iterdir()
    tags = EventFile(path).advance(2**40).tags.values()
    assert {tag.name: plugins.kind_of(tag.plugin, 0) for tag in tags} == {
        EXPERIMENT: "hparams",
        START: "hparams",
        END: "hparams",
        "loss": None,
    }


NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.booleans() | st.floats(allow_nan=False) | NAMES | st.integers(-(2**53), 2**53)


@given(st.dictionaries(NAMES, VALUES, max_size=6), st.lists(NAMES, unique=True, max_size=4), st.floats(0, 1e10))
def test_messages_read_back(values: dict[str, Any], metrics: list[str], start: float) -> None:
    checked = hparams.checked(values)
    domains = hparams.checked_domains({name: [value] for name, value in values.items()}, checked)
    session = hparams.Session(start).with_more(checked, domains, dict.fromkeys(metrics))
    from tensorboard.compat.proto.event_pb2 import Event

    said = [
        HParamsPluginData.FromString(Event.FromString(summary).summary.value[0].metadata.plugin_data.content)
        for summary in session.summaries()
    ]
    assert plain(said[1].session_start_info) == values
    assert said[1].session_start_info.start_time_secs == start
    infos = said[0].experiment.hparam_infos
    kinds = {str: 1, bool: 2, float: 3, int: 3}
    assert [(info.name, info.type) for info in infos] == [(name, kinds[type(v)]) for name, v in values.items()]
    domain_values = [info.domain_discrete.values[0] for info in infos]
    assert [getattr(value, value.WhichOneof("kind")) for value in domain_values] == list(values.values())
    assert [info.name.tag for info in said[0].experiment.metric_infos] == metrics
