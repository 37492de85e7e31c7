"""Reads the projector's configuration: a ProjectorConfig in text format (protobuf.dev, Text Format Specification).

Only what the projector's messages can hold is read; fields that are not known here are passed over, as by protobuf.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, Final

from runlens.wire.beside import Named

MAX_DEPTH: Final = 32

_TOKEN = re.compile(
    r"""(?P<skip>(?:\s|\#[^\n]*)+)|(?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')|(?P<mark>[{}<>\[\]:,;])"""
    r"""|(?P<word>[^\s{}<>\[\]:,;"'#]+)"""
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_CLOSING = {"{": "}", "<": ">"}

Message = dict[str, list[Any]]  # field -> its values, in order; str, or Message


def embeddings(text: str) -> list[Named]:
    """The embeddings that a configuration names.

    Raises:
        ValueError: it is no text-format message; the line is told.
    """
    config = _Parser(text).message()
    found = []
    for number, item in enumerate(item for item in config.get("embeddings", []) if isinstance(item, dict)):
        sprite = next((one for one in item.get("sprite", []) if isinstance(one, dict)), {})
        files = {
            "tensors": _text(item, "tensor_path"),
            "metadata": _text(item, "metadata_path"),
            "bookmarks": _text(item, "bookmarks_path"),
            "sprite": _text(sprite, "image_path"),
        }
        name = _text(item, "tensor_name") or posixpath.basename(files["tensors"]) or f"embedding {number}"
        numbers = {"shape": _sizes(item, "tensor_shape"), "image_size": _sizes(sprite, "single_image_dim")}
        found.append(Named(name, {role: path for role, path in files.items() if path}, numbers))
    return found


def _text(message: Message, field: str) -> str:
    """The last value of a field, as protobuf takes it; empty without one."""
    values = [value for value in message.get(field, []) if isinstance(value, str)]
    return values[-1] if values else ""


def _sizes(message: Message, field: str) -> tuple[int, ...]:
    return tuple(
        int(value) for value in message.get(field, []) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value)
    )


class _Parser:
    """Recursive descent over the tokens; `None` is the end."""

    def __init__(self, text: str) -> None:
        self._tokens = self._tokenize(text)
        self._line = 1
        self._next()

    def message(self, closing: str | None = None, depth: int = 0) -> Message:
        """Fields up to the closing bracket or the end."""
        fields: Message = {}
        if depth > MAX_DEPTH:
            raise ValueError(f"line {self._line}: messages nested deeper than {MAX_DEPTH}")
        while self._token != closing or self._kind == "string":
            name = self._expect("word")
            if self._token == ":" and self._kind == "mark":
                self._next()
            fields.setdefault(name, []).extend(self._values(depth))
            while self._kind == "mark" and self._token in (",", ";"):
                self._next()
        return fields

    def _values(self, depth: int) -> list[Any]:
        if self._kind != "mark" or self._token != "[":
            return [self._value(depth)]
        self._next()
        values = []
        while self._token != "]" or self._kind != "mark":
            values.append(self._value(depth))
            if self._kind == "mark" and self._token == ",":
                self._next()
        self._next()
        return values

    def _value(self, depth: int) -> Any:  # noqa: ANN401 - a string or a message
        if self._kind == "mark" and self._token in _CLOSING:
            closing = _CLOSING[self._expect("mark")]
            inner = self.message(closing, depth + 1)
            self._next()
            return inner
        if self._kind != "string":
            return self._expect("word")
        parts = []
        while self._kind == "string":  # neighbours are one string
            parts.append(_unquoted(self._expect("string")))
        return "".join(parts)

    def _expect(self, kind: str) -> str:
        token = self._token
        if token is None or self._kind != kind:
            raise ValueError(f"line {self._line}: got {'the end' if token is None else token[:40]!r}, want a {kind}")
        self._next()
        return token

    def _next(self) -> None:
        self._kind, self._token = next(self._tokens)

    def _tokenize(self, text: str) -> Iterator[tuple[str, str | None]]:
        position = 0
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise ValueError(f"line {self._line}: a string without an end")
            position = found.end()
            if found.lastgroup != "skip":
                yield str(found.lastgroup), found[0]
            self._line += found[0].count("\n")
        while True:
            yield "end", None


def _unquoted(literal: str) -> str:
    def plain(escape: re.Match[bytes]) -> bytes:
        octal, hexadecimal, other = escape.groups()
        if other is not None:
            return _CONTROLS.get(other, other)
        return bytes([int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)])

    return _ESCAPE.sub(plain, literal[1:-1].encode("utf-8", "replace")).decode(errors="replace")
