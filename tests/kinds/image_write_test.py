"""Images as the writer makes them, beside torch's."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runlens import SummaryWriter
from runlens.writer.kinds import image
from tests.event_support import entries_of, values_of

Array = np.ndarray[Any, Any]
RANDOM = np.random.default_rng(3)
SIGNED = RANDOM.normal(0.5, 1, (3, 5, 7)).astype(np.float32)
BYTES = RANDOM.integers(0, 256, (4, 5, 7), dtype=np.uint8)


def decoded(value: Any, mode: str = "RGBA") -> Array:
    from PIL import Image

    picture = Image.open(io.BytesIO(value.image.encoded_image_string))
    assert picture.format == "PNG"
    assert picture.size == (value.image.width, value.image.height)
    assert value.image.colorspace == len(picture.getbands())
    return np.asarray(picture.convert(mode))


def written(directory: Path, log: Callable[[Any], object]) -> Any:
    """The one value that our writer made of a call."""
    with SummaryWriter(directory) as writer:
        log(writer)
    (value,) = values_of(directory)
    return value


def of_torch(directory: Path, log: Callable[[Any], object]) -> Any:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with TorchWriter(str(directory)) as writer:
        log(writer)
    (value,) = values_of(directory)
    return value


def torch_pixels(value: Any) -> Array:
    from PIL import Image

    return np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string)).convert("RGBA"))


def of_kind(name: str) -> Any:
    """Arrays of other libraries and dtypes than numpy's common ones."""
    import torch

    return {
        "torch": torch.from_numpy(SIGNED),
        "bfloat16": torch.from_numpy(SIGNED).bfloat16(),
        "gradients": torch.from_numpy(SIGNED).requires_grad_(),
        "half": SIGNED.astype(np.float16),
        "float64": SIGNED.astype(np.float64),
        "big endian": SIGNED.astype(">f4"),
        "uint8": BYTES[:3],
        "bool": SIGNED > 0,
        "mask": (SIGNED > 0).astype(np.int64),
        "infinities": np.where(SIGNED > 1, np.inf, np.where(SIGNED < 0, -np.inf, SIGNED)),
        "view": np.ascontiguousarray(BYTES[:3].transpose(1, 2, 0)).transpose(2, 0, 1),
    }[name]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # torch's, of infinities
@pytest.mark.parametrize(
    "name",
    ["torch", "bfloat16", "gradients", "half", "float64", "big endian", "uint8", "bool", "mask", "infinities", "view"],
)
def test_pixels_equal_torchs(tmp_path: Path, name: str) -> None:
    def log(writer: Any) -> None:
        writer.add_image("train/x", of_kind(name), 7, walltime=12.5)

    ours, torchs = written(tmp_path / "ours", log), of_torch(tmp_path / "torch", log)
    assert ours.tag == torchs.tag == "train/x"
    assert (ours.image.height, ours.image.width, ours.image.colorspace) == (5, 7, 3)
    assert np.array_equal(decoded(ours), torch_pixels(torchs))


@pytest.mark.parametrize(
    ("dataformats", "shape"),
    [
        ("CHW", (1, 5, 7)),
        ("CHW", (2, 5, 7)),
        ("CHW", (4, 5, 7)),
        ("HWC", (5, 7, 3)),
        ("hwc", (5, 7, 1)),
        ("HW", (5, 7)),
        ("WH", (7, 5)),
        ("WCH", (7, 4, 5)),
        ("NCHW", (1, 3, 5, 7)),
        ("NCHW", (11, 3, 5, 7)),
        ("NCHW", (3, 1, 5, 7)),
        ("NHWC", (9, 5, 7, 3)),
        ("CHNW", (3, 5, 9, 7)),
    ],
)
def test_dataformats_and_grids_equal_torchs(tmp_path: Path, dataformats: str, shape: tuple[int, ...]) -> None:
    pixels = RANDOM.integers(0, 256, shape, dtype=np.uint8)

    def log(writer: Any) -> None:
        writer.add_images("x", pixels, 0, dataformats=dataformats)

    ours = written(tmp_path / "ours", log)
    assert np.array_equal(decoded(ours), torch_pixels(of_torch(tmp_path / "torch", log)))


def test_a_grid_of_four_channels_equals_tensorboardx(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter as TensorboardX

    pixels = RANDOM.integers(0, 256, (9, 4, 5, 7), dtype=np.uint8)
    batches: list[tuple[Any, str]] = [(pixels, "NCHW"), (list(pixels), "CHW")]
    for value, dataformats in batches:
        directory = tmp_path / dataformats
        with TensorboardX(str(directory)) as writer:
            writer.add_images("x", value, 0, dataformats=dataformats)
        (theirs,) = values_of(directory)
        with SummaryWriter(directory / "ours") as own:
            own.add_images("x", value, 0, dataformats=dataformats)
        (ours,) = values_of(directory / "ours")
        assert np.array_equal(decoded(ours), torch_pixels(theirs))


def test_a_batch_without_channels_is_gray(tmp_path: Path) -> None:
    pixels = RANDOM.integers(0, 256, (2, 5, 7), dtype=np.uint8)
    value = written(tmp_path, lambda writer: writer.add_images("x", pixels, dataformats="NHW"))
    assert value.image.colorspace == 1
    assert np.array_equal(decoded(value, "L"), np.hstack([pixels[0], pixels[1]]))


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.uint16, np.int32, np.int64, np.uint64])
def test_other_integers_are_0_to_255(tmp_path: Path, dtype: Any) -> None:
    top = np.iinfo(dtype).max
    pixels = np.array([[0, 1, 100, min(top, 255), top, np.iinfo(dtype).min]], dtype)
    value = written(tmp_path, lambda writer: writer.add_image("x", pixels, dataformats="HW"))
    assert decoded(value, "L").tolist() == [[0, 1, 100, min(top, 255), min(top, 255), 0]]


def test_nan_is_black_and_told_once(tmp_path: Path) -> None:
    pixels = np.full((1, 2, 2), np.nan, np.float32)
    pixels[0, 0, 0] = 1
    with SummaryWriter(tmp_path) as writer:
        for tag in ("x", "y"):
            with pytest.warns(RuntimeWarning, match=f"'{tag}': NaN among the pixels is drawn black") as warned:
                writer.add_image(tag, pixels)
            assert warned[0].filename == __file__
        writer.add_image("x", pixels)
    images = [decoded(value, "L").tolist() for value in values_of(tmp_path)]
    assert images == [[[255, 0], [0, 0]]] * 3


def test_an_image_is_copied_in_the_call(tmp_path: Path) -> None:
    pixels = np.zeros((1, 300, 300), np.uint8)
    with SummaryWriter(tmp_path) as writer:
        for value in range(20):
            pixels[:] = value
            writer.add_image("x", pixels, value)
    assert [int(decoded(value, "L").max()) for value in values_of(tmp_path)] == list(range(20))


def test_our_reader_finds_images(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("x", BYTES, 3, 4.5)
        writer.add_image("x", BYTES, 2**40, 5.5)
    assert entries_of(tmp_path) == {"x": ("", [(4, 3, 4.5), (4, 2**40, 5.5)])}


BOXES = np.array([[1, 2, 20, 12], [-5, -5, 60, 25], [10.5, 4.25, 3, 39], [5, 5, 1e12, 20]])


@pytest.mark.parametrize("rescale", [1, 0.5, 2.3])
@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("labels", [None, ["cat", "", "Größe gj", "x" * 50]])
def test_boxes_equal_torchs(tmp_path: Path, rescale: float, channels: int, labels: list[str] | None) -> None:
    pixels = RANDOM.integers(0, 256, (channels, 40, 30), dtype=np.uint8)
    boxes = BOXES.clip(-1e6, 1e6)

    def log(writer: Any) -> None:
        writer.add_image_with_boxes("x", pixels, boxes, 1, rescale=rescale, labels=labels)

    ours = written(tmp_path / "ours", log)
    assert (ours.image.height, ours.image.width) == (int(40 * rescale), int(30 * rescale))
    assert np.array_equal(decoded(ours), torch_pixels(of_torch(tmp_path / "torch", log)))


def test_far_boxes_one_box_and_none(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        given: list[Any] = [BOXES[3], BOXES[3:].clip(-1e6, 1e6), np.zeros((0, 4)), []]
        for boxes in given:
            writer.add_image_with_boxes("x", BYTES, boxes)
    far, clipped, none, empty = (decoded(value) for value in values_of(tmp_path))
    assert np.array_equal(far, clipped)
    assert np.array_equal(none, BYTES.transpose(1, 2, 0))
    assert np.array_equal(none, empty)


def test_labels_that_the_font_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from PIL import ImageFont

    monkeypatch.setattr(ImageFont, "load_default", ImageFont.load_default_imagefont)  # as without FreeType
    with SummaryWriter(tmp_path) as writer:
        for label in ("Größe 损失", "Größe ??", "a\ud800", "a?"):
            writer.add_image_with_boxes("x", np.zeros((3, 40, 90), np.uint8), [5, 5, 80, 30], labels=[label])
    images = [decoded(value) for value in values_of(tmp_path)]
    assert np.array_equal(images[0], images[1])
    assert np.array_equal(images[2], images[3])


@pytest.mark.parametrize(
    ("pixels", "dataformats", "error", "message"),
    [
        (BYTES[:3], "HW", ValueError, r"image 'x': got shape \(3, 5, 7\) with dataformats 'HW', want an axis for each"),
        (BYTES[:3], "HWC", ValueError, r"which makes 7 channels, want 1 \(gray\), 2 \(gray and alpha\), 3 \(RGB\), 4"),
        (BYTES, "CHX", ValueError, "dataformats of image 'x': got 'CHX', want each of H, W once and no letter but"),
        (BYTES, "CHH", ValueError, "dataformats of image 'x': got 'CHH'"),
        (BYTES, 3, TypeError, "dataformats of image 'x': got int 3, want a str"),
        (BYTES[:3, :0], "CHW", ValueError, "want at least one pixel"),
        (BYTES * 1j, "CHW", TypeError, "of dtype complex128, want real numbers"),
        ("text", "CHW", TypeError, "image 'x': got str 'text'"),
        ([[1, 2], [3]], "HW", ValueError, "image 'x': got list"),
    ],
)
def test_errors(tmp_path: Path, pixels: Any, dataformats: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_image("x", pixels, dataformats=dataformats)
    assert values_of(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"box_tensor": np.zeros((2, 3))}, ValueError, r"box_tensor of image 'x': got shape \(2, 3\) of dtype float64"),
        ({"box_tensor": [[0, 0, np.nan, 1]]}, ValueError, "got NaN or an infinity, want pixels"),
        ({"labels": ["a", "b"]}, ValueError, "labels of image 'x': got 2 of them, want one for each of 1 boxes"),
        ({"labels": "a"}, TypeError, "labels of image 'x': got str 'a', want a list of str"),
        ({"labels": [1]}, TypeError, "labels of image 'x'"),
        ({"rescale": 0.01}, ValueError, "rescale of image 'x': got 0.01, which makes 0 x 0 of 5 x 7"),
        ({"rescale": 1e9}, ValueError, "want 1 to 268435456 pixels"),
        ({"rescale": float("nan")}, ValueError, "rescale of image 'x': got float nan, want a factor"),
        ({"rescale": None}, ValueError, "rescale of image 'x': got NoneType None, want a factor"),
    ],
)
def test_errors_of_boxes(tmp_path: Path, arguments: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_image_with_boxes("x", BYTES, **{"box_tensor": [[0, 0, 3, 3]], **arguments})
    assert values_of(tmp_path) == []


SHAPES = st.tuples(st.integers(1, 12), st.sampled_from([1, 3]), st.integers(1, 6), st.integers(1, 6))
DTYPES = st.sampled_from(["uint8", "float16", "float32", "float64", "bool"])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # torch's, of values beyond float32
@given(data=st.data(), order=st.permutations("NCHW"))
def test_any_image_equals_torchs(data: st.DataObject, order: list[str]) -> None:
    from tensorboard.compat.proto.event_pb2 import Event
    from torch.utils.tensorboard import summary

    shape = dict(zip("NCHW", data.draw(SHAPES), strict=True))
    elements = {"allow_nan": False} if (dtype := data.draw(DTYPES)).startswith("float") else None
    pixels = data.draw(arrays.arrays(dtype, tuple(shape[axis] for axis in order), elements=elements))
    value = image.image("x", pixels, "".join(order)).encode("x", True)
    ours = Event.FromString(value).summary.value[0]
    torchs = summary.image("x", pixels, dataformats="".join(order)).value[0]
    assert np.array_equal(decoded(ours), torch_pixels(torchs))
