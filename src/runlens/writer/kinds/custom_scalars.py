"""custom_scalars: which scalars share a chart, said once for a whole run.

A reader takes the newest layout of a run, so each one that is written holds everything that was ever asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from runlens.wire import event, tensor
from runlens.wire import layout as wire
from runlens.writer.arguments import check_tag, describe

TAG: Final = wire.TAG
MULTILINE: Final = "Multiline"
MARGIN: Final = "Margin"
METADATA: Final = event.metadata("custom_scalars", data_class=event.DATA_CLASS_TENSOR)


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: lines of all tags that match, or bands of three tags each."""

    kind: str
    tags: tuple[str, ...]

    def encode(self, title: str) -> bytes:
        """The Chart message."""
        if self.kind == MULTILINE:
            return wire.multiline_chart(title, self.tags)
        return wire.margin_chart(title, (self.tags[i : i + 3] for i in range(0, len(self.tags), 3)))


# (category, title of the chart)
Place = tuple[str, str]


class Layout:
    """All charts of a run, which only become more. Any thread may add.

    It is encoded when its turn to be written comes and not before: whichever of several threads' layouts is written
    last, it holds the charts of all of them. That needs no lock, as each step below is a single one of a dictionary.
    """

    size = 0

    def __init__(self) -> None:
        self._charts: dict[Place, Chart] = {}
        self._lines: dict[tuple[str, str], None] = {}  # (main_tag, tag of the line)

    def add(self, charts: Mapping[Place, Chart]) -> None:
        """Add the user's charts; one that stood at the same place makes room."""
        self._charts.update(charts)

    def add_lines(self, main_tag: str, tags: Sequence[str]) -> bool:
        """Have these tags share a chart called `main_tag`, whose group it stands in. Whether one of them is new."""
        known = len(self._lines)
        self._lines.update(dict.fromkeys((main_tag, tag) for tag in tags))
        return len(self._lines) > known

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary."""
        categories: dict[str, list[bytes]] = {}
        for (category, title), chart in self._all_charts().items():
            categories.setdefault(category, []).append(chart.encode(title))
        layout = wire.layout(wire.category(title, charts) for title, charts in categories.items())
        proto = tensor.of_strings([layout], ())
        return event.summary(event.tensor_value(tag, proto, METADATA if is_first else b""))

    def _all_charts(self) -> dict[Place, Chart]:
        shared: dict[str, list[str]] = {}
        for main_tag, tag in self._lines.copy():
            shared.setdefault(main_tag, []).append(f"^{_escaped(tag)}$")
        ours = {(name.split("/")[0], name): Chart(MULTILINE, tuple(tags)) for name, tags in shared.items()}
        return self._charts.copy() | {place: chart for place, chart in ours.items() if place not in self._charts}


def charts_of(layout: object) -> dict[Place, Chart]:
    """The charts of `{category: {title: [type, tags]}}`.

    Raises:
        TypeError: it is not built like that.
        ValueError: an unknown type, an invalid regular expression, or a margin whose tags do not come in threes.
    """
    if not isinstance(layout, Mapping):
        raise TypeError(f"layout: got {describe(layout)}, want a dict of category to charts")
    charts: dict[Place, Chart] = {}
    for category, titled in layout.items():
        check_tag(category, "a category of layout")
        if not isinstance(titled, Mapping):
            raise TypeError(f"layout[{category!r}]: got {describe(titled)}, want a dict of title to [type, tags]")
        for title, definition in titled.items():
            check_tag(title, f"a title in layout[{category!r}]")
            name = f"layout[{category!r}][{title!r}]"
            if not isinstance(definition, Sequence) or isinstance(definition, str) or len(definition) != 2:
                raise TypeError(f"{name}: got {describe(definition)}, want [type, tags]")
            charts[category, title] = chart(name, *definition)
    return charts


def chart(name: str, kind: object, tags: object) -> Chart:
    """One chart, checked; `name` is what errors call it. Raises as `charts_of`."""
    if kind not in (MULTILINE, MARGIN):
        raise ValueError(f"{name}: got the type {kind!r}, want {MULTILINE!r} or {MARGIN!r}")
    if not isinstance(tags, Sequence) or isinstance(tags, (str, bytes)) or not tags:
        raise TypeError(f"{name}: got {describe(tags)}, want a list of tags")
    for tag in tags:
        check_tag(tag, f"a tag of {name}")
        if kind == MULTILINE:
            _check_expression(name, tag)
    if kind == MARGIN and len(tags) % 3 != 0:
        raise ValueError(f"{name}: got {len(tags)} tags, want three for each margin: value, lower and upper bound")
    return Chart(str(kind), tuple(tags))


def _check_expression(name: str, tag: str) -> None:
    try:
        re.compile(tag)
    except re.error as error:
        raise ValueError(f"{name}: got {tag!r}, want a valid regular expression ({error})") from None


def _escaped(tag: str) -> str:
    """The regular expression, of Python as of JavaScript, that finds just this tag."""
    return re.sub(r"[\\^$.|?*+()\[\]{}]", r"\\\g<0>", tag)
