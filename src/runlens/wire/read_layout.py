"""Layout bytes -> layouts of custom scalars, by the field numbers of the plugin's layout.proto."""

from dataclasses import dataclass, field

from runlens.wire.fields import INT, TEXT, repeated, singular


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
