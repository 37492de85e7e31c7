"""Embeddings from files of the asker's: the last few, kept in a folder of ours for as long as the server runs."""

from __future__ import annotations

import atexit
import io
import secrets
import tempfile
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from tokenize import TokenError
from typing import Final

import numpy as np
from numpy.lib import format as npy

from runlens.api.question import BadQuestion, NotFound
from runlens.store.beside import Beside
from runlens.wire.beside import Named

MOST: Final = 4
TENSORS: Final = "tensors"
METADATA: Final = "metadata.tsv"
NPY: Final = b"\x93NUMPY"

Shape = tuple[int, int]


class Uploads:
    """Files by a name that cannot be guessed; the oldest make room."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._kept: OrderedDict[str, Beside] = OrderedDict()
        self._lock = threading.RLock()

    def add(self, name: str, body: bytes, shape: Shape | None) -> str:
        """Keep a matrix: text, NumPy's format, or raw little-endian float32 of a `shape`.

        Raises:
            BadQuestion: it is none.
        """
        if body.startswith(NPY):
            body, shape = _from_npy(body)
        if not body:
            raise BadQuestion(f"{name[:100]!r} is empty")
        key = secrets.token_hex(8)
        with self._lock:
            folder = self._new_folder(key)
            (folder / TENSORS).write_bytes(body)
            numbers = {"shape": shape} if shape is not None else {}
            self._kept[key] = Beside(folder / "config", folder, Named(name, {"tensors": TENSORS}, dict(numbers)))
            while len(self._kept) > MOST:
                self._remove(self._kept.popitem(last=False)[1])
        return key

    def label(self, key: str, body: bytes) -> None:
        """Give an upload its labels."""
        with self._lock:  # throughout: one that makes room meanwhile must not be put back without its folder
            beside = self.find(key)
            (beside.folder / METADATA).write_bytes(body)
            files = {**beside.named.files, "metadata": METADATA}
            self._kept[key] = replace(beside, named=replace(beside.named, files=files))

    def find(self, key: str) -> Beside:
        """One that is still kept.

        Raises:
            NotFound: it is not.
        """
        with self._lock:
            if key not in self._kept:
                raise NotFound("this upload is no longer kept; open the file again")
            return self._kept[key]

    def close(self) -> None:
        """Forget all."""
        with self._lock:
            self._kept.clear()
            if self._folder is not None:
                self._folder.cleanup()
            self._folder = None

    def _new_folder(self, key: str) -> Path:
        self._folder = self._folder or tempfile.TemporaryDirectory(prefix="runlens-")
        folder = Path(self._folder.name) / key
        folder.mkdir(mode=0o700)
        return folder

    def _remove(self, beside: Beside) -> None:
        for path in beside.folder.iterdir():
            path.unlink(missing_ok=True)
        beside.folder.rmdir()


UPLOADS: Final = Uploads()
atexit.register(UPLOADS.close)


def _from_npy(body: bytes) -> tuple[bytes, Shape]:
    """The numbers of an array in NumPy's format as raw float32, and its shape. Nothing in it is ever executed."""
    file = io.BytesIO(body)
    try:
        version = npy.read_magic(file)
        read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, is_fortran, dtype = read_header(file)
        if dtype.kind not in "fiub" or len(shape) != 2 or min(shape) < 1:
            raise ValueError(f"it holds {dtype} of shape {list(shape)}, want numbers of shape [rows, columns]")
        values = np.frombuffer(body, dtype, shape[0] * shape[1], file.tell())
        values = values.reshape(shape, order="F" if is_fortran else "C")
    except (ValueError, EOFError, SyntaxError, MemoryError, OverflowError, TypeError, TokenError) as error:
        raise BadQuestion(f"the .npy file cannot be read: {error}") from None
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(values, "<f4").tobytes(), (shape[0], shape[1])
