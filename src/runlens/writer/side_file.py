"""Files beside an event file, written when their turn in its queue comes."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path

from runlens.writer.encoding import Late

# Another attempt at the same path would not help.
HOPELESS = {
    getattr(errno, name)
    for name in ("EACCES", "EPERM", "ENOTDIR", "EISDIR", "EEXIST", "ENAMETOOLONG", "ELOOP", "EINVAL")
}

_number_in_process = itertools.count()


class DiskError(OSError):
    """The disk did not take a file; a later attempt may succeed."""


class SideFile(Late):
    """A file to come at `path`: `encode` gives its content, in whichever thread gets to it first, and runs once.

    Its place in the queue gives no records. A reader never sees half of the file. `size` is as with `Late`.
    """

    __slots__ = ("is_written", "path")

    def __init__(self, path: Path, encode: Callable[[], bytes], size: int) -> None:
        super().__init__(encode, size)
        self.path = path
        self.is_written = False

    def records(self) -> bytes:
        """Write the file; may be called again.

        Raises:
            DiskError: it could not be written now.
            OSError: it cannot be written at all.
            Exception: what `encode` raised.
        """
        content = super().records()
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.store(content)
        except OSError as error:
            kind = OSError if error.errno in HOPELESS else DiskError
            raise kind(error.errno, error.strerror, str(self.path)) from error
        self.is_written = True
        return b""

    def store(self, content: bytes) -> None:
        """Put `content` in the place of what the file held."""
        replace_file(self.path, content)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file under another name and rename it, so that `path` is always whole.

    Raises:
        OSError: that failed; `path` is as before.
    """
    temporary = path.with_name(f".{os.getpid()}.{next(_number_in_process)}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
