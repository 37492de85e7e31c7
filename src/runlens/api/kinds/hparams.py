"""The run table: what runs were told to do and how well they did. docs/kinds/hparams.md is the contract."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from runlens.api.cells import add_cells
from runlens.api.circumstances import COLUMNS, TAG, columns_of
from runlens.api.payload import Columns, Payload
from runlens.api.question import MAX_ON_AXIS, Object, a_list, a_number, a_text, an_object, one_of
from runlens.api.statistics import WHOLE, Found, Statistics, as_of
from runlens.api.study import Session, Study
from runlens.store.fold import ROOT
from runlens.store.index import Index, collecting_paused, natural_order
from runlens.store.run import Run
from runlens.store.session import sessions as session_logs
from runlens.wire.hparams_data import HparamInfo, MetricInfo

STATES: Final = ("live", "stalled", "finished", "failed")
LIVE_FOR: Final = 300.0  # s since a run's files were written last
MANY: Final = 1000  # runs, whose new objects the garbage collector would walk over again and again
STALLED_FOR: Final = 86400.0  # s after which a run that never said so has finished, too

_STATISTICS = Statistics()
_STUDY = Study()


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
        sessions = _STUDY.sessions(index)
        answer.header["charts"] += [_answer_table(index, sessions, *one, answer) for one in asked]
    return answer


def _read_metrics(chart: Object) -> list[Metric]:
    metrics = []
    for item in a_list(chart, "metrics"):
        metric = an_object(item, "metrics")
        statistic = one_of(metric, "statistic", (*WHOLE, "at"))
        group = a_text(metric, "group") if "group" in metric else ""
        step = a_number(metric, "step", 0, -MAX_ON_AXIS, MAX_ON_AXIS)
        metrics.append(Metric(a_text(metric, "tag"), group, statistic, step))
    return metrics


def _read_info(chart: Object) -> list[str]:
    return [one_of({"info": name}, "info", COLUMNS) for name in a_list({"info": [], **chart}, "info")]


def _answer_table(
    index: Index, sessions: list[Session], metrics: list[Metric], info: list[str], answer: Columns
) -> dict[str, Any]:
    names = {name: None for session in sessions for name in session.said.hparams}
    return {
        "runs": [session.name for session in sessions],
        "parts": {session.name: session.part for session in sessions if session.part is not None},
        "tags": _scalar_tags(index),
        **_circumstances(index, sessions, answer),
        "group": add_cells(answer, [session.said.group or None for session in sessions]),
        "hparams": [_hparam(sessions, name, answer) for name in sorted(names, key=natural_order)],
        "has_info": any(TAG in session.run.entries for session in sessions),
        "info": _info(index, sessions, info, answer),
        "named": [asdict(info) for info in _metric_infos(sessions)],
        "metrics": [_metric(index, sessions, metric, answer) for metric in metrics],
    }


def _scalar_tags(index: Index) -> list[str]:
    with index.lock:
        found = {tag for run in index.runs.values() for tag in run.scalars}
    return sorted(found, key=natural_order)


def _circumstances(index: Index, sessions: list[Session], answer: Columns) -> dict[str, int]:
    """Columns of times in seconds since the epoch, of states as places in STATES, and of the last steps."""
    now = time.time()
    with index.lock:
        rows = [
            (
                session.said.start or (session.run.start if math.isfinite(session.run.start) else math.nan),
                session.run.end if math.isfinite(session.run.end) else math.nan,
                STATES.index(_state(session, now)),
                _last_step(session.run),
                session.run.points,
            )
            for session in sessions
        ]
    columns = np.array(rows, np.float64).reshape(-1, 5)
    return {name: answer.add(columns[:, i]) for i, name in enumerate(("start", "end", "state", "step", "points"))}


def _state(session: Session, now: float) -> str:
    """How a run is: by its own word where it says how it ended, else by how long it has been silent."""
    end = session.said.end
    if end is not None and end.status in ("success", "failure"):
        return "finished" if end.status == "success" else "failed"
    logged = session_logs(session.run)
    if logged and logged[-1].status == "stop":
        return "finished"
    written = max((file.found.modified for file in session.run.files.values()), default=0.0)
    silent = now - written
    return "live" if silent < LIVE_FOR else "stalled" if silent < STALLED_FOR else "finished"


def _last_step(run: Run) -> float:
    """The last step of the longest curve; NaN without any."""
    longest = max(run.scalars.values(), key=lambda series: series.count, default=None)
    return float(longest.columns()[0][-1]) if longest is not None else math.nan


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
    found = _find(index, [_below(session.name, metric.group) for session in sessions], metric)
    parts = [session.part or "" for session in sessions]
    if any(parts):
        found = _completed(found, _find(index, parts, metric))
    return {
        **asdict(metric),
        "rows": answer.add(found.rows),
        "values": answer.add(found.values),
        "steps": answer.add(found.steps),
    }


def _find(index: Index, runs: list[str], metric: Metric) -> Found:
    if metric.statistic == "at":
        return as_of(index, runs, metric.tag, metric.step)
    return _STATISTICS.whole(index, runs, metric.tag, metric.statistic)


def _completed(found: Found, others: Found) -> Found:
    """What was found, and what others have where nothing was: the curve of a run goes before its part's one point."""
    is_more = ~np.isin(others.rows, found.rows)
    columns = ((found.rows, others.rows), (found.values, others.values), (found.steps, others.steps))
    rows, values, steps = (np.concatenate([mine, theirs[is_more]]) for mine, theirs in columns)
    return Found(rows, values, steps)


def _below(run: str, group: str) -> str:
    """The run of a group: TensorFlow logs training and validation in runs below the one with the hyper-parameters."""
    if not group:
        return run
    return group if run == ROOT else f"{run}/{group}"


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {"table": table}
