"""Layouts of custom scalars <-> Layout bytes, by the field numbers of the plugin's layout.proto."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from runlens.wire.fields import INT, TEXT, repeated, singular
from runlens.wire.message import bytes_field, text_field

# The one tag under which a run's layout stands.
TAG = "custom_scalars__config__"


@dataclass(frozen=True, slots=True)
class Band:
    """Three tags of a margin chart."""

    value: str
    lower: str
    upper: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A multiline chart of the tags that `expressions` find, or a margin chart of `bands`."""

    title: str
    expressions: tuple[str, ...] = ()
    bands: tuple[Band, ...] = ()


@dataclass(frozen=True, slots=True)
class Category:
    """Charts under one title."""

    title: str
    is_closed: bool = False
    charts: list[Chart] = field(default_factory=list)


def read_layout(message: bytes) -> list[Category]:
    """The categories of a Layout.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    return [_read_category(part) for part in repeated(message, "Layout", 2)]


def _read_category(message: memoryview) -> Category:
    title, is_closed = singular(message, "Category", {1: TEXT, 3: INT})
    return Category(title, bool(is_closed), [_read_chart(part) for part in repeated(message, "Chart", 2)])


def _read_chart(message: memoryview) -> Chart:
    (title,) = singular(message, "Chart", {1: TEXT})
    expressions = (
        str(tag, "utf-8", "replace")
        for part in repeated(message, "Chart", 2)
        for tag in repeated(part, "MultilineChartContent", 1)
    )
    bands = (
        Band(*singular(series, "MarginChartContent.Series", {1: TEXT, 2: TEXT, 3: TEXT}))
        for part in repeated(message, "Chart", 3)
        for series in repeated(part, "MarginChartContent", 1)
    )
    return Chart(title, tuple(expressions), tuple(bands))


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
