"""Texts from the event file to what the page gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runlens.api.kinds import text
from runlens.api.payload import Blob
from runlens.api.question import BadQuestion
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import DATA, index_of

GOLDEN = Path(__file__).with_name("text.golden.bin")


def said(tag: str, cells: list[bytes], shape: tuple[int, ...] = (), step: int = 0) -> bytes:
    """An event with a tensor of strings."""
    value = event.tensor_value(tag, tensor.of_strings(cells, shape), event.metadata("text"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


def log(root: Path, run: str, *records: bytes) -> None:
    (root / run).mkdir(parents=True, exist_ok=True)
    (root / run / "tfevents.1").write_bytes(b"".join(records))


def rows(index: Index, run: str, tag: str) -> list[dict[str, Any]]:
    """The questions for each row of a tag."""
    header, arrays = decode(text.QUERIES["entries"](index, {"charts": [{"tag": tag, "runs": [run]}]}).encode())
    (series,) = header["charts"][0]["series"]
    keys = arrays[series["key"]].tolist()
    return [{"run": run, "tag": tag, "row": n, "key": key} for n, key in enumerate(keys)]


def answers(index: Index, *questions: dict[str, Any]) -> list[dict[str, Any]]:
    return list(decode(text.QUERIES["data"](index, {"charts": list(questions)}).encode())[0]["charts"])


def test_golden(tmp_path: Path) -> None:
    """The answer that the page's tests read; delete the file to make it anew."""
    log(
        tmp_path,
        "a",
        said("t", ["# 标题\n**bold**".encode()]),
        said("t", [b"a", b"b", b"c", b"d"], (2, 2)),
        said("t", [b"longer than that"], (1,)),
    )
    index = index_of(tmp_path)
    index.revision = 42
    whole, table, cut = rows(index, "a", "t")
    answer = text.QUERIES["data"](index, {"charts": [whole, table, {**cut, "limit": 4}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    assert decode(answer)[0]["charts"] == [
        {"error": None, "shape": [], "cells": ["# 标题\n**bold**"], "letters": 13},
        {"error": None, "shape": [2, 2], "cells": ["a", "b", "c", "d"], "letters": 4},
        {"error": None, "shape": [1], "cells": ["long"], "letters": 16},
    ]


def test_what_torch_and_tensorboardx_logged(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter as TensorboardXWriter
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for run, kind in (("torch", TorchWriter), ("x", TensorboardXWriter)):
        writer = kind(str(tmp_path / run))
        for step, words in enumerate(["eins", "zwei 二", "| a |\n|---|\n| 1 |"]):
            writer.add_text("note", words, step)
        writer.close()
    index = index_of(tmp_path)
    for run in ("torch", "x"):
        got = answers(index, *rows(index, run, "note/text_summary"))
        assert [answer["cells"] for answer in got] == [["eins"], ["zwei 二"], ["| a |\n|---|\n| 1 |"]]


def test_what_tensorflow_logged() -> None:
    index = index_of(DATA / "tensorflow")
    found = [
        answer
        for run in index.runs.values()
        for tag, series in run.entries.items()
        if "text" in {plugin for plugin, _ in series.shapes()}
        for answer in answers(index, *rows(index, run.name, tag))
    ]
    assert found
    assert all(answer["error"] is None and answer["cells"] for answer in found)


def test_a_cut_lets_later_cells_out(tmp_path: Path) -> None:
    log(tmp_path, "a", said("t", [b"abc", b"def", b"ghi"], (3,)))
    index = index_of(tmp_path)
    (row,) = rows(index, "a", "t")
    assert [answers(index, {**row, "limit": limit})[0]["cells"] for limit in (0, 3, 4, 9)] == [
        [""],
        ["abc"],
        ["abc", "d"],
        ["abc", "def", "ghi"],
    ]
    with pytest.raises(BadQuestion, match="limit"):
        answers(index, {**row, "limit": -1})


def test_what_cannot_be_shown_says_why(tmp_path: Path) -> None:
    number = event.tensor_value("t", tensor.float_scalar(1.0) + b"", event.metadata("text"))
    log(tmp_path, "a", frame(event.event(0, 0, event.summary(number))), said("t", [b"\xff\xfeok\0"]))
    index = index_of(tmp_path)
    bad, broken = rows(index, "a", "t")
    assert "want strings" in answers(index, bad)[0]["error"]
    assert answers(index, broken)[0]["cells"] == ["��ok\0"]
    assert "not there any more" in answers(index, {**bad, "key": 5})[0]["error"]


def test_the_whole_text_as_a_file(tmp_path: Path) -> None:
    log(tmp_path, "a", said("t", [b"a", b"b", b"c", b"d"], (2, 2)))
    index = index_of(tmp_path)
    (row,) = rows(index, "a", "t")
    blob = text.BLOBS["words"](index, {name: str(value) for name, value in row.items()})
    assert blob == Blob(b"a\tb\nc\td", "text/plain; charset=utf-8")


def search(index: Index, **question: Any) -> Any:
    return json.loads(text.QUERIES["search"](index, {"tag": "t", "runs": ["a", "b", "none"], **question}).encode())


def test_search(tmp_path: Path) -> None:
    log(tmp_path, "a", said("t", [b"the Quick fox"], (), 3), said("t", [b"slow"], (), 4))
    log(tmp_path, "b", said("t", [b"x", b"STRASSE quick"], (2,), 9))
    index = index_of(tmp_path)
    assert search(index, text="quick") == {
        "hits": [
            {"run": "a", "row": 0, "step": 3, "quote": "the Quick fox"},
            {"run": "b", "row": 0, "step": 9, "quote": "x\nSTRASSE quick"},
        ],
        "complete": True,
    }
    assert search(index, text="nothing")["hits"] == []
    with pytest.raises(BadQuestion, match="want what to look for"):
        search(index, text="")


def test_search_is_bounded_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log(tmp_path, "a", *(said("t", [b"word"], (), step) for step in range(10)))
    index = index_of(tmp_path)
    monkeypatch.setattr(text, "MAX_HITS", 3)
    assert (len(search(index, text="word")["hits"]), search(index, text="word")["complete"]) == (3, False)
    monkeypatch.setattr(text, "MAX_HITS", 100)
    monkeypatch.setattr(text, "MAX_SEARCHED", 50)
    found = search(index, text="word")
    assert 0 < len(found["hits"]) < 10
    assert not found["complete"]
