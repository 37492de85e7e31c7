"""Which runs and tags a caller means: by name, by several names, or by a pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable

Names = str | Iterable[str] | None


def chosen(names: Iterable[str], wanted: Names, what: str) -> list[str]:
    """Those of `names` that are wanted, in their order; all where `wanted` is None.

    Raises:
        KeyError: a wanted name is not there.
        TypeError: `wanted` holds something that is no string.
    """
    listed = list(names)
    if wanted is None:
        return listed
    asked = [wanted] if isinstance(wanted, str) else list(wanted)
    there = set(listed)
    for name in asked:
        if not isinstance(name, str):
            raise TypeError(f"{what}: got {type(name).__name__}, want names")
        if name not in there:
            raise KeyError(f"no {what} {name!r}; there are {_some(listed)}")
    kept = set(asked)
    return [name for name in listed if name in kept]


def matching(names: Iterable[str], pattern: str | re.Pattern[str] | None) -> list[str]:
    """Those of `names` in which the regular expression is found; all where it is None.

    Raises:
        ValueError: it is none.
    """
    if pattern is None:
        return list(names)
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern: {pattern!r} is no regular expression: {error}") from None
    return [name for name in names if found.search(name)]


def _some(names: list[str]) -> str:
    quoted = ", ".join(repr(name) for name in names[:5])
    return f"{quoted} and {len(names) - 5} more" if len(names) > 5 else quoted or "none"
