"""The projector's configuration, a text-format ProjectorConfig (projector_config.proto), as far as a writer needs it.

A message's text followed by more of its fields is a message again, so adding an embedding is appending its text;
all else that the file says, by whomever, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

FILE_NAME = "projector_config.pbtxt"

_TOKEN = re.compile(r"""\s+|\#[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[{}<>]|[^\s{}<>"'#]+""")
_NAME = re.compile(r"""tensor_name\s*:\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_CONTROLS = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}


def embedding(
    name: str,
    shape: Sequence[int],
    tensors: str,
    metadata: str | None = None,
    sprite: str | None = None,
    image_size: Sequence[int] = (),
) -> str:
    """The text of one embedding.

    Args:
        name: what the projector's menu shows.
        shape: rows and columns of the tensor.
        tensors: path of its numbers as tab-separated text; this path and the next two are relative to the
            configuration, with `/`.
        metadata: path of the labels.
        sprite: path of the image that holds an image per row.
        image_size: width and height of one of these in pixels.
    """
    lines = [f"  tensor_name: {_quoted(name)}"]
    if metadata is not None:
        lines.append(f"  metadata_path: {_quoted(metadata)}")
    lines += [f"  tensor_shape: {size}" for size in shape]
    if sprite is not None:
        sizes = "".join(f"    single_image_dim: {size}\n" for size in image_size)
        lines.append(f"  sprite {{\n    image_path: {_quoted(sprite)}\n{sizes}  }}")
    lines.append(f"  tensor_path: {_quoted(tensors)}")
    return "embeddings {\n" + "\n".join(lines) + "\n}\n"


def with_embedding(config: str, name: str, text: str) -> str:
    """The configuration with the embedding `name` added, or put in the place of the one with this name.

    Raises:
        ValueError: `config` is no text-format message, such as one that was cut off.
    """
    kept: list[str] = []
    end = 0
    for start, stop in _embeddings(config):
        found = _NAME.search(config, start, stop)
        if found and _unquoted(found[1]) == name:
            kept.append(config[end:start])
            end = stop
    kept.append(config[end:])
    before = "".join(kept).strip()
    return f"{before}\n{text}" if before else text


def _embeddings(config: str) -> Iterator[tuple[int, int]]:
    """Where each `embeddings { … }` begins and ends."""
    depth = start = position = 0
    field = ""
    while position < len(config):
        token = _TOKEN.match(config, position)
        if token is None:
            raise ValueError(f"character {position} begins a string without an end")
        position = token.end()
        if token[0] in "{<":
            depth += 1
        elif token[0] in "}>":
            depth -= 1
            if depth == 0 and field == "embeddings":
                yield start, position
        elif depth == 0 and not token[0].isspace() and token[0] != ":":
            field, start = token[0].rstrip(":"), token.start()
        if depth < 0:
            break
    if depth != 0:
        raise ValueError(f"{abs(depth)} braces without a partner")


def _quoted(text: str) -> str:
    """A string in quotes, with what is not printable ASCII as octal escapes."""
    plain = "".join(
        chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}" for byte in text.encode()
    )
    return f'"{plain}"'


def _unquoted(literal: str) -> str:
    def plain(escape: re.Match[bytes]) -> bytes:
        octal, hexadecimal, other = escape.groups()
        if other is not None:
            return _CONTROLS.get(other, other)
        return bytes([int(octal, 8) & 0xFF if octal else int(hexadecimal, 16)])

    return _ESCAPE.sub(plain, literal[1:-1].encode()).decode(errors="replace")
