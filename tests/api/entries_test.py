"""The rows of a tag that lie on disk, and their bytes, as any kind asks for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from runlens.api.entries import entries_query, find_row, payload_of
from runlens.api.question import BadQuestion, NotFound
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.message import bytes_field, text_field
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of


def image(tag: str, data: bytes, step: int) -> bytes:
    """An event with one image in its historic form."""
    return frame(event.event(1.7e9 + step, step, event.summary(text_field(1, tag) + bytes_field(4, data))))


def text(tag: str, data: bytes, step: int) -> bytes:
    """An event with a string tensor of the text plugin."""
    value = event.tensor_value(tag, tensor.of_strings([data], ()), event.metadata("text"))
    return frame(event.event(1.7e9 + step, step, event.summary(value)))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "run" / "tfevents.1"
    path.parent.mkdir()
    path.write_bytes(image("a", b"one", 1) + image("b", b"other", 1) + image("a", b"two", 2))
    return path


def ask(index: Index, kind: str, tag: str, **question: Any) -> Any:
    answer = entries_query(kind)(index, {"charts": [{"tag": tag, "runs": ["run", "none"], **question}]})
    header, arrays = decode(answer.encode())
    return [
        {**series, **{name: arrays[series[name]].tolist() for name in ("step", "wall_time", "key")}}
        for series in header["charts"][0]["series"]
    ]


def bytes_of(index: Index, kind: str, row: int, key: int, **parameters: str) -> bytes:
    named = {"run": "run", "tag": "a", "row": str(row), "key": str(key), **parameters}
    return payload_of(find_row(index, kind, named))


def test_rows_and_their_bytes(log: Path) -> None:
    index = index_of(log.parent.parent)
    (series,) = ask(index, "image", "a")
    assert (series["step"], series["wall_time"], series["from"]) == ([1, 2], [1.7e9 + 1, 1.7e9 + 2], 0)
    assert [bytes_of(index, "image", row, key) for row, key in enumerate(series["key"])] == [b"one", b"two"]


def test_only_what_is_new_travels(log: Path) -> None:
    index = index_of(log.parent.parent)
    (held,) = ask(index, "image", "a")
    with log.open("ab") as file:
        file.write(image("a", b"three", 3))
    index.refresh()
    (tail,) = ask(index, "image", "a", have={"run": [held["generation"], 2]})
    assert (tail["from"], tail["step"]) == (2, [3])
    (whole,) = ask(index, "image", "a", have={"run": [held["generation"] + 1, 2]})
    assert (whole["from"], whole["step"]) == (0, [1, 2, 3])


def test_several_files(log: Path) -> None:
    log.with_name("tfevents.2").write_bytes(image("a", b"three", 3))
    index = index_of(log.parent.parent)
    (series,) = ask(index, "image", "a")
    assert [bytes_of(index, "image", row, key) for row, key in enumerate(series["key"])] == [b"one", b"two", b"three"]


def test_a_tag_of_two_kinds_has_the_rows_of_each(log: Path) -> None:
    log.write_bytes(text("a", b"hello", 1) + image("a", b"one", 2) + text("a", b"again", 3))
    index = index_of(log.parent.parent)
    assert [series["step"] for kind in ("image", "text") for series in ask(index, kind, "a")] == [[2], [1, 3]]
    (series,) = ask(index, "image", "a")
    assert bytes_of(index, "image", 0, series["key"][0]) == b"one"


def test_a_row_that_became_another_is_not_found(log: Path) -> None:
    index = index_of(log.parent.parent)
    (series,) = ask(index, "image", "a")
    keys = series["key"]
    for row, key in [(0, keys[1]), (2, keys[0]), (-1, keys[1]), (10**30, keys[0])]:
        with pytest.raises(NotFound, match="not there any more"):
            bytes_of(index, "image", row, key)
    for other in [{"run": "none"}, {"tag": "none"}]:
        with pytest.raises(NotFound):
            bytes_of(index, "image", 0, keys[0], **other)
    log.write_bytes(bytes(log.stat().st_size))  # edited under the viewer's feet, which has not looked yet
    with pytest.raises(NotFound, match="changed"):
        bytes_of(index, "image", 0, keys[0])


def test_a_wrong_question_is_told(log: Path) -> None:
    index = index_of(log.parent.parent)
    with pytest.raises(BadQuestion, match="row: got 'x'"):
        find_row(index, "image", {"run": "run", "tag": "a", "row": "x", "key": "1"})
    with pytest.raises(BadQuestion, match="key: got ''"):
        find_row(index, "image", {"run": "run", "tag": "a", "row": "0"})
    with pytest.raises(BadQuestion, match="runs: got 3"):
        entries_query("image")(index, {"charts": [{"tag": "a", "runs": [3]}]})
