"""Runs go to the trash and come back; what is written, what lies elsewhere and what is hostile stays where it is."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from runlens.notes.sidecar import Sidecar
from runlens.notes.trash import Refused, Trash
from runlens.server.app import Settings, create_app
from tests.support import index_of, write_scalars


def age(folder: Path, seconds: float = 3600) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            os.utime(path, (time.time() - seconds,) * 2)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "logs"
    for run in ("exp/a", "exp/a/part", "exp/b"):
        write_scalars(root / run / "tfevents", "loss", [1.0])
    (root / "exp/a/model.pt").write_bytes(b"weights")
    age(root)
    return root


def test_a_run_goes_and_comes_back_whole(root: Path) -> None:
    index = index_of(root)
    trash = Trash(index)
    removed = trash.remove("exp/a")
    assert not (root / "exp/a").exists()
    index.refresh()
    assert list(index.runs) == ["exp/b"]
    index.refresh({root / ".runlens-trash" / removed.ticket / "run" / "tfevents"})
    assert list(index.runs) == ["exp/b"]
    assert trash.listed() == [removed]
    assert trash.restore(removed.ticket) == "exp/a"
    index.refresh()
    assert sorted(index.runs) == ["exp/a", "exp/a/part", "exp/b"]
    assert (root / "exp/a/model.pt").read_bytes() == b"weights"
    assert trash.listed() == []


def test_a_run_that_is_written_stays(root: Path) -> None:
    (root / "exp/a/part/later.txt").write_text("now")
    with pytest.raises(Refused, match=r"a/part/later.txt was written \d+ s ago: it is being written"):
        Trash(index_of(root)).remove("exp/a")
    assert (root / "exp/a/tfevents").exists()


@pytest.mark.parametrize("name", ["lost", "../logs/exp/a", "/etc", "exp", "", "exp/a/../b", "\0"])
def test_what_is_no_run_is_not_moved(root: Path, name: str) -> None:
    with pytest.raises(Refused, match="there is no run"):
        Trash(index_of(root)).remove(name)


def test_neither_the_logdir_nor_what_lies_behind_a_link_is_moved(root: Path, tmp_path: Path) -> None:
    write_scalars(root / "tfevents", "loss", [1.0])
    write_scalars(tmp_path / "elsewhere" / "run" / "tfevents", "loss", [1.0])
    (root / "link").symlink_to(tmp_path / "elsewhere")
    age(root)
    age(tmp_path / "elsewhere")
    trash = Trash(index_of(root))
    with pytest.raises(Refused, match="is the logdir itself"):
        trash.remove(".")
    with pytest.raises(Refused, match="lies behind a link"):
        trash.remove("link/run")
    assert (tmp_path / "elsewhere" / "run" / "tfevents").exists()


@pytest.mark.parametrize("place", [b"../out", b"/tmp/out", b"", b"link/x", b".runlens-trash/x", b"a\0b"])
def test_a_forged_place_leads_nowhere(root: Path, tmp_path: Path, place: bytes) -> None:
    (root / "link").symlink_to(tmp_path)
    entry = root / ".runlens-trash" / "20260101-000000-abcd"
    (entry / "run").mkdir(parents=True)
    (entry / "path").write_bytes(place)
    trash = Trash(index_of(root))
    assert trash.listed() == []
    with pytest.raises(Refused):
        trash.restore(entry.name)
    with pytest.raises(Refused, match="names nothing"):
        trash.restore("../exp")


def test_what_came_in_its_place_is_not_overwritten(root: Path) -> None:
    trash = Trash(index_of(root))
    removed = trash.remove("exp/b")
    (root / "exp/b").mkdir()
    with pytest.raises(Refused, match="exp/b is there again"):
        trash.restore(removed.ticket)


def test_the_route_needs_the_flag_and_the_typed_path(root: Path, tmp_path: Path) -> None:
    question = {"run": "exp/b", "typed": "exp/b"}
    for allowed, typed, status in ((False, "exp/b", 423), (True, "exp", 400), (True, "exp/b", 200)):
        app = create_app(index_of(root), Settings("logs", "0", allow_delete=allowed), Sidecar(tmp_path / "n"))
        with TestClient(app) as client:
            assert (client.get("/api/notes").json()["trash"] is None) == (not allowed)
            answer = client.post("/api/notes/remove", json=question | {"typed": typed})
            assert answer.status_code == status
            assert (root / "exp/b").exists() == (status != 200)
            if status == 200:
                ticket = answer.json()["removed"]["ticket"]
                assert answer.json()["trash"] == [{"ticket": ticket, "run": "exp/b"}]
                assert client.post("/api/notes/restore", json={"ticket": ticket}).json()["trash"] == []
    assert (root / "exp/b").exists()
