"""Reads what a page sends, up to a limit."""

from __future__ import annotations

import json
from typing import Any, Final

from starlette.requests import Request

from runlens.api.question import BadQuestion

MAX_QUESTION: Final = 16 << 20  # bytes; ten thousand runs in a hundred charts stay far below


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise BadQuestion(f"body: got more than {limit} bytes")
    return bytes(body)


async def read_question(request: Request) -> dict[str, Any]:
    """The body as a JSON object."""
    body = await read_body(request, MAX_QUESTION)
    try:
        question = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadQuestion(f"question: want a JSON object; {error}") from None
    if not isinstance(question, dict):
        raise BadQuestion("question: want a JSON object")
    return question
