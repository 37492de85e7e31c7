"""Videos as the writer makes them: frames by Pillow's reader, the tiling by torch's, files byte by byte."""

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from runlens import SummaryWriter
from runlens.writer import gif
from tests.event_support import entries_of, values_of

Array = np.ndarray[Any, Any]
RANDOM = np.random.default_rng(4)
MP4 = struct.pack(">I", 24) + b"ftypisom\0\0\2\0isomavc1" + bytes(RANDOM.bytes(50_000))
WEBM = bytes.fromhex("1a45dfa39f4286810142f7810142f2810442f381084282847765626d") + b"rest"


def played(encoded: bytes) -> tuple[Array, list[int]]:
    """Frames [T, H, W, RGB] as a viewer shows them, and how long each is shown, in ms."""
    from PIL import Image

    movie: Any = Image.open(io.BytesIO(encoded))
    assert movie.format == "GIF"
    assert movie.info["loop"] == 0
    frames, durations = [], []
    for number in range(movie.n_frames):
        movie.seek(number)
        frames.append(np.asarray(movie.convert("RGB")))
        durations.append(movie.info["duration"])
    return np.stack(frames), durations


def logged(directory: Path, *arguments: Any, **options: Any) -> Any:
    with SummaryWriter(directory) as writer:
        writer.add_video("clip", *arguments, **options)
    (value,) = values_of(directory)
    return value


def video(directory: Path, *arguments: Any, **options: Any) -> tuple[Array, list[int]]:
    value = logged(directory, *arguments, **options)
    frames, durations = played(value.image.encoded_image_string)
    assert frames.shape[1:3] == (value.image.height, value.image.width)
    return frames, durations


def decibels(a: Array, b: Array) -> float:
    """Peak signal-to-noise ratio."""
    return float(10 * np.log10(255**2 / np.mean((a.astype(float) - b.astype(float)) ** 2)))


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 8, 9, 17])
@pytest.mark.parametrize("channels", [1, 3])
def test_tiling_equals_torchs(tmp_path: Path, count: int, channels: int) -> None:
    from torch.utils.tensorboard._utils import _prepare_video

    clips = (RANDOM.integers(0, 4, (count, 3, channels, 4, 5)) * 85).astype(np.uint8)
    frames, _ = video(tmp_path, clips, 3)
    tiled = _prepare_video(clips.astype(np.float64))
    assert np.array_equal(frames, np.broadcast_to(tiled, frames.shape))


def test_floats_dataformats_and_libraries(tmp_path: Path) -> None:
    import torch

    clip = (RANDOM.integers(0, 4, (1, 3, 3, 4, 5)) * 85).astype(np.uint8)
    want = clip[0].transpose(0, 2, 3, 1)
    scaled = torch.from_numpy(clip).double() / 255 + 1e-6
    for number, (value, dataformats) in enumerate(
        [(scaled, "NTCHW"), (clip[0], "TCHW"), (want, "THWC"), (clip.transpose(4, 0, 2, 1, 3), "WNCTH")]
    ):
        frames, _ = video(tmp_path / str(number), value, dataformats=dataformats)
        assert np.array_equal(frames, want)


def test_equal_frames_are_all_there(tmp_path: Path) -> None:
    clip = np.zeros((1, 10, 3, 6, 8), np.uint8)
    clip[:, 4:7, :, 2, 3] = [200, 100, 50]
    frames, durations = video(tmp_path, clip, fps=10)
    assert np.array_equal(frames, clip[0].transpose(0, 2, 3, 1))
    assert durations == [100] * 10


@pytest.mark.parametrize(
    ("fps", "durations"),
    [
        (0.5, [2000] * 6),
        (4, [250] * 6),
        (24, [40, 40, 40, 50, 40, 40]),
        (30, [30, 40, 30, 30, 40, 30]),
        (50, [20] * 6),
        (60, [20] * 6),
        (200, [20] * 6),
    ],
)
def test_durations(tmp_path: Path, fps: float, durations: list[int]) -> None:
    clip = RANDOM.integers(0, 256, (1, 6, 1, 2, 2), dtype=np.uint8)
    assert video(tmp_path, clip, fps=fps)[1] == durations


def test_gray_is_exact(tmp_path: Path) -> None:
    clip = RANDOM.integers(0, 256, (1, 4, 1, 64, 64), dtype=np.uint8)
    frames, _ = video(tmp_path, clip)
    assert np.array_equal(frames, np.repeat(clip[0].transpose(0, 2, 3, 1), 3, axis=3))


def test_colours_of_a_gradient_are_close(tmp_path: Path) -> None:
    y, x = np.mgrid[0:128, 0:128]
    clip = np.stack([np.stack([2 * x, 2 * y, np.full_like(x, 40 * t)]) for t in range(3)]).astype(np.uint8)
    frames, _ = video(tmp_path, clip, dataformats="TCHW")
    assert min(decibels(*pair) for pair in zip(frames, clip.transpose(0, 2, 3, 1), strict=True)) > 32


COLOURS = st.lists(st.integers(0, 255), min_size=3, max_size=3)


@settings(max_examples=50)
@given(data=st.data(), channels=st.sampled_from([1, 3]))
def test_up_to_256_colours_are_exact(data: st.DataObject, channels: int) -> None:
    palette = np.array(data.draw(st.lists(COLOURS, min_size=1, max_size=256)), np.uint8)[:, :channels]
    shape = data.draw(st.tuples(st.integers(1, 5), st.integers(1, 20), st.integers(1, 20)))
    frames = palette[data.draw(arrays.arrays(np.uint8, shape)) % len(palette)]
    delays = data.draw(st.lists(st.integers(2, 65535), min_size=len(frames), max_size=len(frames)))
    got, durations = played(gif.animation(frames, delays))
    assert np.array_equal(got, np.broadcast_to(frames, got.shape))
    assert durations == [delay * 10 for delay in delays]


def test_a_file_is_stored_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(MP4)
    with SummaryWriter(tmp_path / "run") as writer:
        for step, value in enumerate([MP4, bytearray(WEBM), memoryview(MP4), path, str(path)]):
            writer.add_video("clip", value, step, walltime=1.0)
        path.unlink()
    values = values_of(tmp_path / "run")
    assert [tuple(value.tensor.string_val) for value in values] == [
        (b"video/webm" if step == 1 else b"video/mp4", WEBM if step == 1 else MP4) for step in range(5)
    ]
    assert entries_of(tmp_path / "run") == {"clip": ("runlens_video", [(8, step, 1.0) for step in range(5)])}


def test_a_gif_is_an_image(tmp_path: Path) -> None:
    encoded = gif.animation(RANDOM.integers(0, 256, (2, 3, 7, 1), dtype=np.uint8), [10, 10])
    value = logged(tmp_path, encoded)
    assert value.image.encoded_image_string == encoded
    assert (value.image.height, value.image.width) == (3, 7)


def test_tensorboard_shows_gifs_and_leaves_files_alone(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

    with SummaryWriter(tmp_path) as writer:
        writer.add_video("frames", np.zeros((1, 2, 3, 4, 4), np.uint8), 5)
        writer.add_video("file", MP4, 6)
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    assert dict(accumulator.PluginTagToContent("images")).keys() == {"frames"}
    assert [event.step for event in accumulator.Tensors("frames")] == [5]
    assert dict(accumulator.PluginTagToContent("runlens_video")).keys() == {"file"}


CLIP = np.zeros((1, 2, 3, 4, 4), np.uint8)


@pytest.mark.parametrize(
    ("value", "options", "error", "message"),
    [
        (CLIP[0], {}, ValueError, r"video 'clip': got shape \(2, 3, 4, 4\) with dataformats 'NTCHW'"),
        (CLIP, {"dataformats": "NCHWX"}, ValueError, "want each of T, H, W once and no letter but N, T, H, W, C"),
        (np.zeros((1, 2, 4, 4, 4)), {}, ValueError, r"video 'clip': got 4 channels, want 1 \(gray\) or 3 \(RGB\)"),
        (np.zeros((1, 0, 3, 4, 4)), {}, ValueError, "want at least one pixel"),
        (np.zeros((1, 1, 1, 1, 70_000)), {}, ValueError, "got frames of 1 x 70000, want at most 65535 as a GIF has"),
        (CLIP, {"fps": 0}, ValueError, "fps of video 'clip': got 0, want frames per second"),
        (CLIP, {"fps": float("nan")}, ValueError, "fps of video 'clip': got nan"),
        (CLIP, {"fps": "fast"}, TypeError, "fps of video 'clip': got str 'fast'"),
        (b"RIFFxxxxAVI ", {}, ValueError, "got bytes .*, which begins with 52 49 .*, want MP4, WebM or GIF"),
        (b"", {}, ValueError, "which begins with nothing, want MP4, WebM or GIF"),
        (b"GIF89a\1\0", {}, ValueError, "want MP4, WebM or GIF"),
        ("no such file.mp4", {}, FileNotFoundError, "no such file.mp4"),
    ],
)
def test_errors(tmp_path: Path, value: Any, options: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_video("clip", value, **options)
    assert values_of(tmp_path) == []


def test_nan_is_black_and_told(tmp_path: Path) -> None:
    clip = np.full((1, 2, 1, 2, 2), np.nan)
    with SummaryWriter(tmp_path) as writer, pytest.warns(RuntimeWarning, match="'clip': NaN among the pixels"):
        writer.add_video("clip", clip)
    (value,) = values_of(tmp_path)
    assert not played(value.image.encoded_image_string)[0].any()
