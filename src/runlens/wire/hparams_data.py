"""Plugin data of TensorBoard's hparams plugin -> what they say; the other way is in `wire/hparams.py`.

Field numbers are those of its plugin_data.proto and api.proto, and of protobuf's struct.proto. All raise Malformed for
bytes that are not protobuf. A value that is no bool, number or string (null, a list, a struct) is left out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from runlens.wire.fields import BYTES, CONTENT, DOUBLE, FIXED64, INT, TEXT, VARINT, fields, repeated, singular
from runlens.wire.hparams import Value

Status = Literal["unknown", "success", "failure", "running"]

_STATUS: Final[dict[int, Status]] = {1: "success", 2: "failure", 3: "running"}


@dataclass(frozen=True, slots=True)
class HparamInfo:
    """What an experiment says of a hyper-parameter."""

    name: str
    display_name: str
    description: str


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """What an experiment says of a metric: the tag of a curve in the run, or in the run `group` below it."""

    group: str
    tag: str
    display_name: str
    description: str


@dataclass(frozen=True, slots=True)
class Experiment:
    """The hyper-parameters and metrics that runs have in common."""

    hparams: list[HparamInfo]
    metrics: list[MetricInfo]


@dataclass(frozen=True, slots=True)
class SessionStart:
    """What a run was told to do. `group` is empty where it was not said; so is `start`, s since the epoch, None."""

    hparams: dict[str, Value]
    group: str
    start: float | None


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """How a run ended, and when in seconds since the epoch."""

    status: Status
    end: float | None


def read_plugin_data(content: bytes) -> Experiment | SessionStart | SessionEnd | None:
    """The one message in an HParamsPluginData; None when it holds none that is known."""
    found: Experiment | SessionStart | SessionEnd | None = None
    for number, wire, body in fields(content, "HParamsPluginData"):
        if wire == BYTES and number in _READERS:
            found = _READERS[number](body)
    return found


def _experiment(body: memoryview) -> Experiment:
    hparams = [HparamInfo(*singular(info, "HParamInfo", {1: TEXT, 2: TEXT, 3: TEXT})) for info in _of(body, 4)]
    metrics = []
    for info in _of(body, 5):
        name, display_name, description = singular(info, "MetricInfo", {1: CONTENT, 3: TEXT, 4: TEXT})
        group, tag = singular(name, "MetricName", {1: TEXT, 2: TEXT})
        metrics.append(MetricInfo(group, tag, display_name, description))
    return Experiment(hparams, metrics)


def _of(body: memoryview, number: int) -> Iterator[memoryview]:
    return repeated(body, "Experiment", number)


def _session_start(body: memoryview) -> SessionStart:
    group, start = singular(body, "SessionStartInfo", {4: TEXT, 5: DOUBLE})
    hparams: dict[str, Value] = {}
    for entry in repeated(body, "SessionStartInfo", 1):
        name, encoded = singular(entry, "HParamsEntry", {1: TEXT, 2: CONTENT})
        value = _value(encoded)
        if value is not None:
            hparams[name] = value
    return SessionStart(hparams, group, start or None)


def _session_end(body: memoryview) -> SessionEnd:
    status, end = singular(body, "SessionEndInfo", {1: INT, 2: DOUBLE})
    return SessionEnd(_STATUS.get(status, "unknown"), end or None)


def _value(body: bytes) -> Value | None:
    """Of a google.protobuf.Value, a oneof, the last field counts; it counts also when it is zero or empty."""
    found: Value | None = None
    for number, wire, encoded in fields(body, "Value"):
        if number == 2 and wire == FIXED64:
            found = struct.unpack("<d", encoded)[0]
        elif number == 3 and wire == BYTES:
            found = str(encoded, "utf-8", "replace")
        elif number == 4 and wire == VARINT:
            found = any(byte & 0x7F for byte in encoded)
        elif number in (1, 5, 6):
            found = None
    return found


_READERS: Final[dict[int, Callable[[memoryview], Experiment | SessionStart | SessionEnd]]] = {
    2: _experiment,
    3: _session_start,
    4: _session_end,
}
