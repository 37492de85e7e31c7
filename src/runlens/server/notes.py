"""The routes of notes: the only ones that change something, so strangers' pages may not ask them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runlens.api import notes as api
from runlens.api.payload import Json
from runlens.notes.sidecar import Conflict, NotesError, Sidecar
from runlens.notes.trash import Refused, Trash
from runlens.server.answer import respond
from runlens.server.body import read_question
from runlens.server.compress import COMPRESSED
from runlens.server.security import refuse_strangers
from runlens.store.index import Index

Change = Callable[[Index, Sidecar, Trash | None, dict[str, Any]], Json]


def notes_routes() -> list[Route]:
    """Routes relative to the server's root."""
    return [
        Route("/api/notes", read, middleware=COMPRESSED),
        Route("/api/notes/change", changing(api.change), methods=["POST"], middleware=COMPRESSED),
        Route("/api/notes/remove", changing(api.remove), methods=["POST"], middleware=COMPRESSED),
        Route("/api/notes/restore", changing(api.restore), methods=["POST"], middleware=COMPRESSED),
    ]


async def read(request: Request) -> Response:
    """`GET api/notes`."""
    state = request.app.state
    return respond(await run_in_threadpool(api.notes, state.index, state.notes, state.trash))


def changing(change: Change) -> Callable[[Request], Awaitable[Response]]:
    """`POST api/notes/<what>`, which our own page may ask."""

    async def answer(request: Request) -> Response:
        refuse_strangers(request)
        question = await read_question(request)
        state = request.app.state
        return respond(await run_in_threadpool(change, state.index, state.notes, state.trash, question))

    return answer


async def on_notes_error(_: Request, error: Exception) -> Response:
    """Why the notes, or a run, stay as they are: 409 for what can be tried again, 423 for what may not be written."""
    return JSONResponse({"error": str(error)}, 409 if isinstance(error, Conflict | Refused) else 423)


ON_NOTES_ERROR = {NotesError: on_notes_error}
