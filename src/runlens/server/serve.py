"""Serves an application until told to stop."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette


class Server(uvicorn.Server):
    """Ends the live streams first: otherwise stopping would wait for pages to be closed."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take an interrupt or a termination as the wish to stop, not as a failure to be raised again afterwards."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything."""
        self.config.app.state.closing.set()  # type: ignore[union-attr]
        await super().shutdown(sockets)


def serve(app: Starlette, listener: socket.socket) -> None:
    """Serve until interrupted or terminated."""
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2, ws="none")
    Server(config).run(sockets=[listener])
