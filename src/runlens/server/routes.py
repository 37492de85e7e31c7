"""The routes below api/: one loop over the kinds' queries, and the list of runs."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runlens.api.kinds import BLOBS, QUERIES, BlobQuery, Query
from runlens.api.payload import Payload, Stream
from runlens.api.question import BadQuestion, NotFound, QuestionError
from runlens.api.run import runs
from runlens.server.blob import respond_blob, respond_stream
from runlens.server.compress import COMPRESSED
from runlens.server.live import live

MAX_QUESTION = 16 << 20  # bytes; ten thousand runs in a hundred charts stay far below


def api_routes() -> list[Route]:
    """All routes, relative to the server's root."""
    kinds = [
        Route(f"/api/{kind}/{name}", _answerer(query), methods=["POST"], name=f"{kind}.{name}")
        for kind, queries in QUERIES.items()
        for name, query in queries.items()
    ]
    blobs = [
        Route(f"/api/{kind}/{name}", _blob_answerer(query), methods=["GET"], name=f"{kind}.{name}")
        for kind, queries in BLOBS.items()
        for name, query in queries.items()
    ]
    return [
        Route("/api/runs", list_runs, middleware=COMPRESSED),
        Route("/api/live", live),
        *kinds,
        *blobs,
        Route("/api/{path:path}", not_found),
    ]


async def list_runs(request: Request) -> Response:
    """`GET api/runs`."""
    state = request.app.state
    etag = f'"{state.index.revision}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    payload = await run_in_threadpool(runs, state.index, state.about)
    return _respond(payload, headers)


async def not_found(request: Request) -> Response:
    """Any other path below api/."""
    raise NotFound(f"no route {request.url.path}")


async def on_question_error(_: Request, error: Exception) -> Response:
    """The asker's mistake as 400 or 404."""
    return JSONResponse({"error": str(error)}, 404 if isinstance(error, NotFound) else 400)


async def on_server_error(_: Request, error: Exception) -> Response:
    """Our mistake: named to the page, with the traceback in the terminal's log only."""
    return JSONResponse({"error": f"internal error: {type(error).__name__}"}, 500)


EXCEPTION_HANDLERS: dict[Any, Callable[[Request, Exception], Awaitable[Response]]] = {
    QuestionError: on_question_error,
    Exception: on_server_error,
}


def _answerer(query: Query) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        question = await _read_question(request)
        return _respond(await run_in_threadpool(query, request.app.state.index, question))

    return answer


def _blob_answerer(query: BlobQuery) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        blob = await run_in_threadpool(query, request.app.state.index, request.query_params)
        return respond_stream(blob) if isinstance(blob, Stream) else respond_blob(request, blob)

    return answer


async def _read_question(request: Request) -> dict[str, Any]:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_QUESTION:
            raise BadQuestion(f"question: got more than {MAX_QUESTION} bytes")
    try:
        question = json.loads(bytes(body))
    except (ValueError, RecursionError) as error:
        raise BadQuestion(f"question: want a JSON object; {error}") from None
    if not isinstance(question, dict):
        raise BadQuestion("question: want a JSON object")
    return question


def _respond(payload: Payload, headers: dict[str, str] | None = None) -> Response:
    return Response(payload.encode(), media_type=payload.media_type, headers=headers or {"Cache-Control": "no-store"})
