"""Images: which steps there are, what one is, its bytes, all of a tag in one file. Contract: docs/kinds/image.md."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from runlens.api.animation import Reel, Reels, frame_count
from runlens.api.entries import entries_query, find_row, info_query, number_below, payload_of, rows_of
from runlens.api.payload import Blob, Stream
from runlens.api.question import NotFound, QuestionError
from runlens.store.entry import Entry, EntryError, read_payload
from runlens.wire.fields import Malformed
from runlens.wire.value import images_of

if TYPE_CHECKING:
    from PIL.Image import Image

    from runlens.store.index import Index

KIND: Final = "image"
MAX_PIXELS: Final = 100_000_000  # four bytes each once a browser has decoded them
_REELS: Final = Reels(16_000_000)  # pixels; a decoder keeps some twelve bytes for each

# First bytes -> media type and file name's end. What is not here no browser is handed, whatever a log calls it.
_MAGIC: Final = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png", "png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg", "jpg"),
    (re.compile(rb"GIF8[79]a"), "image/gif", "gif"),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), "image/webp", "webp"),
    (re.compile(rb"BM"), "image/bmp", "bmp"),
)


def picture(index: Index, parameters: Mapping[str, str]) -> Blob:
    """One image as it was logged; with `frame` one picture of an animation, as PNG."""
    entry = find_row(index, KIND, parameters)
    if "frame" in parameters:
        return Blob(_frame(entry, parameters), "image/png")
    encoded = _sample(entry, parameters)
    media_type, _ = _type_of(encoded)
    with _told():
        _open(encoded).close()
    return Blob(encoded, media_type)


def archive(index: Index, parameters: Mapping[str, str]) -> Stream:
    """All images of a tag in one run as a ZIP file; `problems.txt` in it names what is missing."""
    run, tag = parameters.get("run", ""), parameters.get("tag", "")
    if not rows_of(index, KIND, run, tag):
        raise NotFound(f"no images {tag!r} in run {run!r}")
    name = re.sub(r"[^\w.-]+", "_", f"{run}_{tag}").strip("_") or "images"
    return Stream(_zipped(index, run, tag), "application/zip", f"{name}.zip")


def samples_of(entry: Entry) -> list[dict[str, Any]]:
    """What each image of a row is, or why it cannot be shown."""
    return [_describe(encoded) for encoded in _images(entry)]


QUERIES = {"entries": entries_query(KIND), "info": info_query(KIND, samples_of)}
BLOBS: dict[str, Callable[[Index, Mapping[str, str]], Blob | Stream]] = {"picture": picture, "archive": archive}


def _sample(entry: Entry, parameters: Mapping[str, str]) -> bytes:
    images = _images(entry)
    return images[number_below(parameters, "sample", len(images))]


def _frame(entry: Entry, parameters: Mapping[str, str]) -> bytes:
    def make() -> Reel:
        encoded = _sample(entry, parameters)
        _type_of(encoded)
        return Reel(_open(encoded))

    with _told():
        reel = _REELS.find((entry, parameters.get("sample", "0")), make)
        return reel.png(number_below(parameters, "frame", reel.frames))


def _describe(encoded: bytes) -> dict[str, Any]:
    try:
        media_type, _ = _type_of(encoded)
        with _told(), _open(encoded) as opened:
            durations = _durations(opened)
            width, height = opened.size
    except NotFound as error:
        return {"error": str(error), "bytes": len(encoded)}
    return {
        "error": None,
        "bytes": len(encoded),
        "media_type": media_type,
        "width": width,
        "height": height,
        "durations": durations,
    }


def _durations(opened: Image) -> list[int]:
    """How long each frame of an animation is shown, in ms; nothing for a still image."""
    frames = frame_count(opened)
    if frames == 1:
        return []
    durations = []
    for frame in range(frames):
        opened.seek(frame)
        durations.append(int(opened.info.get("duration", 0)) or 100)  # as browsers show what says nothing
    return durations


def _images(entry: Entry) -> list[bytes]:
    try:
        return images_of(entry.form, payload_of(entry)).encoded
    except Malformed as error:
        raise NotFound(str(error)) from None


def _type_of(encoded: bytes) -> tuple[str, str]:
    for magic, media_type, end in _MAGIC:
        if magic.match(encoded):
            return media_type, end
    start = encoded[:8].hex(" ") or "nothing"
    raise NotFound(f"not an image: it begins with {start}, want PNG, JPEG, GIF, WebP or BMP")


def _open(encoded: bytes) -> Image:
    """The image with only its head read. Raises whatever a decoder finds wrong."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and an error
    opened = Image.open(io.BytesIO(encoded))
    width, height = opened.size
    if width * height > MAX_PIXELS:
        raise NotFound(f"too large to be shown: {width} x {height} pixels, want at most {MAX_PIXELS}")
    return opened


@contextmanager
def _told() -> Iterator[None]:
    """What a decoder finds wrong is told as NotFound."""
    try:
        yield
    except QuestionError:
        raise
    except Exception as error:  # whatever a decoder raises at hostile bytes
        raise NotFound(f"not an image that can be shown: {error}") from None


class _Pipe(io.RawIOBase):
    """A file that a ZIP is written to and that is read as it grows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:  # noqa: ANN401 - any buffer
        self._pieces.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _zipped(index: Index, run: str, tag: str) -> Iterator[bytes]:
    pipe = _Pipe()
    problems: list[str] = []
    number = itertools.count()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as packed:  # images are compressed already
        for rows in rows_of(index, KIND, run, tag):
            for row in range(len(rows)):
                entry = rows.entry(row)
                try:
                    images = images_of(entry.form, read_payload(entry)).encoded
                    for sample, encoded in enumerate(images):
                        name = f"{next(number):06d}_step_{entry.step}" + (f"_{sample}" if len(images) > 1 else "")
                        packed.writestr(f"{name}.{_type_of(encoded)[1]}", encoded)
                except (EntryError, Malformed, NotFound) as error:
                    problems.append(f"step {entry.step}: {error}")
                yield pipe.take()
        if problems:
            packed.writestr("problems.txt", "\n".join(problems))
    yield pipe.take()
