"""A chart of a question: what is asked for, and the curves that answer it, as logged or made of others."""

from __future__ import annotations

from dataclasses import dataclass

from runlens.api.curve import Curve, Interval, curve_of
from runlens.api.derived import along, of_formula
from runlens.api.formula import Formula, FormulaError, read_formula
from runlens.api.group import BANDS, CENTRES, Group
from runlens.api.question import (
    MAX_ON_AXIS,
    Object,
    a_list,
    a_number,
    a_text,
    an_interval,
    an_object,
    names_of,
    one_of,
    short,
)
from runlens.store.index import Index
from runlens.store.smoothing import SMOOTHERS

AXES = ("step", "relative", "wall", "tag")
SCALES = ("linear", "log", "symlog")
MAX_WEIGHT = 0.999


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
    smoother: str
    scale: str
    last: float | None  # only so much of the axis before its end
    formula: str | None  # instead of the tag
    along: str | None  # the tag that is x
    groups: list[tuple[str, list[str]]] | None  # names, and the runs of each
    centre: str
    band: str


def read_chart(value: object) -> Chart:
    """A chart of a question, checked."""
    chart = an_object(value, "charts")
    axis = one_of(chart, "x", AXES)
    groups = None if chart.get("groups") is None else [_group(group) for group in a_list(chart, "groups")]
    return Chart(
        tag=a_text(chart, "tag"),
        runs=names_of(chart) if groups is None else sorted({run for _, runs in groups for run in runs}),
        axis=axis,
        interval=an_interval(chart, "range"),
        width=int(a_number(chart, "width", 1024, 16, 16384)),
        smoothing=a_number(chart, "smoothing", 0, 0, MAX_WEIGHT),
        have=an_object(chart.get("have", {}), "have"),
        smoother=one_of(chart, "smoother", SMOOTHERS),
        scale=one_of(chart, "scale", SCALES),
        last=None if chart.get("last") is None else a_number(chart, "last", 0, 1e-300, MAX_ON_AXIS),
        formula=None if chart.get("formula") is None else a_text(chart, "formula"),
        along=a_text(chart, "along") if axis == "tag" else None,
        groups=groups,
        centre=one_of(chart, "centre", CENTRES),
        band=one_of(chart, "band", BANDS),
    )


def _group(value: object) -> tuple[str, list[str]]:
    group = an_object(value, "groups")
    return a_text(group, "name"), names_of(group)


def curves_of(index: Index, chart: Chart) -> tuple[list[Curve], str | None]:
    """The curves of a chart's runs, and what is wrong with the chart itself, if anything."""
    if chart.formula is None:
        return _along(index, chart, tagged(index, chart.tag, chart.runs, chart.axis)), None
    try:
        formula = read_formula(chart.formula)
    except FormulaError as error:
        return [], f"{error} (at letter {error.position + 1})"
    curves, problem = of_runs(index, formula, chart.runs, chart.axis)
    return _along(index, chart, curves), problem


def tagged(index: Index, tag: str, runs: list[str], axis: str) -> list[Curve]:
    """The runs' curves of a tag as logged, of those that have one."""
    with index.lock:
        known = [run for name in runs if (run := index.runs.get(name)) is not None]
        found = [(run, series) for run in known if (series := run.scalars.get(tag)) is not None and series.count]
        return [curve_of(run, series, axis) for run, series in found]


def of_runs(index: Index, formula: Formula, runs: list[str], axis: str) -> tuple[list[Curve], str | None]:
    """The runs' curves of a formula, and why there is none where there is none."""
    by_tag = {tag: {curve.run: curve for curve in tagged(index, tag, runs, axis)} for tag in formula.tags}
    for tag, found in by_tag.items():
        if not found:
            hint = "; a slash that divides wants spaces around it" if "/" in tag else ""
            return [], f"none of these runs has the tag {short(tag)}{hint}"
    whole = [run for run in runs if all(run in found for found in by_tag.values())]
    made = [of_formula(formula, {tag: found[run] for tag, found in by_tag.items()}) for run in whole]
    curves = [curve for curve in made if curve is not None]
    return curves, None if curves else f"no step of any run has all of {', '.join(formula.tags)}"


def _along(index: Index, chart: Chart, curves: list[Curve]) -> list[Curve]:
    if chart.along is None:
        return curves
    others = {curve.run: curve for curve in tagged(index, chart.along, chart.runs, "step")}
    made = [along(curve, others[curve.run]) for curve in curves if curve.run in others]
    return [curve for curve in made if curve is not None]


def groups_of(chart: Chart, curves: list[Curve]) -> list[Group]:
    """The groups asked for, of those that have a curve."""
    by_run = {curve.run: curve for curve in curves}
    groups = []
    for name, runs in chart.groups or []:
        members = [by_run[run] for run in dict.fromkeys(runs) if run in by_run]
        if members:
            groups.append(Group(name, members, chart.centre, chart.band))
    return groups
