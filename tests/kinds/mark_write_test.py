"""Marks of moments: what is in the file, and that TensorBoard leaves them alone."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard import context
from tensorboard.backend.event_processing import data_provider, plugin_event_multiplexer
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.plugins import base_plugin
from tensorboard.plugins.text.text_plugin import TextPlugin
from tensorboard.util import tensor_util

from runlens import SummaryWriter
from runlens.wire import plugins
from runlens.wire.scan import EventFile
from runlens.writer.kinds import mark


def marks(directory: Path) -> list[tuple[str, int, float, str, str]]:
    """Tag, step, wall time, description and plugin of each."""
    (path,) = directory.glob("*tfevents*")
    found = [(value, event) for event in LegacyEventFileLoader(str(path)).Load() for value in event.summary.value]
    return [
        (v.tag, e.step, e.wall_time, v.tensor.string_val[0].decode(), v.metadata.plugin_data.plugin_name)
        for v, e in found
    ]


def test_marks_in_the_file(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_event("lr drop", 5, 7.5, "from 0.1 to 0.01, ünter")
        writer.add_event("lr drop", 6, 8.5)
        writer.add_event("checkpoint", walltime=9)
    assert marks(tmp_path) == [
        ("__mark__/lr drop", 5, 7.5, "from 0.1 to 0.01, ünter", "runlens_mark"),
        ("__mark__/lr drop", 6, 8.5, "", ""),  # what a tag is, its first value says
        ("__mark__/checkpoint", 0, 9, "", "runlens_mark"),
    ]
    (path,) = tmp_path.iterdir()
    tags = EventFile(path).advance(2**40).tags.values()
    assert {(tag.name, plugins.kind_of(tag.plugin, 0)) for tag in tags} == {
        ("__mark__/lr drop", "mark"),
        ("__mark__/checkpoint", "mark"),
    }


def test_tensorboard_shows_curves_and_texts_without_them(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run", capture=True) as writer:
        writer.add_event("loss", 5, description="text")
        writer.add_scalar("loss", 1.0, 5)
    multiplexer = plugin_event_multiplexer.EventMultiplexer()
    multiplexer.AddRunsFromDirectory(str(tmp_path))
    multiplexer.Reload()
    provider = data_provider.MultiplexerDataProvider(multiplexer, str(tmp_path))
    ctx = context.RequestContext()
    assert list(provider.list_scalars(ctx, experiment_id="", plugin_name="scalars")["run"]) == ["loss"]
    text: Any = TextPlugin(
        base_plugin.TBContext(data_provider=provider, multiplexer=multiplexer, flags=SimpleNamespace())
    )
    assert not any(text.index_impl(ctx, "").values())


@pytest.mark.parametrize(
    ("kind", "match", "arguments"),
    [
        (TypeError, "tag: got Event", (Event(),)),
        (TypeError, "tag: got NoneType", (None,)),
        (ValueError, "UTF-8", ("\ud800",)),
        (ValueError, "global_step of '__mark__/x'", ("x", 2**70)),
        (TypeError, "walltime of '__mark__/x'", ("x", 1, [])),
        (TypeError, "description of mark 'x': got int 3, want a str", ("x", 1, 1, 3)),
        (ValueError, "description of mark 'x'.*UTF-8", ("x", 1, 1, "\ud800")),
    ],
)
def test_errors(tmp_path: Path, kind: type[Exception], match: str, arguments: tuple[Any, ...]) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(kind, match=match):
        writer.add_event(*arguments)
    assert marks(tmp_path) == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_description_reads_back(description: str) -> None:
    parts = mark.Mark("x", description).encode("x", is_first=True)
    value = Event.FromString(parts).summary.value[0]
    assert tensor_util.make_ndarray(value.tensor).item().decode() == description
