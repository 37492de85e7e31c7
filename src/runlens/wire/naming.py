"""The name under which a tag is listed: where a kind lays one thing in several tags, that of the thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from runlens.wire.mesh import part_of

if TYPE_CHECKING:
    from runlens.wire.scan import Tag

_WHOLE_OF: Final[dict[str, Callable[[Tag], str]]] = {"mesh": lambda tag: part_of(tag).name}


def listed_name(kind: str | None, tag: Tag) -> str:
    """The tag's own name for all other kinds."""
    whole_of = _WHOLE_OF.get(kind or "")
    return whole_of(tag) if whole_of else tag.name
