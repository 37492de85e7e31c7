"""Metadata that come late, or say different things, are settled and told; no value is hidden by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.util.tensor_util import make_tensor_proto

from runlens.api.run import runs
from runlens.store.entry import entries_of
from runlens.store.index import Index
from runlens.store.metadata import settle
from runlens.wire.record import frame
from runlens.wire.scan import Tag
from tests.support import index_of, write_scalars


def metadata(plugin: str = "", name: str = "", description: str = "", content: bytes = b"") -> SummaryMetadata:
    plugin_data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
    return SummaryMetadata(plugin_data=plugin_data, display_name=name, summary_description=description)


def write_tensor(path: Path, step: int, value: object, said: SummaryMetadata | None = None, tag: str = "tag") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    summary = Summary(value=[Summary.Value(tag=tag, tensor=make_tensor_proto(value), metadata=said)])
    with path.open("ab") as file:
        file.write(frame(Event(wall_time=1.0, step=step, summary=summary).SerializeToString()))


def listed(index: Index) -> dict[str, list[str]]:
    return dict(runs(index, {}).value["tags"])


def told(index: Index) -> list[tuple[str, str | None, str]]:
    assert all(problem.offset is None for problem in index.problems())
    return [(problem.path.name, problem.tag, problem.reason.split(";")[0]) for problem in index.problems()]


def test_scalars_do_not_split_when_their_metadata_come_late(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "tag", [1.0])
    write_tensor(path, 1, 2.0)
    index = index_of(tmp_path)
    write_tensor(path, 2, 3.0, metadata("scalars", name="The loss"))
    index.refresh()
    run = index.runs["run"]
    assert run.scalars["tag"].scalars().values.tolist() == [1.0, 2.0, 3.0] and not run.entries
    assert run.scalars["tag"].tag.display_name == "The loss" and told(index) == []
    assert listed(index) == {"scalar": ["tag"]}


def test_what_becomes_another_kind_is_shown_as_both(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_tensor(path, 0, 1.0)
    index = index_of(tmp_path)
    write_tensor(path, 1, [[0.0, 1.0, 2.0]], metadata("histograms"))
    index.refresh()
    assert listed(index) == {"histogram": ["tag"], "scalar": ["tag"]}
    assert index.runs["run"].scalars["tag"].tag is index.runs["run"].entries["tag"].tag


@pytest.mark.parametrize("late", [False, True], ids=["at once", "first file last"])
def test_a_file_that_says_otherwise_is_told_and_its_values_keep_their_kind(tmp_path: Path, late: bool) -> None:
    first, second = (tmp_path / "run" / f"tfevents.{number}" for number in (1, 2))
    text = metadata("text", name="Note", description="what was said")
    write_tensor(second, 1, [[0.0, 1.0, 2.0]], metadata("histograms", name="Weights"))
    if late:
        index = index_of(tmp_path)
        assert listed(index) == {"histogram": ["tag"]} and told(index) == []
    write_tensor(first, 0, [b"hello"], text)
    index = index_of(tmp_path) if not late else index
    index.refresh()
    assert listed(index) == {"histogram": ["tag"], "text": ["tag"]}
    assert told(index) == [("tfevents.2", "tag", "plugin is “histograms” here, but “text” before")]
    run = index.runs["run"]
    settled = run.entries["tag"].tag
    assert (settled.plugin, settled.display_name, settled.description) == ("text", "Note", "what was said")
    assert [(entry.path.name, entry.plugin) for entry in entries_of(run, "tag")] == [
        ("tfevents.1", "text"),
        ("tfevents.2", "histograms"),
    ]
    first.unlink()
    index.refresh()
    assert run.entries["tag"].tag.plugin == "histograms" and told(index) == []


def test_a_file_that_contradicts_itself_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    for step in range(3):
        write_tensor(path, step, [b"x"], metadata("text", description="one"))
        write_tensor(path, step, [b"x"], metadata("images", description=f"two {step}"))
        write_tensor(path, step, [b"x"])
    index = index_of(tmp_path)
    write_tensor(path, 3, [b"x"], metadata("audio", description="three"))
    index.refresh()
    assert listed(index) == {"text": ["tag"]}
    assert told(index) == [("tfevents", "tag", "plugin is “images” here, but “text” before")]
    assert len(entries_of(index.runs["run"], "tag")) == 10


def test_a_file_that_says_nothing_goes_by_the_others(tmp_path: Path) -> None:
    write_tensor(tmp_path / "run" / "tfevents.1", 0, [b"x"])
    write_tensor(tmp_path / "run" / "tfevents.2", 1, [b"y"], metadata("text", content=b"{}"))
    index = index_of(tmp_path)
    assert [entry.plugin for entry in entries_of(index.runs["run"], "tag")] == ["text", "text"]
    assert index.runs["run"].entries["tag"].tag.content == b"{}" and told(index) == []


def test_hparams_are_indexed_though_they_have_no_value(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    path.parent.mkdir()
    value = Summary.Value(tag="_hparams_/session_start_info", metadata=metadata("hparams", content=b"\x1a\x00"))
    path.write_bytes(frame(Event(wall_time=1.0, summary=Summary(value=[value])).SerializeToString()))
    write_tensor(path, 1, [0.0], metadata("hparams", content=b"\x22\x00"), "_hparams_/session_end_info")
    index = index_of(tmp_path)
    assert listed(index) == {"hparams": ["_hparams_/session_end_info", "_hparams_/session_start_info"]}
    assert {entry.form for tag in listed(index)["hparams"] for entry in entries_of(index.runs["run"], tag)} == {9}


def test_a_kind_that_comes_late_goes_by_what_is_settled(tmp_path: Path) -> None:
    first, second = (tmp_path / "run" / f"tfevents.{number}" for number in (1, 2))
    write_tensor(first, 0, 1.0)
    write_tensor(second, 1, 2.0, metadata("scalars"))
    index = index_of(tmp_path)
    write_tensor(first, 2, [b"x"])
    index.refresh()
    assert index.runs["run"].entries["tag"].tag.plugin == "scalars"


def test_tags_have_the_titles_that_were_given_to_them(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_tensor(path, 0, 1.0, metadata("scalars", name="The loss"), "loss/scalar_summary")
    write_tensor(path, 0, 1.0, metadata("scalars"), "rate/scalar_summary")
    for tag in ("a/image_summary/0", "a/image_summary/1", "plain"):
        write_tensor(path, 0, [b"1", b"1", b"png"], metadata("images"), tag)
    for tag in ("one", "two"):  # a title that two would share tells nothing apart
        write_tensor(path, 0, 1.0, metadata("scalars", name="same"), tag)
    write_tensor(path, 0, 1.0, metadata("scalars", name="plain"), "three")
    assert runs(index_of(tmp_path), {}).value["titles"] == {
        "a/image_summary/0": "a/0",
        "a/image_summary/1": "a/1",
        "loss/scalar_summary": "The loss",
        "rate/scalar_summary": "rate",
    }


def test_content_is_that_of_the_plugin_that_counts() -> None:
    said = [
        Tag("t", *parts, "", 0) for parts in (("", b"", ""), ("p", b"", ""), ("q", b"q", "one"), ("p", b"p", "two"))
    ]
    settled = settle(said)
    assert (settled.plugin, settled.content, settled.display_name) == ("p", b"p", "one")
    assert settle([settle(said[:2]), *said[2:]]) == settled
