"""Events and summaries -> bytes, by the field numbers of event.proto and summary.proto."""

from runlens.wire.message import bytes_field, double_field, float_field, int_field, text_field

VERSION = "brain.Event:2"
SESSION_START = 1

DATA_CLASS_SCALAR = 1
DATA_CLASS_TENSOR = 2
DATA_CLASS_BLOB_SEQUENCE = 3


def event(wall_time: float, step: int, parts: bytes) -> bytes:
    """An Event with its parts (a summary, a graph, …) already encoded."""
    return double_field(1, wall_time) + int_field(2, step) + parts


def file_version() -> bytes:
    """The part that opens every event file."""
    return text_field(3, VERSION)


def session_start() -> bytes:
    """The part by which a restarted job says that steps from this event's on will be written anew."""
    return bytes_field(7, int_field(1, SESSION_START))


def summary(*values: bytes) -> bytes:
    """The part that holds summary values."""
    return bytes_field(5, b"".join(bytes_field(1, value) for value in values))


def simple_value(tag: str, value: float, metadata: bytes = b"") -> bytes:
    """A value that is one float32."""
    return text_field(1, tag) + float_field(2, value) + (bytes_field(9, metadata) if metadata else b"")


def histogram_value(tag: str, histogram: bytes) -> bytes:
    """A value that is a HistogramProto."""
    return text_field(1, tag) + bytes_field(5, histogram)


def tensor_value(tag: str, tensor: bytes, metadata: bytes) -> bytes:
    """A value that is a tensor."""
    return text_field(1, tag) + bytes_field(8, tensor) + bytes_field(9, metadata)


def metadata(
    plugin: str, content: bytes = b"", data_class: int = 0, display_name: str = "", description: str = ""
) -> bytes:
    """What a value's first occurrence says of its tag."""
    plugin_data = text_field(1, plugin) + (bytes_field(2, content) if content else b"")
    return (
        bytes_field(1, plugin_data)
        + text_field(2, display_name)
        + text_field(3, description)
        + int_field(4, data_class)
    )
