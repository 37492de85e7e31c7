"""Videos: which steps there are, when their frames are shown, their bytes. Contract: docs/kinds/video.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from runlens.api.entries import LazyPayload, entries_query, find_row, info_query
from runlens.api.payload import Blob
from runlens.api.question import NotFound
from runlens.wire.fields import Malformed
from runlens.wire.value import video_of
from runlens.wire.video import frame_times, media_type_of

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index
    from runlens.wire.stretch import Stretch

KIND: Final = "video"


def clip(index: Index, parameters: Mapping[str, str]) -> Blob:
    """One video as it was logged."""
    encoded, media_type = _video(find_row(index, KIND, parameters))
    return Blob(encoded, media_type)


def samples_of(entry: Entry) -> list[dict[str, Any]]:
    """What the video of a row is: type, size in bytes, and the time of each frame in seconds."""
    encoded, media_type = _video(entry)
    try:
        times = frame_times(encoded)
    except Malformed as error:
        raise NotFound(str(error)) from None
    return [{"error": None, "bytes": len(encoded), "media_type": media_type, "times": times.tolist()}]


QUERIES = {"entries": entries_query(KIND), "info": info_query(KIND, samples_of)}
BLOBS = {"clip": clip}


def _video(entry: Entry) -> tuple[Stretch, str]:
    try:
        encoded = video_of(entry.form, LazyPayload(entry))
    except Malformed as error:
        raise NotFound(str(error)) from None
    media_type = media_type_of(encoded)
    if media_type is None:
        start = encoded[:12].hex(" ") or "nothing"
        raise NotFound(f"not a video: it begins with {start}, want MP4 or WebM")
    return encoded, media_type
