"""The run table: what runs were told to do and how well they did. docs/kinds/hparams.md is the contract."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from runlens.api.cells import add_cells
from runlens.api.circumstances import COLUMNS, TAG, columns_of
from runlens.api.importance import NoForest, correlation, forest
from runlens.api.payload import Columns, Payload
from runlens.api.question import MAX_ON_AXIS, Object, a_list, a_number, a_text, an_object, one_of
from runlens.api.run_state import STATES, end_of, last_step, start_of, state_of
from runlens.api.statistics import STATISTICS, WHOLE, Found, as_of, scalar_tags, with_parts
from runlens.api.study import STUDY, Session
from runlens.store.fold import ROOT
from runlens.store.index import Index, collecting_paused, natural_order
from runlens.wire.hparams_data import HparamInfo, MetricInfo

METHODS: Final = ("rank", "forest")
MANY: Final = 1000  # runs, whose new objects the garbage collector would walk over again and again


@dataclass(frozen=True, slots=True)
class Metric:
    """A column asked for: one number of each run's curve, or of the curve of the run `group` below it."""

    tag: str
    group: str
    statistic: str
    step: float  # for `at`


def table(index: Index, question: Object) -> Columns:
    """The run table, with the metrics asked for; one `chart` is one table."""
    charts = [an_object(chart, "charts") for chart in a_list(question, "charts")]
    asked = [(_read_metrics(chart), _read_info(chart)) for chart in charts]
    answer = Columns({"revision": index.revision, "charts": []})
    with collecting_paused(len(index.runs) > MANY):
        sessions = STUDY.sessions(index)
        answer.header["charts"] += [_answer_table(index, sessions, *one, answer) for one in asked]
    return answer


def importance(index: Index, question: Object) -> Columns:
    """For each chart how much each hyper-parameter has to do with a metric, over the runs asked for."""
    answer = Columns({"revision": index.revision, "charts": []})
    sessions = STUDY.sessions(index)
    for item in a_list(question, "charts"):
        chart = an_object(item, "charts")
        metric, method = _read_metric(chart.get("metric")), one_of(chart, "method", METHODS)
        wanted = {run for run in a_list(chart, "runs") if isinstance(run, str)}
        chosen = [session for session in sessions if session.name in wanted]
        answer.header["charts"].append(_answer_importance(index, chosen, metric, method))
    return answer


def _answer_importance(index: Index, sessions: list[Session], metric: Metric, method: str) -> dict[str, Any]:
    found = _values(index, sessions, metric)
    is_number = ~np.isnan(found.values)
    values = found.values[is_number]
    said = [sessions[row].said.hparams for row in found.rows[is_number]]
    names = sorted({name for hparams in said for name in hparams}, key=natural_order)
    columns = [[hparams.get(name) for hparams in said] for name in names]
    shares: list[float | None] = [None] * len(names)
    used, error = len(values), None
    if method == "forest":
        try:
            told, used = forest(columns, values)
            shares = list(told)
        except NoForest as reason:
            error = str(reason)
    found_all = zip(names, columns, shares, strict=True)
    hparams = [
        {"name": name, "correlation": correlation(cells, values), "importance": share}
        for name, cells, share in found_all
    ]
    return {"runs": len(sessions), "used": used, "error": error, "hparams": hparams}


def _read_metrics(chart: Object) -> list[Metric]:
    return [_read_metric(item) for item in a_list(chart, "metrics")]


def _read_metric(item: object) -> Metric:
    metric = an_object(item, "metrics")
    statistic = one_of(metric, "statistic", (*WHOLE, "at"))
    group = a_text(metric, "group") if "group" in metric else ""
    step = a_number(metric, "step", 0, -MAX_ON_AXIS, MAX_ON_AXIS)
    return Metric(a_text(metric, "tag"), group, statistic, step)


def _read_info(chart: Object) -> list[str]:
    return [one_of({"info": name}, "info", COLUMNS) for name in a_list({"info": [], **chart}, "info")]


def _answer_table(
    index: Index, sessions: list[Session], metrics: list[Metric], info: list[str], answer: Columns
) -> dict[str, Any]:
    names = {name: None for session in sessions for name in session.said.hparams}
    return {
        "runs": [session.name for session in sessions],
        "parts": {session.name: session.part for session in sessions if session.part is not None},
        "tags": sorted(scalar_tags(index), key=natural_order),
        **_circumstances(index, sessions, answer),
        "group": add_cells(answer, [session.said.group or None for session in sessions]),
        "hparams": [_hparam(sessions, name, answer) for name in sorted(names, key=natural_order)],
        "has_info": any(TAG in session.run.entries for session in sessions),
        "info": _info(index, sessions, info, answer),
        "named": [asdict(info) for info in _metric_infos(sessions)],
        "metrics": [_metric(index, sessions, metric, answer) for metric in metrics],
    }


def _circumstances(index: Index, sessions: list[Session], answer: Columns) -> dict[str, int]:
    """Columns of times in seconds since the epoch, of states as places in STATES, and of the last steps."""
    now = time.time()
    with index.lock:
        rows = [
            (
                start_of(session),
                end_of(session),
                STATES.index(state_of(session, now)),
                last_step(session.run),
                session.run.points,
            )
            for session in sessions
        ]
    columns = np.array(rows, np.float64).reshape(-1, 5)
    return {name: answer.add(columns[:, i]) for i, name in enumerate(("start", "end", "state", "step", "points"))}


def _hparam(sessions: list[Session], name: str, answer: Columns) -> dict[str, Any]:
    infos = (session.said.hparam_infos.get(name) for session in sessions)
    info = next((info for info in infos if info is not None), HparamInfo(name, "", ""))
    return {**asdict(info), **add_cells(answer, [session.said.hparams.get(name) for session in sessions])}


def _info(index: Index, sessions: list[Session], names: list[str], answer: Columns) -> list[dict[str, Any]]:
    """Columns of the circumstances in which runs were made, of those asked for."""
    known = columns_of(index, [session.name for session in sessions]) if names else {}
    return [
        {"name": name, **add_cells(answer, [known.get(session.name, {}).get(name) for session in sessions])}
        for name in names
    ]


def _metric_infos(sessions: list[Session]) -> list[MetricInfo]:
    """The metrics that experiments name, each once."""
    found: dict[tuple[str, str], MetricInfo] = {}
    for session in sessions:
        for key, info in session.said.metric_infos.items():
            found.setdefault(key, info)
    return list(found.values())


def _metric(index: Index, sessions: list[Session], metric: Metric, answer: Columns) -> dict[str, Any]:
    found = _values(index, sessions, metric)
    return {
        **asdict(metric),
        "rows": answer.add(found.rows),
        "values": answer.add(found.values),
        "steps": answer.add(found.steps),
    }


def _values(index: Index, sessions: list[Session], metric: Metric) -> Found:
    names = [_below(session.name, metric.group) for session in sessions]
    return with_parts(lambda runs: _find(index, runs, metric), names, [session.part for session in sessions])


def _find(index: Index, runs: Sequence[str], metric: Metric) -> Found:
    if metric.statistic == "at":
        return as_of(index, runs, metric.tag, metric.step)
    return STATISTICS.whole(index, runs, metric.tag, metric.statistic)


def _below(run: str, group: str) -> str:
    """The run of a group: TensorFlow logs training and validation in runs below the one with the hyper-parameters."""
    if not group:
        return run
    return group if run == ROOT else f"{run}/{group}"


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {"table": table, "importance": importance}
