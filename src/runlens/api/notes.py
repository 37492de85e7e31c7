"""What is said of runs, and how it is changed. docs/manage.md is the contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from runlens.api.payload import Json
from runlens.api.question import BadQuestion, Object, a_list, a_text, an_object, short
from runlens.api.study import STUDY
from runlens.notes.fields import FIELDS, complaint, may_be_named
from runlens.notes.names import name_by
from runlens.notes.sidecar import Change, NotesError, Sidecar, usable
from runlens.notes.text import Key
from runlens.notes.trash import Trash
from runlens.store.index import Index

MOST_CHANGES: Final = 100_000  # of one question: all fields of ten thousand runs


def notes(index: Index, sidecar: Sidecar, trash: Trash | None = None) -> Json:
    """All notes, as they are now, and what is in the trash, where there may be one."""
    state = sidecar.state
    blocks: dict[str, dict[str, dict[str, Any]]] = {section: {} for section in FIELDS}
    for key, value in usable(state.notes).items():
        blocks[key.section].setdefault(key.name, {})[key.field] = value
    settings = blocks["settings"].get("", {})
    return Json(
        {
            "revision": state.revision,
            "file": str(sidecar.path).encode("utf-8", "replace").decode(),
            "writable": sidecar.may_write,
            "problems": list(state.problems),
            "settings": settings,
            "runs": blocks["runs"],
            "workspaces": blocks["workspaces"],
            "trash": [asdict(removed) for removed in trash.listed()] if trash else None,
            "names": names_by_template(index, settings.get("name_template", "")),
        }
    )


def change(index: Index, sidecar: Sidecar, trash: Trash | None, question: Object) -> Json:
    """Change fields, all or none; answers with all notes.

    Raises:
        BadQuestion: a change is none.
        NotesError: the notes stay as they are.
    """
    sidecar.change(read_changes(question))
    return notes(index, sidecar, trash)


def remove(index: Index, sidecar: Sidecar, trash: Trash | None, question: Object) -> Json:
    """Move the run `run` into the trash; `typed` is what a person typed to say so, its path.

    Raises:
        BadQuestion: something else was typed.
        NotesError: the run stays where it is.
    """
    run = a_text(question, "run")
    if a_text(question, "typed") != run:
        raise BadQuestion(f"typed: want the path of the run, {short(run)}")
    removed = _allowed(trash).remove(run)
    return Json({**notes(index, sidecar, trash).value, "removed": asdict(removed)})


def restore(index: Index, sidecar: Sidecar, trash: Trash | None, question: Object) -> Json:
    """Move what the `ticket` names back to where it was.

    Raises:
        NotesError: it stays in the trash.
    """
    _allowed(trash).restore(a_text(question, "ticket"))
    return notes(index, sidecar, trash)


def _allowed(trash: Trash | None) -> Trash:
    if trash is None:
        raise NotesError("runs may not be moved: start runlens with --allow_delete")
    return trash


def read_changes(question: Object) -> list[Change]:
    """`changes` as a list of `{section, name, field, was, value}`."""
    asked = a_list(question, "changes")
    if len(asked) > MOST_CHANGES:
        raise BadQuestion(f"changes: got {len(asked)}, want at most {MOST_CHANGES}")
    return [_read_change(an_object(item, "changes")) for item in asked]


def _read_change(asked: Object) -> Change:
    section, field = a_text(asked, "section"), a_text(asked, "field")
    name = asked.get("name", "")
    if field not in FIELDS.get(section, {}):
        raise BadQuestion(f"field: got {short(f'{section}.{field}')}, want one of {', '.join(_all_fields())}")
    if not may_be_named(section, name):
        raise BadQuestion(
            f"name: got {short(name)}, want the path of a run, the name of a workspace, or of settings none"
        )
    key = Key(section, name, field)
    was, value = asked.get("was"), asked.get("value")
    for given in (was, value):
        if given is not None and (wrong := complaint(key, given)):
            raise BadQuestion(wrong)
    return Change(key, was, value)


def _all_fields() -> list[str]:
    return [f"{section}.{field}" for section, fields in FIELDS.items() for field in fields]


def names_by_template(index: Index, template: str) -> dict[str, str]:
    """What runs are called by the template, where it says something of them."""
    if not template:
        return {}
    called = {session.name: name_by(template, session.name, session.said.hparams) for session in STUDY.sessions(index)}
    return {run: name for run, name in called.items() if name is not None}
