"""Sounds: which steps there are, what one is, its bytes. Contract: docs/kinds/audio.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from runlens.api.entries import LazyPayload, entries_query, find_row, info_query, number_below
from runlens.api.payload import Blob
from runlens.api.question import NotFound
from runlens.wire.fields import Malformed
from runlens.wire.value import Clip, clips_of
from runlens.wire.wav import look_at_wav

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index
    from runlens.wire.stretch import Stretch

KIND: Final = "audio"

# First bytes -> media type. What is not here no browser is handed, whatever a log calls it.
_MAGIC: Final = (
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb]"), "audio/mpeg"),
)


def clip(index: Index, parameters: Mapping[str, str]) -> Blob:
    """One sound as it was logged."""
    clips = _clips(find_row(index, KIND, parameters))
    encoded = clips[number_below(parameters, "sample", len(clips))].encoded
    return Blob(encoded, _type_of(encoded))


def samples_of(entry: Entry) -> list[dict[str, Any]]:
    """What each sound of a row is, or why it cannot be heard."""
    return [_describe(clip) for clip in _clips(entry)]


QUERIES = {"entries": entries_query(KIND), "info": info_query(KIND, samples_of)}
BLOBS = {"clip": clip}


def _clips(entry: Entry) -> list[Clip]:
    try:
        return clips_of(entry.form, LazyPayload(entry))
    except Malformed as error:
        raise NotFound(str(error)) from None


def _describe(clip: Clip) -> dict[str, Any]:
    about = {"label": clip.label, "bytes": len(clip.encoded)}
    try:
        media_type = _type_of(clip.encoded)
        found = _wav(clip.encoded) if media_type == "audio/wav" else {"sample_rate": clip.sample_rate}
    except NotFound as error:
        return {**about, "error": str(error)}
    return {**about, "error": None, "media_type": media_type, "channels": None, "frames": None, **found}


def _type_of(encoded: Stretch) -> str:
    for magic, media_type in _MAGIC:
        if magic.match(encoded[:16]):
            return media_type
    start = encoded[:8].hex(" ") or "nothing"
    raise NotFound(f"not a sound: it begins with {start}, want WAV, Ogg, FLAC or MP3")


def _wav(encoded: Stretch) -> dict[str, Any]:
    try:
        wav = look_at_wav(encoded)
    except Malformed as error:
        raise NotFound(str(error)) from None
    return {"sample_rate": wav.sample_rate, "channels": wav.channels, "frames": wav.frames}
