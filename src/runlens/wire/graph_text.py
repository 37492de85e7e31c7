"""A GraphDef in protobuf's text format -> its bytes, so that one reader serves both.

Format: https://protobuf.dev/reference/protobuf/textformat-spec/. Fields that the reader does not look at are skipped.
"""

from __future__ import annotations

import re
from typing import Final

from runlens.wire.fields import Malformed
from runlens.wire.graph_def import type_number
from runlens.wire.message import bytes_field, float_field, varint

DEEPEST: Final = 60  # messages within messages
_TOKEN: Final = re.compile(
    rb"""\s+ | \#[^\n]*
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    | (?P<word>[A-Za-z_0-9.+-]+)
    | (?P<sign>[{}<>\[\]:;,/])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(
    rb"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL
)
_LETTERS: Final = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_CLOSING: Final = {b"{": b"}", b"<": b">"}

_ATTRIBUTE: Final = {"key": (1, "text"), "value": (2, "AttrValue")}
_VALUES: Final = {
    "s": (2, "text"),
    "i": (3, "int"),
    "f": (4, "float"),
    "b": (5, "int"),
    "type": (6, "type"),
    "shape": (7, "TensorShapeProto"),
    "tensor": (8, "TensorProto"),
}
# Message -> field -> its number, and what it holds.
_SCHEMA: Final[dict[str, dict[str, tuple[int, str]]]] = {
    "GraphDef": {"node": (1, "NodeDef"), "library": (2, "FunctionDefLibrary"), "versions": (4, "VersionDef")},
    "NodeDef": {
        "name": (1, "text"),
        "op": (2, "text"),
        "input": (3, "text"),
        "device": (4, "text"),
        "attr": (5, "Attribute"),
    },
    "Attribute": _ATTRIBUTE,
    "AttrValue": {**_VALUES, "list": (1, "ListValue"), "placeholder": (9, "text"), "func": (10, "NameAttrList")},
    "ListValue": {**_VALUES, "func": (9, "NameAttrList")},
    "NameAttrList": {"name": (1, "text"), "attr": (2, "Attribute")},
    "TensorShapeProto": {"dim": (2, "Dim"), "unknown_rank": (3, "int")},
    "Dim": {"size": (1, "int"), "name": (2, "text")},
    "TensorProto": {"dtype": (1, "type"), "tensor_shape": (2, "TensorShapeProto"), "tensor_content": (4, "text")},
    "VersionDef": {"producer": (1, "int")},
    "FunctionDefLibrary": {"function": (1, "FunctionDef")},
    "FunctionDef": {"signature": (1, "OpDef"), "node_def": (3, "NodeDef"), "ret": (4, "Return")},
    "Return": {"key": (1, "text"), "value": (2, "text")},
    "OpDef": {"name": (1, "text"), "input_arg": (2, "ArgDef")},
    "ArgDef": {"name": (1, "text"), "type": (3, "type")},
}


def graph_bytes(text: bytes) -> tuple[bytes, str]:
    """The GraphDef's bytes as far as the text can be read, and where and why the reading ended; "" at the end."""
    parser = _Parser(text)
    parts: list[bytes] = []
    try:
        parser.message("GraphDef", b"", DEEPEST, parts)
    except Malformed as error:
        return b"".join(parts), str(error)
    return b"".join(parts), ""


class _Parser:
    def __init__(self, text: bytes) -> None:
        self._text = text
        self._at = 0
        self._kind = ""
        self._token = b""
        self._next()

    def message(self, name: str, end: bytes, depth: int, parts: list[bytes]) -> None:
        """Read fields up to `end`, b"" for the end of the text, and append their bytes."""
        if depth == 0:
            raise self._error("messages within messages without end")
        fields = _SCHEMA.get(name, {})
        while self._token != end or self._kind == "string":
            field = self._take("word", "the name of a field").decode()
            number, kind = fields.get(field, (0, ""))
            has_colon = self._skip(b":")
            if self._token == b"[" and self._kind == "sign":
                self._next()
                while not self._skip(b"]"):
                    self._value(number, kind, True, depth, parts)
                    self._skip(b",")
            else:
                self._value(number, kind, has_colon, depth, parts)
            if not self._skip(b","):
                self._skip(b";")
        if end:
            self._next()

    def _value(self, number: int, kind: str, has_colon: bool, depth: int, parts: list[bytes]) -> None:
        if self._kind == "sign" and self._token in _CLOSING:
            closing = _CLOSING[self._token]
            self._next()
            inner: list[bytes] = []
            self.message(kind, closing, depth - 1, inner)
            if number and kind in _SCHEMA:
                parts.append(bytes_field(number, b"".join(inner)))
        elif not has_colon:
            raise self._error("`:` or `{`")
        elif self._kind == "string":
            text = b""
            while self._kind == "string":  # strings side by side are one
                text += _unescape(self._token[1:-1])
                self._next()
            if number and kind == "text":
                parts.append(bytes_field(number, text))
        else:
            word = self._take("word", "a value")
            if number:
                parts.append(self._scalar(number, kind, word))

    def _scalar(self, number: int, kind: str, word: bytes) -> bytes:
        text = word.decode("latin1")
        try:
            if kind == "float":
                return float_field(number, float(text.rstrip("fF") if "inf" not in text.lower() else text))
            if kind == "type":
                return varint(number << 3) + varint(type_number(text))
            if kind == "int":
                truth = {"true": 1, "false": 0}.get(text.lower())
                return varint(number << 3) + varint(int(text, 0) if truth is None else truth)
        except ValueError:
            raise self._error(f"a value of type {kind} before it, not {text[:40]!r}") from None
        return b""

    def _take(self, kind: str, wanted: str) -> bytes:
        if self._kind != kind:
            raise self._error(wanted)
        token = self._token
        self._next()
        return token

    def _skip(self, sign: bytes) -> bool:
        if self._kind != "sign" or self._token != sign:
            return False
        self._next()
        return True

    def _next(self) -> None:
        while self._at < len(self._text):
            match = _TOKEN.match(self._text, self._at)
            if match is None:
                self._kind, self._token = "unknown", self._text[self._at : self._at + 1]
                return
            self._at = match.end()
            if match.lastgroup:
                self._kind, self._token = match.lastgroup, match[0]
                return
        self._kind, self._token = "end", b""

    def _error(self, wanted: str) -> Malformed:
        line = self._text.count(b"\n", 0, self._at) + 1
        got = "the end" if self._kind == "end" else repr(self._token[:40].decode("utf-8", "replace"))
        return Malformed(f"text of a graph, line {line}: got {got}, want {wanted}")


def _unescape(text: bytes) -> bytes:
    return _ESCAPE.sub(_letter, text) if b"\\" in text else text


def _letter(match: re.Match[bytes]) -> bytes:
    if match[1]:
        return bytes([int(match[1], 16)])
    if match[2]:
        return bytes([int(match[2], 8) & 0xFF])
    if match[3] or match[4]:
        code = int(match[3] or match[4], 16)
        return chr(min(code, 0x10FFFF)).encode("utf-8", "replace")
    return _LETTERS.get(match[5], match[5])
