"""The routes of notes: reading, changing, conflicts, and pages of other sites, which may not change anything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from runlens.notes.sidecar import Sidecar
from runlens.notes.text import Key, read_text
from runlens.server.app import Settings, create_app
from tests.support import index_of, write_scalars


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    write_scalars(tmp_path / "logs" / "vit" / "s1" / "tfevents", "loss", [1.0])
    app = create_app(index_of(tmp_path / "logs"), Settings("logs", "0"), Sidecar(tmp_path / "notes.toml"))
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def changing(field: str, value: object, was: object = None, section: str = "runs", name: str = "vit/s1") -> Any:
    return {"changes": [{"section": section, "name": name, "field": field, "was": was, "value": value}]}


def test_notes_are_changed_and_read(client: TestClient, tmp_path: Path) -> None:
    before = client.get("/api/notes").json()
    assert (before["runs"], before["settings"], before["workspaces"], before["writable"]) == ({}, {}, {}, True)
    after = client.post("/api/notes/change", json=changing("tags", ["a", "b"])).json()
    assert after["runs"] == {"vit/s1": {"tags": ["a", "b"]}}
    assert after["revision"] != before["revision"]
    assert client.get("/api/notes").json() == after
    assert read_text((tmp_path / "notes.toml").read_text()) == {Key("runs", "vit/s1", "tags"): ["a", "b"]}


def test_a_template_names_runs(client: TestClient) -> None:
    change = changing("name_template", "{1} {-1}", section="settings", name="")
    assert client.post("/api/notes/change", json=change).json()["names"] == {"vit/s1": "vit s1"}


def test_a_conflict_is_409_and_says_what_is_there(client: TestClient) -> None:
    client.post("/api/notes/change", json=changing("name", "first"))
    answer = client.post("/api/notes/change", json=changing("name", "second"))
    assert answer.status_code == 409
    assert "somebody changed it to 'first'" in answer.json()["error"]


def test_an_unreadable_file_is_423(client: TestClient, tmp_path: Path) -> None:
    (tmp_path / "notes.toml").write_text("=======\n")
    assert client.post("/api/notes/change", json=changing("name", "x")).status_code == 423


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ({}, "changes: got None, want a list"),
        ({"changes": [1]}, "changes: got 1, want an object"),
        (changing("size", "x"), "field: got 'runs.size', want one of"),
        (changing("name", "x", section="etc"), "field: got 'etc.name'"),
        (changing("name", "x", name=""), "name: got ''"),
        (changing("layout", "x", section="settings", name="a"), "name: got 'a'"),
        (changing("star", "yes"), "runs 'vit/s1': star: got 'yes', want true"),
        (changing("star", False), "star: got False, want true"),
        (changing("colour", "red;x:url(//evil)"), "want a colour like"),
        (changing("tags", ["a", 1]), "want a list of"),
        (changing("name", "x" * 70_000), "want a text of at most"),
    ],
)
def test_a_wrong_change_is_refused_by_name(client: TestClient, tmp_path: Path, question: Any, complaint: str) -> None:
    answer = client.post("/api/notes/change", json=question)
    assert (answer.status_code, complaint in answer.json()["error"]) == (400, True)
    assert not (tmp_path / "notes.toml").exists()


def test_half_a_character_is_refused(client: TestClient) -> None:
    body = json.dumps(changing("name", "\ud800"))
    answer = client.post("/api/notes/change", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\0b", "..", "~", 'x"]\n[runs."y', "\u202ename"])
def test_a_name_is_a_name_and_no_path(client: TestClient, tmp_path: Path, name: str) -> None:
    client.post("/api/notes/change", json=changing("star", True, name=name))
    assert client.get("/api/notes").json()["runs"] == {name: {"star": True}}
    assert {path.name for path in tmp_path.iterdir()} == {"logs", "notes.toml", ".notes.toml.lock"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://testserver"}, 200),
        ({"Origin": "https://lens.example", "X-Forwarded-Host": "lens.example"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://behind.a.proxy"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
    ],
)
def test_pages_of_other_sites_change_nothing(client: TestClient, headers: dict[str, str], status: int) -> None:
    body = json.dumps(changing("star", True))
    sent = {"Content-Type": "application/json", **headers}
    assert client.post("/api/notes/change", content=body, headers=sent).status_code == status
    assert bool(client.get("/api/notes").json()["runs"]) == (status == 200)


def test_pages_hear_of_an_edit(tmp_path: Path, serving: Any) -> None:
    sidecar = tmp_path / "notes.toml"
    address = serving(tmp_path / "logs", "--sidecar", str(sidecar))
    with httpx.stream("GET", f"{address}/api/live", timeout=10) as stream:
        events = (json.loads(line[6:]) for line in stream.iter_lines() if line.startswith("data: "))
        first = next(events)["notes"]
        sidecar.write_text('[runs."a"]\nstar = true\n')
        assert next(event["notes"] for event in events if event["notes"] != first)
    assert httpx.get(f"{address}/api/notes").json()["runs"] == {"a": {"star": True}}
