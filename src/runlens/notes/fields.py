"""Which fields there are, and what each may hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from runlens.notes.text import Key

LONGEST: Final = 64 << 10  # characters of one text
LONGEST_NAME: Final = 4096  # characters of a run's path or a workspace's name
MOST_ITEMS: Final = 5000  # of a list; a workspace may name as many runs


def _is_text(value: object) -> bool:
    if not isinstance(value, str) or len(value) > LONGEST:
        return False
    return not any("\ud800" <= letter <= "\udfff" for letter in value)  # half a pair is in no encoding


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_ITEMS and all(_is_text(item) for item in value)


Sort = tuple[Callable[[object], bool], str]  # whether a value is one, and what is wanted
TEXT: Final[Sort] = (_is_text, f"a text of at most {LONGEST} characters")
TEXTS: Final[Sort] = (_is_texts, f"a list of at most {MOST_ITEMS} texts")
FLAG: Final[Sort] = (lambda value: value is True, "true, or nothing")
COLOUR: Final[Sort] = (
    lambda value: isinstance(value, str) and re.fullmatch(r"#[0-9a-f]{6}", value) is not None,
    "a colour like #2563d9",
)

FIELDS: Final[dict[str, dict[str, Sort]]] = {
    "settings": {"name_template": TEXT, "layout": TEXT},
    "runs": {
        "name": TEXT,
        "note": TEXT,
        "tags": TEXTS,
        "group": TEXT,
        "colour": COLOUR,
        "star": FLAG,
        "hidden": FLAG,
        "archived": FLAG,
    },
    "workspaces": {"view": TEXTS, "layout": TEXT, "cards": TEXT},
}


def complaint(key: Key, value: object) -> str | None:
    """What is wrong with a value in a place; None where it is fine. Fields that nobody knows are somebody else's."""
    sort = FIELDS.get(key.section, {}).get(key.field)
    if sort is None or sort[0](value):
        return None
    return f"{described(key)}: got {_short(value)}, want {sort[1]}"


def is_known(key: Key) -> bool:
    """Whether this version has a use for the field."""
    return key.field in FIELDS.get(key.section, {})


def may_be_named(section: str, name: object) -> bool:
    """Whether there may be such a block. `settings` is one; runs and workspaces have names."""
    if section == "settings":
        return name == ""
    return isinstance(name, str) and _is_text(name) and 0 < len(name) <= LONGEST_NAME


def described(key: Key) -> str:
    """A place, as an error names it."""
    return f"{key.section} {key.name!r}: {key.field}" if key.name else f"{key.section}: {key.field}"


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
