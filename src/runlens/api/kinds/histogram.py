"""Histograms: of all steps as many slices as a chart shows, and of one step all. Contract: docs/kinds/histogram.md."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from runlens.api.buckets import Buckets, Sum, checked, percentiles, sums, total
from runlens.api.entries import Rows, entries_at, entries_query, find_row, growing_rows_of, payload_of
from runlens.api.payload import Columns
from runlens.api.question import NotFound, Object, a_list, a_number, a_text, an_object, one_of
from runlens.api.slices import FARTHEST, first_changed, part_width, slice_starts, stride
from runlens.store.entry import Entry, read_payloads
from runlens.wire.fields import Malformed
from runlens.wire.value import buckets_of, histograms_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from runlens.store.index import Index
    from runlens.wire.buckets import Histogram

KIND: Final = "histogram"
AXES: Final = ("step", "wall")
MOST_SLICES: Final = 1000
_MOST_AT_ONCE: Final = 128  # rows read together: a few megabytes, which a processor keeps near


def slices(index: Index, question: Object) -> Columns:
    """The steps that the asker lacks of each chart's runs, in no more slices than the chart has room for."""
    answer = Columns({"revision": index.revision, "charts": []})
    for value in a_list(question, "charts"):
        chart = an_object(value, "charts")
        tag, axis = a_text(chart, "tag"), one_of(chart, "x", AXES)
        most = int(a_number(chart, "most", 50, 1, MOST_SLICES))
        have = an_object(chart.get("have", {}), "have")
        runs = [str(run) for run in a_list(chart, "runs")]
        series = [_answer_run(index, run, tag, axis, most, have.get(run), answer) for run in runs]
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


def _answer_run(
    index: Index, run: str, tag: str, axis: str, most: int, held: object, answer: Columns
) -> dict[str, Any] | None:
    parts, generation = growing_rows_of(index, KIND, run, tag)
    if not parts:
        return None
    steps = np.concatenate([part.entries.steps for part in parts]).astype(np.int64)
    times = np.concatenate([part.entries.wall_times for part in parts]).astype(np.float64)
    x = steps.astype(np.float64) if axis == "step" else np.clip(np.nan_to_num(times), -FARTHEST, FARTHEST)
    order = np.argsort(x, kind="stable")
    width = part_width(x[order], most, stride(steps[order]) if axis == "step" else 1.0)
    starts = slice_starts(x[order], width)
    now = [generation, len(order), width, axis]
    known = first_changed(order, starts, held, now)
    ends = np.append(starts[1:], len(order))[known:]
    problems: list[str] = []
    found = _sum_rows(parts, order, starts[known:], ends, problems)
    first, last = order[starts[known:]], order[ends - 1]
    columns = {
        "step": steps[first],
        "last_step": steps[last],
        "wall_time": times[first],
        "last_wall_time": times[last],
        "merged": np.array([one.parts for one in found], np.int64),
        "percentiles": _joined([percentiles(one.buckets) for one in found]),
        "end": np.cumsum([len(one.buckets.count) for one in found], dtype=np.int64),
        **{name: _joined([getattr(one.buckets, name) for one in found]) for name in Buckets.__slots__},
    }
    return {
        "run": run,
        "held": now,
        "from": known,
        "start": float(times[0]) if math.isfinite(times[0]) else None,
        "problems": problems[:10],
        **{name: answer.add(column) for name, column in columns.items()},
    }


def _joined(columns: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.concatenate([np.zeros(0), *columns])


def _sum_rows(
    parts: list[Rows],
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    problems: list[str],
) -> list[Sum]:
    """The sum of the rows `order[start:end]` of each slice; what cannot be read is told and left out."""
    found: list[Sum] = []
    if len(starts) == 0:
        return found
    wanted = entries_at(parts, order[starts[0] :])
    stops = ends - starts[0]
    start = 0
    while len(found) < len(stops):
        stop = int(np.searchsorted(stops, start + _MOST_AT_ONCE, "right"))
        if stop > len(found):
            found += _read_sums(wanted[start : stops[stop - 1]], stops[len(found) : stop] - start, problems)
        else:
            found.append(_sum_many(wanted[start : stops[stop]], problems))
        start = int(stops[len(found) - 1])
    return found


def _sum_many(entries: list[Entry], problems: list[str]) -> Sum:
    """The sum of more entries than are read at once."""
    pieces = [entries[start : start + _MOST_AT_ONCE] for start in range(0, len(entries), _MOST_AT_ONCE)]
    summed = [_read_sums(piece, np.array([len(piece)]), problems)[0] for piece in pieces]
    return Sum(total([one.buckets for one in summed]), sum(one.parts for one in summed))


def _read_sums(entries: list[Entry], ends: NDArray[np.int64], problems: list[str]) -> list[Sum]:
    """The sums of neighbours, each of the entries before one of the ends."""
    payloads = read_payloads(entries)
    is_read = np.array([isinstance(payload, bytes) for payload in payloads], bool)
    problems += [str(payload) for payload in payloads if not isinstance(payload, bytes)]
    read = [entry for entry, is_one in zip(entries, is_read.tolist(), strict=True) if is_one]
    table = buckets_of([entry.form for entry in read], [one for one in payloads if isinstance(one, bytes)])
    found, reasons = sums(table, np.concatenate([[0], is_read.cumsum()])[ends])
    problems += [f"step {entry.step}: {reason}" for entry, reason in zip(read, reasons, strict=True) if reason]
    return found
