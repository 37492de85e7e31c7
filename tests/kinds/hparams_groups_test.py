"""Session groups: TensorBoard's own HTTP answers, kept beside ours to the same files for the page's test.

Delete both files to make them anew, and look at the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runlens.api.kinds.hparams import table
from tests.kinds.hparams_test import START, metric, write_plugin_data
from tests.support import index_of, write_scalars
from tests.tensorboard_app import TensorBoardApp

THEIRS = Path(__file__).with_name("hparams_groups.golden.json")
OURS = Path(__file__).with_name("hparams_groups.golden.bin")
TAGS = ("accuracy", "loss")
VALUES = {"accuracy": [0.5, 0.75, 0.25, 0.875, 0.125, 0.625, 1.0], "loss": [3.0, 1.0, 2.0, 8.0, 5.0, 7.0, 4.0]}
TYPES = {"mean": "AGGREGATION_AVG", "median": "AGGREGATION_MEDIAN"}
TYPES |= {"min": "AGGREGATION_MIN", "max": "AGGREGATION_MAX"}


def write(root: Path) -> None:
    """A group of four sessions, one of two, of which one lacks a metric, and a session without a group's name."""
    from tensorboard.plugins.hparams import plugin_data_pb2

    data = plugin_data_pb2.HParamsPluginData
    names = [{"name": {"tag": tag}} for tag in TAGS]
    write_plugin_data(root / "tfevents.1", "_hparams_/experiment", data(experiment={"metric_infos": names}))
    for number, group in enumerate(["a", "b", "a", "a", "", "b", "a"]):
        start = data(session_start_info={"group_name": group, "start_time_secs": 1.6e9})
        start.session_start_info.hparams["units"].number_value = {"a": 16, "b": 32}.get(group, 64)
        write_plugin_data(root / f"t{number}" / "tfevents.1", START, start)
        for tag in TAGS:
            if (number, tag) != (5, "loss"):
                path = root / f"t{number}" / f"tfevents.{tag}"
                write_scalars(path, tag, [9.0, VALUES[tag][number]])


def answers(root: Path) -> dict[str, dict[str, dict[str, float]]]:
    """{aggregate: {group: {metric: value}}}; by this metric a session is also chosen to stand for all."""
    app = TensorBoardApp(root)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for how, type_ in TYPES.items():
        groups = found.setdefault(how, {})
        for tag in TAGS:
            for group in _groups(app, type_, tag):
                for value in group.get("metricValues", []):
                    if value["name"]["tag"] == tag:
                        groups.setdefault(group["name"], {})[tag] = value["value"]
    return found


def _groups(app: TensorBoardApp, type_: str, tag: str) -> list[dict[str, Any]]:
    statuses = ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]
    request = {"aggregationType": type_, "aggregationMetric": {"tag": tag}, "sliceSize": 100, "startIndex": 0}
    answer = app.get("hparams/session_groups", request=json.dumps({**request, "allowedStatuses": statuses}))
    groups: list[dict[str, Any]] = answer["sessionGroups"]
    return groups


def test_both_answers_are_those_of_today(tmp_path: Path) -> None:
    write(tmp_path)
    theirs = answers(tmp_path)
    index = index_of(tmp_path)
    index.revision = 42
    header = table(index, {"charts": [{"metrics": [metric(tag) for tag in TAGS]}]})
    for run in ("state", "start", "end"):  # files were written just now
        header.arrays[header.header["charts"][0][run]][:] = 0
    ours = header.encode()
    if not THEIRS.exists():
        THEIRS.write_text(json.dumps(theirs, indent=1, sort_keys=True) + "\n")
        OURS.write_bytes(ours)
    assert theirs == json.loads(THEIRS.read_text())
    assert ours == OURS.read_bytes()
    assert theirs["mean"] == {
        "a": {"accuracy": (0.5 + 0.25 + 0.875 + 1.0) / 4, "loss": (3.0 + 2.0 + 8.0 + 4.0) / 4},
        "b": {"accuracy": (0.75 + 0.625) / 2, "loss": 1.0},
        "t4": {"accuracy": 0.125, "loss": 5.0},
    }
