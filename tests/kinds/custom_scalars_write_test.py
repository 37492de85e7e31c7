"""Layouts of custom scalars beside torch's, field by field, and the charts of `add_scalars` in one file."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from tests.written import accumulated, by_us_and_torch, scanned, values

TAG = "custom_scalars__config__"
LAYOUT = {
    "Taiwan": {"twse": ["Multiline", ["twse/0050", "twse/2330"]]},
    "USA": {
        "dow": ["Margin", ["dow/aaa", "dow/bbb", "dow/ccc"]],
        "nasdaq": ["Margin", ("nasdaq/aaa", "nasdaq/bbb", "nasdaq/ccc")],
        "all": ("Multiline", ["dow/.*", r"nasdaq/(a+|b\.)"]),
    },
    "空": {},
}


def layouts(directory: Path) -> list[Any]:
    """The Layout protos of a run's file, in their order."""
    from tensorboard.plugins.custom_scalar.layout_pb2 import Layout

    return [Layout.FromString(value.tensor.string_val[0]) for value in values(directory) if value.tag == TAG]


def charts(layout: Any) -> dict[tuple[str, str], list[str]]:
    """{(category, title): tags} of the multiline charts."""
    return {
        (category.title, chart.title): list(chart.multiline.tag)
        for category in layout.category
        for chart in category.chart
        if chart.HasField("multiline")
    }


def points(directory: Path, tag: str) -> list[tuple[int, float]]:
    return [(event.step, event.value) for event in accumulated(directory).Scalars(tag)]


class TensorBoard:
    """The custom-scalars plugin of TensorBoard on a logdir."""

    def __init__(self, logdir: Path) -> None:
        from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
        from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
        from tensorboard.context import RequestContext
        from tensorboard.plugins.base_plugin import TBContext
        from tensorboard.plugins.custom_scalar.custom_scalars_plugin import CustomScalarsPlugin
        from tensorboard.plugins.scalar.scalars_plugin import ScalarsPlugin

        multiplexer = EventMultiplexer().AddRunsFromDirectory(str(logdir)).Reload()
        provider = MultiplexerDataProvider(multiplexer, str(logdir))
        scalars = ScalarsPlugin(TBContext(data_provider=provider))
        context = TBContext(data_provider=provider, plugin_name_to_instance={"scalars": scalars})
        self._plugin = CustomScalarsPlugin(context)
        self._request = RequestContext()

    def titles(self) -> list[str]:
        """The charts of the layout that the page gets."""
        layout = json.loads(self._plugin.layout_impl(self._request, ""))
        return [chart["title"] for category in layout["category"] for chart in category["chart"]]

    def lines(self, run: str, chart: list[str]) -> set[str]:
        """The tags that a chart of these expressions shows; the page asks for them like this."""
        answer = self._plugin.scalars_impl(self._request, run, "|".join(f"({tag})" for tag in chart), "")
        assert answer["regex_valid"]
        return set(answer["tag_to_events"])


def test_equal_to_torchs(tmp_path: Path) -> None:
    directories = by_us_and_torch(
        tmp_path, lambda writer: writer.add_custom_scalars({k: v for k, v in LAYOUT.items() if v})
    )
    ((mine,), (torchs,)) = (values(directory) for directory in directories)
    assert mine.tag == torchs.tag == TAG
    assert mine.tensor == torchs.tensor
    assert mine.metadata.plugin_data == torchs.metadata.plugin_data
    assert mine.metadata.data_class == 2
    ((tag, form, step, _),) = scanned(directories[0])
    assert (tag.name, tag.plugin, form, step) == (TAG, "custom_scalars", 8, 0)


@pytest.mark.parametrize(("method", "tags"), [("multilinechart", ["a/.*", "b"]), ("marginchart", ["a", "b", "c"])])
@pytest.mark.parametrize("options", [{}, {"category": "loss", "title": "both 损失"}])
def test_short_forms_equal_to_torchs(tmp_path: Path, method: str, tags: list[str], options: dict[str, str]) -> None:
    directories = by_us_and_torch(
        tmp_path, lambda writer: getattr(writer, f"add_custom_scalars_{method}")(tags, **options)
    )
    ((mine,), (torchs,)) = (layouts(directory) for directory in directories)
    assert mine == torchs


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
CHARTS = st.tuples(st.just("Multiline"), st.lists(TEXT.map(re.escape), min_size=1, max_size=4)) | st.tuples(
    st.just("Margin"), st.lists(TEXT, min_size=3, max_size=3)
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layout=st.dictionaries(TEXT, st.dictionaries(TEXT, CHARTS, min_size=1, max_size=3), max_size=3))
def test_any_equal_to_torchs(tmp_path_factory: pytest.TempPathFactory, layout: dict[str, Any]) -> None:
    directories = by_us_and_torch(tmp_path_factory.mktemp("run"), lambda writer: writer.add_custom_scalars(layout))
    ((mine,), (torchs,)) = (layouts(directory) for directory in directories)
    assert mine == torchs


def test_several_bands(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_custom_scalars_marginchart(list("abcdef"))
    (layout,) = layouts(tmp_path)
    series = layout.category[0].chart[0].margin.series
    assert [(band.value, band.lower, band.upper) for band in series] == [tuple("abc"), tuple("def")]


def test_later_layouts_add_to_earlier_ones(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_custom_scalars({"one": {"a": ["Multiline", ["x"]], "b": ["Multiline", ["y"]]}})
        writer.add_custom_scalars_multilinechart(["z"])
        writer.add_custom_scalars({"one": {"b": ["Multiline", ["new"]], "c": ["Multiline", ["w"]]}})
    want = {("one", "a"): ["x"], ("one", "b"): ["new"], ("one", "c"): ["w"], ("default", "untitled"): ["z"]}
    assert TensorBoard(tmp_path).titles() == ["a", "b", "c", "untitled"]
    newest = layouts(tmp_path)[-1]
    assert charts(newest) == want
    assert [category.title for category in newest.category] == ["one", "default"]


def test_add_scalars_in_one_file(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, compat=False) as writer:
        for step in range(3):
            writer.add_scalars("loss/both", {"train": step, "va.l id": 2 * step}, step)
        writer.add_scalar("loss/both/train2", 1.0)
        writer.add_scalar("loss/both/va-l id", 1.0)
    assert [path.is_file() for path in tmp_path.iterdir()] == [True]
    assert points(tmp_path, "loss/both/train") == [(0, 0), (1, 1), (2, 2)]
    assert points(tmp_path, "loss/both/va.l id") == [(0, 0), (1, 2), (2, 4)]
    (layout,) = layouts(tmp_path)  # written once
    assert charts(layout) == {("loss", "loss/both"): ["^loss/both/train$", r"^loss/both/va\.l id$"]}
    shown = TensorBoard(tmp_path).lines(".", charts(layout)["loss", "loss/both"])
    assert shown == {"loss/both/train", "loss/both/va.l id"}


def test_the_layout_follows_new_lines_and_keeps_the_users_charts(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, compat=False) as writer:
        writer.add_scalars("loss", {"train": 1})
        writer.add_custom_scalars({"mine": {"chart": ["Multiline", ["loss/.*"]]}, "acc": {"acc": ["Multiline", ["x"]]}})
        writer.add_scalars("loss", {"train": 2}, 1)
        writer.add_scalars("loss", {"val": 2}, 1)
        writer.add_scalars("acc", {"top1": 3})
        writer.add_scalars("acc", {})
        writer.flush()
    found = layouts(tmp_path)
    assert len(found) == 4
    assert charts(found[-1]) == {
        ("mine", "chart"): ["loss/.*"],
        ("acc", "acc"): ["x"],  # the user's own
        ("loss", "loss"): ["^loss/train$", "^loss/val$"],
    }


def test_a_new_file_has_the_layout_again(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path, compat=False)
    writer.add_scalars("loss", {"train": 1})
    writer.close()
    (first,) = tmp_path.iterdir()
    first.unlink()
    writer.add_scalars("loss", {"train": 2}, 1)
    writer.close()
    assert [charts(layout) for layout in layouts(tmp_path)] == [{("loss", "loss"): ["^loss/train$"]}]


def test_the_newest_layout_has_the_lines_of_all_threads(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, compat=False) as writer:
        start = threading.Barrier(4)

        def log(number: int) -> None:
            start.wait()
            for key in range(50):
                writer.add_scalars("loss", {f"{number}-{key}": 1})

        threads = [threading.Thread(target=log, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    want = {f"^loss/{number}-{key}$" for number in range(4) for key in range(50)}
    assert set(charts(layouts(tmp_path)[-1])["loss", "loss"]) == want


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(TEXT, min_size=1, max_size=4, unique=True), main_tag=TEXT)
def test_charts_of_add_scalars_find_their_lines(
    tmp_path_factory: pytest.TempPathFactory, keys: list[str], main_tag: str
) -> None:
    directory = tmp_path_factory.mktemp("run")
    with SummaryWriter(directory, compat=False) as writer:
        writer.add_scalars(main_tag, dict.fromkeys(keys, 1.0))
    (expressions,) = charts(layouts(directory)[-1]).values()
    tags = {f"{main_tag}/{key}" for key in keys}
    finds = re.compile("|".join(f"({expression})" for expression in expressions))
    assert {tag for tag in tags if finds.match(tag)} == tags
    assert not any(finds.match(wrong) for tag in tags for wrong in (tag + "x", "x" + tag) if wrong not in tags)


def test_add_scalars_in_one_file_adds_all_or_nothing(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path, compat=False) as writer:
        with pytest.raises(TypeError, match="scalar 'm/bad': got NoneType None"):
            writer.add_scalars("m", {"good": 1.0, "bad": None}, 1)
        with pytest.raises(TypeError, match="main_tag: got int 3, want a str"):
            writer.add_scalars(3, {"good": 1.0})  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="walltime of 'm/good'"):
            writer.add_scalars("m", {"good": 1.0}, walltime="noon")
    assert values(tmp_path) == []


ERRORS: list[tuple[type[Exception], str, Any]] = [
    (TypeError, "layout: got list .*, want a dict of category to charts", []),
    (TypeError, "a category of layout: got int 1, want a str", {1: {}}),
    (TypeError, "layout.'c'.: got list .*, want a dict of title", {"c": []}),
    (TypeError, "a title in layout.'c'.: got NoneType", {"c": {None: ["Multiline", ["a"]]}}),
    (TypeError, "layout.'c'..'t'.: got str 'Multiline', want .type, tags.", {"c": {"t": "Multiline"}}),
    (TypeError, "layout.'c'..'t'.: got list .*, want .type, tags.", {"c": {"t": ["Multiline"]}}),
    (TypeError, "layout.'c'..'t'.: got str 'abc', want a list of tags", {"c": {"t": ["Multiline", "abc"]}}),
    (TypeError, "layout.'c'..'t'.: got list .., want a list of tags", {"c": {"t": ["Multiline", []]}}),
    (TypeError, "a tag of layout.'c'..'t'.: got int 1, want a str", {"c": {"t": ["Multiline", [1]]}}),
    (ValueError, "layout.'c'..'t'.: got the type 'Pie', want 'Multiline' or 'Margin'", {"c": {"t": ["Pie", ["a"]]}}),
    (ValueError, "layout.'c'..'t'.: got the type .'M'., want", {"c": {"t": [["M"], ["a"]]}}),
    (ValueError, "layout.'c'..'t'.: got 2 tags, want three", {"c": {"t": ["Margin", ["a", "b"]]}}),
    (ValueError, r"got '\(a', want a valid regular expression", {"c": {"t": ["Multiline", ["a", "(a"]]}}),
    (ValueError, "a tag of layout.*surrogates not allowed", {"c": {"t": ["Margin", ["a", "b", "\ud800"]]}}),
]


@pytest.mark.parametrize(("kind", "text", "layout"), ERRORS)
def test_errors(tmp_path: Path, kind: type[Exception], text: str, layout: Any) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=text):
        writer.add_custom_scalars(layout)
    assert values(tmp_path) == []
