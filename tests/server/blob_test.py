"""Bytes from a log over HTTP: parts as players ask for them, kept by browsers, harmless when opened."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import StreamingResponse

from runlens.api.payload import Blob
from runlens.server import blob
from runlens.server.blob import respond_blob

BLOB = Blob(b"0123456789", "video/mp4")
LONG = bytes(range(256)) * (3 * blob.PIECE // 256) + b"end"


def answer(**headers: str) -> tuple[int, bytes, dict[str, str]]:
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    response = respond_blob(Request({"type": "http", "headers": raw}), BLOB)
    return response.status_code, bytes(response.body), dict(response.headers)


def test_whole() -> None:
    status, body, headers = answer()
    assert (status, body, headers["content-type"]) == (200, BLOB.data, "video/mp4")
    assert "immutable" in headers["cache-control"]
    assert headers["content-security-policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("asked", "body", "described"),
    [
        ("bytes=0-", b"0123456789", "bytes 0-9/10"),
        ("bytes=2-4", b"234", "bytes 2-4/10"),
        ("bytes=8-99", b"89", "bytes 8-9/10"),
        ("bytes=-3", b"789", "bytes 7-9/10"),
        ("bytes=-30", b"0123456789", "bytes 0-9/10"),
    ],
)
def test_part(asked: str, body: bytes, described: str) -> None:
    status, got, headers = answer(range=asked)
    assert (status, got, headers["content-range"]) == (206, body, described)


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=4-2", "bytes=-0"])
def test_part_that_is_not_there(asked: str) -> None:
    status, body, headers = answer(range=asked)
    assert (status, body, headers["content-range"]) == (416, b"", "bytes */10")


@pytest.mark.parametrize("asked", ["bytes=0-1,3-4", "lines=1-2", "bytes=-", "nonsense", "bytes=" + "9" * 80 + "-"])
def test_what_is_no_single_range_is_ignored(asked: str) -> None:
    assert answer(range=asked)[:2] == (200, BLOB.data)


class Counted:
    """Bytes that know how many of them were read."""

    def __init__(self) -> None:
        self.read = 0

    def __len__(self) -> int:
        return len(LONG)

    def __getitem__(self, at: slice) -> bytes:
        found = LONG[at]
        self.read += len(found)
        return found


@pytest.mark.parametrize(("asked", "start"), [(None, 0), ("bytes=0-", 0), ("bytes=1000000-", 1_000_000)])
def test_much_is_read_while_it_is_sent(asked: str | None, start: int) -> None:
    counted: Any = Counted()
    raw = [(b"range", asked.encode())] if asked else []
    response = respond_blob(Request({"type": "http", "headers": raw}), Blob(counted, "video/mp4"))
    assert isinstance(response, StreamingResponse)
    assert counted.read == blob.PIECE  # whoever hangs up now has cost no more
    assert response.headers["content-length"] == str(len(LONG) - start)

    async def drain() -> bytes:
        return b"".join([bytes(piece) async for piece in response.body_iterator])  # type: ignore[arg-type]

    assert asyncio.run(drain()) == LONG[start:]


def test_a_part_reads_no_more_than_itself() -> None:
    counted: Any = Counted()
    raw = [(b"range", b"bytes=2000000-2000099")]
    response = respond_blob(Request({"type": "http", "headers": raw}), Blob(counted, "video/mp4"))
    assert (response.body, counted.read) == (LONG[2_000_000:2_000_100], 100)
