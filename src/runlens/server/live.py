"""Server-sent events: tells pages what changed, soon and not too often."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import StreamingResponse

from runlens.api.run import progress
from runlens.notes.sidecar import Sidecar
from runlens.store.index import Change, Index

GATHER: Final = 0.05  # s during which changes are merged into one event
GATHER_LOADING: Final = 0.25  # s, the same while everything is new
KEEP_ALIVE: Final = 15.0  # s of silence after which a comment is sent, so that proxies do not hang up
RETRY: Final = 1000  # ms after which a browser that lost the connection tries again


class Listener:
    """Gathers changes, which come from the reading threads, for one connection."""

    def __init__(self, index: Index, notes: Sidecar) -> None:
        self._loop = asyncio.get_running_loop()
        self._index = index
        self._notes = notes
        self._news = asyncio.Event()
        self._runs: set[str] = set()
        self._tree = False
        self._revision = index.revision
        self._unsubscribe = [index.subscribe(self._hear), notes.subscribe(self._hear_notes)]

    def unsubscribe(self) -> None:
        """Hear no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def _hear(self, change: Change) -> None:
        self._pass_on(lambda: self._note(change))

    def _hear_notes(self) -> None:
        self._pass_on(self._news.set)

    def _pass_on(self, call: Callable[[], None]) -> None:
        try:
            self._loop.call_soon_threadsafe(call)
        except RuntimeError:
            self.unsubscribe()  # the server's loop is closed: nobody listens any more

    def _note(self, change: Change) -> None:
        self._runs |= change.runs
        self._tree = self._tree or change.tree
        self._revision = max(self._revision, change.revision)
        self._news.set()

    async def next(self) -> dict[str, Any] | None:
        """The next change, merged with those that follow at once; None after a silence."""
        try:
            await asyncio.wait_for(self._news.wait(), KEEP_ALIVE)
        except asyncio.TimeoutError:
            return None
        await asyncio.sleep(GATHER if self._index.state == "ready" else GATHER_LOADING)
        change = {
            "revision": self._revision,
            "tree": self._tree,
            "runs": sorted(self._runs),
            "notes": self._notes.state.revision,
        }
        self._news.clear()
        self._runs, self._tree = set(), False
        return change


async def live(request: Request) -> StreamingResponse:
    """`GET api/live`: what changed, for as long as the page is open."""
    state = request.app.state
    events = _events(state.index, state.notes, state.closing)
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


async def _events(index: Index, notes: Sidecar, closing: asyncio.Event) -> AsyncIterator[str]:
    listener = Listener(index, notes)
    ended = asyncio.ensure_future(closing.wait())
    try:
        hello = {"revision": index.revision, "state": index.state, "notes": notes.state.revision}
        yield f"retry: {RETRY}\n\n" + _event("hello", hello)
        while not closing.is_set():
            news = asyncio.ensure_future(listener.next())
            await asyncio.wait({news, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not news.done():
                news.cancel()
                return
            change = news.result()
            if change is None:
                yield ": still here\n\n"
                continue
            if index.state == "loading":
                yield _event("progress", {"state": index.state, **progress(index)})
            yield _event("change", change)
    finally:
        ended.cancel()
        listener.unsubscribe()


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, separators=(',', ':'))}\n\n"
