"""The run table: what TensorBoard's own plugin says of the same files, curves in one number, and hostile files."""

from __future__ import annotations

import contextlib
import math
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups, plugin_data_pb2

from runlens import SummaryWriter
from runlens.api.kinds.hparams import table
from runlens.api.question import BadQuestion
from runlens.api.run_state import LIVE_FOR, STALLED_FOR, STATES
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.fields import Malformed
from runlens.wire.hparams_data import Experiment, SessionEnd, SessionStart, Status, read_plugin_data
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of, write_scalars

GOLDEN = Path(__file__).parent / "hparams.golden.bin"
START = "_hparams_/session_start_info"


def ask(index: Index, *metrics: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """{run: {column: cell}}; hyper-parameters by name, metrics by statistic and tag, with the step behind `@`."""
    header, arrays = decode(table(index, {"charts": [{"metrics": list(metrics)}]}).encode())
    (chart,) = header["charts"]
    rows: list[dict[str, Any]] = [{} for _ in chart["runs"]]

    def fill(name: str, column: dict[str, Any]) -> None:
        known = [*arrays[column["numbers"]].tolist(), *column["others"]]
        for row, code in zip(rows, arrays[column["codes"]].tolist(), strict=True):
            if code >= 0:
                row[name] = known[code]

    fill("group", chart["group"])
    for hparam in chart["hparams"]:
        fill(hparam["name"], hparam)
    for name in ("start", "end", "state", "step", "points"):
        for row, cell in zip(rows, arrays[chart[name]].tolist(), strict=True):
            row["." + name] = STATES[int(cell)] if name == "state" else cell
    for metric in chart["metrics"]:
        for i, value, step in zip(
            *(arrays[metric[name]].tolist() for name in ("rows", "values", "steps")), strict=True
        ):
            rows[i][f"{metric['statistic']} {metric['group']}{metric['tag']}"] = (value, step)
    return dict(zip(chart["runs"], rows, strict=True))


def metric(tag: str, statistic: str = "last", **more: Any) -> dict[str, Any]:
    return {"tag": tag, "statistic": statistic, **more}


def tensorboard(logdir: Path) -> dict[str, dict[str, Any]]:
    """{session: {column: cell}} as TensorBoard's plugin answers."""
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(logdir))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(logdir))
    plugin = backend_context.Context(base_plugin.TBContext(data_provider=provider, logdir=str(logdir)))
    statuses = list(range(4))
    request = api_pb2.ListSessionGroupsRequest(allowed_statuses=statuses, slice_size=1000)
    handler = list_session_groups.Handler(context.RequestContext(), plugin, "", request)
    found: dict[str, dict[str, Any]] = {}
    for group in handler.run().session_groups:
        hparams = {name: getattr(value, value.WhichOneof("kind")) for name, value in group.hparams.items()}
        for session in group.sessions:
            metrics = {f"last {m.name.group}{m.name.tag}": (m.value, m.training_step) for m in session.metric_values}
            found[session.name] = {**hparams, **metrics, "group": group.name}
    return found


def write_torch(root: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with TorchWriter(str(root)) as writer:
        for i in range(5):
            hparams = {"lr": 0.1 * i, "depth": i, "amp": i % 2 == 0, "name": f"net{i % 2}"}
            writer.add_hparams(hparams, {"accuracy": 0.5 + i, "loss": 10.0 - i}, run_name=f"trial{i}")


def write_tensorboardx(root: Path) -> None:
    from tensorboardX import SummaryWriter as XWriter

    with XWriter(str(root)) as writer:
        for i in range(3):
            writer.add_hparams({"lr": 0.5 * i, "name": "x"}, {"accuracy": 0.25 * i, "loss": 1.0}, name=f"trial{i}")


def write_tensorflow(root: Path) -> None:
    """As TensorFlow's hp API and Keras callback do: groups of trials, metrics in a run below."""
    data = plugin_data_pb2.HParamsPluginData
    experiment = data(experiment={"metric_infos": [{"name": {"group": "validation", "tag": "epoch_loss"}}]})
    write_plugin_data(root / "events.out.tfevents.1", "_hparams_/experiment", experiment)
    for trial in range(4):
        start = data(session_start_info={"group_name": f"group{trial % 2}", "start_time_secs": 1.6e9})
        start.session_start_info.hparams["units"].number_value = 16 * (trial % 2 + 1)
        start.session_start_info.hparams["act"].string_value = "relu"
        write_plugin_data(root / f"t{trial}" / "events.out.tfevents.1", START, start)
        write_scalars(root / f"t{trial}" / "validation" / "tfevents.v2", "epoch_loss", [3.0, 2.0, trial])


def write_plugin_data(
    path: Path, tag: str, message: Any, wall_time: float = 1.7e9, content: bytes | None = None
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    said = message.SerializeToString() if content is None else content
    value = event.tensor_value(tag, tensor.EMPTY, event.metadata("hparams", said, event.DATA_CLASS_TENSOR))
    with path.open("ab") as file:
        file.write(frame(event.event(wall_time, 0, event.summary(value))))


@pytest.mark.parametrize("write", [write_torch, write_tensorboardx, write_tensorflow])
def test_equals_tensorboards_answer(tmp_path: Path, write: Any) -> None:
    write(tmp_path)
    theirs = tensorboard(tmp_path)
    assert len(theirs) >= 3
    asked = [metric(name) for name in ("accuracy", "loss")] + [metric("epoch_loss", group="validation")]
    ours = ask(index_of(tmp_path), *asked)
    for session, cells in theirs.items():
        mine = {name: cell for name, cell in ours[session].items() if not name.startswith(".")}
        assert {"group": session, **mine} == cells


def test_golden_payload(tmp_path: Path) -> None:
    """The bytes that web/src/kinds/hparams also reads; delete the file to make it anew, and look at the difference."""
    data = plugin_data_pb2.HParamsPluginData
    cells: dict[str, Any] = {"run2": {"lr": 0.5, "name": "a", "amp": True}, "run10": {"lr": math.inf, "name": 3.0}}
    for run, hparams in cells.items():
        start = data(session_start_info={"group_name": "g", "start_time_secs": 1.6e9})
        for name, cell in hparams.items():
            kind = {bool: "bool_value", float: "number_value", str: "string_value"}[type(cell)]
            setattr(start.session_start_info.hparams[name], kind, cell)
        write_plugin_data(tmp_path / run / "tfevents", START, start)
        write_plugin_data(
            tmp_path / run / "tfevents", "_hparams_/session_end_info", data(session_end_info={"status": 2})
        )
    write_scalars(tmp_path / "run2" / "tfevents", "loss", [3.0, math.nan, 1.0, 2.0], append=True)
    write_plugin_data(
        tmp_path / "run2" / "tfevents",
        "_hparams_/experiment",
        data(experiment={"metric_infos": [{"name": {"tag": "loss"}, "display_name": "The loss"}]}),
    )
    index = index_of(tmp_path)
    index.revision = 1
    metrics = [metric("loss", "min"), metric("loss", "at", step=1)]
    answer = table(index, {"charts": [{"metrics": metrics}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    found = ask(index, *metrics)
    assert {name: found["run10"][name] for name in cells["run10"]} == cells["run10"]
    assert (found["run2"]["amp"], found["run2"]["min loss"]) == (True, (1.0, 2.0))
    assert math.isnan(found["run2"]["at loss"][0])


def test_a_later_word_counts_and_a_run_that_goes_on_has_not_ended(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path / "run")
    writer.add_hparams({"lr": 0.1, "seed": 1}, {"loss": None})
    writer.add_hparams({"lr": 0.2, "name": "x"}, {"loss": None})
    writer.close()
    index = index_of(tmp_path)
    found = ask(index)["run"]
    assert {name: found[name] for name in ("lr", "seed", "name")} == {"lr": 0.2, "seed": 1.0, "name": "x"}
    assert found[".state"] == "finished"
    writer.add_hparams({"lr": 0.3}, {})
    writer.flush()
    index.refresh()
    found = ask(index)["run"]
    assert (found["lr"], found[".state"]) == (0.3, "live")
    writer.close()


def test_an_only_sub_run_of_torch_is_folded_and_its_frozen_metric_gives_way(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with TorchWriter(str(tmp_path / "run")) as writer:
        for step, value in enumerate([0.1, 0.7]):
            writer.add_scalar("accuracy", value, step)
        writer.add_hparams({"lr": 0.5}, {"accuracy": 0.2, "final": 9.0})
    (run,) = (found := ask(index_of(tmp_path), metric("accuracy"), metric("final"), metric("accuracy", "at", step=0)))
    assert run == "run"
    assert found[run]["lr"] == 0.5
    assert found[run]["last accuracy"] == (pytest.approx(0.7), 1.0)
    assert found[run]["at accuracy"] == (pytest.approx(0.1), 0.0)
    assert found[run]["last final"] == (9.0, 0.0)
    assert found[run][".state"] == "live"  # that the part has ended says nothing of the run


def test_several_sub_runs_are_experiments_of_their_own(tmp_path: Path) -> None:
    write_torch(tmp_path)
    assert [run for run in ask(index_of(tmp_path)) if run != "."] == [f"trial{i}" for i in range(5)]


@given(st.lists(st.lists(st.floats(width=32), min_size=1, max_size=9), min_size=1, max_size=4), st.integers(-1, 9))
@example([[0.0, 0.0, -0.0] * 3, [-0.0, 0.0]], 0)
def test_statistics_equal_a_slow_rule(curves: list[list[float]], step: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        for i, curve in enumerate(curves):
            write_scalars(Path(folder) / f"r{i}" / "tfevents", "x", curve)
        found = ask(index_of(Path(folder)), *(metric("x", s) for s in ("last", "min", "max", "mean")),
                    metric("x", "at", step=step))  # fmt: skip
    for i, curve in enumerate(curves):
        mine = found[f"r{i}"]
        real = [value for value in curve if not math.isnan(value)]
        finite = [value for value in real if math.isfinite(value)]
        expected = {
            "last x": (curve[-1], len(curve) - 1),
            "min x": (min(real), curve.index(min(real))) if real else (math.nan, len(curve) - 1),
            "max x": (max(real), curve.index(max(real))) if real else (math.nan, len(curve) - 1),
            "at x": (curve[min(step, len(curve) - 1)], min(step, len(curve) - 1)) if step >= 0 else None,
        }
        for name, pair in expected.items():
            np.testing.assert_equal(mine.get(name), pair, name)
        np.testing.assert_allclose(mine["mean x"][0], math.fsum(finite) / len(finite) if finite else math.nan, 1e-6)


def test_statistics_follow_a_growing_curve(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "x", [5.0, 1.0])
    index = index_of(tmp_path)
    assert ask(index, metric("x", "min"))["run"]["min x"] == (1.0, 1.0)
    write_scalars(path, "x", [-3.0], first_step=2, append=True)
    index.refresh()
    assert ask(index, metric("x", "min"))["run"]["min x"] == (-3.0, 2.0)
    path.unlink()
    write_scalars(tmp_path / "other" / "tfevents", "x", [4.0])
    index.refresh()
    assert ask(index, metric("x", "min")).keys() == {"other"}


@pytest.mark.parametrize(
    ("silent", "state"), [(LIVE_FOR / 2, "live"), (LIVE_FOR * 2, "stalled"), (STALLED_FOR * 2, "finished")]
)
def test_a_run_that_says_nothing_of_its_end(tmp_path: Path, silent: float, state: str) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "x", [1.0])
    os.utime(path, (time.time() - silent,) * 2)
    assert ask(index_of(tmp_path))["run"][".state"] == state


def test_damaged_messages_are_left_out(tmp_path: Path) -> None:
    data = plugin_data_pb2.HParamsPluginData
    start = data(session_start_info={"group_name": "g"})
    write_plugin_data(tmp_path / "bad" / "tfevents", START, start, content=b"\xff\xff")
    write_plugin_data(tmp_path / "none" / "tfevents", START, start, content=b"")
    write_plugin_data(tmp_path / "good" / "tfevents", START, start)
    write_plugin_data(tmp_path / "good" / "tfevents", START, start, content=b"\x1a\xff")
    found = ask(index_of(tmp_path))
    assert {run: cells.get("group") for run, cells in found.items()} == {"bad": None, "none": None, "good": "g"}


def test_a_file_that_is_gone_meanwhile_is_no_error(tmp_path: Path) -> None:
    data = plugin_data_pb2.HParamsPluginData
    path = tmp_path / "run" / "tfevents"
    for name in "ab":
        write_plugin_data(path, START, data(session_start_info={"group_name": name}))
    index = index_of(tmp_path)
    path.unlink()
    assert "group" not in ask(index)["run"]


def test_no_runs(tmp_path: Path) -> None:
    assert ask(index_of(tmp_path), metric("x"), metric("x", "at", step=3)) == {}


@pytest.mark.parametrize(
    ("metrics", "match"),
    [
        (None, "metrics: got None, want a list"),
        ([1], "metrics: got 1, want an object"),
        ([{"statistic": "last"}], "tag: got None, want a string"),
        (
            [{"tag": "x", "statistic": "median"}],
            "statistic: got 'median', want one of last, min, max, mean, first, count, at",
        ),
        ([{"tag": "x", "statistic": "at", "step": "1"}], "step: got '1', want a number"),
        ([{"tag": "x", "statistic": "at", "group": 1}], "group: got 1, want a string"),
    ],
)
def test_questions_that_are_none(tmp_path: Path, metrics: Any, match: str) -> None:
    with pytest.raises(BadQuestion, match=match):
        table(index_of(tmp_path), {"charts": [{"metrics": metrics}]})


def test_messages_are_read_as_protobuf_reads_them() -> None:
    data = plugin_data_pb2.HParamsPluginData
    start = data(session_start_info={"group_name": "ö", "start_time_secs": 2.5})
    hparams = start.session_start_info.hparams
    hparams["zero"].number_value, hparams["no"].bool_value, hparams["empty"].string_value = 0.0, False, ""
    hparams["yes"].bool_value = True
    hparams["null"].null_value = 0
    hparams["list"].list_value.values.add().number_value = 1
    values: dict[str, bool | float | str] = {"zero": 0.0, "no": False, "empty": "", "yes": True}
    assert read_plugin_data(start.SerializeToString()) == SessionStart(values, "ö", 2.5)
    statuses: list[Status] = ["unknown", "success", "failure", "running", "unknown"]
    for number, status in enumerate(statuses):
        end = data(session_end_info={"status": number, "end_time_secs": 4.0})
        assert read_plugin_data(end.SerializeToString()) == SessionEnd(status, 4.0)
    assert read_plugin_data(data(experiment={}).SerializeToString()) == Experiment([], [])
    assert read_plugin_data(data(version=3).SerializeToString()) is None
    with pytest.raises(Malformed, match="HParamsPluginData"):
        read_plugin_data(b"\x12")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(Malformed):
        read_plugin_data(content)
