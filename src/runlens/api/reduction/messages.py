"""What the server and its worker say: a JSON object and an array of float32, both with their lengths before."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

HEAD: Final = struct.Struct("<QQ")  # bytes of JSON, bytes of float32

Floats = NDArray[np.float32]
Report = Callable[[str, float, NDArray[Any] | None], None]  # stage, progress from 0 to 1, places as they are now


def send(stream: BinaryIO, words: dict[str, Any], floats: Floats | None = None) -> None:
    """Write one message.

    Raises:
        OSError: the other side is gone.
    """
    text = json.dumps(words).encode()
    data = b"" if floats is None else np.ascontiguousarray(floats, "<f4").data.cast("B")
    stream.write(HEAD.pack(len(text), len(data)))
    stream.write(text)
    stream.write(data)
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict[str, Any], Floats] | None:
    """Read one message; None where the other side has ended, be it in the middle of one."""
    head = stream.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    text_size, size = HEAD.unpack(head)
    text = stream.read(text_size)
    data = stream.read(size)
    if len(text) < text_size or len(data) < size:
        return None
    return json.loads(text), np.frombuffer(data, "<f4")
