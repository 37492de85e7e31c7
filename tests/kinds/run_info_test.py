"""Circumstances of runs from the event file to the bytes that the page reads, and what hostile logs may say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter
from runlens.api.kinds import hparams, run_info
from runlens.api.question import BadQuestion
from runlens.store.entry import Entry, read_payload
from runlens.store.index import Index
from runlens.wire import event, tensor
from runlens.wire.record import frame
from tests.columns import decode
from tests.support import index_of

GOLDEN = Path(__file__).with_name("run_info.golden.bin")
GIT = {"commit": "c0ffee", "branch": "main", "is_dirty": True, "diff": "-a\n+b\n", "untracked": ["x.py"]}
FIRST = {
    "started": 1.7e9,
    "command": ["python", "train.py", "--name", "a b"],
    "host": "gpu1",
    "python": "3.12.1",
    "packages": {"numpy": "2.0.0", "torch": "2.13"},
    "git": GIT,
}
SECOND = {**FIRST, "started": 1.7e9 + 60, "packages": {"numpy": "2.1.0"}, "git": {**GIT, "is_dirty": False}}


def log(root: Path, run: str, *said: object) -> None:
    """One record for each, as JSON, or as the text that it is."""
    (root / run).mkdir(parents=True, exist_ok=True)
    records = []
    for step, one in enumerate(said):
        text = one if isinstance(one, bytes) else json.dumps(one).encode()
        metadata = event.metadata("runlens_run_info", data_class=event.DATA_CLASS_TENSOR)
        value = event.tensor_value("__run_info__", tensor.of_strings([text], ()), metadata)
        records.append(frame(event.event(1.7e9 + step, 0, event.summary(value))))
    (root / run / "tfevents.1").write_bytes(b"".join(records))


def ask(index: Index, **question: Any) -> dict[str, Any]:
    (chart,) = decode(run_info.data(index, {"charts": [question]}).encode())[0]["charts"]
    return dict(chart)


def test_golden(tmp_path: Path) -> None:
    """The answer that the page's tests read; delete the file to make it anew."""
    log(tmp_path, "a", FIRST, SECOND)
    index = index_of(tmp_path)
    index.revision = 42
    answer = run_info.data(index, {"charts": [{"run": "a"}, {"run": "a", "number": 0}, {"run": "none"}]}).encode()
    if not GOLDEN.exists():
        GOLDEN.write_bytes(answer)
    assert answer == GOLDEN.read_bytes()
    assert decode(answer)[0]["charts"] == [
        {"run": "a", "count": 2, "number": 1, "info": SECOND, "error": None},
        {"run": "a", "count": 2, "number": 0, "info": FIRST, "error": None},
        {"run": "none", "count": 0, "number": 0, "info": None, "error": None},
    ]


def test_what_a_captured_run_says(tmp_path: Path) -> None:
    """Against what this process and git know themselves."""
    with SummaryWriter(tmp_path / "logs" / "a", capture=True):
        pass
    info = ask(index_of(tmp_path / "logs"), run="a")["info"]
    assert info["python"] == sys.version.split()[0]
    assert info["packages"]["numpy"]
    head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert info["git"]["commit"] == head.stdout.strip()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (b"{", "want JSON"),
        (b"[1]", "want an object"),
        (b"[" * 100_000, "want JSON"),
        (b"\xff\xfe", "want JSON"),
    ],
)
def test_what_is_no_info_says_why(tmp_path: Path, said: bytes, reason: str) -> None:
    log(tmp_path, "a", said)
    answer = ask(index_of(tmp_path), run="a")
    assert answer["info"] is None
    assert reason in answer["error"]


def test_only_values_of_the_right_type_are_taken_over(tmp_path: Path) -> None:
    said = (
        b'{"host": 3, "started": NaN, "cpu_count": 1e999, "command": ["a", 1], "packages": {"a": {}}, "x": "y",'
        b' "python": "3", "process": true, "git": {"commit": [], "branch": "b\\ud800", "is_dirty": 1}}'
    )
    log(tmp_path, "a", said)
    assert ask(index_of(tmp_path), run="a")["info"] == {"python": "3", "git": {"branch": "b?"}}


def test_a_number_that_is_none_says_so(tmp_path: Path) -> None:
    log(tmp_path, "a", FIRST)
    index = index_of(tmp_path)
    assert ask(index, run="a", number=1)["error"] == "number 1: there are 1"
    with pytest.raises(BadQuestion, match="number"):
        ask(index, run="a", number="x")


def table(index: Index, *info: str) -> dict[str, list[Any]]:
    """{column: cells} of the run table."""
    answer = hparams.table(index, {"charts": [{"metrics": [], "info": list(info)}]})
    header, arrays = decode(answer.encode())
    (chart,) = header["charts"]
    found = {}
    for column in chart["info"]:
        known = [*arrays[column["numbers"]].tolist(), *column["others"], None]
        found[column["name"]] = [known[code] for code in arrays[column["codes"]].tolist()]
    return {"has": chart["has_info"], **found}


def test_as_columns_of_the_run_table(tmp_path: Path) -> None:
    log(tmp_path, "a", FIRST, SECOND)
    log(tmp_path, "b", b"no JSON")
    index = index_of(tmp_path)
    assert table(index, "command", "dirty", "commit") == {
        "has": True,
        "command": ["python train.py --name 'a b'", None],
        "dirty": [False, None],
        "commit": ["c0ffee", None],
    }
    log(tmp_path, "b", FIRST)
    index.refresh()
    assert table(index, "dirty")["dirty"] == [False, True]
    with pytest.raises(BadQuestion, match="info: got 'diff', want one of command"):
        table(index, "diff")


def test_a_table_reads_a_run_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log(tmp_path, "a", FIRST)
    index = index_of(tmp_path)
    reads: list[Entry] = []

    def read(entry: Entry, limit: int) -> bytes:
        reads.append(entry)
        return read_payload(entry, limit)

    monkeypatch.setattr("runlens.api.circumstances.read_payload", read)
    for _ in range(3):
        assert table(index, "host")["host"] == ["gpu1"]
    assert len(reads) == 1
