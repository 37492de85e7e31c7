"""One event file that is being written: only whole records, each batch in one write, nothing buffered here."""

import errno
import itertools
import os
import socket
import time
from pathlib import Path

_number_in_process = itertools.count()


class EventFile:
    """A new event file. What `append` has returned from survives the death of the process.

    Raises:
        OSError: the directory or the file cannot be made; the path is in the message.
    """

    def __init__(self, directory: str, suffix: str, opening: bytes) -> None:
        try:
            Path(directory).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OSError(error.errno, f"cannot make the log directory ({error.strerror})", directory) from error
        self.path, self._descriptor = _create(directory, suffix)
        self._size = 0  # bytes of whole records; what follows in the file is torn
        self._is_torn = False
        try:
            self.append(opening)
        except OSError:
            self.close()
            Path(self.path).unlink(missing_ok=True)
            raise

    def append(self, records: bytes) -> None:
        """Write whole records at the end, all or none.

        Raises:
            FileNotFoundError: the file has been deleted meanwhile.
            OSError: they could not be written. The file ends with the last whole record, as before the call.
        """
        if os.fstat(self._descriptor).st_nlink == 0 and not Path(self.path).exists():
            raise FileNotFoundError(errno.ENOENT, "the event file has been deleted", self.path)
        if self._is_torn:
            self._cut()
        rest = memoryview(records)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except BaseException as error:
            self._is_torn = True
            self._cut()
            if isinstance(error, OSError):
                raise OSError(error.errno, error.strerror, self.path) from error
            raise
        self._size += len(records)

    def _cut(self) -> None:
        os.ftruncate(self._descriptor, self._size)
        self._is_torn = False

    def close(self) -> None:
        """Close the file; the second call does nothing."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def _create(directory: str, suffix: str) -> tuple[str, int]:
    """A new file by TensorBoard's naming rule."""
    # Appending, so that after a cut the next write lands at the new end.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
    while True:
        name = f"{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{next(_number_in_process)}"
        path = str(Path(directory) / f"events.out.tfevents.{name}{suffix}")
        try:
            return path, os.open(path, flags, 0o666)
        except FileExistsError:  # another container with our host name and process id; the next number is free
            continue
        except OSError as error:
            raise OSError(error.errno, f"cannot make an event file ({error.strerror})", path) from error
