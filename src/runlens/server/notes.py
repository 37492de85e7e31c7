"""The routes of notes: the only ones that change something, so strangers' pages may not ask them."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from runlens.api import notes as api
from runlens.notes.sidecar import Conflict, NotesError
from runlens.server.body import read_question
from runlens.server.compress import COMPRESSED
from runlens.server.security import refuse_strangers


def notes_routes() -> list[Route]:
    """Routes relative to the server's root."""
    return [
        Route("/api/notes", read, middleware=COMPRESSED),
        Route("/api/notes/change", change, methods=["POST"], middleware=COMPRESSED),
    ]


async def read(request: Request) -> Response:
    """`GET api/notes`."""
    state = request.app.state
    answer = await run_in_threadpool(api.notes, state.index, state.notes)
    return Response(answer.encode(), media_type=answer.media_type, headers={"Cache-Control": "no-store"})


async def change(request: Request) -> Response:
    """`POST api/notes/change`: 409 when a field is no longer what the page believes it to be."""
    refuse_strangers(request)
    question = await read_question(request)
    state = request.app.state
    answer = await run_in_threadpool(api.change, state.index, state.notes, question)
    return Response(answer.encode(), media_type=answer.media_type, headers={"Cache-Control": "no-store"})


async def on_notes_error(_: Request, error: Exception) -> Response:
    """Why the notes stay as they are."""
    return JSONResponse({"error": str(error)}, 409 if isinstance(error, Conflict) else 423)


ON_NOTES_ERROR = {NotesError: on_notes_error}
