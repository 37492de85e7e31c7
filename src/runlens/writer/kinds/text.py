"""text: a text per step, which viewers take for Markdown."""

from __future__ import annotations

from dataclasses import dataclass

from runlens.wire import event, tensor
from runlens.writer.arguments import describe

METADATA = event.metadata("text", data_class=event.DATA_CLASS_TENSOR)
SUFFIX = "/text_summary"  # of the tag on disk, as torch has it


@dataclass(frozen=True, slots=True)
class Text:
    """A text as UTF-8."""

    content: bytes

    @property
    def size(self) -> int:
        """Bytes of the text."""
        return len(self.content)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of a rank-1 tensor with one string."""
        return event.summary(
            event.tensor_value(tag, tensor.of_strings([self.content], (1,)), METADATA if is_first else b"")
        )


def text(tag: str, value: object) -> Text:
    """A text, checked.

    Raises:
        TypeError: `value` is no str.
        ValueError: it has a lone surrogate, which UTF-8 cannot hold.
    """
    if not isinstance(value, str):
        raise TypeError(f"text {tag!r}: got {describe(value)}, want a str")
    try:
        return Text(value.encode())
    except UnicodeEncodeError as error:
        given = f"got {value[error.start]!r} at character {error.start}"
        raise ValueError(f"text {tag!r}: {given}, want text that UTF-8 can hold") from None
