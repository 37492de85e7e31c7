"""The file of notes: two processes at once, editors in between, what cannot be read or written."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.notes import place
from runlens.notes import sidecar as sidecar_module
from runlens.notes.place import open_notes
from runlens.notes.sidecar import Change, Conflict, NotWritable, Sidecar, applied, usable
from runlens.notes.text import Key, Notes, read_text, write_text
from tests.support import eventually

STAR = Key("runs", "a", "star")
NOTE = Key("runs", "a", "note")


def test_a_change_is_in_the_file_and_told(tmp_path: Path) -> None:
    sidecar, told = Sidecar(tmp_path / "notes.toml"), []
    sidecar.subscribe(lambda: told.append(sidecar.state.revision))
    before = sidecar.state.revision
    sidecar.change([Change(STAR, None, True)])
    assert read_text((tmp_path / "notes.toml").read_text()) == {STAR: True}
    assert told == [sidecar.state.revision] != [before]
    sidecar.change([Change(STAR, True, None)])
    assert sidecar.state.notes == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".notes.toml.lock", "notes.toml"]


def test_a_change_of_what_somebody_else_changed_is_refused_whole(tmp_path: Path) -> None:
    mine, theirs = Sidecar(tmp_path / "n"), Sidecar(tmp_path / "n")
    theirs.change([Change(NOTE, None, "theirs")])
    with pytest.raises(Conflict, match="runs 'a': note: somebody changed it to 'theirs'"):
        mine.change([Change(STAR, None, True), Change(NOTE, None, "mine")])
    mine.refresh()
    assert mine.state.notes == {NOTE: "theirs"}


def test_what_was_written_is_parsed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def note(text: str) -> Notes:
        parsed.append(text)
        return read_text(text)

    path = tmp_path / "n"
    monkeypatch.setattr(sidecar_module, "read_text", note)
    sidecar = Sidecar(path)
    sidecar.change([Change(NOTE, None, str(tmp_path))])
    first = path.read_text()
    sidecar.change([Change(STAR, None, True)])
    assert parsed[-2:] == [first, path.read_text()]
    assert parsed.count(first) == 1
    assert sidecar.state.notes == {NOTE: str(tmp_path), STAR: True}


WRITER = """
import sys
from collections.abc import Iterator
from pathlib import Path
from runlens.notes.sidecar import Change, Sidecar
from runlens.notes.text import Key
sidecar = Sidecar(Path(sys.argv[1]))
for i in range(60):
    sidecar.change([Change(Key("runs", f"run{i}", sys.argv[2]), None, f"{sys.argv[2]}{i}")])
"""


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), field]) for field in ("name", "group")]
    assert [writer.wait(30) for writer in writers] == [0, 0]
    wanted = {Key("runs", f"run{i}", field): f"{field}{i}" for i in range(60) for field in ("name", "group")}
    assert read_text(path.read_text()) == wanted


def test_what_an_editor_writes_meanwhile_is_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "notes.toml"
    sidecar = Sidecar(path)
    edits: Iterator[Notes] = iter([{NOTE: "from the editor"}])
    fsync = os.fsync

    def edit(handle: int) -> None:  # between our reading and our writing
        for notes in edits:
            path.write_text(write_text(notes))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", edit)
    sidecar.change([Change(STAR, None, True)])
    assert read_text(path.read_text()) == {NOTE: "from the editor", STAR: True}


FIELDS = st.sampled_from(["name", "group", "note"])
KEYS = st.builds(Key, st.just("runs"), st.sampled_from("abc"), FIELDS)
CHANGES = st.dictionaries(KEYS, st.none() | st.text("xyz", max_size=2))


@given(st.dictionaries(KEYS, st.text("xyz", max_size=2)), CHANGES, CHANGES)
def test_disjoint_changes_are_both_kept_in_any_order(base: Notes, mine: Notes, theirs: Notes) -> None:
    theirs = {key: value for key, value in theirs.items() if key not in mine}
    first, second = ([Change(key, base.get(key), value) for key, value in made.items()] for made in (mine, theirs))
    merged = applied(applied(base, first), second)
    assert merged == applied(applied(base, second), first)
    wanted = base | mine | theirs
    assert merged == {key: value for key, value in wanted.items() if value is not None}


def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    sidecar = Sidecar(path)
    sidecar.change([Change(NOTE, None, "kept")])
    conflict = path.read_text() + "<<<<<<< HEAD\n"
    path.write_text(conflict)
    sidecar.refresh()
    assert sidecar.state.notes == {NOTE: "kept"}
    assert "<<<<<<<" in sidecar.state.problems[0]
    with pytest.raises(NotWritable, match=r"is left as it is \(a copy is notes.toml.kept-"):
        sidecar.change([Change(STAR, None, True)])
    assert path.read_text() == conflict
    assert [copy.read_text() for copy in tmp_path.glob("*.kept-*")] == [conflict]
    path.write_text(write_text({STAR: True}))
    sidecar.refresh()
    assert (sidecar.state.notes, sidecar.state.problems) == ({STAR: True}, ())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0", b'[runs."a"]\nname = "\xc3"'])
def test_bytes_that_are_no_text_are_a_problem(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "n").write_bytes(content)
    assert len(Sidecar(tmp_path / "n").state.problems) == 1


def test_values_of_the_wrong_sort_are_told_kept_and_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "n"
    text = '[runs."a"]\ncolour = "red"\nlater = "of a newer version"\nstar = "yes"\n'
    path.write_text(text)
    sidecar = Sidecar(path)
    assert [problem.split(":")[0] for problem in sidecar.state.problems] == ["runs 'a'"] * 2
    assert usable(sidecar.state.notes) == {}
    sidecar.change([Change(NOTE, None, "new")])
    assert set(text.splitlines()) <= set(path.read_text().splitlines())


def test_an_edit_is_noticed(tmp_path: Path) -> None:
    with Sidecar(tmp_path / "n") as sidecar:
        (tmp_path / "n").write_text(write_text({STAR: True}))
        eventually(lambda: sidecar.state.notes == {STAR: True})


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(place, "default_folder", lambda: tmp_path / "home")
    return tmp_path / "home"


def test_notes_lie_where_they_are_asked_to_be(tmp_path: Path, home: Path) -> None:
    root = tmp_path / "logs"
    root.mkdir()
    assert open_notes("auto", root).path.parent == home
    assert open_notes("logdir", root).path == root / "runlens.toml"
    assert open_notes(str(tmp_path / "x.toml"), root).path == tmp_path / "x.toml"
    user = open_notes("user", root)
    user.change([Change(STAR, None, True)])
    assert user.path.read_text().startswith(f"# Notes on {root}\n")
    assert user.path != open_notes("user", tmp_path / "other" / "logs").path
    open_notes("logdir", root).change([Change(STAR, None, True)])
    assert open_notes("auto", root).path == root / "runlens.toml"
    assert open_notes("user", root).path == user.path


def test_a_link_in_the_logdir_is_not_followed(tmp_path: Path, home: Path) -> None:
    (tmp_path / "secret").write_text("mine")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "runlens.toml").symlink_to(tmp_path / "secret")
    for choice in ("auto", "logdir"):
        assert open_notes(choice, tmp_path / "logs").path.parent == home
    assert "is a link" in open_notes("logdir", tmp_path / "logs").state.problems[0]


def test_a_logdir_that_may_not_be_written_leaves_notes_to_the_user(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)  # root may write everywhere
    sidecar = open_notes("logdir", tmp_path)
    assert sidecar.path.parent == home
    assert "may not be written" in sidecar.state.problems[0]


def test_what_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="cannot be written"):
        Sidecar(tmp_path / "file" / "notes.toml").change([Change(STAR, None, True)])
