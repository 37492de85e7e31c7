"""Headers that keep a page made from untrusted logs from doing anything but show them."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class SecurityHeaders:
    """Adds the headers to every answer. They let the page load nothing from anywhere else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and mark its answer."""

        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)  # a route may be stricter
            await send(message)

        await self._app(scope, receive, send_marked if scope["type"] == "http" else send)


def refuse_strangers(request: Request) -> None:
    """Let only our own page, or a program, change something: another site's page runs in the same browser.

    Such a page cannot send JSON without asking first (https://fetch.spec.whatwg.org/#cors-preflight-fetch), and the
    browser says where a request comes from: in `Sec-Fetch-Site`, or where that is not sent, in `Origin`.

    Raises:
        HTTPException: 415 or 403.
    """
    headers = request.headers
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "want Content-Type: application/json")
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        is_own = site in ("same-origin", "none")
    else:
        # A proxy may tell us its own name and pass on the browser's.
        is_own = origin is None or urlsplit(origin).netloc in (headers.get("host"), headers.get("x-forwarded-host"))
    if not is_own:
        raise HTTPException(403, "this may only be asked by the viewer's own page")
