"""The application: routes under a path prefix, marked for safety, over an index it is handed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route, Router

from runlens.notes.sidecar import Sidecar
from runlens.notes.trash import Trash
from runlens.server.notes import ON_NOTES_ERROR, notes_routes
from runlens.server.page import page_routes
from runlens.server.routes import EXCEPTION_HANDLERS, RunList, api_routes
from runlens.server.security import SecurityHeaders
from runlens.store.index import Index


@dataclass(frozen=True, slots=True)
class Settings:
    """What the command line says of the page."""

    logdir: str
    version: str
    path_prefix: str = ""
    window_title: str = ""
    allow_delete: bool = False


def create_app(index: Index, settings: Settings, notes: Sidecar) -> Starlette:
    """The viewer of an index, and of the notes on it, as an ASGI application."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.closing = asyncio.Event()
        yield
        app.state.closing.set()

    app = Starlette(
        routes=_under_prefix(settings.path_prefix, [*notes_routes(), *api_routes(), *page_routes()]),
        middleware=[Middleware(SecurityHeaders)],
        exception_handlers={**EXCEPTION_HANDLERS, **ON_NOTES_ERROR},
        lifespan=lifespan,
    )
    app.state.index = index
    app.state.notes = notes
    app.state.trash = Trash(index) if settings.allow_delete else None
    app.state.run_list = RunList()
    app.state.about = {
        "logdir": settings.logdir,
        "version": settings.version,
        "window_title": settings.window_title,
    }
    return app


def _under_prefix(prefix: str, routes: list[BaseRoute]) -> list[BaseRoute]:
    """The routes below `prefix`, with and without the slash at its end."""
    if not prefix:
        return routes

    async def add_slash(request: Request) -> Response:
        # Relative, so that it is right behind a proxy that serves us somewhere else.
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{prefix.rsplit('/', 1)[-1]}/{query}")

    return [Route(prefix, add_slash), Mount(prefix, app=Router(routes))]
