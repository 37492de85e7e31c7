"""mark: a moment of a run that deserves a name, such as a restart, a drop of the learning rate, a checkpoint."""

from __future__ import annotations

from runlens.wire import event, tensor
from runlens.writer.arguments import describe

PLUGIN = "runlens_mark"
# Keeps the name clear of the curves' tags: a tag is of one kind.
PREFIX = "__mark__/"
METADATA = event.metadata(PLUGIN, data_class=event.DATA_CLASS_TENSOR)


class Mark:
    """A moment's description.

    Raises:
        TypeError: `description` is no str.
        ValueError: it has a lone surrogate, which UTF-8 cannot hold.
    """

    def __init__(self, name: str, description: object) -> None:
        if not isinstance(description, str):
            raise TypeError(f"description of mark {name!r}: got {describe(description)}, want a str")
        try:
            self._text = description.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"description of mark {name!r}: {error.reason}, want text that UTF-8 can hold") from None
        self.size = len(self._text)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """A rank-0 string tensor: the description, which may be empty."""
        return event.summary(
            event.tensor_value(tag, tensor.of_strings([self._text], ()), METADATA if is_first else b"")
        )
