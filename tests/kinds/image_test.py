"""Images from the event file to the bytes that the page gets."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.GifImagePlugin import GifImageFile

from runlens import SummaryWriter
from runlens.api.animation import Reels
from runlens.api.kinds import image
from runlens.api.payload import Blob, Columns, Stream
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, text_field
from runlens.wire.plugins import kind_of
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import DATA, index_of

GOLDEN = Path(__file__).with_name("image.golden.bin")


def encoded(level: int, kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (level, 0, 255 - level)).save(out, kind)
    return out.getvalue()


def animated(durations: list[int]) -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), (40 * n, 10, 0)) for n in range(len(durations))]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=durations)
    return out.getvalue()


def old_form(tag: str, data: bytes, step: int = 0) -> bytes:
    return frame(
        event.event(1.7e9 + step, step, event.summary(text_field(1, tag) + bytes_field(4, bytes_field(4, data))))
    )


def new_form(tag: str, images: list[bytes], step: int = 0) -> bytes:
    parts = [b"3", b"2", *images]
    value = event.tensor_value(tag, tensor.of_strings(parts, (len(parts),)), event.metadata("images"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def log(root: Path, run: str, records: bytes) -> None:
    (root / run).mkdir(parents=True, exist_ok=True)
    (root / run / "tfevents.1").write_bytes(records)


def rows(index: Index, run: str, tag: str) -> list[dict[str, str]]:
    """The parameters that name each row of a tag."""
    header, arrays = decode(image.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    (series,) = header["charts"][0]["series"]
    return [{"run": run, "tag": tag, "row": str(n), "key": str(key)} for n, key in enumerate(arrays[series["key"]])]


def info(index: Index, *named: dict[str, str]) -> list[Any]:
    answer = image.QUERIES["info"](index, {"charts": list(named)})
    assert isinstance(answer, Columns)
    return list(decode(answer.encode())[0]["charts"])


def picture(index: Index, named: dict[str, str], **more: str) -> Blob:
    found = image.BLOBS["picture"](index, {**named, **more})
    assert isinstance(found, Blob)
    return found


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("BMP", "image/bmp")],
)
def test_the_bytes_as_they_were_logged(tmp_path: Path, kind: str, media_type: str) -> None:
    log(tmp_path, "a", old_form("x", encoded(9, kind)))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    assert picture(index, named) == Blob(encoded(9, kind), media_type)
    (told,) = info(index, named)
    want = {"error": None, "bytes": len(encoded(9, kind)), "media_type": media_type}
    assert told == {"error": None, "samples": [{**want, "width": 3, "height": 2, "durations": []}]}


def test_several_of_one_step(tmp_path: Path) -> None:
    log(tmp_path, "a", new_form("x", [encoded(1), encoded(2)]))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    assert [picture(index, named, sample=str(n)).encode() for n in range(2)] == [encoded(1), encoded(2)]
    assert len(info(index, named)[0]["samples"]) == 2
    with pytest.raises(NotFound, match="sample 2: there are 2"):
        picture(index, named, sample="2")
    for wrong in ("-1", "x", "1e3", ""):
        with pytest.raises(BadQuestion, match="sample: got"):
            picture(index, named, sample=wrong)


def test_an_animation_frame_by_frame(tmp_path: Path) -> None:
    log(tmp_path, "a", old_form("x", animated([80, 120, 200])))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    assert info(index, named)[0]["samples"][0]["durations"] == [80, 120, 200]
    frame_two = Image.open(io.BytesIO(picture(index, named, frame="2").encode()))
    assert frame_two.convert("RGB").getpixel((0, 0)) == (80, 10, 0)
    with pytest.raises(NotFound, match="frame 3: there are 3"):
        picture(index, named, frame="3")


def test_an_animation_goes_on_from_the_frame_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (30, 1, 9, 9), np.uint8)
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_video("x", pixels[None], 0)
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    decoded: list[int] = []
    seek = GifImageFile._seek

    def note(self: GifImageFile, number: int, update_image: bool = True) -> None:
        decoded.append(number)
        seek(self, number, update_image)

    def shown(number: int) -> Any:
        return np.asarray(Image.open(io.BytesIO(picture(index, named, frame=str(number)).encode())).convert("L"))

    assert np.array_equal(shown(1), pixels[1, 0])
    monkeypatch.setattr(GifImageFile, "_seek", note)
    for number in range(2, 30):
        assert np.array_equal(shown(number), pixels[number, 0])
    assert decoded == list(range(2, 30))
    for number in random.permutation(30):  # back is right, too
        assert np.array_equal(shown(int(number)), pixels[number, 0])


def test_an_animation_too_large_to_be_kept_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "_REELS", Reels(100))
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_video("large", np.arange(3 * 400, dtype=np.uint8).reshape(1, 3, 1, 20, 20), 0)
        writer.add_video("small", np.arange(3 * 81, dtype=np.uint8).reshape(1, 3, 1, 9, 9), 0)
    index = index_of(tmp_path)
    (large,), (small,) = rows(index, "a", "large"), rows(index, "a", "small")
    opened: list[tuple[int, int]] = []

    def note(encoded: bytes) -> Image.Image:
        found = Image.open(io.BytesIO(encoded))
        opened.append(found.size)
        return found

    monkeypatch.setattr(image, "_open", note)
    for number in range(3):
        for named in (small, large):
            picture(index, named, frame=str(number))
    assert opened == [(9, 9), (20, 20), (20, 20), (20, 20)]


@pytest.mark.parametrize("framework", ["tensorflow", "torch"])
def test_what_frameworks_logged(framework: str) -> None:
    index = index_of(DATA / framework)
    found = 0
    for run in index.runs.values():
        for tag, series in run.entries.items():
            if "image" not in {kind_of(*shape) for shape in series.shapes()}:
                continue
            for named in rows(index, run.name, tag):
                (told,) = info(index, named)
                for number, sample in enumerate(told["samples"]):
                    opened = Image.open(io.BytesIO(picture(index, named, sample=str(number)).encode()))
                    assert opened.size == (sample["width"], sample["height"])
                    found += 1
    assert found > 0


def test_pixels_of_torch(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter

    pixels = np.random.default_rng(0).integers(0, 256, (3, 5, 7), np.uint8)
    with SummaryWriter(str(tmp_path / "a")) as writer:
        writer.add_image("x", pixels, 3)
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    got = np.asarray(Image.open(io.BytesIO(picture(index, named).encode())))
    assert np.array_equal(got, pixels.transpose(1, 2, 0))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "not an image: it begins with 3c 73 76 67"),
        (b"<!doctype html><script>alert(1)</script>", "not an image"),
        (b"", "it begins with nothing"),
        (b"\x89PNG\r\n\x1a\n", "not an image that can be shown"),
        (encoded(1)[:20] + b"\xff\xff\xff\xff\xff\xff" + encoded(1)[26:], "not an image that can be shown|too large"),
        (
            encoded(1, "BMP")[:18] + b"\x00\x00\x01\x00\x00\x00\x01\x00" + encoded(1, "BMP")[26:],
            "too large to be shown: 65536 x",
        ),
    ],
)
def test_hostile_bytes_give_a_message(tmp_path: Path, data: bytes, reason: str) -> None:
    log(tmp_path, "a", old_form("x", data))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    with pytest.raises(NotFound, match=reason):
        picture(index, named)
    (told,) = info(index, named)
    assert told["samples"][0]["bytes"] == len(data)
    assert told["samples"][0]["error"]


@settings(max_examples=60)
@given(cut=st.integers(0, 400), flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 7)), max_size=4))
def test_broken_bytes_never_raise_anything_else(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(animated([50, 50]))
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    root = tmp_path_factory.mktemp("broken")
    log(root, "a", old_form("x", bytes(data[: len(data) - cut])))
    index = index_of(root)
    for named in rows(index, "a", "x"):
        info(index, named)
        for more in ({}, {"frame": "0"}, {"frame": "1"}):
            try:
                picture(index, named, **more)
            except NotFound as error:
                assert str(error)


def test_a_row_without_images_says_why(tmp_path: Path) -> None:
    value = event.tensor_value("x", tensor.of_strings([b"3"], (1,)), event.metadata("images"))
    log(tmp_path, "a", frame(event.event(0, 0, event.summary(value))))
    index = index_of(tmp_path)
    (named,) = rows(index, "a", "x")
    (told,) = info(index, named)
    assert told["samples"] == []
    assert "want width, height and the images" in told["error"]
    (gone,) = info(index, {**named, "key": "1"})
    assert "not there any more" in gone["error"]


def test_archive(tmp_path: Path) -> None:
    bad = old_form("x", b"<svg/>", 2)
    log(tmp_path, "a/b", old_form("x", encoded(1), 1) + bad + new_form("x", [encoded(2), encoded(3, "JPEG")], 1))
    packed = image.BLOBS["archive"](index_of(tmp_path), {"run": "a/b", "tag": "x"})
    assert isinstance(packed, Stream)
    assert packed.name == "a_b_x.zip"
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.pieces))) as archive:
        got = {name: archive.read(name) for name in archive.namelist()}
    assert "step 2: not an image" in got.pop("problems.txt").decode()
    assert got == {
        "000000_step_1.png": encoded(1),
        "000002_step_1_0.png": encoded(2),
        "000003_step_1_1.jpg": encoded(3, "JPEG"),
    }
    with pytest.raises(NotFound, match="no images 'y' in run 'a/b'"):
        image.BLOBS["archive"](index_of(tmp_path), {"run": "a/b", "tag": "y"})


def test_golden(tmp_path: Path) -> None:
    """The answer of `entries` that the page's tests read; delete the file to make it anew."""
    for number, name in enumerate("ab"):
        log(tmp_path, name, b"".join(old_form("pictures/one", encoded(step + number), step) for step in (0, 10, 20)))
    index = index_of(tmp_path)
    index.revision = 42
    for run in index.runs.values():
        run.entries["pictures/one"].generation = 7
    answer = image.QUERIES["entries"](index, {"charts": [{"tag": "pictures/one", "runs": ["a", "b"]}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
