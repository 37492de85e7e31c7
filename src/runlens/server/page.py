"""The built page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from runlens.server.compress import COMPRESSED

STATIC: Final = Path(__file__).parent.parent / "static"

NOT_BUILT: Final = """The page is not built. In a clone of runlens run

    make web

and reload. (The API below api/ works without it.)
"""


class PageFiles(StaticFiles):
    """Files of the page. Those whose name holds a hash of their content may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        hashed = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        return response


def page_routes() -> list[BaseRoute]:
    """The page at the root, or a word about how to build it."""
    if (STATIC / "index.html").is_file():
        return [Mount("/", PageFiles(directory=STATIC, html=True), middleware=COMPRESSED)]
    return [Route("/", not_built)]


async def not_built(_: Request) -> Response:
    """What a developer sees before the first build."""
    return PlainTextResponse(NOT_BUILT, 503)
