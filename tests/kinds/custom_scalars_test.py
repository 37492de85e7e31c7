"""Layouts from the event file to the bytes that the page gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.api.kinds import custom_scalars
from runlens.api.question import BadQuestion
from runlens.wire import event, tensor
from runlens.wire.fields import Malformed
from runlens.wire.layout import TAG
from runlens.wire.read_layout import read_layout
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of
from tests.tensorboard_app import TensorBoardApp

GOLDEN = Path(__file__).with_name("custom_scalars.golden.bin")
LAYOUT = {
    "losses": {"all": ["Multiline", ["loss/.*", "损失"]], "error": ["Margin", ["a", "a/low", "a/high", "b", "c", "d"]]},
    "others": {"accuracy": ["Multiline", ["acc"]]},
}


def asked(root: Path, *runs: object) -> Any:
    """The header's one chart."""
    header, _ = decode(custom_scalars.QUERIES["layout"](index_of(root), {"charts": [{"runs": list(runs)}]}).encode())
    (chart,) = header["charts"]
    return chart


def log(root: Path, run: str, message: bytes) -> None:
    (root / run).mkdir()
    value = event.tensor_value(TAG, tensor.of_strings([message], ()), event.metadata("custom_scalars"))
    (root / run / "tfevents.1").write_bytes(frame(event.event(1.7e9, 0, event.summary(value))))


def in_their_words(chart: Any) -> dict[str, Any]:
    """Our answer as TensorBoard words it."""
    return {
        category["title"]: {
            one["title"]: [list(one["expressions"]), [list(band.values()) for band in one["bands"]]]
            for one in category["charts"]
        }
        for category in chart["categories"]
    }


def in_our_words(answer: Any) -> dict[str, Any]:
    return {
        category["title"]: {
            one["title"]: [
                one.get("multiline", {}).get("tag", []),
                [[band["value"], band["lower"], band["upper"]] for band in one.get("margin", {}).get("series", [])],
            ]
            for one in category["chart"]
        }
        for category in answer["category"]
    }


def test_layouts_of_several_runs_as_tensorboard_merges_them(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    with SummaryWriter(tmp_path / "b") as ours, TorchWriter(str(tmp_path / "a")) as theirs:
        theirs.add_custom_scalars({"losses": {"old": ["Multiline", ["x"]]}})
        theirs.add_custom_scalars({"losses": {"all": LAYOUT["losses"]["all"], "new": ["Multiline", ["x"]]}})
        ours.add_custom_scalars(LAYOUT)
    found = asked(tmp_path, "b", "a")
    assert in_their_words(found) == in_our_words(TensorBoardApp(tmp_path).get("custom_scalars/layout"))
    assert [one["title"] for one in found["categories"][0]["charts"]] == ["all", "new", "error"]
    assert found["problems"] == []
    assert in_their_words(asked(tmp_path, "b")) == {
        "losses": {
            "all": [["loss/.*", "损失"], []],
            "error": [[], [["a", "a/low", "a/high"], ["b", "c", "d"]]],
        },
        "others": {"accuracy": [["acc"], []]},
    }


def test_what_is_no_layout_is_told(tmp_path: Path) -> None:
    log(tmp_path, "bad", b"\xff")
    with SummaryWriter(tmp_path / "good") as writer:
        writer.add_custom_scalars_multilinechart(["x"])
    found = asked(tmp_path, "bad", "good", "none")
    assert len(found["categories"]) == 1
    (problem,) = found["problems"]
    assert problem.startswith("bad: Layout: ")
    with pytest.raises(BadQuestion, match=r"runs: got \[1\], want a list of strings"):
        asked(tmp_path, 1)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_layout_or_malformed(message: bytes) -> None:
    try:
        assert isinstance(read_layout(message), list)
    except Malformed as error:
        assert str(error)


def test_golden(tmp_path: Path) -> None:
    """The answer of `layout` that the page's tests read; delete the file to make it anew."""
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_custom_scalars(LAYOUT)
    index = index_of(tmp_path)
    index.revision = 42
    answer = custom_scalars.QUERIES["layout"](index, {"charts": [{"runs": ["a"]}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
