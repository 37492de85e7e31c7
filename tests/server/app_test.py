"""The server as a client sees it: routes, headers, prefix, live events. Real sockets for what streams."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from runlens.notes.sidecar import Sidecar
from runlens.server import routes
from runlens.server.app import Settings, create_app
from tests.columns import curves
from tests.support import DATA, expected_scalars, index_of, write_scalars


@contextmanager
def client_of(root: Path, prefix: str = "", **options: Any) -> Iterator[TestClient]:
    settings = Settings(logdir="logs", version="0", path_prefix=prefix)
    app = create_app(index_of(root), settings, Sidecar(root / "notes.toml"))
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False, **options) as client:
        yield client


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    write_scalars(tmp_path / "run2" / "tfevents", "loss", [1.0, 2.0])
    write_scalars(tmp_path / "run10" / "tfevents", "acc", [3.0])
    return tmp_path


def test_runs_lists_runs_and_tags(logdir: Path) -> None:
    with client_of(logdir) as client:
        answer = client.get("/api/runs").json()
    assert answer["tags"] == {"scalar": ["acc", "loss"]}
    assert answer["runs"] == [
        {"name": "run2", "start": 1.7e9, "end": 1.7e9 + 1, "tags": {"scalar": [1]}, "points": 2},
        {"name": "run10", "start": 1.7e9, "end": 1.7e9, "tags": {"scalar": [0]}, "points": 1},
    ]
    assert (answer["state"], answer["logdir"], answer["problems"]) == ("ready", "logs", [])
    assert answer["progress"]["files_read"] == answer["progress"]["files_total"] == 2
    assert answer["progress"]["bytes_read"] == answer["progress"]["bytes_total"] > 0


def test_tags_are_listed_by_kind_and_only_where_there_is_something_to_draw() -> None:
    with client_of(DATA / "tensorflow") as client:
        tags = client.get("/api/runs").json()["tags"]
    expected = {tag for run in expected_scalars("tensorflow").values() for tag in run}
    assert set(tags["scalar"]) == expected
    assert {"histogram", "image", "text", "graph"} <= set(tags)


def test_tags_come_in_natural_order(tmp_path: Path) -> None:
    for tag in ("layer10", "layer9", "layer1"):
        write_scalars(tmp_path / "tfevents", tag, [1.0], append=True)
    with client_of(tmp_path) as client:
        assert client.get("/api/runs").json()["tags"]["scalar"] == ["layer1", "layer9", "layer10"]


def test_unchanged_runs_are_not_sent_again(logdir: Path) -> None:
    with client_of(logdir) as client:
        first = client.get("/api/runs")
        again = client.get("/api/runs", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        write_scalars(logdir / "run2" / "tfevents", "loss", [3.0], append=True)
        client.app.state.index.refresh()  # type: ignore[attr-defined]
        changed = client.get("/api/runs", headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200


def test_while_loading_the_list_of_runs_is_made_seldom(logdir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "LOADING_SHARE", 1e9)
    with client_of(logdir) as client:
        index = client.app.state.index  # type: ignore[attr-defined]
        index.state = "loading"
        first = client.get("/api/runs")
        write_scalars(logdir / "new" / "tfevents", "loss", [3.0])
        index._refresh_files([logdir / "new" / "tfevents"])
        again = client.get("/api/runs", headers={"If-None-Match": "other"})
        assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])
        index.state = "ready"
        assert len(client.get("/api/runs").json()["runs"]) == 3


def test_scalar_data_travels_as_columns(logdir: Path) -> None:
    with client_of(logdir) as client:
        answer = client.post("/api/scalar/data", json={"charts": [{"tag": "loss", "runs": ["run2"]}]})
    assert answer.headers["content-type"] == "application/vnd.runlens.columns"
    assert list(curves(answer.content)["loss", "run2"]["value"]) == [1.0, 2.0]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "complaint"),
    [
        ("POST", "/api/scalar/data", b"{}", 400, "charts: got None, want a list"),
        ("POST", "/api/scalar/data", b"[]", 400, "want a JSON object"),
        ("POST", "/api/scalar/data", b"{", 400, "want a JSON object"),
        ("POST", "/api/scalar/data", b"\xff\x00", 400, "want a JSON object"),
        ("POST", "/api/scalar/data", b"[" * 100_000, 400, "want a JSON object"),
        ("POST", "/api/scalar/data", b" " * (16 << 20) + b"{}", 400, "got more than"),
        ("GET", "/api/nothing", b"", 404, "no route /api/nothing"),
    ],
)
def test_a_bad_question_is_answered_in_words(
    logdir: Path, method: str, path: str, body: bytes, status: int, complaint: str
) -> None:
    with client_of(logdir) as client:
        answer = client.request(method, path, content=body)
    assert answer.status_code == status
    assert complaint in answer.json()["error"]


def test_names_that_are_no_text_are_shown_as_well_as_can_be(logdir: Path) -> None:
    write_scalars(logdir / os.fsdecode(b"caf\xe9") / "tfevents", "loss", [1.0])
    (logdir / os.fsdecode(b"junk\xff.tfevents")).write_bytes(bytes(40))
    with client_of(logdir) as client:
        answer = client.get("/api/runs").json()
        (name,) = [run["name"] for run in answer["runs"] if run["name"].startswith("caf")]
        assert [problem["path"] for problem in answer["problems"]] == ["junk\ufffd.tfevents"]
        columns = client.post("/api/scalar/data", json={"charts": [{"tag": "loss", "runs": [name]}]})
        odd = client.post("/api/scalar/data", content=rb'{"charts": [{"tag": "\ud800", "runs": []}]}')
    assert name == "caf\ufffd"
    assert list(curves(columns.content)["loss", name]["value"]) == [1.0]
    assert odd.status_code == 200


def test_every_answer_carries_the_security_headers(logdir: Path) -> None:
    with client_of(logdir) as client:
        for path in ("/", "/api/runs", "/api/nothing"):
            headers = client.get(path).headers
            assert "default-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


def test_large_lists_are_compressed_when_asked_and_columns_are_not(logdir: Path) -> None:
    for number in range(100):
        write_scalars(logdir / f"many{number}" / "tfevents", "loss", [1.0])
    question = {"charts": [{"tag": "loss", "runs": [f"many{number}" for number in range(100)]}]}
    with client_of(logdir) as client:
        columns = client.post("/api/scalar/data", json=question, headers={"Accept-Encoding": "gzip"})
        assert "content-encoding" not in columns.headers and len(columns.content) > 5000
        assert client.get("/api/runs", headers={"Accept-Encoding": "gzip"}).headers["content-encoding"] == "gzip"
        assert "content-encoding" not in client.get("/api/runs", headers={"Accept-Encoding": "identity"}).headers


def test_a_path_prefix_serves_below_it_only(logdir: Path) -> None:
    with client_of(logdir, prefix="/lens/one") as client:
        assert client.get("/lens/one/api/runs").status_code == 200
        assert client.get("/api/runs").status_code == 404
        redirect = client.get("/lens/one?x=1")
        assert (redirect.status_code, redirect.headers["location"]) == (307, "one/?x=1")


def test_live_says_hello_and_what_changed(logdir: Path, serving: Any) -> None:
    address = serving(logdir)
    with httpx.stream("GET", f"{address}/api/live", timeout=10) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = _events(stream)
        name, hello = next(events)
        assert (name, hello["state"] in ("loading", "ready")) == ("hello", True)
        write_scalars(logdir / "new" / "tfevents", "loss", [1.0])
        for name, event in events:
            if name == "change" and "new" in event["runs"]:
                assert event["tree"] is True
                break
        write_scalars(logdir / "new" / "tfevents", "loss", [2.0], append=True)
        change = next(event for name, event in events if name == "change" and "new" in event["runs"])
        assert change["tree"] is False


def _events(stream: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in stream.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))
