"""Curves: of many runs, reduced to the pixels they are drawn on. docs/kinds/scalar.md is the contract."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from runlens.api.chart import Chart, curves_of, groups_of, of_runs, read_chart, tagged
from runlens.api.curve import Curve, Interval, Raster, curve_of, domain_of, reduce
from runlens.api.curve_file import as_csv, as_json
from runlens.api.curve_summary import COLUMNS, summary
from runlens.api.formula import FormulaError, read_formula
from runlens.api.group import Group, reduce_group
from runlens.api.payload import Blob, Columns, Json, Payload, Stream
from runlens.api.question import (
    MAX_ON_AXIS,
    BadQuestion,
    NotFound,
    Object,
    a_list,
    a_number,
    a_text,
    an_object,
    names_of,
    short,
)
from runlens.store.index import Index, readable
from runlens.store.locate import PointGone, locate, seek
from runlens.store.segments import Segment

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def data(index: Index, question: Object) -> Columns:
    """The curves of each chart asked for."""
    charts = [read_chart(chart) for chart in a_list(question, "charts")]
    index.want({run for chart in charts for run in chart.runs})
    answer = Columns({"revision": index.revision, "charts": []})
    answer.header["charts"] += [_answer_chart(index, chart, answer) for chart in charts]
    return answer


def _answer_chart(index: Index, chart: Chart, answer: Columns) -> dict[str, Any]:
    curves, problem = curves_of(index, chart)
    domain = _domain(curves, chart)
    series = []
    if domain is not None and chart.groups is not None:
        groups = groups_of(chart, curves)
        series = [made for group in groups if (made := _answer_group(group, chart, domain, answer)) is not None]
    elif domain is not None:
        for curve in curves:
            _note_held(curve, chart)
            if curve.held < curve.count:
                series.append(_answer_curve(curve, chart, domain, answer))
    said = {} if problem is None else {"problem": problem}
    return {"tag": chart.tag, "domain": domain, "series": series, **said}


def _domain(curves: list[Curve], chart: Chart) -> Interval | None:
    domain = chart.interval or domain_of(curves, chart.scale)
    if domain is None or chart.last is None:
        return domain
    return max(domain[0], domain[1] - chart.last), domain[1]


def _note_held(curve: Curve, chart: Chart) -> None:
    curve.held = min(_held(chart.have.get(curve.run), curve.generation), curve.count)
    if curve.held < curve.count and chart.smoothing and chart.smoother != "ema":
        curve.held = 0  # a new point changes what was made of those before it


def _held(have: object, generation: int) -> int:
    """How many points the asker has of this generation: none when the generation is another."""
    match have:
        case None:
            return 0
        case [int() as theirs, int() as count] if count >= 0:
            return count if theirs == generation else 0
    raise BadQuestion(f"have: got {short(have)}, want [generation, count]")


def _answer_curve(curve: Curve, chart: Chart, domain: Interval, answer: Columns) -> dict[str, Any]:
    points = reduce(curve, Raster(domain, chart.width, chart.scale), chart.smoothing, chart.smoother)
    return {
        "run": curve.run,
        "generation": curve.generation,
        "count": curve.count,
        "from": curve.held,
        "start": curve.start if math.isfinite(curve.start) else None,
        "step": answer.add(points.steps),
        "wall_time": answer.add(points.wall_times),
        "value": answer.add(points.values),
        "smoothed": None if points.smoothed is None else answer.add(points.smoothed),
        "row": None if len(points.rows) == curve.count - curve.held else answer.add(points.rows),
        **({} if points.along is None else {"x": answer.add(points.along)}),
        "segments": [
            {**_segment(curve, segment), "points": sent}
            for segment, sent in zip(curve.segments, points.per_segment, strict=True)
        ],
    }


def _answer_group(group: Group, chart: Chart, domain: Interval, answer: Columns) -> dict[str, Any] | None:
    if _held(chart.have.get(group.name), group.generation):
        return None
    points = reduce_group(group, Raster(domain, chart.width, chart.scale), chart.smoothing, chart.smoother)
    if points is None:
        return None
    nothing = answer.add(np.zeros(len(points.x), np.int32))
    begin = {"row": 0, "step": 0, "wall_time": None, "cause": "first", "abandons": None, "abandoned": None}
    return {
        "run": group.name,
        "generation": group.generation,
        "count": points.count,
        "from": 0,
        "start": None,
        "step": answer.add(points.x) if chart.axis == "step" else nothing,
        "wall_time": nothing,
        "value": answer.add(points.values),
        "smoothed": None if points.smoothed is None else answer.add(points.smoothed),
        "row": None,
        "segments": [{**begin, "points": len(points.x)}],
        "x": answer.add(points.x),
        "runs": answer.add(points.runs),
        "lower": None if points.lower is None else answer.add(points.lower),
        "upper": None if points.upper is None else answer.add(points.upper),
    }


def _segment(curve: Curve, segment: Segment) -> dict[str, Any]:
    strand = curve.strands[segment.strand]
    wall_time = float(strand.wall_times[segment.first])
    return {
        "row": strand.start + segment.first,
        "step": int(strand.steps[segment.first]),
        "wall_time": wall_time if math.isfinite(wall_time) else None,
        "cause": segment.cause,
        "abandons": segment.abandons,
        "abandoned": segment.abandoned,
    }


def point(index: Index, question: Object) -> Json:
    """Where one point was logged, and exactly what."""
    name, tag = a_text(question, "run"), a_text(question, "tag")
    with index.lock:
        run = index.runs.get(name)
        series = run.scalars.get(tag) if run else None
        if run is None or series is None:
            raise NotFound(f"no scalar {short(tag)} in run {short(name)}")
        curve = curve_of(run, series, "step")
        row = _row_asked_for(question, curve)
        sought = seek(run, series, row)
    try:
        place = locate(sought)
    except PointGone as error:
        raise NotFound(str(error)) from None
    segment = max(n for n, one in enumerate(curve.segments) if curve.strands[one.strand].start + one.first <= row)
    return Json(
        {
            "run": name,
            "tag": tag,
            "row": row,
            "step": sought.step,
            "wall_time": sought.wall_time if math.isfinite(sought.wall_time) else None,
            "value": _exactly(sought.value, place.dtype),
            "dtype": place.dtype,
            "file": readable(place.path.relative_to(index.root)),
            "offset": place.offset,
            "record": place.record + 1,
            "segment": segment,
        }
    )


def _row_asked_for(question: Object, curve: Curve) -> int:
    if "row" in question:
        row = question["row"]
        if isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < curve.count:
            raise BadQuestion(f"row: got {short(row)}, want a whole number from 0 to {curve.count - 1}")
        return row
    step = a_number(question, "step", math.nan, -(2**63), 2**63 - 1)
    wall_time = a_number(question, "wall_time", math.nan, -MAX_ON_AXIS, MAX_ON_AXIS)
    found = curve.find(int(step), wall_time)
    if found is None:
        raise NotFound(f"no point of step {short(step)} and wall_time {short(wall_time)}")
    return found


def _exactly(value: float, dtype: str) -> str:
    """The value in as many digits as tell it from any other of its dtype: `0.1`, `nan`, `-inf`, `42`."""
    if dtype in ("float16", "float32"):
        return str(np.dtype(dtype).type(value))
    return repr(value) if dtype in ("float64", "bfloat16", "unknown") or not math.isfinite(value) else str(int(value))


def summaries(index: Index, question: Object) -> Columns:
    """What each run's points come to between two steps, or at one."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        chart = an_object(value, "charts")
        tag, low, high = a_text(chart, "tag"), *_steps(chart)
        curves = _curves(index, tag, names_of(chart))
        found = [(curve.run, numbers) for curve in curves if (numbers := summary(curve, low, high)) is not None]
        table = np.array([numbers for _, numbers in found], np.float64).reshape(len(found), len(COLUMNS))
        columns = {name: answer.add(table[:, at]) for at, name in enumerate(COLUMNS)}
        answer.header["charts"].append({"tag": tag, "runs": [run for run, _ in found], **columns})
    return answer


def _steps(chart: Object) -> Interval:
    match chart.get("range"):
        case [int() | float() as low, int() | float() as high] if -MAX_ON_AXIS <= low <= high <= MAX_ON_AXIS:
            return float(low), float(high)
    raise BadQuestion(f"range: got {short(chart.get('range'))}, want [low, high] with low <= high and both finite")


def _curves(index: Index, tag: str, names: list[str]) -> list[Curve]:
    index.want(set(names))
    return tagged(index, tag, names, "step")


def formula(index: Index, question: Object) -> Json:
    """Whether a text is a formula: the tags it names, or what is wrong and at which of its letters."""
    try:
        found = read_formula(a_text(question, "formula"))
    except FormulaError as error:
        return Json({"tags": [], "problem": str(error), "position": error.position})
    return Json({"tags": found.tags, "problem": None, "position": None})


def file(index: Index, parameters: Mapping[str, str]) -> Stream:
    """Every point of a tag in some runs, to be saved."""
    tag, form = parameters.get("tag", ""), parameters.get("format", "csv")
    if form not in FORMATS:
        raise BadQuestion(f"format: got {short(form)}, want one of {', '.join(FORMATS)}")
    try:
        runs = names_of({"runs": json.loads(parameters.get("runs", ""))})
    except (ValueError, RecursionError):
        raise BadQuestion(f"runs: got {short(parameters.get('runs', ''))}, want a JSON list of strings") from None
    curves = _worked_out(index, parameters["formula"], runs) if "formula" in parameters else _curves(index, tag, runs)
    if not curves:
        raise NotFound(f"no scalar {short(tag)} in any of these runs")
    name = re.sub(r"[^\w.-]+", "_", tag).strip("_") or "scalars"
    return Stream(as_csv(curves) if form == "csv" else as_json(tag, curves), FORMATS[form], f"{name}.{form}")


def _worked_out(index: Index, text: str, runs: list[str]) -> list[Curve]:
    index.want(set(runs))
    try:
        curves, problem = of_runs(index, read_formula(text), runs, "step")
    except FormulaError as error:
        raise BadQuestion(f"formula: {error} (at letter {error.position + 1})") from None
    if problem is not None:
        raise NotFound(problem)
    return curves


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {
    "data": data,
    "formula": formula,
    "point": point,
    "summary": summaries,
}
BLOBS: dict[str, Callable[[Index, Mapping[str, str]], Blob | Stream]] = {"file": file}
