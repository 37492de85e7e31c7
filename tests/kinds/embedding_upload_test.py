"""What an asker sends: files of his own, and patterns that never end."""

from __future__ import annotations

import io
import json
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from runlens.api import matching
from runlens.api.kinds import embedding
from runlens.api.question import BadQuestion, NotFound
from runlens.api.uploads import UPLOADS
from tests.kinds.embedding_test import ask, write


def test_a_pattern_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = write(tmp_path, "1\t2\n3\t4\n", 'metadata_path: "m.tsv"', m="a" * 40 + "b\nfive\u2028six\n")
    assert ask(index, "search", column=0, text="^FIVE.six$", is_regex=True)["rows"].tolist() == [1]
    monkeypatch.setattr(matching, "PATIENCE", 0.2)
    for question in ({"query": "search", "text": "(a+)+$"}, {"query": "places", "method": "custom"}):
        axis = {"column": 0, "from": "(a+)+$", "to": "x", "is_regex": True}
        with pytest.raises(BadQuestion, match=r"this pattern takes more than 0 s"):
            ask(index, column=0, is_regex=True, axes=[axis], **question)


def upload(body: bytes, labels: str = "", **parameters: str) -> str:
    answer = json.loads(embedding.UPLOADS["upload"](body, {"name": "own", **parameters}).encode())
    if labels:
        embedding.UPLOADS["upload_labels"](labels.encode(), {"upload": answer["upload"]})
    return str(answer["upload"])


def npy(values: NDArray[Any]) -> bytes:
    with io.BytesIO() as file:
        np.save(file, values)
        return file.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        b"1\t2\n3\t4\n5\t6.5\n",
        npy(np.array([[1, 2], [3, 4], [5, 6.5]])),
        npy(np.asfortranarray([[1, 2], [3, 4], [5, 6.5]], dtype=np.float16)),
        np.array([1, 2, 3, 4, 5, 6.5], "<f4").tobytes(),
    ],
)
def test_own_files_are_shown_like_those_of_a_run(tmp_path: Path, body: bytes) -> None:
    index = write(tmp_path, "9\t9\n")
    raw = {} if body.startswith((b"1", b"\x93")) else {"rows": "3", "columns": "2"}
    key = upload(body, "a\nb\nc\n", **raw)
    info = ask(index, "info", upload=key)
    assert (info["shape"], info["problems"], len(info["columns"])) == ([3, 2], [], 1)
    values = embedding.BLOBS["tensor"](index, {"upload": key, "key": str(info["key"])}).encode()
    assert np.frombuffer(values, "<f4").tolist() == [1, 2, 3, 4, 5, 6.5]
    assert ask(index, "search", upload=key, column=0, text="b")["rows"].tolist() == [1]
    assert not list(tmp_path.glob("**/tensors")), "the logdir is never written"


def test_own_files_that_are_none_are_refused_and_the_oldest_make_room(tmp_path: Path) -> None:
    index = write(tmp_path, "9\t9\n")
    lying = npy(np.zeros((2, 2))).replace(b"(2, 2)", b"(9, 9)")
    for body, parameters, message in (
        (b"", {}, "'own' is empty"),
        (lying, {}, "cannot be read: buffer is smaller"),
        (npy(np.zeros(3)), {}, r"float64 of shape \[3\]"),
        (npy(np.array([[object()]], object)), {}, "holds object"),
        (npy(np.zeros((2, 2))).replace(b"'shape'", b"1and(2)"), {}, "cannot be read"),
        (npy(np.zeros((2, 2))).replace(b"(2, 2), ", b"(-1,2), "), {}, r"of shape \[-1, 2\]"),
        (npy(np.zeros((2, 2))).replace(b"(2, 2), }" + b" " * 20, b"(2, %d), }" % 10**20), {}, "cannot be read"),
        (npy(np.zeros((2, 2))).replace(b"(2, 2)", b"(2, 2("), {}, "cannot be read"),
        (b"1234", {"rows": "2", "columns": "2"}, "2 x 2 float32 are 16 bytes; got 4"),
        (b"1234", {"rows": "-1", "columns": "1"}, "want numbers from 1"),
    ):
        with pytest.raises(BadQuestion, match=message):
            upload(body, **parameters)
    with pytest.raises(NotFound, match="no longer kept"):
        ask(index, "info", upload="0")
    with pytest.raises(NotFound, match="holds raw numbers"):
        ask(index, "info", upload=upload(b"\0\0\0\0"))
    keys = [upload(b"1\t2\n") for _ in range(5)]
    folders = [UPLOADS.find(key).folder for key in keys[1:]]
    with pytest.raises(NotFound, match="no longer kept"):
        ask(index, "info", upload=keys[0])
    UPLOADS.close()
    assert not any(folder.exists() for folder in folders)


def test_an_upload_that_makes_room_while_it_is_labelled_stays_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    oldest = upload(b"1\t2\n")
    others = threading.Thread(target=lambda: [upload(b"1\t2\n") for _ in range(4)])
    write_bytes = Path.write_bytes

    def write_slowly(path: Path, body: bytes) -> int:
        written = write_bytes(path, body)
        if path.name == "metadata.tsv":
            others.start()
            others.join(0.5)
        return written

    monkeypatch.setattr(Path, "write_bytes", write_slowly)
    embedding.UPLOADS["upload_labels"](b"a\n", {"upload": oldest})
    others.join()
    with pytest.raises(NotFound, match="no longer kept"):
        UPLOADS.find(oldest)
    assert all(UPLOADS.find(upload(b"1\t2\n")).folder.exists() for _ in range(5))
    UPLOADS.close()
