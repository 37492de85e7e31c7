"""When each frame of an MP4 is shown, by ISO/IEC 14496-12: from the tables of a file, or the fragments of a stream."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.wire.fields import Malformed
from runlens.wire.stretch import Stretch

_MEDIA_BOXES: Final = (
    (b"tkhd",),
    (b"mdia", b"mdhd"),
    (b"mdia", b"hdlr"),
    (b"mdia", b"minf", b"stbl", b"stts"),
    (b"mdia", b"minf", b"stbl", b"ctts"),
)
# Flags of tfhd and trun -> bytes of what stands there because of them, before what is read.
_HEAD_FIELDS: Final = ((0x1, 8), (0x2, 4))
_RUN_FIELDS: Final = ((0x1, 4), (0x4, 4))
_SAMPLE_FIELDS: Final = (0x100, 0x200, 0x400, 0x800)
_LATEST: Final = 1 << 62
_DURATION, _SAMPLE_DURATION, _OFFSET = 0x8, 0x100, 0x800


def times_of_mp4(encoded: Stretch, limit: int) -> NDArray[np.float64]:
    """Seconds of each frame of the first video track, not in order; nothing where there is none.

    Raises:
        Malformed: the file contradicts itself, or has more than `limit` frames.
        IndexError, struct.error: it ends within what is read.
    """
    everything = slice(0, len(encoded))
    for track in _find(encoded, everything, b"moov", b"trak"):
        media = {path[-1]: found for path in _MEDIA_BOXES for found in _find(encoded, track, *path)}
        handler = encoded[media[b"hdlr"].start + 8 : media[b"hdlr"].start + 12] if b"hdlr" in media else b""
        if handler != b"vide" or b"mdhd" not in media:
            continue
        rate = _versioned(encoded, media[b"mdhd"], 12, 20)
        if rate == 0:
            raise Malformed("MP4: got 0 ticks a second")
        ticks = _ticks_of_tables(encoded, media, limit)
        if len(ticks) == 0 and b"tkhd" in media:
            ticks = _ticks_of_fragments(encoded, _versioned(encoded, media[b"tkhd"], 12, 20), limit)
        return np.asarray(ticks / rate, np.float64)
    return np.zeros(0)


def _ticks_of_tables(encoded: Stretch, media: dict[bytes, slice], limit: int) -> NDArray[np.int64]:
    ends = np.cumsum(_runs(encoded, media.get(b"stts"), ">u4", limit))
    starts = np.concatenate([[0], ends[:-1]])[: len(ends)]
    offsets = _runs(encoded, media.get(b"ctts"), ">i4", limit)
    return np.asarray(starts + offsets if len(offsets) == len(starts) else starts, np.int64)


def _ticks_of_fragments(encoded: Stretch, track: int, limit: int) -> NDArray[np.int64]:
    """What was recorded: each fragment says when it begins, and how long its frames are shown."""
    everything = slice(0, len(encoded))
    usual = {
        _number(encoded, box.start + 4, 4): _number(encoded, box.start + 12, 4)
        for box in _find(encoded, everything, b"moov", b"mvex", b"trex")
    }
    found: list[NDArray[np.int64]] = []
    frames = 0
    for fragment in _find(encoded, everything, b"moof", b"traf"):
        boxes = {name: list(_find(encoded, fragment, name)) for name in (b"tfhd", b"tfdt", b"trun")}
        if not boxes[b"tfhd"] or _number(encoded, boxes[b"tfhd"][0].start + 4, 4) != track:
            continue
        duration = _fragment_duration(encoded, boxes[b"tfhd"][0], usual.get(track, 0))
        begin = _begin_of(encoded, boxes[b"tfdt"])
        for run in boxes[b"trun"]:
            starts, begin = _run_of_fragment(encoded, run, begin, duration, limit)
            found.append(starts)
            frames += max(1, len(starts))  # a run of none costs as much as one of a frame
            if frames > limit:
                raise Malformed(f"MP4: got more than {limit} frames, an empty run counted as one")
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _fragment_duration(encoded: Stretch, head: slice, usual: int) -> int:
    """Ticks of a frame where its run does not say them."""
    flags = _number(encoded, head.start + 1, 3)
    at = head.start + 8 + sum(size for flag, size in _HEAD_FIELDS if flags & flag)
    return _number(encoded, at, 4) if flags & _DURATION else usual


def _begin_of(encoded: Stretch, boxes: list[slice]) -> int:
    if not boxes:
        return 0
    start = boxes[0].start
    begin = _number(encoded, start + 4, 8 if encoded[start] == 1 else 4)
    if begin >= _LATEST:
        raise Malformed(f"MP4: a fragment begins at tick {begin}, want less than {_LATEST}")
    return begin


def _run_of_fragment(
    encoded: Stretch, run: slice, begin: int, duration: int, limit: int
) -> tuple[NDArray[np.int64], int]:
    """Ticks at which the frames of a run are shown, and at which the run ends."""
    flags, count = _number(encoded, run.start + 1, 3), _number(encoded, run.start + 4, 4)
    columns = [flag for flag in _SAMPLE_FIELDS if flags & flag]
    if count > limit:
        raise Malformed(f"MP4: got {count} frames, want at most {limit}")
    at = run.start + 8 + sum(size for flag, size in _RUN_FIELDS if flags & flag)
    data = encoded[at : at + 4 * count * len(columns)]
    if len(data) < 4 * count * len(columns):
        raise IndexError
    table = np.frombuffer(data, ">u4").astype(np.int64).reshape(count, len(columns))
    durations = table[:, columns.index(_SAMPLE_DURATION)] if _SAMPLE_DURATION in columns else np.full(count, duration)
    ends = begin + np.cumsum(durations)
    starts = ends - durations
    if _OFFSET in columns:
        starts = starts + table[:, columns.index(_OFFSET)].astype(np.int32)  # signed in version 1, small in version 0
    return starts, int(ends[-1]) if count else begin


def _versioned(encoded: Stretch, box: slice, narrow: int, wide: int) -> int:
    """A number of four bytes behind two times, which version 1 writes with eight bytes each."""
    return _number(encoded, box.start + (wide if encoded[box.start] == 1 else narrow), 4)


def _find(encoded: Stretch, within: slice, *path: bytes) -> Iterator[slice]:
    """The contents of all boxes at the end of a path of names."""
    at, end = within.start, min(within.stop, len(encoded))
    while at + 8 <= end:
        size, name = struct.unpack(">I4s", encoded[at : at + 8])
        head = 8
        if size == 1:
            size = _number(encoded, at + 8, 8)
            head = 16
        stop = end if size == 0 else at + size
        if stop < at + head:
            raise Malformed(f"MP4: a box of {size} bytes at byte {at}")
        if name == path[0]:
            if stop > end:
                raise IndexError
            content = slice(at + head, stop)
            yield from _find(encoded, content, *path[1:]) if path[1:] else [content]
        at = stop


def _number(encoded: Stretch, at: int, size: int) -> int:
    """An unsigned number of so many bytes."""
    found = encoded[at : at + size]
    if len(found) < size:
        raise IndexError
    return int.from_bytes(found, "big")


def _runs(encoded: Stretch, box: slice | None, dtype: str, limit: int) -> NDArray[np.int64]:
    """A table of pairs, count and value: each value as often as it counts."""
    if box is None:
        return np.zeros(0, np.int64)
    pairs = _number(encoded, box.start + 4, 4)
    if 8 + 8 * pairs > box.stop - box.start:
        raise IndexError
    table = encoded[box.start + 8 : box.start + 8 + 8 * pairs]
    rows = np.frombuffer(table, [("count", ">u4"), ("value", dtype)])
    counts, values = rows["count"], rows["value"]
    if counts.sum(dtype=np.uint64) > limit:
        raise Malformed(f"MP4: got {counts.sum(dtype=np.uint64)} frames, want at most {limit}")
    return np.repeat(values.astype(np.int64), counts)
