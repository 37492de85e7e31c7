"""Histograms from the event file to the bytes that the page gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.summary_pb2 import HistogramProto

from runlens import SummaryWriter
from runlens.api import buckets
from runlens.api import slices as cutting
from runlens.api.kinds import histogram
from runlens.api.question import BadQuestion
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.fields import Malformed
from runlens.wire.message import bytes_field, text_field
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import DATA, index_of
from tests.tensorboard_app import TensorBoardApp

GOLDEN = Path(__file__).with_name("histogram.golden.bin")
STEPS = 50  # TensorBoard answers with at most 51
rng = np.random.default_rng(0)


def first_form(tag: str, proto: HistogramProto | bytes, step: int = 0) -> bytes:
    body = proto if isinstance(proto, bytes) else proto.SerializeToString()
    return frame(event.event(1.7e9 + step, step, event.summary(text_field(1, tag) + bytes_field(5, body))))


def tensor_form(tag: str, rows: Any, step: int = 0) -> bytes:
    value = event.tensor_value(tag, tensor.of_array(np.asarray(rows, np.float64)), event.metadata("histograms"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def log(root: Path, run: str, *records: bytes) -> Index:
    (root / run).mkdir(parents=True, exist_ok=True)
    (root / run / "tfevents.1").write_bytes(b"".join(records))
    return index_of(root)


def slices(index: Index, tag: str, *runs: str, **more: Any) -> list[dict[str, Any]]:
    """The series of a chart, columns in place of their numbers, buckets as one [k, 3] a slice."""
    answer = histogram.QUERIES["slices"](index, {"charts": [{"tag": tag, "runs": list(runs), **more}]})
    header, arrays = decode(answer.encode())
    series = []
    for one in header["charts"][0]["series"]:
        named = ("step", "last_step", "wall_time", "last_wall_time", "merged", "end", "left", "right", "count")
        columns = {name: arrays[one[name]] for name in named}
        rows = np.column_stack([columns.pop(name) for name in ("left", "right", "count")])
        bands = arrays[one["percentiles"]].reshape(-1, 9)
        series.append({**one, **columns, "buckets": np.split(rows, columns["end"][:-1]), "percentiles": bands})
    return series


def row(index: Index, run: str, tag: str, number: int) -> dict[str, Any]:
    """The answer for one row."""
    header, arrays = decode(histogram.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    key = int(arrays[header["charts"][0]["series"][0]["key"]][number])
    asked = {"run": run, "tag": tag, "row": number, "key": key}
    header, arrays = decode(histogram.QUERIES["rows"](index, {"charts": [asked]}).encode())
    (told,) = header["charts"]
    columns = ("statistics", "percentiles", "left", "right", "count")
    return {name: arrays[value] if name in columns else value for name, value in told.items()}


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Histograms of torch's writer, of ours, and such tensors as TensorFlow 2 writes."""
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    root = tmp_path_factory.mktemp("logs")
    with TorchWriter(str(root / "torch")) as theirs, SummaryWriter(root / "ours") as ours:
        for step in range(STEPS):
            values = rng.normal(step / 10, 1, 500).astype(np.float32)
            theirs.add_histogram("w", values, step)
            ours.add_histogram("w", values, step)
    records = []
    for step in range(STEPS):
        counts, edges = np.histogram(rng.gamma(2, step + 1, 300), 30)
        records.append(tensor_form("w", np.column_stack([edges[:-1], edges[1:], counts]), step))
    log(root, "tensorflow", *records)
    return root


@pytest.fixture(scope="module")
def board(logdir: Path) -> TensorBoardApp:
    return TensorBoardApp(logdir)


def test_bucket_for_bucket_as_tensorboard_answers(logdir: Path, board: TensorBoardApp) -> None:
    index = index_of(logdir)
    for run in ("torch", "ours", "tensorflow"):
        (ours,) = slices(index, "w", run, most=1000)
        theirs = board.get("histograms/histograms", run=run, tag="w")
        assert len(theirs) == len(ours["step"]) == STEPS
        for number, (wall_time, step, rows) in enumerate(theirs):
            assert (ours["wall_time"][number], ours["step"][number]) == (wall_time, step)
            dtype = np.float64 if run == "tensorflow" else np.float32  # which they convert the first form to
            assert np.array_equal(ours["buckets"][number].astype(dtype), np.array(rows))


def test_percentiles_as_tensorboard_answers(logdir: Path, board: TensorBoardApp) -> None:
    index = index_of(logdir)
    for run in ("torch", "ours", "tensorflow"):
        (ours,) = slices(index, "w", run, most=1000)
        theirs = board.get("distributions/distributions", run=run, tag="w")
        for bands, (_, _, rows) in zip(ours["percentiles"], theirs, strict=True):
            assert [point for point, _ in rows] == buckets.BASIS_POINTS.tolist()
            assert bands == pytest.approx([value for _, value in rows], rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("framework", ["tensorflow", "torch"])
def test_what_frameworks_logged(framework: str) -> None:
    board, index = TensorBoardApp(DATA / framework), index_of(DATA / framework)
    found = 0
    for run, tags in board.get("histograms/tags").items():
        for tag in tags:
            (ours,) = slices(index, tag, run, most=1000)
            for rows, (_, _, theirs) in zip(
                ours["buckets"], board.get("histograms/histograms", run=run, tag=tag), strict=True
            ):
                assert rows == pytest.approx(np.array(theirs).reshape(-1, 3), rel=1e-6)
                found += 1
    assert found > 0


def test_neighbouring_steps_are_added_up(logdir: Path) -> None:
    index = index_of(logdir)
    (whole,) = slices(index, "w", "torch", most=STEPS)
    (merged,) = slices(index, "w", "torch", most=5)
    assert merged["held"][1:] == [STEPS, 10, "step"]
    assert merged["merged"].tolist() == [10] * 5
    assert merged["step"].tolist() == [0, 10, 20, 30, 40]
    assert merged["last_step"].tolist() == [9, 19, 29, 39, 49]
    for number, rows in enumerate(merged["buckets"]):
        parts = np.concatenate(whole["buckets"][number * 10 : number * 10 + 10])
        assert rows[:, 2].sum() == pytest.approx(parts[:, 2].sum())
        assert (rows[0, 0], rows[-1, 1]) == (parts[:, 0].min(), parts[:, 1].max())
        for edge in rows[::40, 1]:  # an oracle: each bucket's part below the edge, one by one
            below = sum(c * min(max((edge - low) / (high - low), 0), 1) for low, high, c in parts)
            assert rows[rows[:, 1] <= edge, 2].sum() == pytest.approx(below, rel=1e-5)


@pytest.mark.parametrize("most", [1, 4, 7, 100])
def test_only_what_is_new_is_asked_for(tmp_path: Path, most: int) -> None:
    records = [tensor_form("x", [[0, 1, step + 1]], step) for step in range(60)]
    records += [first_form("x", b"\xff", 60), tensor_form("x", [[0, 1, 1]], 20)]  # one is broken, one goes back
    (tmp_path / "a").mkdir()
    path, index = tmp_path / "a" / "tfevents.1", index_of(tmp_path)
    held: dict[str, Any] = {}
    sent = 0
    for count in (0, 1, 2, 5, 30, 31, 32, 33, 59, 60, 61, 62, 62):
        path.write_bytes(b"".join(records[:count]))
        index.refresh()
        asked = {"have": {"a": held["held"]}} if held else {}
        fresh = slices(index, "x", "a", most=most)
        for news in slices(index, "x", "a", most=most, **asked):
            kept = news["from"]
            sent += len(news["step"])
            for name in ("step", "last_step", "merged", "percentiles"):
                news[name] = np.concatenate([held[name][:kept], news[name]]) if kept else news[name]
            news["buckets"] = (held["buckets"][:kept] if kept else []) + [*news["buckets"]]
            assert news["held"] == fresh[0]["held"]
            for name in ("step", "last_step", "merged", "percentiles"):
                assert np.array_equal(news[name], fresh[0][name], equal_nan=True)
            assert [rows.tolist() for rows in news["buckets"]] == [rows.tolist() for rows in fresh[0]["buckets"]]
            held = news
    assert slices(index, "x", "a", most=most, have={"a": held["held"]})[0]["from"] == len(held["step"])
    assert sent < 200  # of more than 300 if all were sent each time


@pytest.mark.parametrize("held", [None, [], [1, 2], ["a", "b", "c"], [0, -1, 0, "step"], [0, 10**30, 0]])
def test_what_was_never_answered_is_not_held(tmp_path: Path, held: Any) -> None:
    index = log(tmp_path, "a", tensor_form("x", [[0, 1, 4]]))
    assert slices(index, "x", "a", have={"a": held})[0]["from"] == 0


@settings(max_examples=300, deadline=None)
@example([-cutting.FARTHEST, cutting.FARTHEST], 1)
@example([0.0, 5e-324], 1)
@given(st.lists(st.floats(-cutting.FARTHEST, cutting.FARTHEST), min_size=1, max_size=40), st.integers(1, 12))
def test_parts_of_any_axis(values: list[float], most: int) -> None:
    x = np.sort(np.array(values))
    with np.errstate(all="raise", under="ignore"):
        width = cutting.part_width(x, most)
        starts = cutting.slice_starts(x, width)
    assert 1 <= len(starts) <= max(most, 1 if width else len(x))
    assert starts[0] == 0
    assert (np.diff(starts) > 0).all()
    more = np.append(x, x[-1])  # what is added behind moves no limit
    if width:
        assert cutting.slice_starts(more, width).tolist() == starts.tolist()


def test_sums_of_steps_at_even_distances_have_as_many_parts(tmp_path: Path) -> None:
    index = log(tmp_path, "a", *(tensor_form("x", [[0, 1, 1]], 7 + 4 * step) for step in range(100)))
    (one,) = slices(index, "x", "a", most=50)
    assert one["merged"].tolist() == [2] * 50
    assert one["held"][2] == 8
    assert cutting.stride(np.array([-(2**63), 2**63 - 1])) >= 1
    assert cutting.stride(np.array([5, 5])) == cutting.stride(np.array([5])) == 1


def test_a_sum_of_equal_edges_is_exact() -> None:
    edges = np.array([0.0, 0.1, 0.7, 5])
    parts = [buckets.Buckets(edges[:-1], edges[1:], np.array(c, float)) for c in ([1, 0, 2], [5, 7, 0], [0, 3, 3])]
    summed = buckets.total(parts)
    assert summed.count.tolist() == [6, 10, 5]
    assert (summed.left.tolist(), summed.right.tolist()) == (edges[:-1].tolist(), edges[1:].tolist())


def test_points_and_disorder_keep_their_counts() -> None:
    point = buckets.Buckets(np.array([3.0]), np.array([3.0]), np.array([7.0]))
    apart = buckets.Buckets(np.array([4.0, 0.0]), np.array([5.0, 3.0]), np.array([2.0, 3.0]))
    summed = buckets.total([point, apart])
    assert summed.count.sum() == 12
    assert summed.count[summed.left >= 4].sum() == 2
    assert summed.count[(summed.left >= 3) & (summed.right <= np.nextafter(3, 4))].sum() == 7


def test_very_many_buckets_are_joined(tmp_path: Path) -> None:
    edges = np.linspace(0, 1, 5001)
    rows = np.column_stack([edges[:-1], edges[1:], np.ones(5000)])
    index = log(tmp_path, "a", tensor_form("x", rows))
    (one,) = slices(index, "x", "a")
    assert len(one["buckets"][0]) == buckets.MOST_BUCKETS
    assert one["buckets"][0][:, 2].sum() == pytest.approx(5000)
    assert len(row(index, "a", "x", 0)["count"]) == 5000


def test_statistics_of_all_values(tmp_path: Path) -> None:
    values = np.concatenate([rng.normal(2, 3, 1000), [np.nan] * 3, [np.inf], [-np.inf] * 2])
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_histogram("x", values, 5)
    told = row(index_of(tmp_path), "a", "x", 0)
    finite = values[np.isfinite(values)]
    want = [1006, finite.min(), finite.max(), finite.mean(), finite.std(), 3, 1, 2]
    assert told["statistics"] == pytest.approx(want, rel=1e-6)
    assert told["exact"] is True
    assert told["count"].sum() == 1000


def test_statistics_from_buckets(tmp_path: Path) -> None:
    index = log(tmp_path, "a", tensor_form("x", [[0, 2, 1], [2, 4, 3]]))
    told = row(index, "a", "x", 0)
    assert told["exact"] is False
    mean = (1 * 1 + 3 * 3) / 4
    variance = (1 * (1 - mean) ** 2 + 3 * (3 - mean) ** 2) / 4 + 2**2 / 12
    assert told["statistics"] == pytest.approx([4, 0, 4, mean, variance**0.5, 0, 0, 0])


def test_the_slices_follow_the_axis(tmp_path: Path) -> None:
    def at(step: int, wall_time: float) -> bytes:
        value = event.tensor_value("x", tensor.of_array(np.array([[0.0, 1, step]])), event.metadata("histograms"))
        return frame(event.event(wall_time, step, event.summary(value)))

    index = log(tmp_path, "a", at(5, 100), at(10, 200), at(5, 300))  # begun anew
    assert slices(index, "x", "a")[0]["step"].tolist() == [5, 5, 10]
    assert slices(index, "x", "a", x="wall")[0]["step"].tolist() == [5, 10, 5]
    assert slices(index, "x", "a", most=1)[0]["merged"].tolist() == [3]
    odd = log(tmp_path, "b", *(at(step, time) for step, time in enumerate((np.inf, 1.0, -np.inf, np.nan))))
    assert slices(odd, "x", "b", x="wall", most=2)[0]["merged"].sum() == 4
    held = {"a": slices(index, "x", "a")[0]["held"]}
    assert slices(index, "x", "a", x="wall", have=held)[0]["from"] == 0  # another order


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (first_form("x", b"\xff"), "not protobuf"),
        (first_form("x", HistogramProto(bucket=[1], bucket_limit=[1, 2])), "bucket limits are not as many as buckets"),
        (first_form("x", bytes_field(6, b"12345")), "ends within a number"),
        (
            first_form("x", HistogramProto(bucket=[1, 1], bucket_limit=[1, np.inf], min=0, max=np.inf)),
            "an edge of a bucket is infinite",
        ),
        (first_form("x", HistogramProto(bucket=[-1, 2], bucket_limit=[1, 2])), "negative or no number"),
        (tensor_form("x", [[1, 2]]), r"want real numbers of shape \(k, 3\)"),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_rest_is_shown(tmp_path: Path, record: bytes, reason: str) -> None:
    import re

    rows = [[0, 1, 0], [1, 2, 4.1]]
    index = log(tmp_path, "a", record, tensor_form("x", rows, 1))
    (one,) = slices(index, "x", "a", most=1)
    assert one["merged"].tolist() == [1]
    assert re.search(f"step 0: .*{reason}", one["problems"][0])
    assert one["buckets"][0].tolist() == rows  # as they were logged, for they are alone
    assert re.search(reason, row(index, "a", "x", 0)["error"])


def test_what_was_changed_on_disk_is_told_and_the_rest_is_shown(tmp_path: Path) -> None:
    records = [tensor_form("x", [[0, 1, step + 1]], step) for step in range(3)]
    index = log(tmp_path, "a", *records)
    with (tmp_path / "a" / "tfevents.1").open("r+b") as file:
        file.seek(records[0].index(np.float64(1).tobytes()))
        file.write(b"!")
    (one,) = slices(index, "x", "a")
    assert one["merged"].tolist() == [0, 1, 1]
    assert [rows.tolist() for rows in one["buckets"]] == [[], [[0, 1, 2]], [[0, 1, 3]]]
    assert "the file was changed since it was indexed" in one["problems"][0]


def test_empty_histograms_have_no_percentiles(tmp_path: Path) -> None:
    index = log(tmp_path, "a", tensor_form("x", np.zeros((0, 3))), first_form("x", HistogramProto(), 1))
    (one,) = slices(index, "x", "a")
    assert [len(rows) for rows in one["buckets"]] == [0, 0]
    assert np.isnan(one["percentiles"]).all()
    assert np.isnan(row(index, "a", "x", 1)["statistics"][1:5]).all()


def test_wrong_questions_are_told(tmp_path: Path) -> None:
    index = log(tmp_path, "a", tensor_form("x", [[0, 1, 4]]))
    with pytest.raises(BadQuestion, match="most: got 0, want a number from 1"):
        slices(index, "x", "a", most=0)
    with pytest.raises(BadQuestion, match="x: got 'time', want one of step, wall"):
        slices(index, "x", "a", x="time")
    assert slices(index, "x", "b") == slices(index, "y", "a") == []


number = st.one_of(st.floats(), st.floats(-10, 10), st.integers(-3, 3).map(float))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.tuples(number, number, number), max_size=6), min_size=1, max_size=4))
def test_whatever_is_summed_nothing_is_lost(logged: list[list[tuple[float, float, float]]]) -> None:
    from runlens.wire.buckets import histogram_of_buckets

    parts = []
    for rows in logged:
        try:
            parts.append(buckets.checked(histogram_of_buckets(np.array(rows, float).reshape(-1, 3))))
        except Malformed:
            continue
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        summed = buckets.total(parts) if parts else buckets.Buckets(*np.zeros((3, 0)))
        bands = buckets.percentiles(summed)
    want = sum(float(part.count.sum()) for part in parts)
    assert summed.count.sum() == pytest.approx(want, rel=1e-3, abs=1e-30)
    assert (np.diff(bands) >= 0).all() or np.isnan(bands).all()


def test_golden(tmp_path: Path) -> None:
    """The answer of `slices` that the page's tests read; delete the file to make it anew."""
    for run in "ab":
        log(tmp_path, run, *(tensor_form("w", [[-1, 0, 2], [0, 1, 4 + step], [1, 3, 2]], step) for step in range(6)))
    index = index_of(tmp_path)
    index.revision = 42
    for known in index.runs.values():
        known.entries["w"].generation = 7
    answer = histogram.QUERIES["slices"](index, {"charts": [{"tag": "w", "runs": ["a", "b"], "most": 3}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
