"""Videos from the event file to the bytes that the page gets."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.kinds import video
from runlens.api.payload import Columns
from runlens.api.question import NotFound
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.fields import Malformed
from runlens.wire.mp4 import times_of_mp4
from runlens.wire.record import frame
from runlens.wire.video import frame_times
from tests.columns import decode
from tests.support import DATA, index_of

GOLDEN = Path(__file__).with_name("video.golden.bin")
LEVELS = (DATA / "video" / "levels.webm").read_bytes()  # 24 frames, 12 a second, in whole milliseconds


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + name + body


def mp4(
    durations: list[tuple[int, int]], offsets: list[tuple[int, int]], rate: int = 1000, kind: bytes = b"vide"
) -> bytes:
    """An MP4 file of a sound track and a video track: runs of (count, ticks)."""

    def track(kind: bytes) -> bytes:
        tables = [
            box(name, struct.pack(">II", 0, len(runs)), *(struct.pack(">Ii", *run) for run in runs))
            for name, runs in ((b"stts", durations), (b"ctts", offsets))
        ]
        header = box(b"mdhd", struct.pack(">IIIIII", 0, 0, 0, rate, 0, 0))
        handler = box(b"hdlr", bytes(8), kind, bytes(12))
        return box(b"trak", box(b"mdia", header, handler, box(b"minf", box(b"stbl", *tables))))

    return box(b"ftyp", b"isom") + box(b"free") + box(b"moov", track(b"soun"), track(kind)) + box(b"mdat", bytes(9))


def log(root: Path, run: str, *videos: bytes) -> Index:
    with SummaryWriter(root / run) as writer:
        for step, content in enumerate(videos):
            writer.add_video("x", content, step)
    return index_of(root)


def rows(index: Index, run: str, tag: str = "x") -> list[dict[str, str]]:
    header, arrays = decode(video.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    (series,) = header["charts"][0]["series"]
    return [{"run": run, "tag": tag, "row": str(n), "key": str(key)} for n, key in enumerate(arrays[series["key"]])]


def info(index: Index, named: dict[str, str]) -> Any:
    answer = video.QUERIES["info"](index, {"charts": [named]})
    assert isinstance(answer, Columns)
    return decode(answer.encode())[0]["charts"][0]


def test_the_file_as_it_was_logged(tmp_path: Path) -> None:
    other = mp4([(3, 40)], [])
    index = log(tmp_path, "a", LEVELS, other)
    webm, ours = rows(index, "a")
    for named, content, media_type in ((webm, LEVELS, "video/webm"), (ours, other, "video/mp4")):
        blob = video.BLOBS["clip"](index, named)
        assert (blob.encode(), blob.media_type) == (content, media_type)
    (sample,) = info(index, webm)["samples"]
    assert (sample["bytes"], sample["media_type"]) == (len(LEVELS), "video/webm")
    assert sample["times"] == [round(n * 1000 / 12) / 1000 for n in range(24)]


def test_frames_of_mp4() -> None:
    assert frame_times(mp4([(2, 40), (1, 100), (1, 1)], [])).tolist() == [0, 0.04, 0.08, 0.18]
    # Decoded as 0, 1, 2, 3, shown as 0, 2, 3, 1: the offsets say so, and the first is shown at 80 ms.
    assert np.allclose(frame_times(mp4([(4, 40)], [(1, 80), (1, 170), (1, 40), (1, 80)])), [0, 0.04, 0.12, 0.13])
    assert frame_times(mp4([(4, 40)], [], kind=b"text")).tolist() == []


def test_frames_of_fragmented_mp4() -> None:
    """As a browser records: no tables; fragments that begin at 100 and 400, and tell durations in three ways."""
    words = struct.Struct(">IIII")

    def fragment(begin: int, duration: bytes, run: bytes, track: int = 2) -> bytes:
        head = struct.pack(">II", 0x8 if duration else 0, track) + duration
        start = struct.pack(">IQ", 1 << 24, begin)
        return box(b"moof", box(b"traf", box(b"tfhd", head), box(b"tfdt", start), box(b"trun", run)))

    usual = box(b"mvex", box(b"trex", struct.pack(">IIIIII", 0, 2, 1, 10, 0, 0)))
    known = mp4([], [])
    start = known.index(b"trak", known.index(b"trak") + 4) - 4  # the video track, which gets a number
    (size,) = struct.unpack(">I", known[start : start + 4])
    numbered = box(b"trak", box(b"tkhd", struct.pack(">IIII", 0, 0, 0, 2)), known[start + 8 : start + size])
    stream = (
        box(b"ftyp", b"iso5")
        + box(b"moov", numbered, usual)
        + fragment(100, b"", struct.pack(">II", 0, 2))
        + fragment(0, b"", struct.pack(">II", 0, 9), track=1)
        + fragment(120, struct.pack(">I", 30), struct.pack(">III", 0x1, 2, 0))
        + fragment(400, b"", words.pack(0x900, 1, 50, 7))
    )
    assert np.allclose(frame_times(stream), [0, 0.01, 0.02, 0.05, 0.307])
    for cut in (1, 5, 9):
        with pytest.raises(Malformed, match="end within"):
            frame_times(stream[:-cut])
    with pytest.raises(Malformed, match="want at most 1048576"):
        frame_times(stream + fragment(0, b"", struct.pack(">II", 0, 2**31)))
    with pytest.raises(Malformed, match="begins at tick"):
        frame_times(stream + fragment(2**64 - 1, b"", struct.pack(">II", 0, 1)))
    of_none = fragment(0, b"", struct.pack(">II", 0, 0))
    assert len(times_of_mp4(stream + 3 * of_none, 8)) == 5
    with pytest.raises(Malformed, match="got more than 8 frames"):
        times_of_mp4(stream + 4 * of_none, 8)


def test_a_stream_that_does_not_know_its_size() -> None:
    """What browsers record: segment and clusters of unknown size, blocks in groups, sound between."""
    head = bytes.fromhex("1a45dfa387") + b"\x42\x82\x84webm"
    tracks = bytes.fromhex("1654ae6b90" + "ae86" + "d78101" + "838102" + "ae86" + "d78102" + "838101")
    first = bytes.fromhex("1f43b67501ffffffffffffff" + "e78164" + "a3858200058000" + "a38581000680ff")
    second = bytes.fromhex("1f43b67501ffffffffffffff" + "e78200c8" + "a086" + "a18482000100")
    stream = head + bytes.fromhex("1853806701ffffffffffffff") + tracks + first + second
    assert np.allclose(frame_times(stream), [0, 0.096])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (mp4([(1, 40)], [], rate=0), "got 0 ticks"),
        (mp4([(2**31, 40)], []), "want at most 1048576"),
        (mp4([(3, 40)], [])[:-80], "end within"),
        (box(b"ftyp", b"isom") + b"\0\0\0\3moov", "a box of 3 bytes at byte 12"),
        (LEVELS + b"\0", f"no element at byte {len(LEVELS)}"),
        (LEVELS + b"\xa3\0", "without a width"),
        (LEVELS + b"\xa3", "end within"),
    ],
)
def test_hostile_files_give_a_message(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        frame_times(content)
    index = log(tmp_path, "a", content)
    (named,) = rows(index, "a")
    assert info(index, named)["samples"] == []
    assert info(index, named)["error"]


def test_what_is_no_video_is_not_sent(tmp_path: Path) -> None:
    records = [
        event.tensor_value("x", tensor.of_strings(parts, (len(parts),)), event.metadata("runlens_video"))
        for parts in ([b"text/html", b"<script>alert(1)</script>"], [b"video/mp4"], [b"video/mp4", b""])
    ]
    (tmp_path / "a").mkdir()
    data = b"".join(frame(event.event(1.7e9, n, event.summary(value))) for n, value in enumerate(records))
    (tmp_path / "a" / "tfevents.1").write_bytes(data)
    index = index_of(tmp_path)
    for named, reason in zip(
        rows(index, "a"), ("not a video: it begins with 3c 73", "want media type", "nothing"), strict=True
    ):
        with pytest.raises(NotFound, match=reason):
            video.BLOBS["clip"](index, named)
        assert info(index, named)["error"]


@settings(max_examples=100)
@given(
    whole=st.sampled_from([LEVELS, mp4([(2, 40), (1, 100)], [(3, 40)])]),
    cut=st.integers(0, 300),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 7)), max_size=4),
)
def test_broken_files_never_raise_anything_else(whole: bytes, cut: int, flips: list[tuple[int, int]]) -> None:
    data = bytearray(whole)
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    try:
        times = frame_times(bytes(data[: len(data) - cut]))
    except Malformed:
        return
    assert np.all(np.diff(times) >= 0)


def test_golden(tmp_path: Path) -> None:
    """The answer of `info` that the page's tests read; delete the file to make it anew."""
    index = log(tmp_path, "a", LEVELS, mp4([(3, 40)], [])[:-80])
    index.revision = 42
    answer = video.QUERIES["info"](index, {"charts": rows(index, "a")}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
