"""Payloads decoded, against the packages of TensorBoard and torch; hostile bytes give an error of ours or a value."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.types_pb2 import DataType
from tensorboard.data_compat import migrate_value
from tensorboard.util.tensor_util import make_ndarray, make_tensor_proto

from runlens.wire import value
from runlens.wire.array import array_of
from runlens.wire.fields import Malformed
from runlens.wire.legacy import given_name
from runlens.wire.session import session_status

rng = np.random.default_rng(0)


def histogram_of(form: int, body: bytes) -> Any:
    """[k, 3]: left edge, right edge and count."""
    (found,) = value.histograms_of([form], [body])
    if isinstance(found, Malformed):
        raise found
    return np.column_stack([found.left, found.right, found.count])


NUMPY_DTYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "c8", "c16", "?"]
LISTS = {
    "DT_FLOAT": "float_val", "DT_DOUBLE": "double_val", "DT_INT32": "int_val", "DT_UINT8": "int_val",
    "DT_INT16": "int_val", "DT_INT8": "int_val", "DT_INT64": "int64_val", "DT_BOOL": "bool_val",
    "DT_UINT16": "int_val", "DT_QINT8": "int_val", "DT_QUINT8": "int_val", "DT_QINT32": "int_val",
}  # fmt: skip


def shaped(dtype: str, shape: list[int], **lists: Any) -> TensorProto:
    proto = TensorProto(dtype=DataType.Value(dtype), **lists)
    for size in shape:
        proto.tensor_shape.dim.add(size=size)
    return proto


@pytest.mark.parametrize("dtype", NUMPY_DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3, 4)])
def test_content_of_every_dtype(dtype: str, shape: tuple[int, ...]) -> None:
    array = rng.integers(0, 200, shape).astype(dtype)
    proto = TensorProto(dtype=make_tensor_proto(array).dtype, tensor_content=array.tobytes())
    proto.tensor_shape.CopyFrom(make_tensor_proto(array).tensor_shape)
    found = array_of(proto.SerializeToString())
    assert found.dtype == array.dtype and np.array_equal(found, array)
    assert np.array_equal(array_of(make_tensor_proto(array).SerializeToString()), array)


@pytest.mark.parametrize("dtype", LISTS)
@pytest.mark.parametrize("numbers", [[1], [0, 1, 5, 100]])
def test_typed_lists(dtype: str, numbers: list[int]) -> None:
    proto = shaped(dtype, [2, 2], **{LISTS[dtype]: numbers})
    found = array_of(proto.SerializeToString())
    expected = make_ndarray(proto)
    assert found.shape == (2, 2) and np.array_equal(found, expected.view(found.dtype))


def test_negative_numbers_and_bits_in_lists() -> None:
    assert array_of(shaped("DT_INT8", [2], int_val=[-128, -1]).SerializeToString()).tolist() == [-128, -1]
    assert array_of(shaped("DT_INT64", [2], int64_val=[-(2**63), -1]).SerializeToString()).tolist() == [-(2**63), -1]
    assert array_of(shaped("DT_UINT64", [1], uint64_val=[2**64 - 1]).SerializeToString()).tolist() == [2**64 - 1]
    assert array_of(shaped("DT_HALF", [2], half_val=[0x3C00, 0xC000]).SerializeToString()).tolist() == [1, -2]
    assert array_of(shaped("DT_BFLOAT16", [2], half_val=[0x3F80, 0xC000]).SerializeToString()).tolist() == [1, -2]
    assert array_of(shaped("DT_COMPLEX64", [1], scomplex_val=[1, -2]).SerializeToString()).tolist() == [1 - 2j]


def test_short_lists_go_on_with_their_last_element_and_empty_ones_with_zeros() -> None:
    assert array_of(shaped("DT_FLOAT", [4], float_val=[1, 2]).SerializeToString()).tolist() == [1, 2, 2, 2]
    assert array_of(shaped("DT_STRING", [3], string_val=[b"a"]).SerializeToString()).tolist() == [b"a"] * 3
    assert array_of(shaped("DT_STRING", [2]).SerializeToString()).tolist() == [b"", b""]
    assert array_of(shaped("DT_INT32", [2]).SerializeToString()).tolist() == [0, 0]


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2fnuz"])
def test_floats_of_eight_bits_are_those_of_torch(name: str) -> None:
    import torch

    bits = torch.arange(256, dtype=torch.uint8)
    expected = bits.view(getattr(torch, name)).float().numpy()
    for where in ("tensor_content", "float8_val"):
        proto = shaped(f"DT_{name.upper()}", [256], **{where: bits.numpy().tobytes()})
        assert np.array_equal(array_of(proto.SerializeToString()), expected, equal_nan=True)


@pytest.mark.parametrize("name", ["uint8", "int16", "float16", "bfloat16", "float64", "complex64", "bool"])
def test_tensors_as_torch_writes_them(name: str) -> None:
    import torch
    from torch.utils.tensorboard import summary

    tensor = (torch.arange(6).reshape(2, 3) - 1).to(getattr(torch, name))
    body = summary.tensor_proto("tag", tensor).value[0].tensor.SerializeToString()
    expected = tensor.float() if name == "bfloat16" else tensor
    assert np.array_equal(array_of(body), expected.numpy())


@pytest.mark.parametrize(
    ("proto", "reason"),
    [
        (shaped("DT_FLOAT", [2**40], float_val=[1]), "at most 67108864 elements"),
        (shaped("DT_FLOAT", [2**20] * 4), "at most"),
        (shaped("DT_FLOAT", [0, 2**62, 2**62]), "at most"),
        (shaped("DT_FLOAT", [-1]), "sizes from 0"),
        (shaped("DT_FLOAT", [1] * 33, float_val=[1]), "more than 32 dimensions"),
        (shaped("DT_FLOAT", [1], float_val=[1, 2]), "2 elements, want at most 1"),
        (shaped("DT_FLOAT", [2], tensor_content=bytes(4)), "1 elements, want 2"),
        (shaped("DT_FLOAT", [1], tensor_content=bytes(5)), "multiple of 4"),
        (shaped("DT_RESOURCE", []), "DataType 20"),
    ],
)
def test_what_claims_too_much_is_refused(proto: TensorProto, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        array_of(proto.SerializeToString())


def test_a_large_claim_takes_no_memory() -> None:
    body = shaped("DT_DOUBLE", [2**26], double_val=[1.5]).SerializeToString()
    tracemalloc.start()
    assert array_of(body)[-1] == 1.5
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


finite = st.floats(-1e30, 1e30)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=8), finite, finite)
def test_histograms_of_the_first_form_are_as_tensorboard_has_them(counts: list[int], low: float, high: float) -> None:
    limits = np.linspace(min(low, high), max(low, high) + 1, len(counts))
    inside = np.flatnonzero(counts)
    least = limits[inside[0]] - 0.5 if len(inside) else 0.0
    greatest = limits[inside[-1]] if len(inside) else 0.0
    histogram = HistogramProto(min=least, max=greatest, bucket_limit=[*limits[:-1], np.finfo(float).max], bucket=counts)
    migrated = migrate_value(Summary.Value(tag="h", histo=histogram))
    found = histogram_of(5, histogram.SerializeToString())
    assert np.array_equal(found.astype(np.float32), make_ndarray(migrated.tensor))
    assert found[:, 2].sum() == sum(counts)
    assert np.array_equal(histogram_of(8, migrated.tensor.SerializeToString()), found.astype(np.float32))


@pytest.mark.parametrize(
    ("least", "greatest", "buckets"),
    [
        (0.25, 1.5, [[0.25, 1, 2], [1, 1.5, 3]]),
        (np.nan, np.nan, [[0, 1, 2], [1, 2, 3]]),
        (-np.inf, np.inf, [[0, 1, 2], [1, 2, 3]]),
        (9, -9, [[0, 1, 2], [1, 2, 3]]),
    ],
)
def test_edges_stay_on_their_side(least: float, greatest: float, buckets: list[list[float]]) -> None:
    histogram = HistogramProto(min=least, max=greatest, bucket_limit=[0, 1, 2, 3], bucket=[0, 2, 3, 0])
    assert histogram_of(5, histogram.SerializeToString()).tolist() == buckets


def test_images_of_both_forms() -> None:
    image = Summary.Image(width=3, height=2, encoded_image_string=b"png")
    migrated = migrate_value(Summary.Value(tag="i", image=image)).tensor
    expected = value.Images(3, 2, [b"png"])
    assert value.images_of(4, image.SerializeToString()) == expected
    assert value.images_of(8, migrated.SerializeToString()) == expected
    many = make_tensor_proto([b"3", b"?", b"one", b"two"])
    assert value.images_of(8, many.SerializeToString()) == value.Images(3, 0, [b"one", b"two"])


def test_sounds_of_all_forms() -> None:
    audio = Summary.Audio(sample_rate=44100, encoded_audio_string=b"RIFFwav", content_type="text/html")
    migrated = migrate_value(Summary.Value(tag="a", audio=audio)).tensor
    (old,), (new,) = value.clips_of(6, audio.SerializeToString()), value.clips_of(8, migrated.SerializeToString())
    assert (old.encoded[:], old.label, old.sample_rate) == (b"RIFFwav", "", 44100)
    assert (new.encoded[:], new.label, new.sample_rate) == (b"RIFFwav", "", None)
    plain = make_tensor_proto([b"OggS", b"?"]).SerializeToString()
    assert [clip.encoded[:] for clip in value.clips_of(8, plain)] == [b"OggS", b"?"]
    labelled = make_tensor_proto([[b"fLaC", "größe".encode()]]).SerializeToString()
    assert value.clips_of(8, labelled)[0].label == "größe"


def test_texts_blobs_graphs_and_metadata() -> None:
    texts = make_tensor_proto([["a", "b"], ["ü", "d"]]).SerializeToString()
    assert value.text_of(8, texts).tolist() == [["a", "b"], ["ü", "d"]]
    assert value.blob_of(8, make_tensor_proto(b"one").SerializeToString()) == b"one"
    assert value.graph_of(104, b"graph") == b"graph"
    meta = MetaGraphDef()
    meta.graph_def.node.add(name="x")
    assert value.graph_of(109, meta.SerializeToString()) == meta.graph_def.SerializeToString()
    metadata = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="hparams", content=b"c"))
    assert value.plugin_content_of(9, metadata.SerializeToString()) == b"c"
    with pytest.raises(Malformed, match="form 4 of a value cannot hold a text"):
        value.text_of(4, b"")


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("loss/scalar_summary", "loss"),
        ("a/image_summary/0", "a/0"),
        ("note/text_summary", "note"),
        ("a/histogram_summary/b", "a/histogram_summary/b"),
        ("x/audio_summary", "x"),
        ("curve/pr_curves", "curve"),
        ("/text_summary", "/text_summary"),
        ("plain", "plain"),
    ],
)
def test_names_without_what_writers_append(tag: str, name: str) -> None:
    assert given_name(tag) == name


QUESTIONS: list[Callable[[int, bytes], Any]] = [
    value.tensor_of, histogram_of, value.images_of, value.clips_of, value.video_of, value.text_of,
    value.blob_of,
    value.graph_of, value.run_metadata_of, value.plugin_content_of,
]  # fmt: skip
FORMS = [4, 5, 6, 8, 9, 104, 108, 109]
well_formed = st.sampled_from(
    [
        make_tensor_proto(rng.normal(size=(2, 3))).SerializeToString(),
        make_tensor_proto([b"1", b"2", b"x"]).SerializeToString(),
        shaped("DT_INT32", [3], int_val=[1, 2, 300]).SerializeToString(),
        HistogramProto(min=0, max=1, bucket_limit=[1, 2], bucket=[1, 0]).SerializeToString(),
        Summary.Audio(sample_rate=1.0, content_type="audio/wav", encoded_audio_string=b"x").SerializeToString(),
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = bytearray(draw(well_formed))
    for at, byte in draw(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=4)):
        data[at % len(data)] = byte
    return bytes(data[: draw(st.integers(0, len(data)))])


@settings(max_examples=300)
@given(st.binary(max_size=120) | damaged(), st.sampled_from(FORMS))
@example(b"\x12\x0b\x12\x09\x08" + b"\xff" * 8, 8)
def test_any_bytes_give_a_value_or_an_error_that_says_what_is_wrong(body: bytes, form: int) -> None:
    tracemalloc.start()
    for question in QUESTIONS:
        try:
            question(form, body)
        except Malformed as error:
            assert str(error)
    try:
        session_status(body)
    except Malformed as error:
        assert "SessionLog" in str(error)
    assert tracemalloc.get_traced_memory()[1] < 200_000 + 100 * len(body)
    tracemalloc.stop()
