"""Layouts of custom scalars -> Layout bytes, by the field numbers of the plugin's layout.proto."""

from collections.abc import Iterable, Sequence

from runlens.wire.message import bytes_field, text_field

# The one tag under which a run's layout stands.
TAG = "custom_scalars__config__"


def layout(categories: Iterable[bytes]) -> bytes:
    """A Layout of version 0."""
    return _repeated(2, categories)


def category(title: str, charts: Iterable[bytes]) -> bytes:
    """A Category."""
    return text_field(1, title) + _repeated(2, charts)


def multiline_chart(title: str, tags: Iterable[str]) -> bytes:
    """A Chart of the tags that any of these regular expressions finds."""
    return text_field(1, title) + bytes_field(2, _repeated(1, (tag.encode() for tag in tags)))


def margin_chart(title: str, series: Iterable[Sequence[str]]) -> bytes:
    """A Chart of bands, each of three tags: value, lower and upper bound."""
    bands = (b"".join(text_field(number, tag) for number, tag in enumerate(tags, 1)) for tags in series)
    return text_field(1, title) + bytes_field(3, _repeated(1, bands))


def _repeated(number: int, values: Iterable[bytes]) -> bytes:
    return b"".join(bytes_field(number, value) for value in values)
