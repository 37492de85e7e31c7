"""Notes <-> text: a part of TOML (https://toml.io/en/v1.0.0) that people can read, write and merge.

    [settings]
    name_template = "{model}-lr{lr}"

    [runs."exp/adam"]
    star = true
    tags = ["best", "v2"]

Blocks and fields stand in alphabetical order, one field a line, long texts and lists over several lines, so that git
merges by itself what two people change in different places.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final, NamedTuple

Value = str | bool | list[str]


class Key(NamedTuple):
    """Where a value stands: `[section."name"]`, or `[section]` where the name is empty."""

    section: str
    name: str
    field: str


Notes = dict[Key, Value]

HEAD: Final = "# What runlens keeps on the runs of this folder. It may be edited and merged; see docs/manage.md.\n"
WIDTH: Final = 100  # characters; a list longer than this stands in several lines


class Unreadable(ValueError):
    """The text is no notes; says in which line, what is there and what is wanted."""


def write_text(notes: Notes) -> str:
    """The notes as text: equal notes give equal texts."""
    blocks = [HEAD]
    for (section, name), keys in groupby(sorted(notes), key=lambda key: key[:2]):
        head = f"[{section}.{_quoted(name)}]" if name else f"[{section}]"
        blocks.append("\n".join([head, *(f"{key.field} = {_written(notes[key])}" for key in keys)]) + "\n")
    return "\n".join(blocks)


def read_text(text: str) -> Notes:
    """The notes that a text holds.

    Raises:
        Unreadable: it is no TOML, or of the parts of TOML that notes have no use for.
    """
    return _Reader(text.removeprefix("\ufeff")).read()


def _written(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _in_lines(value) if "\n" in value else _quoted(value)
    items = [_quoted(item) for item in value]
    line = f"[{', '.join(items)}]"
    return line if len(line) <= WIDTH else "[\n" + "".join(f"  {item},\n" for item in items) + "]"


ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
UNESCAPED: Final = {escape[1]: plain for plain, escape in ESCAPES.items()}


def _escape(match: re.Match[str]) -> str:
    return ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _quoted(text: str) -> str:
    return '"' + re.sub(r'[\\"\x00-\x1f\x7f]', _escape, text) + '"'


def _in_lines(text: str) -> str:
    """Between three quotes: no two in a row may be left within, nor one at the end."""
    escaped = re.sub(r'[\\\x00-\x08\x0b-\x1f\x7f]|"(?="|\Z)', _escape, text)
    return f'"""\n{escaped}"""'


BLANK: Final = re.compile(r"(?:[ \t]|\r?\n|#[^\n]*)*")
HEADER: Final = re.compile(
    r'\[[ \t]*([\w-]+)[ \t]*(?:\.[ \t]*(?:([\w-]+)|("(?:[^"\\\n]|\\[^\n])*"))[ \t]*)?\]', re.ASCII
)
FIELD: Final = re.compile(r"([\w-]+)[ \t]*=[ \t]*", re.ASCII)
FLAG: Final = re.compile(r"(?:true|false)\b")
IN_LINES: Final = re.compile(r'"""(?:\r?\n)?((?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{0,2})"""')
QUOTED: Final = re.compile(r'"((?:[^"\\\x00-\x08\x0a-\x1f\x7f]|\\[^\n])*)"')
LINE_END: Final = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")
ESCAPE: Final = re.compile(r'\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(["\\bfnrt])|)')


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> Notes:
        notes: Notes = {}
        section = name = ""
        while self._take(BLANK) and self._at < len(self._text):
            if header := self._take(HEADER):
                section, name = header[1], header[2] or (self._plain(header[3][1:-1]) if header[3] else "")
            elif field := self._take(FIELD):
                key = Key(section, name, field[1])
                if key in notes:
                    raise self._error(f"{field[1]} stands there twice")
                if not section:
                    raise self._error(f"{field[1]} stands before the first [block]")
                notes[key] = self._value()
            else:
                raise self._error('want a [block], a "field = value", a comment or nothing')
            if not self._take(LINE_END):
                raise self._error("want the end of the line")
        return notes

    def _value(self) -> Value:
        if flag := self._take(FLAG):
            return flag[0] == "true"
        if self._text.startswith("[", self._at):
            return self._list()
        return self._string()

    def _string(self) -> str:
        if lines := self._take(IN_LINES):
            return self._plain(lines[1].replace("\r\n", "\n"))
        if quoted := self._take(QUOTED):
            return self._plain(quoted[1])
        raise self._error('want true, false, a "text" or a list of texts')

    def _list(self) -> list[str]:
        items: list[str] = []
        self._at += 1
        while True:
            self._take(BLANK)
            if self._skip("]"):
                return items
            items.append(self._string())
            self._take(BLANK)
            if not self._skip(",") and not self._text.startswith("]", self._at):
                raise self._error("want , or ] after an item of a list")

    def _plain(self, escaped: str) -> str:
        def plain(match: re.Match[str]) -> str:
            code = match[1] or match[2]
            if code is None and match[3] is None:
                raise self._error("a backslash begins an escape of TOML; want two for one")
            if code is None:
                return UNESCAPED[match[3]]
            number = int(code, 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                raise self._error(f"{match[0]} is no character")
            return chr(number)

        return ESCAPE.sub(plain, escaped)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._at)
        if match:
            self._at = match.end()
        return match

    def _skip(self, letter: str) -> bool:
        is_there = self._text.startswith(letter, self._at)
        self._at += is_there
        return is_there

    def _error(self, wanted: str) -> Unreadable:
        line = self._text.count("\n", 0, self._at) + 1
        rest = self._text[self._at : self._at + 40].split("\n", 1)[0]
        return Unreadable(f"line {line}: at {rest!r}: {wanted}")
