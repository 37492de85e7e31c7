"""Histograms: of all steps as many slices as a chart shows, and of one step all. Contract: docs/kinds/histogram.md."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from runlens.api.buckets import NO_BUCKETS, Buckets, checked, percentiles, total
from runlens.api.entries import entries_query, find_row, payload_of, rows_of
from runlens.api.payload import Columns
from runlens.api.question import NotFound, Object, a_list, a_number, a_text, an_object, one_of
from runlens.store.entry import Entry, read_payloads
from runlens.wire.fields import Malformed
from runlens.wire.value import histograms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runlens.store.index import Index
    from runlens.wire.buckets import Histogram

KIND: Final = "histogram"
AXES: Final = ("step", "wall")
MOST_SLICES: Final = 1000
_MOST_AT_ONCE: Final = 512  # rows read together, so that memory does not grow with their number


@dataclass(frozen=True, slots=True)
class Slice:
    """The sum of the histograms of neighbouring steps."""

    rows: slice  # of the run's rows in the order of the axis
    buckets: Buckets
    merged: int  # histograms in the sum
    percentiles: NDArray[np.float64]


def slices(index: Index, question: Object) -> Columns:
    """All steps of each chart's runs, neighbours merged into no more slices than the chart has room for."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        chart = an_object(value, "charts")
        tag, axis = a_text(chart, "tag"), one_of(chart, "x", AXES)
        most = int(a_number(chart, "most", 50, 1, MOST_SLICES))
        series = [_answer_run(index, str(run), tag, axis, most, answer) for run in a_list(chart, "runs")]
        answer.header["charts"].append({"tag": tag, "series": [one for one in series if one]})
    return answer


def rows(index: Index, question: Object) -> Columns:
    """The histograms of single rows, as they were logged, with their statistics."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        answer.header["charts"].append(_answer_row(index, an_object(value, "charts"), answer))
    return answer


QUERIES = {"entries": entries_query(KIND), "slices": slices, "rows": rows}


def _answer_row(index: Index, row: Object, answer: Columns) -> dict[str, Any]:
    try:
        entry = find_row(index, KIND, {name: str(row.get(name, "")) for name in ("run", "tag", "row", "key")})
        (histogram,) = histograms_of([entry.form], [payload_of(entry)])
        if isinstance(histogram, Malformed):
            raise histogram
        buckets = checked(histogram)
    except (NotFound, Malformed) as error:
        return {"error": str(error)}
    return {
        "error": None,
        "exact": histogram.is_exact,
        "statistics": answer.add(_statistics(histogram)),
        "percentiles": answer.add(percentiles(buckets)),
        **{name: answer.add(getattr(buckets, name)) for name in Buckets.__slots__},
    }


def _statistics(histogram: Histogram) -> NDArray[np.float64]:
    """Number of all values, least, greatest, mean and standard deviation, numbers of NaN, +infinity and -infinity."""
    said = histogram.statistics
    others = histogram.nan + histogram.positive_infinity + histogram.negative_infinity
    finite = said.num - others
    mean, deviation = math.nan, math.nan
    if finite > 0:
        mean = said.sum / finite
        deviation = math.sqrt(variance) if (variance := said.sum_squares / finite - mean * mean) > 0 else 0 * variance
    low, high = (said.min, said.max) if finite > 0 else (math.nan, math.nan)
    infinities = histogram.positive_infinity, histogram.negative_infinity
    return np.array([said.num, low, high, mean, deviation, histogram.nan, *infinities])


def _answer_run(index: Index, run: str, tag: str, axis: str, most: int, answer: Columns) -> dict[str, Any] | None:
    parts = rows_of(index, KIND, run, tag)
    if not parts:
        return None
    entries = [entry for part in parts for entry in part.all()]
    steps = np.concatenate([part.entries.steps for part in parts]).astype(np.int64)
    times = np.concatenate([part.entries.wall_times for part in parts]).astype(np.float64)
    x = steps if axis == "step" else np.nan_to_num(times)
    order = np.argsort(x, kind="stable")
    problems: list[str] = []
    found = [_sum(rows, [entries[i] for i in order[rows]], problems) for rows in _neighbours(x[order], most)]
    first = order[[one.rows.start for one in found]]
    last = order[[one.rows.stop - 1 for one in found]]
    columns = {
        "step": steps[first],
        "last_step": steps[last],
        "wall_time": times[first],
        "last_wall_time": times[last],
        "merged": np.array([one.merged for one in found]),
        "percentiles": np.concatenate([one.percentiles for one in found]),
        "end": np.cumsum([len(one.buckets.count) for one in found]),
        **{name: np.concatenate([getattr(one.buckets, name) for one in found]) for name in Buckets.__slots__},
    }
    return {
        "run": run,
        "rows": len(entries),
        "start": float(times[0]) if math.isfinite(times[0]) else None,
        "problems": problems[:10],
        **{name: answer.add(column) for name, column in columns.items()},
    }


def _neighbours(x: NDArray[Any], most: int) -> list[slice]:
    """Rows whose x lie in the same of `most` equal parts of the axis; each alone where there are no more of them."""
    if len(x) <= most:
        return [slice(i, i + 1) for i in range(len(x))]
    low, span = float(x[0]), float(x[-1]) - float(x[0])
    part = np.minimum((x.astype(np.float64) - low) / (span or 1) * most, most - 1).astype(np.int64)
    starts = np.flatnonzero(np.diff(part, prepend=-1))
    return [slice(*ends) for ends in zip(starts.tolist(), [*starts[1:].tolist(), len(x)], strict=True)]


def _sum(rows: slice, entries: list[Entry], problems: list[str]) -> Slice:
    """The histograms of some rows, added up; what cannot be read is told and left out."""
    summed, merged = NO_BUCKETS, 0
    for start in range(0, len(entries), _MOST_AT_ONCE):
        parts = _read(entries[start : start + _MOST_AT_ONCE], problems)
        merged += len(parts)
        summed = total([*([summed] if len(summed.count) else []), *parts])
    return Slice(rows, summed, merged, percentiles(summed))


def _read(entries: list[Entry], problems: list[str]) -> list[Buckets]:
    payloads = list(zip(entries, read_payloads(entries), strict=True))
    problems += [str(payload) for _, payload in payloads if not isinstance(payload, bytes)]
    read = [(entry, payload) for entry, payload in payloads if isinstance(payload, bytes)]
    histograms = histograms_of([entry.form for entry, _ in read], [payload for _, payload in read])
    found = []
    for (entry, _), histogram in zip(read, histograms, strict=True):
        try:
            if isinstance(histogram, Malformed):
                raise histogram
            found.append(checked(histogram))
        except Malformed as error:
            problems.append(f"step {entry.step}: {error}")
    return found
