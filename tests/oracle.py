"""A small, slow reader of event files, written from the format alone: the native one is tested against it.

Framing, little-endian: u64 length, u32 masked CRC-32C of it, payload (a protobuf Event), u32 masked CRC-32C of
the payload. The first two are the header; it is good if its CRC is right and the length at most 2^31-1.

(a) Fewer than 12 bytes are left, or the header is good but the rest is not all there: a truncated tail, stop.
(b) The header is bad: damage. From the next byte on, look for the first offset that holds a record all right;
    what lies before it is one damaged region. A good header whose rest is not all there ends the search as a
    truncated tail; so do the last 11 bytes, where no header fits any more.
(c) The payload's CRC is wrong: just this record is damaged if after it come fewer than 12 bytes (or none) or
    a good header; otherwise search as in (b).
(d) The payload is not a valid Event: this record is damaged.

Protobuf is decoded as specified: the last of a singular field counts, messages are merged, the last member of
a oneof wins, a known number with another wire type is an unknown field, lists may be packed or not, tag and
plugin name are UTF-8. What no scalar needs (images, graphs ...) is not looked into: it is an entry, whose bytes are
told with their place. A tensor_content of another size than one element makes no scalar. Of a tag's metadata the
first word on each point counts; the metadata themselves are the entry where the plugin is hparams.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

HEADER, FOOTER, MAX_LENGTH = 12, 4, 2**31 - 1
VARINT, FIXED64, BYTES, GROUP, END_GROUP, FIXED32 = range(6)  # wire types
EVENT_ONEOF = dict.fromkeys(range(3, 10), BYTES)  # file_version 3 ... summary 5 ... meta_graph_def 9
VALUE_ONEOF = {2: FIXED32, 3: BYTES, 4: BYTES, 5: BYTES, 6: BYTES, 8: BYTES}  # simple_value 2 ... tensor 8
SUMMARY, SIMPLE, TENSOR, CONTENT = 5, 2, 8, 4
# TensorProto: float_val, double_val; int_val, int64_val, bool_val, half_val, uint32_val, uint64_val
LISTS = {5: FIXED32, 6: FIXED64} | dict.fromkeys((7, 10, 11, 13, 16, 17), VARINT)
# DataType FLOAT DOUBLE INT32 UINT8 INT16 INT8 INT64 UINT16 HALF UINT32 UINT64, as struct names their elements
NAMES = dict(zip((1, 2, 3, 4, 5, 6, 9, 17, 19, 22, 23), "fdiBhbqHeIQ", strict=True))
BOOL, BFLOAT16 = 10, 14
LIST_OF = {1: 5, 2: 6, 9: 10, BOOL: 11, BFLOAT16: 13, 19: 13, 22: 16, 23: 17}  # all others: int_val
CUT, BAD, WRONG, GOOD = range(4)
METADATA = 9
# Parts of an event beside its summary, and the tags under which they are filed.
PARTS = {
    4: "__run_graph__",
    6: "__log_message__",
    7: "__session_log__",
    8: "__run_metadata__",
    9: "__meta_graph__",
}


class Piece(bytes):
    """Some bytes, and where they lie in the file."""

    at = 0


@dataclass(frozen=True)
class Metadata:
    """A SummaryMetadata."""

    plugin_name: str = ""
    content: bytes = b""
    display_name: str = ""
    description: str = ""
    data_class: int = 0

    def then(self, later: Metadata) -> Metadata:
        """What counts when `later` was said after this."""
        plugin_name = self.plugin_name or later.plugin_name
        same = plugin_name == later.plugin_name
        return Metadata(
            plugin_name,
            self.content or (later.content if same else b""),
            self.display_name or later.display_name,
            self.description or later.description,
            self.data_class or (later.data_class if same else 0),
        )


@dataclass(frozen=True)
class Entry:
    """A value that is no scalar. `form` is its field in Summary.Value, or in Event plus 100."""

    form: int
    step: int
    wall_time: float
    offset: int
    payload: bytes


@dataclass(frozen=True)
class Value:
    """A Summary.Value: at most one of simple_value and tensor (a real one of rank 0) is not None."""

    tag: str
    metadata: Metadata
    simple_value: float | None
    tensor: float | None
    form: int  # the number of the field that holds the value, 0 for none
    body: Piece
    raw_metadata: Piece


@dataclass(frozen=True)
class Event:
    """The record at bytes start to end of the data."""

    start: int
    end: int
    wall_time: float
    step: int
    values: tuple[Value, ...]
    parts: tuple[tuple[int, Piece], ...]


@dataclass(frozen=True)
class Damage:
    """Bytes start to end of the data are no record, or (truncated) one whose rest is missing as yet."""

    start: int
    end: int
    truncated: bool = False


@dataclass
class Log:
    """What a file holds, by tag, in the order of the file; scalars are (step, wall time, value)."""

    scalars: dict[str, list[tuple[int, float, float]]]
    entries: dict[str, list[Entry]]
    metadata: dict[str, Metadata]


def scalars(data: bytes) -> dict[str, list[tuple[int, float, float]]]:
    """Return {tag: [(step, wall time, value)]} in the order of the file."""
    return read(data).scalars


def read(data: bytes) -> Log:
    """Everything in an event file that can be read."""
    log = Log({}, {}, {})
    for event in (part for part in read_events(data) if isinstance(part, Event)):

        def enter(tag: str, form: int, body: Piece, event: Event = event) -> None:
            entry = Entry(form, event.step, event.wall_time, body.at, bytes(body))
            log.entries.setdefault(tag, []).append(entry)

        for value in event.values:
            known = log.metadata.get(value.tag, Metadata()).then(value.metadata)
            log.metadata[value.tag] = known
            number = value.simple_value
            if value.tensor is not None and known.plugin_name in ("", "scalars"):
                number = value.tensor
            if value.raw_metadata and known.plugin_name == "hparams":
                enter(value.tag, METADATA, value.raw_metadata)
            elif number is not None:
                log.scalars.setdefault(value.tag, []).append((event.step, event.wall_time, number))
            elif value.form:
                enter(value.tag, value.form, value.body)
        for form, body in event.parts:
            enter(PARTS[form], 100 + form, body)
            log.metadata.setdefault(PARTS[form], Metadata())
    return log


def read_events(data: bytes) -> Iterator[Event | Damage]:
    """Yield what lies in the data from the first to the last byte, without a gap."""
    at = 0
    while at < len(data):
        state, end = _look(data, at)
        if state == CUT:
            yield Damage(at, len(data), truncated=True)
            return
        if state == GOOD:
            yield _event(data, at, end)
        else:
            if state == BAD or _look(data, end)[0] == BAD:
                end = at + 1
                while _look(data, end)[0] not in (CUT, GOOD):
                    end += 1
            yield Damage(at, end)
        at = end


def _look(data: bytes, at: int) -> tuple[int, int]:
    """Is the record here CUT off, its header BAD, its payload WRONG, or all GOOD? And where does it end?"""
    if len(data) - at < HEADER:
        return CUT, len(data)
    length, crc = struct.unpack_from("<QI", data, at)
    if crc != masked_crc(data[at : at + 8]) or length > MAX_LENGTH:
        return BAD, at
    if (end := at + HEADER + length + FOOTER) > len(data):
        return CUT, len(data)
    right = masked_crc(data[at + HEADER : end - FOOTER]).to_bytes(FOOTER, "little")
    return (GOOD if data[end - FOOTER : end] == right else WRONG), end


def masked_crc(data: bytes) -> int:
    """CRC-32C (Castagnoli), rotated right by 15 bits, plus a constant."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


CRC_TABLE = list(range(256))
for _ in range(8):
    CRC_TABLE = [(crc >> 1) ^ (0x82F63B78 * (crc & 1)) for crc in CRC_TABLE]

Field = tuple[int, int, Piece]  # number, wire type, content; of a varint its 64 bits, little-endian


def _fields(data: bytes) -> list[Field]:
    """Split a message into its fields; groups are known to no message of ours and are passed over."""
    fields: list[Field] = []
    groups: list[int] = []
    at = 0
    while at < len(data):
        key_bytes, at = _element(data, at, VARINT)
        key = int.from_bytes(key_bytes, "little")
        number, wire = key >> 3, key & 7
        if number == 0 or key >= 2**32 or wire > FIXED32:
            raise ValueError("no such field")
        if wire == GROUP:
            groups.append(number)
        elif wire == END_GROUP:
            if not groups or groups.pop() != number:
                raise ValueError("end of a group that was not begun")
        else:
            content, at = _element(data, at, wire)
            piece = Piece(content)
            piece.at = getattr(data, "at", 0) + at - len(content)
            fields += [] if groups else [(number, wire, piece)]
    if groups:
        raise ValueError("a group without an end")
    return fields


def _element(data: bytes, at: int, wire: int) -> tuple[bytes, int]:
    """One number or run of bytes, and where it ends."""
    if wire == VARINT:
        value = 0
        for i, byte in enumerate(data[at : at + 10]):
            value |= (byte & 0x7F) << (7 * i)
            if byte < 0x80:
                return (value % 2**64).to_bytes(8, "little"), at + i + 1
        raise ValueError("a varint without an end")
    size_bytes, at = _element(data, at, VARINT) if wire == BYTES else (b"", at)
    size = {FIXED32: 4, FIXED64: 8}.get(wire, int.from_bytes(size_bytes, "little"))
    if at + size > len(data):
        raise ValueError("the message ends within a field")
    return data[at : at + size], at + size


def _all(fields: list[Field], number: int, wire: int) -> list[Piece]:
    return [content for n, w, content in fields if (n, w) == (number, wire)]


def _last(fields: list[Field], number: int, wire: int) -> bytes:
    return [b"" if wire == BYTES else bytes(8), *_all(fields, number, wire)][-1]


def _message(fields: list[Field], number: int) -> list[Field]:
    return [field for part in _all(fields, number, BYTES) for field in _fields(part)]


def _string(fields: list[Field], number: int) -> str:
    return ["", *(part.decode("utf-8") for part in _all(fields, number, BYTES))][-1]


def _list(fields: list[Field], number: int, wire: int) -> list[bytes]:
    """The elements of a repeated number, packed or not."""
    found: list[bytes] = []
    for n, w, content in fields:
        if (n, w) == (number, wire):
            found.append(content)
        elif (n, w) == (number, BYTES):
            at = 0
            while at < len(content):
                element, at = _element(content, at, wire)
                found.append(element)
    return found


def _chosen(fields: list[Field], members: dict[int, int]) -> list[Field]:
    """The parts of that member of a oneof that counts: all since the last part of another member."""
    parts: list[Field] = []
    for field in fields:
        if members.get(field[0]) == field[1]:
            parts = [part for part in parts if part[0] == field[0]] + [field]
    return parts


def _event(data: bytes, start: int, end: int) -> Event | Damage:
    try:
        payload = Piece(data[start + HEADER : end - FOOTER])
        payload.at = start + HEADER
        fields = _fields(payload)
        values = [_value(part) for part in _all(_message(fields, SUMMARY), 1, BYTES)]
        count = len(_all(_message(_chosen(fields, EVENT_ONEOF), SUMMARY), 1, BYTES))
    except ValueError:  # UnicodeDecodeError is one
        return Damage(start, end)
    wall_time, step = struct.unpack("<dq", _last(fields, 1, FIXED64) + _last(fields, 2, VARINT))
    parts = tuple((number, body) for number, wire, body in fields if number in PARTS and wire == BYTES)
    return Event(start, end, wall_time, step, tuple(values[len(values) - count :]), parts)


def _value(data: bytes) -> Value:
    fields = _fields(data)
    said = _message(fields, METADATA)
    plugin = _message(said, 1)
    content = bytes(_last(plugin, 2, BYTES))
    data_class: int = struct.unpack("<q", _last(said, 4, VARINT))[0]
    metadata = Metadata(_string(plugin, 1), content, _string(said, 2), _string(said, 3), data_class)
    _tensor(_message(fields, TENSOR))  # must be well-formed even if another member wins
    chosen = _chosen(fields, VALUE_ONEOF)
    simple = _all(chosen, SIMPLE, FIXED32)
    simple_value: float | None = struct.unpack("<f", simple[-1])[0] if simple else None
    tensor = _tensor(_message(chosen, TENSOR)) if _all(chosen, TENSOR, BYTES) else None
    form, _, body = chosen[-1] if chosen else (0, BYTES, Piece())
    raw_metadata = [Piece(), *_all(fields, METADATA, BYTES)][-1]
    return Value(_string(fields, 1), metadata, simple_value, tensor, form, body, raw_metadata)


def _tensor(fields: list[Field]) -> float | None:
    """The number of a TensorProto of rank 0 and a real dtype; None for any other tensor."""
    dims = [_fields(part) for part in _all(_message(fields, 2), 2, BYTES)]
    lists = {number: _list(fields, number, wire) for number, wire in LISTS.items()}
    dtype: int = struct.unpack("<i", _last(fields, 1, VARINT)[:4])[0]
    if dims or dtype not in (*NAMES, BOOL, BFLOAT16):
        return None
    size = {BOOL: 1, BFLOAT16: 2}.get(dtype) or struct.calcsize("<" + NAMES[dtype])
    first = [*lists[LIST_OF.get(dtype, 7)], bytes(8)][0]
    content = _last(fields, CONTENT, BYTES) or (bytes([any(first)]) if dtype == BOOL else first[:size])
    if len(content) != size:
        return None
    if dtype == BOOL:
        return float(any(content))
    if dtype == BFLOAT16:  # the upper half of a float32
        return float(struct.unpack("<f", bytes(2) + content)[0])
    return float(struct.unpack("<" + NAMES[dtype], content)[0])
