"""Histograms beside torch's and numpy's, to the bucket and the bit."""

from __future__ import annotations

import math
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runlens import SummaryWriter, _kernel
from runlens.wire import histogram as wire
from runlens.wire.buckets import Histogram
from runlens.wire.value import histograms_of
from tests.written import accumulated, by_us_and_torch, events, scanned, value

RNG = np.random.default_rng(7)
NORMAL = RNG.normal(size=1000)


@cache
def torchs_edges() -> list[float]:
    """The edges of a writer of torch's."""
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with tempfile.TemporaryDirectory() as directory, TorchWriter(directory) as writer:  # type: ignore[no-untyped-call, unused-ignore]
        return [float(edge) for edge in writer.default_bins]


def ours(directory: Path, values: Any, **options: Any) -> Any:
    """The HistogramProto that our writer makes, as TensorBoard reads it."""
    with SummaryWriter(directory) as writer:
        writer.add_histogram("weights", values, 3, **options)
    return value(directory).histo


def unknown_numbers(histogram: Any) -> dict[int, int]:
    """Fields that TensorBoard's protos do not know."""
    from google.protobuf.unknown_fields import UnknownFieldSet  # type: ignore[import-untyped, unused-ignore]

    return {field.field_number: field.data for field in UnknownFieldSet(histogram)}


GOLDEN: dict[str, tuple[Any, dict[str, Any]]] = {
    "normal": (NORMAL, {}),
    "float32, two-dimensional": (NORMAL.astype(np.float32).reshape(10, 100), {}),
    "float16": (NORMAL.astype(np.float16), {}),
    "big-endian": (NORMAL.astype(">f4"), {}),
    "integers": (np.arange(-50, 200), {}),
    "unsigned": (np.arange(256, dtype=np.uint8), {}),
    "bools": (np.array([True, False, True]), {}),
    "a number": (2.5, {}),
    "zeros": (np.zeros(7), {}),
    "minus zero": (np.array([-0.0]), {}),
    "one value often": (np.full(9, -3.25), {}),
    "many magnitudes": (NORMAL * 10.0 ** RNG.integers(-14, 18, size=1000), {}),
    "on the edges": (np.array(torchs_edges()), {}),
    "beside the edges": (np.nextafter(torchs_edges(), 0), {}),
    "more than one of numpy's blocks": (RNG.normal(size=70_000), {}),
    "merged by two": (NORMAL, {"max_bins": 774}),
    "merged with a rest": (NORMAL, {"max_bins": 100}),
    "merged to one": (NORMAL, {"max_bins": 1}),
    "fewer bins than allowed": (NORMAL, {"max_bins": 5000}),
    "number of bins": (NORMAL, {"bins": 12}),
    "number of bins, merged": (NORMAL, {"bins": 12, "max_bins": 5}),
    "edges": (NORMAL, {"bins": [-1.0, -0.5, 0.0, 0.1, 2.0]}),
    "edges as an array": (NORMAL, {"bins": np.linspace(-4, 4, 9)}),
    "equal edges": (NORMAL, {"bins": [0.0, 0.0, 1.0]}),
}
GOLDEN |= {name: (NORMAL, {"bins": name}) for name in ("auto", "fd", "doane", "scott", "rice", "sturges", "sqrt")}
GOLDEN["stone"] = (NORMAL[:50], {"bins": "stone"})


@pytest.mark.parametrize("name", GOLDEN)
def test_equal_to_torchs(tmp_path: Path, name: str) -> None:
    values, options = GOLDEN[name]
    directories = by_us_and_torch(
        tmp_path, lambda writer: writer.add_histogram("a/b", values, 3, walltime=7.5, **options)
    )
    mine, torchs = (value(directory) for directory in directories)
    assert (mine.tag, mine.WhichOneof("value")) == ("a/b", "histo")
    if mine.histo.num > 10_000:  # then torch's dot product depends on how many threads BLAS has
        assert mine.histo.sum_squares == pytest.approx(torchs.histo.sum_squares, rel=1e-14)
        torchs.histo.sum_squares = mine.histo.sum_squares
    assert mine == torchs
    assert [(event.step, event.wall_time) for event in events(directories[0])] == [(3, 7.5)]
    (read,) = accumulated(directories[0]).Histograms("a/b")
    assert read.histogram_value.bucket == list(torchs.histo.bucket)
    assert read.histogram_value.bucket_limit == list(torchs.histo.bucket_limit)


def test_torch_tensors(tmp_path: Path) -> None:
    import torch

    tensor = torch.linspace(-2, 2, 300).reshape(3, 100).requires_grad_()
    for name, given_ in {"grad": tensor, "slice": tensor[:, ::3], "half": tensor.half()}.items():
        directories = by_us_and_torch(tmp_path / name, lambda writer, t=given_: writer.add_histogram("t", t))  # type: ignore[misc]
        assert value(directories[0]) == value(directories[1])
    # torch takes bfloat16 by way of float16, which is narrower: ours keeps the value.
    large = torch.tensor([1e30, 1.0], dtype=torch.bfloat16)
    assert ours(tmp_path / "bfloat16", large).max == large[0].item()


def test_our_scan_finds_it(tmp_path: Path) -> None:
    from tensorboard.compat.proto.summary_pb2 import HistogramProto

    histogram = ours(tmp_path, NORMAL)
    ((tag, form, step, body),) = scanned(tmp_path)
    assert (tag.name, form, step) == ("weights", 5, 3)
    assert HistogramProto.FromString(body) == histogram
    (found,) = histograms_of([form], [body])
    assert isinstance(found, Histogram)
    assert found.count.tolist() == list(histogram.bucket)[1:]
    assert (found.left[0], found.right[-1]) == (NORMAL.min(), NORMAL.max())
    assert found.right[:-1].tolist() == list(histogram.bucket_limit)[1:-1]


def test_the_callers_array_may_change_at_once(tmp_path: Path) -> None:
    values = np.ones(100_000, dtype=np.float32)
    with SummaryWriter(tmp_path) as writer:
        writer.add_histogram("weights", values)
        values[:] = 5
    assert value(tmp_path).histo.max == 1


def test_nan_and_infinities_are_counted_apart(tmp_path: Path) -> None:
    values = [math.nan, 1.0, math.inf, 2.0, -math.inf, math.nan, 4.0, math.inf, math.inf]
    histogram = ours(tmp_path, values)
    finite = np.array([1.0, 2.0, 4.0])
    counts, _ = np.histogram(finite, torchs_edges())
    assert [histogram.min, histogram.max, histogram.sum, histogram.sum_squares] == [1, 4, 7, 21]
    assert histogram.num == len(values)
    assert [count for count in histogram.bucket if count] == counts[counts > 0].tolist() == [1, 1, 1]
    assert unknown_numbers(histogram) == {wire.NAN: 2, wire.POSITIVE_INFINITY: 3, wire.NEGATIVE_INFINITY: 1}


@pytest.mark.parametrize("bins", ["tensorflow", "auto", 4, [0.0, 1.0]])
def test_nothing_finite(tmp_path: Path, bins: Any) -> None:
    histogram = ours(tmp_path, [math.nan, math.inf], bins=bins)
    assert math.isnan(histogram.min)
    assert math.isnan(histogram.max)
    assert [histogram.num, histogram.sum, histogram.sum_squares] == [2, 0, 0]
    assert (list(histogram.bucket_limit), list(histogram.bucket)) == ([], [])
    assert unknown_numbers(histogram) == {wire.NAN: 1, wire.POSITIVE_INFINITY: 1}
    assert [event.step for event in accumulated(tmp_path).Histograms("weights")] == [3]


def test_values_beyond_the_edges_have_buckets_of_their_own(tmp_path: Path) -> None:
    histogram = ours(tmp_path, [-1e300, -1e25, 1.0, 1e21, 3e22])
    limits, counts = np.array(histogram.bucket_limit), np.array(histogram.bucket)
    filled = [(limits[i - 1], limits[i], count) for i, count in enumerate(counts) if count]
    edges = torchs_edges()
    above_one = next(i for i, edge in enumerate(edges) if edge > 1)
    assert filled == [(-1e300, edges[0], 2), (edges[above_one - 1], edges[above_one], 1), (edges[-1], 3e22, 2)]
    assert (histogram.min, histogram.max, histogram.sum_squares) == (-1e300, 3e22, math.inf)


def test_own_edges_leave_out_what_lies_beyond_them(tmp_path: Path) -> None:
    histogram = ours(tmp_path / "some", [-5.0, 0.5, 5.0], bins=[0.0, 1.0, 2.0])
    assert (list(histogram.bucket_limit), list(histogram.bucket)) == ([0, 1], [0, 1])
    assert (histogram.num, histogram.min, histogram.max) == (3, -5, 5)
    histogram = ours(tmp_path / "all", [-5.0, 5.0], bins=[0.0, 1.0, 2.0])
    assert (list(histogram.bucket_limit), list(histogram.bucket)) == ([], [])
    assert (histogram.num, histogram.min, histogram.max, histogram.sum_squares) == (2, -5, 5, 50)


def test_edges_equal_torchs() -> None:
    assert wire.edges().tolist() == torchs_edges()


FLOATS = st.floats(width=64, allow_nan=True, allow_infinity=True)


@settings(max_examples=200)
@given(values=arrays.arrays(np.float64, st.integers(0, 60), elements=FLOATS), as_float32=st.booleans())
@example(values=np.array([e for edge in torchs_edges() for e in (edge, np.nextafter(edge, 9e99))]), as_float32=False)
@example(values=np.array([np.nextafter(edge, -9e99) for edge in torchs_edges()]), as_float32=False)
@example(values=np.array([2.0**k * (1 + m / 16) for k in range(-60, 80) for m in range(16)]), as_float32=True)
@example(values=np.array([-0.0, 5e-324, -5e-324, 1.7e308]), as_float32=False)
def test_kernel_counts_as_a_search_does(values: np.ndarray[Any, Any], as_float32: bool) -> None:
    with np.errstate(over="ignore", under="ignore"):
        values = values.astype(np.float32) if as_float32 else values
    counts, nan, above, below, low, high = _kernel.histogram(values)
    finite = values[np.isfinite(values)].astype(np.float64)
    edges = np.array(torchs_edges())
    assert counts[1:-1].tolist() == np.histogram(finite, edges)[0].tolist()
    assert (counts[0], counts[-1]) == ((finite < edges[0]).sum(), (finite > edges[-1]).sum())
    assert (nan, above, below) == (np.isnan(values).sum(), (values == np.inf).sum(), (values == -np.inf).sum())
    want = (finite.min(), finite.max()) if len(finite) else (math.nan, math.nan)
    assert np.array_equal((low, high), want, equal_nan=True)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=arrays.arrays(
        st.sampled_from([np.float32, np.float64, np.int64, np.uint8]), arrays.array_shapes(max_dims=3, max_side=6)
    ),
    max_bins=st.none() | st.integers(1, 3000),
)
def test_every_value_is_counted_once(
    tmp_path_factory: pytest.TempPathFactory, values: np.ndarray[Any, Any], max_bins: int | None
) -> None:
    histogram = ours(tmp_path_factory.mktemp("run"), values, max_bins=max_bins)
    others = unknown_numbers(histogram)
    assert sum(histogram.bucket) + sum(others.values()) == histogram.num == values.size
    assert list(histogram.bucket_limit) == sorted(histogram.bucket_limit)
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size:
        assert histogram.bucket[0] == 0
        assert (histogram.min, histogram.max) == (finite.min(), finite.max())
        assert histogram.bucket_limit[0] <= finite.min() <= finite.max() <= histogram.bucket_limit[-1]


RAW = {"min": -1.5, "max": 2, "num": 4, "sum": 1.25, "sum_squares": 9.0}


@pytest.mark.parametrize(
    ("limits", "counts"),
    [([0.0, 1.0, 2.0], [1, 0, 3]), (np.arange(3), np.array([1.0, 0.5, 2])), ([], []), ((-1, 5), (2, 2))],
)
def test_raw_equal_to_torchs(tmp_path: Path, limits: Any, counts: Any) -> None:
    directories = by_us_and_torch(
        tmp_path,
        lambda writer: writer.add_histogram_raw(
            "raw", **RAW, bucket_limits=limits, bucket_counts=counts, global_step=2
        ),
    )
    assert value(directories[0]) == value(directories[1])
    assert [event.step for event in events(directories[0])] == [2]


ERRORS: list[tuple[type[Exception], str, Any, dict[str, Any]]] = [
    (ValueError, "values of 'w': got list .*, want at least one element", [], {}),
    (TypeError, "values of 'w': got str 'abc'", "abc", {}),
    (TypeError, "values of 'w': got NoneType", None, {}),
    (TypeError, "values of 'w': got ndarray of shape .2,. of dtype complex128, want real", np.ones(2) * 1j, {}),
    (ValueError, "values of 'w'", [[1.0], [1.0, 2.0]], {}),
    (ValueError, "bins of 'w': got 'many', want 'tensorflow'", [1.0], {"bins": "many"}),
    (ValueError, "bins of 'w': got int 0, want", [1.0], {"bins": 0}),
    (ValueError, "bins of 'w': got list .1.0., want", [1.0], {"bins": [1.0]}),
    (ValueError, "bins of 'w': got list .* descend", [1.0], {"bins": [1.0, 0.0]}),
    (ValueError, "bins of 'w': got list .* not finite", [1.0], {"bins": [0.0, math.inf]}),
    (TypeError, "bins of 'w': got NoneType", [1.0], {"bins": None}),
    (ValueError, "max_bins of 'w': got int 0, want a positive integer", [1.0], {"max_bins": 0}),
    (ValueError, "max_bins of 'w': got float 1.5", [1.0], {"max_bins": 1.5}),
    (TypeError, "global_step of 'w'", [1.0], {"global_step": [1]}),
]


@pytest.mark.parametrize(("kind", "text", "values", "options"), ERRORS)
def test_errors(tmp_path: Path, kind: type[Exception], text: str, values: Any, options: dict[str, Any]) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(kind, match=text):
            writer.add_histogram("w", values, **options)
        with pytest.raises(TypeError, match="tag: got int 3, want a str"):
            writer.add_histogram(3, values)  # type: ignore[arg-type]
    assert events(tmp_path) == []


@pytest.mark.parametrize(
    ("kind", "text", "changes"),
    [
        (ValueError, "bucket_limits and bucket_counts of 'w': got 2 and 1 elements", {"bucket_limits": [1, 2]}),
        (ValueError, "bucket_counts of 'w': got list .* want a list", {"bucket_counts": [[1]]}),
        (TypeError, "min of 'w': got NoneType", {"min": None}),
        (ValueError, "sum of 'w': got list .* want one real number", {"sum": [1, 2]}),
    ],
)
def test_raw_errors(tmp_path: Path, kind: type[Exception], text: str, changes: dict[str, Any]) -> None:
    arguments = {**RAW, "bucket_limits": [1.0], "bucket_counts": [4], **changes}
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=text):
        writer.add_histogram_raw("w", **arguments)
    assert events(tmp_path) == []
