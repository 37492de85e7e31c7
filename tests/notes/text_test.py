"""Notes as text: what is written is TOML for another reader, is read as it was, and git merges it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.notes.text import Key, Notes, Unreadable, read_text, write_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text('"\\\n\r\ta#[]=')
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(["../../etc", "a.b", '"', "]"])
KEYS = st.builds(Key, st.sampled_from(["runs", "workspaces"]), NAMES, st.from_regex(r"[a-z_]{1,8}", fullmatch=True))
NOTES = st.dictionaries(KEYS | st.just(Key("settings", "", "layout")), TEXTS | st.booleans() | st.lists(TEXTS))


@given(NOTES)
def test_what_is_written_is_read_again(notes: Notes) -> None:
    assert read_text(write_text(notes)) == notes
    assert write_text(dict(reversed(notes.items()))) == write_text(notes)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="Python has a reader of TOML from 3.11 on")
@given(NOTES)
def test_another_reader_of_toml_reads_the_same(notes: Notes) -> None:
    import tomllib

    found: Notes = {}
    for section, block in tomllib.loads(write_text(notes)).items():
        for name, inner in block.items() if section != "settings" else [("", block)]:
            found |= {Key(section, name, field): value for field, value in inner.items()}
    assert found == notes


def test_people_write_in_their_own_way() -> None:
    text = '\ufeff# mine\r\n\r\n[runs.plain]  # bare\r\nstar=true\r\ntags = [ "a",\r\n  "b", # two\r\n]\r\n'
    text += '[ runs . "x" ]\r\nnote = """one\r\n"two""""\r\n[runs.plain]\ngroup = "\\u00e9\\U0001F600"'
    assert read_text(text) == {
        Key("runs", "plain", "star"): True,
        Key("runs", "plain", "tags"): ["a", "b"],
        Key("runs", "plain", "group"): "é😀",
        Key("runs", "x", "note"): 'one\n"two"',
    }


@pytest.mark.parametrize(
    ("text", "line", "wanted"),
    [
        ('[runs."a"]\nstar = true\n<<<<<<< HEAD\n', 3, "want a [block]"),
        ("[runs.a]\nstar = 1\n", 2, "want true, false"),
        ("[runs.a]\nname = 'x'\n", 2, 'a "text"'),
        ('[runs.a]\nname = "x\n', 2, 'a "text"'),
        ('[runs.a]\nname = "x" y\n', 2, "end of the line"),
        ('[runs.a]\ntags = ["x" "y"]\n', 2, "want , or ]"),
        ('[runs.a]\ntags = ["x",\n', 3, 'a "text"'),
        ('[runs.a]\nname = "\\q"\n', 2, "backslash"),
        ('[runs.a]\nname = "\\ud800"\n', 2, "no character"),
        ("[runs.a]\nstar = true\nstar = true\n", 3, "twice"),
        ("star = true\n", 1, "before the first"),
        ("[a.b.c]\n", 1, "want a [block]"),
        ("[runs.a\n", 1, "want a [block]"),
    ],
)
def test_what_is_no_notes_is_named_with_its_line(text: str, line: int, wanted: str) -> None:
    with pytest.raises(Unreadable, match=rf"^line {line}: .*") as caught:
        read_text(text)
    assert wanted in str(caught.value)


@given(st.text('[]."=\\\nabtrue, #') | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_text(text)
    except Unreadable as error:
        assert str(error).startswith("line ")


def test_git_merges_what_two_people_changed(tmp_path: Path) -> None:
    base: Notes = {Key("runs", run, "group"): "x" for run in ("a", "b", "c")}
    mine = base | {Key("runs", "a", "star"): True}
    theirs = base | {Key("runs", "c", "note"): "one\ntwo"}
    for name, notes in (("mine", mine), ("base", base), ("theirs", theirs)):
        (tmp_path / name).write_text(write_text(notes))
    command = ["git", "merge-file", "-p", "mine", "base", "theirs"]
    merged = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert read_text(merged) == mine | theirs
