"""The routes below api/: what the kinds answer, and the list of runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runlens.api import kinds
from runlens.api.payload import Stream
from runlens.api.question import NotFound, QuestionError
from runlens.api.run import runs
from runlens.server.answer import respond
from runlens.server.blob import respond_blob, respond_stream
from runlens.server.body import read_body, read_question
from runlens.server.compress import COMPRESSED
from runlens.server.live import live
from runlens.store.index import Index

LOADING_SHARE = 5  # while loading, the list of runs is made in at most one part in so many of the time
MAX_UPLOAD = 256 << 20  # bytes; as much as is read of one value in a log


def api_routes() -> list[Route]:
    """All routes, relative to the server's root."""
    return [
        Route("/api/runs", list_runs, middleware=COMPRESSED),
        Route("/api/live", live),
        Route("/api/runs/select", select_runs, methods=["POST"]),
        Route("/api/{kind}/{name}", ask, methods=["POST"]),
        Route("/api/{kind}/{name}", fetch, methods=["GET"]),
        Route("/api/{path:path}", not_found),
    ]


async def list_runs(request: Request) -> Response:
    """`GET api/runs`."""
    state = request.app.state
    etag = f'"{state.index.revision}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "no-cache"})
    body, revision = await run_in_threadpool(state.run_list.answer, state.index, state.about)
    headers = {"ETag": f'"{revision}"', "Cache-Control": "no-cache"}
    return Response(body, media_type="application/json", headers=headers)


async def select_runs(request: Request) -> Response:
    """`POST api/runs/select`: the runs that a query finds."""
    from runlens.api.run_select import select  # noqa: PLC0415 - no start waits for it

    question = await read_question(request)
    return respond(await run_in_threadpool(select, request.app.state.index, question))


class RunList:
    """The answer of `api/runs`. While everything is new it is made seldom: making it holds up the reading."""

    def __init__(self) -> None:
        self._body = b""
        self._revision = -1
        self._good_until = 0.0
        self._lock = threading.Lock()

    def answer(self, index: Index, about: dict[str, Any]) -> tuple[bytes, int]:
        """The encoded answer and the index's revision that it tells of."""
        with self._lock:
            began = time.monotonic()
            if index.state != "loading" or began >= self._good_until:
                payload = runs(index, about)
                self._body, self._revision = payload.encode(), payload.value["revision"]
                ended = time.monotonic()
                self._good_until = ended + LOADING_SHARE * (ended - began)
            return self._body, self._revision


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


async def ask(request: Request) -> Response:
    """`POST api/<kind>/<name>`: a JSON question, or a file."""
    kind, name = request.path_params["kind"], request.path_params["name"]
    if (query := kinds.query(kind, name)) is not None:
        question = await read_question(request)
        return respond(await run_in_threadpool(query, request.app.state.index, question))
    if (upload := kinds.upload(kind, name)) is not None:
        body = await read_body(request, MAX_UPLOAD)
        return respond(await run_in_threadpool(upload, body, dict(request.query_params)))
    return await not_found(request)


async def fetch(request: Request) -> Response:
    """`GET api/<kind>/<name>`: bytes that a URL names."""
    blob = kinds.blob(request.path_params["kind"], request.path_params["name"])
    if blob is None:
        return await not_found(request)

    def make() -> Response:
        answer = blob(request.app.state.index, request.query_params)
        return respond_stream(answer) if isinstance(answer, Stream) else respond_blob(request, answer)

    return await run_in_threadpool(make)
