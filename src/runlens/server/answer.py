"""A payload as an HTTP answer."""

from __future__ import annotations

from starlette.responses import Response

from runlens.api.payload import Payload


def respond(payload: Payload) -> Response:
    """What a page asked for, as it is now."""
    return Response(payload.encode(), media_type=payload.media_type, headers={"Cache-Control": "no-store"})
