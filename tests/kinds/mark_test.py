"""Marks of moments from the writer's call to the bytes that the page reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter
from runlens.api.kinds import mark
from runlens.api.question import BadQuestion
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of

GOLDEN = Path(__file__).with_name("mark.golden.bin")

Row = tuple[str, str, int, float, str]


def ask(index: Index, *runs: str) -> list[Row]:
    """Run, name, step, wall time and description of each."""
    header, arrays = decode(mark.data(index, {"charts": [{"runs": list(runs)}]}).encode())
    (chart,) = header["charts"]
    run, name, step, wall_time = (arrays[chart[column]].tolist() for column in ("run", "name", "step", "wall_time"))
    return [
        (chart["runs"][r], chart["names"][n], s, t, d)
        for r, n, s, t, d in zip(run, name, step, wall_time, chart["descriptions"], strict=True)
    ]


def log(path: Path) -> None:
    with SummaryWriter(path) as writer:
        writer.add_event("lr drop", 5, 1.7e9 + 5, "0.1 to 0.01")
        writer.add_event("checkpoint", 3, 1.7e9 + 3)
        writer.add_event("lr drop", 2**40, 1.7e9 + 9, "ünter")


def test_golden(tmp_path: Path) -> None:
    """The answer that the page's tests read; delete the file to make it anew."""
    log(tmp_path / "a")
    log(tmp_path / "b")
    index = index_of(tmp_path)
    index.revision = 42
    answer = mark.data(index, {"charts": [{"runs": ["b", "none", "a"]}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    of_one = [
        ("checkpoint", 3, 1.7e9 + 3, ""),
        ("lr drop", 5, 1.7e9 + 5, "0.1 to 0.01"),
        ("lr drop", 2**40, 1.7e9 + 9, "ünter"),
    ]
    assert ask(index, "b", "none", "a") == [(run, *row) for run in "ba" for row in of_one]


def test_a_run_that_goes_on_has_more(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path / "a")
    writer.add_event("one", 1, 1.0)
    writer.flush()
    index = index_of(tmp_path)
    assert [name for _, name, *_ in ask(index, "a")] == ["one"]
    writer.add_event("two", 2, 2.0)
    writer.close()
    index.refresh()
    assert [name for _, name, *_ in ask(index, "a")] == ["one", "two"]


def test_a_mark_whose_description_cannot_be_read_is_one_still(tmp_path: Path) -> None:
    metadata = event.metadata("runlens_mark")
    values = [
        event.tensor_value("__mark__/number", tensor.float_scalar(1.0), metadata),
        event.tensor_value("__mark__/long", tensor.of_strings([b"x" * 9000], ()), metadata),
        event.tensor_value("__mark__/bytes", tensor.of_strings([b"\xff"], ()), metadata),
    ]
    (tmp_path / "a").mkdir()
    records = [frame(event.event(step, step, event.summary(value))) for step, value in enumerate(values)]
    (tmp_path / "a" / "tfevents.1").write_bytes(b"".join(records))
    assert ask(index_of(tmp_path), "a") == [
        ("a", "number", 0, 0.0, ""),
        ("a", "long", 1, 1.0, "x" * mark.MAX_LETTERS),
        ("a", "bytes", 2, 2.0, "�"),
    ]


def test_of_too_many_the_last_are_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mark, "MAX_MARKS", 2)
    log(tmp_path / "a")
    index = index_of(tmp_path)
    assert [step for _, _, step, *_ in ask(index, "a")] == [5, 2**40]
    header, _ = decode(mark.data(index, {"charts": [{"runs": ["a"]}]}).encode())
    assert header["charts"][0]["total"] == 3


@pytest.mark.parametrize("runs", [None, "a", [1]])
def test_errors(tmp_path: Path, runs: Any) -> None:
    with pytest.raises(BadQuestion, match="runs"):
        mark.data(index_of(tmp_path), {"charts": [{"runs": runs}]})
