"""Hyper-parameters -> plugin data of TensorBoard's hparams plugin.

Field numbers are those of its plugin_data.proto and api.proto, and of protobuf's struct.proto. All of it is said in the
metadata of a value whose tensor is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, double_field, int_field, text_field, varint

PLUGIN = "hparams"
EXPERIMENT_TAG = "_hparams_/experiment"
SESSION_START_TAG = "_hparams_/session_start_info"
SESSION_END_TAG = "_hparams_/session_end_info"

SUCCESS = 1
FAILURE = 2

TYPE_STRING = 1
TYPE_BOOL = 2
TYPE_FLOAT64 = 3

Value = bool | float | str


def experiment(hparams: Mapping[str, Value], domains: Mapping[str, Sequence[Value]], metrics: Iterable[str]) -> bytes:
    """The summary that names the hyper-parameters, their types and discrete domains, and the metrics' tags."""
    infos = [_hparam_info(name, value, domains.get(name)) for name, value in hparams.items()]
    infos += [bytes_field(5, bytes_field(1, text_field(2, tag))) for tag in metrics]
    return _summary(EXPERIMENT_TAG, bytes_field(2, b"".join(infos)))


def session_start(hparams: Mapping[str, Value], start: float | None = None) -> bytes:
    """The summary that says a run's hyper-parameters, and when it began in seconds since the epoch."""
    entries = [bytes_field(1, text_field(1, name) + bytes_field(2, _value(value))) for name, value in hparams.items()]
    begun = b"" if start is None else double_field(5, start)
    return _summary(SESSION_START_TAG, bytes_field(3, b"".join(entries) + begun))


def session_end(status: int, end: float | None = None) -> bytes:
    """The summary that says how a run ended, and when in seconds since the epoch."""
    return _summary(
        SESSION_END_TAG, bytes_field(4, int_field(1, status) + (b"" if end is None else double_field(2, end)))
    )


def _summary(tag: str, content: bytes) -> bytes:
    metadata = event.metadata(PLUGIN, content, event.DATA_CLASS_TENSOR)
    return event.summary(event.tensor_value(tag, tensor.EMPTY, metadata))


def _hparam_info(name: str, value: Value, domain: Sequence[Value] | None) -> bytes:
    info = text_field(1, name) + int_field(4, _type(value))
    if domain is not None:
        info += bytes_field(5, b"".join(bytes_field(1, _value(item)) for item in domain))
    return bytes_field(4, info)


def _type(value: Value) -> int:
    if isinstance(value, str):
        return TYPE_STRING
    return TYPE_BOOL if isinstance(value, bool) else TYPE_FLOAT64


def _value(value: Value) -> bytes:
    """A google.protobuf.Value: one of several fields, which is written also when it is zero or empty."""
    if isinstance(value, str):
        return bytes_field(3, value.encode())
    if isinstance(value, bool):
        return varint(4 << 3) + varint(value)
    return double_field(2, value)
