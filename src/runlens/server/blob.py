"""Bytes from a log as an HTTP answer: kept by the browser, sent in parts to players, and never run."""

from __future__ import annotations

import re
from itertools import chain
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from runlens.api.payload import Blob, Stream

PIECE: Final = 1 << 20  # bytes that are sent at once

# A URL names the checksum of the bytes, so what it means never changes.
KEPT: Final[dict[str, str]] = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
    # Should somebody open it as a page of its own, it may neither run nor load anything.
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
}


def respond_stream(stream: Stream) -> StreamingResponse:
    """A file to be saved."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(stream.name)}", "Cache-Control": "no-store"}
    return StreamingResponse(stream.pieces, media_type=stream.media_type, headers=headers)


def respond_blob(request: Request, blob: Blob) -> Response:
    """The whole of it, or the part that `Range` asks for (RFC 9110, section 14; one part at a time)."""
    asked = request.headers.get("range")
    part = _part(asked, len(blob.data)) if asked else None
    if part is None:
        return _send(blob, 0, len(blob.data), 200, KEPT)
    start, stop = part
    if start >= stop:
        return Response(status_code=416, headers={**KEPT, "Content-Range": f"bytes */{len(blob.data)}"})
    return _send(blob, start, stop, 206, {**KEPT, "Content-Range": f"bytes {start}-{stop - 1}/{len(blob.data)}"})


def _send(blob: Blob, start: int, stop: int, status: int, headers: dict[str, str]) -> Response:
    """A little at once; much is read while it is sent, as far as the asker listens: a player that seeks hangs up."""
    if stop - start <= PIECE:
        return Response(blob.data[start:stop], status, media_type=blob.media_type, headers=headers)
    first = blob.data[start : start + PIECE]  # what cannot be had is told before the answer begins
    rest = (blob.data[at : min(at + PIECE, stop)] for at in range(start + PIECE, stop, PIECE))
    headers = {**headers, "Content-Length": str(stop - start)}
    return StreamingResponse(chain([first], rest), status, media_type=blob.media_type, headers=headers)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; empty where it cannot be had; None for what is no single range."""
    match = re.fullmatch(r"bytes=(\d*)-(\d*)", asked.strip())
    if not match or not any(match.groups()) or len(asked) > 60:
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1 if last else size)
