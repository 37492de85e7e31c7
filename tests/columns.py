"""Decodes the binary answer, from docs/http_api.md alone."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np


def decode(answer: bytes) -> tuple[dict[str, Any], list[Any]]:
    """The header and the arrays."""
    assert answer[:4] == b"RLC1"
    (size,) = struct.unpack_from("<I", answer, 4)
    assert (8 + size) % 8 == 0
    header = json.loads(answer[8 : 8 + size])
    arrays = []
    for item in header["arrays"]:
        assert item["offset"] % 8 == 0 and item["offset"] >= 8 + size
        arrays.append(np.frombuffer(answer, "<" + item["dtype"], item["length"], item["offset"]))
    return header, arrays


def curves(answer: bytes) -> dict[tuple[str, str], dict[str, Any]]:
    """{(tag, run): series}, its columns in place of their numbers, with the chart's domain."""
    header, arrays = decode(answer)
    found = {}
    for chart in header["charts"]:
        for series in chart["series"]:
            columns = {name: arrays[series[name]] for name in ("step", "wall_time", "value")}
            smoothed = None if series["smoothed"] is None else arrays[series["smoothed"]]
            key = (chart["tag"], series["run"])
            found[key] = {**series, **columns, "smoothed": smoothed, "domain": chart["domain"]}
    return found
