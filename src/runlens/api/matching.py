"""Which labels match a regular expression. A pattern may take for ever, so it runs where it can be ended."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.question import BadQuestion

PATIENCE: Final = 4.0  # s; a million labels take a harmless pattern half of one
CHILD: Final = Path(__file__).with_name("matching_child.py")
AT_A_TIME: Final = threading.Semaphore(2)


def matching(cells: list[str], pattern: str, name: str) -> NDArray[np.bool_]:
    """Which cells hold a match, letter case aside. A field called `name` gave the pattern.

    Raises:
        BadQuestion: it is no pattern, or one that takes too long.
    """
    # A file's lines hold no line feed, so it parts the cells.
    text = "\n".join([pattern.replace("\n", "\\n"), *cells]).encode("utf-8", "surrogatepass")
    try:
        with AT_A_TIME:
            # Without the site's packages Python starts in a hundredth of a second.
            command = [sys.executable, "-I", "-S", str(CHILD)]
            found = subprocess.run(command, input=text, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise BadQuestion(f"{name}: this pattern takes more than {PATIENCE:.0f} s; try a simpler one") from None
    except OSError as error:
        raise BadQuestion(f"{name}: this pattern could not be tried: {error.strerror or error}") from None
    if found.returncode != 0:
        raise BadQuestion(f"{name}: {found.stderr.decode() or 'this pattern could not be tried'}")
    return np.frombuffer(found.stdout, np.uint8).astype(bool)
