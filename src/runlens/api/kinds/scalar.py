"""Curves: of many runs, reduced to the pixels they are drawn on. docs/kinds/scalar.md is the contract."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from runlens.api.payload import Columns
from runlens.api.question import (
    BadQuestion,
    Object,
    a_list,
    a_number,
    a_text,
    an_interval,
    an_object,
    one_of,
    short,
)
from runlens.store.reduction import debiased_ema, m4

if TYPE_CHECKING:
    from runlens.store.index import Index
    from runlens.wire.scan import Scalars

Interval = tuple[float, float]

AXES = ("step", "relative", "wall")
MAX_WEIGHT = 0.999


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of one run at the moment of the question, and what the asker holds of them."""

    run: str
    generation: int
    scalars: Scalars
    x: NDArray[Any]  # the column that runs along the axis
    x_ascends: bool
    held: int  # points the asker has already: the first so many

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.scalars.steps)

    @property
    def start(self) -> float:
        """Wall time of the first point, seconds since the epoch."""
        return float(self.scalars.wall_times[0])


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart of a question: whose curves, on which axis, on how many pixels."""

    tag: str
    runs: list[str]
    axis: str
    interval: Interval | None
    width: int  # pixel columns
    smoothing: float
    have: Object


def data(index: Index, question: Object) -> Columns:
    """The curves of each chart asked for."""
    charts = [_read_chart(chart) for chart in a_list(question, "charts")]
    answer = Columns({"revision": index.revision, "charts": []})
    answer.header["charts"] += [_answer_chart(index, chart, answer) for chart in charts]
    return answer


QUERIES = {"data": data}


def _read_chart(value: object) -> Chart:
    chart = an_object(value, "charts")
    runs = a_list(chart, "runs")
    if not all(isinstance(run, str) for run in runs):
        raise BadQuestion(f"runs: got {short(runs)}, want a list of strings")
    return Chart(
        tag=a_text(chart, "tag"),
        runs=runs,
        axis=one_of(chart, "x", AXES),
        interval=an_interval(chart, "range"),
        width=int(a_number(chart, "width", 1024, 16, 16384)),
        smoothing=a_number(chart, "smoothing", 0, 0, MAX_WEIGHT),
        have=an_object(chart.get("have", {}), "have"),
    )


def _answer_chart(index: Index, chart: Chart, answer: Columns) -> dict[str, Any]:
    curves = _look_up(index, chart)
    domain = chart.interval or _domain(curves, chart.axis)
    series = []
    for curve in curves:
        if domain is not None and curve.held < curve.count:
            series.append(_answer_curve(curve, chart, domain, answer))
    return {"tag": chart.tag, "domain": domain, "series": series}


def _look_up(index: Index, chart: Chart) -> list[Curve]:
    curves = []
    with index.lock:
        for name in chart.runs:
            run = index.runs.get(name)
            series = run.scalars.get(chart.tag) if run else None
            if series is None or series.count == 0:
                continue
            scalars = series.scalars()
            is_step = chart.axis == "step"
            curves.append(
                Curve(
                    run=name,
                    generation=series.generation,
                    scalars=scalars,
                    x=scalars.steps if is_step else scalars.wall_times,
                    x_ascends=series.ascends(series.STEP if is_step else series.WALL_TIME),
                    held=min(_held(chart.have.get(name), series.generation), series.count),
                )
            )
    return curves


def _held(have: object, generation: int) -> int:
    """How many points the asker has of this generation: none when the generation is another."""
    match have:
        case None:
            return 0
        case [int() as theirs, int() as count] if count >= 0:
            return count if theirs == generation else 0
    raise BadQuestion(f"have: got {short(have)}, want [generation, count]")


def _answer_curve(curve: Curve, chart: Chart, domain: Interval, answer: Columns) -> dict[str, Any]:
    scalars = curve.scalars
    smoothed = debiased_ema(scalars.values, chart.smoothing, scalars.steps) if chart.smoothing else None
    drawn = [scalars.values] if smoothed is None else [scalars.values, smoothed]
    kept = _visible(curve, chart, domain, drawn)
    return {
        "run": curve.run,
        "generation": curve.generation,
        "count": curve.count,
        "from": curve.held,
        "start": curve.start if np.isfinite(curve.start) else None,
        "step": answer.add(scalars.steps[kept]),
        "wall_time": answer.add(scalars.wall_times[kept]),
        "value": answer.add(scalars.values[kept]),
        "smoothed": None if smoothed is None else answer.add(smoothed[kept]),
    }


def _visible(curve: Curve, chart: Chart, domain: Interval, drawn: list[NDArray[Any]]) -> NDArray[Any]:
    """Indices of the points worth sending: those that the drawn lines need, from the first the asker lacks."""
    offset = _offset(curve, chart.axis)
    low, high = domain[0] + offset, domain[1] + offset
    window = _window(curve, low, high)
    kept = [m4(curve.x[window], y[window], low, high, chart.width, curve.x_ascends) for y in drawn]
    joined = kept[0] if len(kept) == 1 else np.union1d(kept[0], kept[1])
    return np.asarray(joined + window.start)


def _window(curve: Curve, low: float, high: float) -> slice:
    """The rows to look at. Where x ascends, those in the interval and a neighbour on each side, found by search."""
    first, last = curve.held, curve.count
    if curve.x_ascends:
        first = max(_search(curve.x, low, "left") - 1, first)
        last = min(_search(curve.x, high, "right") + 1, last)
    return slice(min(first, last), last)


def _search(x: NDArray[Any], value: float, side: Literal["left", "right"]) -> int:
    """Where a value would stand in an ascending column; never too far inside an interval that it bounds.

    The value is brought to the column's type: given another one, numpy would convert the whole column first.
    """
    outward = -math.inf if side == "left" else math.inf
    if x.dtype.kind == "i":
        limits = np.iinfo(x.dtype)
        whole = math.ceil(value) if side == "left" else math.floor(value)
        return int(np.searchsorted(x, x.dtype.type(min(max(whole, limits.min), limits.max)), side))
    with np.errstate(over="ignore"):
        return int(np.searchsorted(x, np.nextafter(x.dtype.type(value), x.dtype.type(outward)), side))


def _offset(curve: Curve, axis: str) -> float:
    """What to add to a value on the axis to compare it with the curve's x."""
    return curve.start if axis == "relative" else 0.0


def _domain(curves: list[Curve], axis: str) -> Interval | None:
    """First and last x over all curves; None when there is none."""
    ends: list[float] = []
    for curve in curves:
        x = curve.x[[0, -1]] if curve.x_ascends else curve.x[np.isfinite(curve.x)]
        if len(x):
            ends += [float(x.min()) - _offset(curve, axis), float(x.max()) - _offset(curve, axis)]
    finite = [end for end in ends if np.isfinite(end)]
    return (min(finite), max(finite)) if finite else None
