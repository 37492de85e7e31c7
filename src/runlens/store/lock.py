"""A file that one process at a time can hold. The system lets go of it when the process ends, however it ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """Held by at most one process, or one `Lock` within it."""

    def __init__(self, path: Path) -> None:
        """Make the file if there is none.

        Raises:
            OSError: it cannot be opened for writing.
        """
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._is_held = False

    def hold(self) -> bool:
        """Take the lock, without waiting; false when another has it."""
        if not self._is_held and self._handle >= 0:
            try:
                if sys.platform == "win32":
                    msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._is_held = True
            except OSError:
                return False
        return self._is_held

    def release(self) -> None:
        """Let another have it."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle, self._is_held = -1, False

    def __del__(self) -> None:
        self.release()
