"""What the files of a run say of one tag, settled: the first word on each point counts, the rest is told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runlens.wire.scan import Disagreement, Tag

_LONGEST_QUOTE = 60  # letters of a name or description in a reason


def settle(claims: Iterable[Tag]) -> Tag:
    """What counts of a tag, given what each file says, in the order of the files: the first that is not empty."""
    first, *later = claims
    settled = first
    for tag in later:
        settled = replace(
            settled,
            plugin=settled.plugin or tag.plugin,
            display_name=settled.display_name or tag.display_name,
            description=settled.description or tag.description,
        )
        if settled.plugin == tag.plugin:  # content means something to its own plugin only
            settled = replace(
                settled,
                content=settled.content or tag.content,
                data_class=settled.data_class or tag.data_class,
            )
    return settled


def adds_nothing(tag: Tag, settled: Tag) -> bool:
    """Whether a file says of a tag only what is settled, or less."""
    if tag == settled:
        return True
    agrees = disagreement(tag, settled) is None and tag.content in (b"", settled.content)
    return agrees and settle([settled, tag]) == settled


def disagreement(said: Tag | Disagreement, settled: Tag) -> str | None:
    """In words, what is said otherwise than settled; None when nothing is."""
    return "; ".join(_differences(said, settled)) or None


def _differences(said: Tag | Disagreement, settled: Tag) -> Iterator[str]:
    for name, word, counts in (
        ("plugin", said.plugin, settled.plugin),
        ("display name", said.display_name, settled.display_name),
        ("description", said.description, settled.description),
    ):
        if word and word != counts:
            yield f"{name} is {_quote(word)} here, but {_quote(counts)} before; the first counts"


def _quote(text: str) -> str:
    short = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return f"“{short}”"
