"""Regular expressions that cannot hold up the server: those that would search for ever are refused.

Python's engine tries all ways to divide a text among repeated parts, while every other thread waits for it. Each
repetition without a bound multiplies the ways by the length of the text; one within another makes them exponential.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MOST_CHARACTERS: Final = 200
MOST_REPEATS: Final = 3  # a name has some hundred characters, whose cube can be waited for
LONGEST_TEXT: Final = 256  # only so much of a text is searched

_PIECE: Final = re.compile(
    r"""(?P<escape>\\.) | (?P<set>\[\^?\]?(?:\\.|[^\]\\])*\]) | (?P<look>\(\?(?!:)) | (?P<open>\((?:\?:)?)
    | (?P<close>\)) | (?P<repeat>[*+]|\{\d*(?:,\d*)?\})\??\+? | (?P<either>\|) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=64)
def compile_pattern(text: str) -> re.Pattern[str]:
    """The expression, which ignores case; raises ValueError with the reason why it is none that can be used."""
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"got {len(text)} characters, want at most {MOST_CHARACTERS}")
    try:
        compiled = re.compile(text, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    _check_repeats(text)
    return compiled


def found_in(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the expression is found anywhere in the text."""
    return pattern.search(text, 0, LONGEST_TEXT) is not None


def _check_repeats(text: str) -> None:
    """Refuse what Python accepts but may search for ever."""
    repeats = 0
    has_choice = [False]  # of each open group, whether it can match in several ways
    was_group_with_choice = False
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        after_choice, was_group_with_choice = was_group_with_choice, False
        if kind == "look":
            raise ValueError("looking around, named groups and flags are not supported")
        if kind == "escape" and piece[0][1].isdigit():
            raise ValueError("references to groups are not supported")
        if kind == "open":
            has_choice.append(False)
        elif kind == "close":
            was_group_with_choice = has_choice.pop()
            has_choice[-1] = has_choice[-1] or was_group_with_choice
        elif kind == "either" or (kind == "other" and piece[0] == "?"):
            has_choice[-1] = True
        elif kind == "repeat":
            if after_choice:
                raise ValueError("a repetition of a part that holds a choice or a repetition is not supported")
            has_choice[-1] = True
            repeats += 1
    if repeats > MOST_REPEATS:
        raise ValueError(f"got {repeats} repetitions, want at most {MOST_REPEATS}")
