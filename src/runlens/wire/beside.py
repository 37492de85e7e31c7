"""What a file beside the event files says: which tags it names, and which further files hold them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Named:
    """A tag whose data are files.

    `files` are paths by their role, as the file says them, relative to where it lies: whoever opens one asks
    `store/beside.py` whether it may be opened. `numbers` and `values` are what else is said of the tag.
    """

    tag: str
    files: dict[str, str]
    numbers: dict[str, tuple[int, ...]] = field(default_factory=dict)
    values: dict[str, bool | float | str] = field(default_factory=dict)
