"""Texts as the writer makes them, beside torch's."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.writer.kinds import text
from tests.event_support import entries_of, values_of

TEXTS = ["", "plain", "# title\n\n| a | b |\n|---|---|\n", "Größe 损失 🙂 \0", "x" * 100_000]


def test_values_equal_torchs(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            for step, content in enumerate(TEXTS):
                writer.add_text("notes/a", content, step, 1.5)
    ours, torchs = (values_of(tmp_path / directory) for directory in ("ours", "torch"))
    assert [value.tag for value in ours] == [value.tag for value in torchs]
    assert [value.tensor for value in ours] == [value.tensor for value in torchs]
    assert ours[0].metadata.plugin_data == torchs[0].metadata.plugin_data
    assert entries_of(tmp_path / "ours") == {"notes/a/text_summary": ("text", [(8, step, 1.5) for step in range(5)])}


def test_tensorboard_reads_all(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    with SummaryWriter(tmp_path) as writer:
        for step, content in enumerate(TEXTS):
            writer.add_text("notes", content, step)
    accumulator = EventAccumulator(str(tmp_path)).Reload()
    (tag,) = accumulator.PluginTagToContent("text")
    found = [tensor_util.make_ndarray(event.tensor_proto) for event in accumulator.Tensors(tag)]
    assert [item.tolist() for item in found] == [[content.encode()] for content in TEXTS]
    assert accumulator.SummaryMetadata(tag).data_class == 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text(content: str) -> None:
    from tensorboard.compat.proto.event_pb2 import Event

    (value,) = Event.FromString(text.text("t", content).encode("t", True)).summary.value
    assert value.tensor.string_val == [content.encode()]
    assert [dim.size for dim in value.tensor.tensor_shape.dim] == [1]


@pytest.mark.parametrize(
    ("tag", "content", "error", "message"),
    [
        ("t", 3, TypeError, "text 't': got int 3, want a str"),
        ("t", None, TypeError, "text 't': got NoneType None, want a str"),
        ("t", b"bytes", TypeError, "text 't': got bytes b'bytes', want a str"),
        ("t", "ab\ud800", ValueError, r"text 't': got '\\ud800' at character 2, want text that UTF-8 can hold"),
        (3, "x", TypeError, "tag: got int 3, want a str"),
    ],
)
def test_errors(tmp_path: Path, tag: Any, content: Any, error: type[Exception], message: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(error, match=message):
        writer.add_text(tag, content)
    assert values_of(tmp_path) == []
