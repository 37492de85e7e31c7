"""The file of notes of a logdir: read live, changed field by field, never overwritten when somebody else was there."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from runlens.notes.fields import complaint, described, is_known
from runlens.notes.text import Key, Notes, Unreadable, Value, read_text, write_text
from runlens.store.lock import Lock

MOST_BYTES: Final = 16 << 20  # of a file; notes on ten thousand runs are some 3 MB
LOCK_WAIT: Final = 5.0  # s; a change takes milliseconds
LOCK_PAUSE: Final = 0.01  # s between two tries
TRIES: Final = 20  # when editors write between our reading and writing
LOOK_EVERY: Final = 1.0  # s


class NotesError(Exception):
    """The notes stay as they are, and why."""


class Conflict(NotesError):
    """A field is no longer what the asker believes it to be."""


class NotWritable(NotesError):
    """The file may not be written, or cannot be read and is left alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """A field's new value, and the one it is believed to have; None for none."""

    key: Key
    was: Value | None
    value: Value | None


@dataclass(frozen=True, slots=True)
class State:
    """What the file says; `revision` is another one whenever that or what is wrong with it is another."""

    notes: Notes
    revision: str
    problems: tuple[str, ...] = ()


class Sidecar:
    """Notes in a file. Any thread may ask and change; several processes may change the same file."""

    def __init__(self, path: Path, remark: str = "", trouble: str = "") -> None:
        """Notes in the file `path`, which need not exist.

        Args:
            remark: what stands on the file's first line, where the file itself would not tell what it is about.
            trouble: told among the problems, about how the file was chosen.
        """
        self.path = path
        self.state = State({}, revision=_revision(b""))
        self._head = f"# {remark}\n" if remark else ""
        self._trouble = trouble
        self._seen: bytes | None = None  # the content that `state` was made from
        self._mutex = threading.RLock()
        self._listeners: list[Callable[[], None]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="runlens-notes", daemon=True)
        self.refresh()

    def __enter__(self) -> Sidecar:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` after every change of the file, from any thread. Returns what ends it."""
        with self._mutex:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._mutex:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def refresh(self) -> None:
        """Take in what an editor, another viewer or git made of the file."""
        with self._mutex:
            try:
                content = self._read()
            except NotWritable as error:
                self._seen = None
                return self._tell(str(error))
            if content != self._seen:
                self._take_in(content)

    def change(self, changes: list[Change]) -> None:
        """Write new values of some fields, all or none; what others changed beside them stays.

        Raises:
            Conflict: a field is not what it is believed to be.
            NotWritable: the file may not be written or cannot be read.
        """
        with self._mutex, self._locked():
            for _ in range(TRIES):
                before = self._read()
                notes = applied(self._understand(before), changes)
                after = (self._head + write_text(notes)).encode() if notes or before else b""
                if len(after) > MOST_BYTES:
                    raise NotWritable(f"{self.path} would have more than {MOST_BYTES} bytes")
                if after == before or self._replace(before, after):
                    return self._take_in(after)
        raise NotWritable(f"{self.path} is being written by another program; try again")

    @property
    def may_write(self) -> bool:
        """Whether a change has a chance; what the file system says of the folder, or the one it would be made in."""
        folder = next((folder for folder in self.path.parents if folder.exists()), self.path.parent)
        return os.access(folder, os.W_OK)

    def _follow(self) -> None:
        while not self._stop.wait(LOOK_EVERY):
            self.refresh()

    def _read(self) -> bytes:
        """The file's content; nothing where there is no file."""
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return b""
        except OSError as error:
            raise NotWritable(f"{self.path}: {error.strerror or error}") from None
        if len(content) > MOST_BYTES:
            raise NotWritable(f"{self.path} has more than {MOST_BYTES} bytes; it is left alone")
        return content

    def _take_in(self, content: bytes) -> None:
        self._seen = content
        try:
            notes = _parsed(content)
        except Unreadable as error:
            return self._tell(f"{self.path}: {error}. Nothing is written to it until it can be read again.")
        self._publish(content, notes, [said for key, value in notes.items() if (said := complaint(key, value))])

    def _tell(self, problem: str) -> None:
        """What was understood last stays on the screen: a merge that is under way must not empty it."""
        self._publish(self._seen or b"", self.state.notes, [problem])

    def _publish(self, content: bytes, notes: Notes, problems: list[str]) -> None:
        told = (self._trouble, *problems) if self._trouble else tuple(problems)
        revision = _revision("\n".join(told).encode("utf-8", "replace") + content)
        if revision == self.state.revision:
            return
        self.state = State(notes, revision, told)
        for listener in list(self._listeners):
            listener()

    def _understand(self, content: bytes) -> Notes:
        try:
            return _parsed(content)
        except Unreadable as error:
            aside = self.path.with_name(f"{self.path.name}.kept-{_revision(content)[:8]}")
            with contextlib.suppress(OSError):
                if not aside.exists():
                    shutil.copyfile(self.path, aside)
            raise NotWritable(f"{self.path} is left as it is (a copy is {aside.name}): {error}") from None

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """While no other viewer writes."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            lock = Lock(self.path.with_name(f".{self.path.name}.lock"))
        except OSError as error:
            raise NotWritable(f"{self.path} cannot be written: {error.strerror or error}") from None
        try:
            until = time.monotonic() + LOCK_WAIT
            while not lock.hold():
                if time.monotonic() > until:
                    raise NotWritable(f"{self.path} is being written by another viewer; try again")
                time.sleep(LOCK_PAUSE)
            yield
        finally:
            lock.release()

    def _replace(self, before: bytes, after: bytes) -> bool:
        """Put the new content in the place of the old, at once; false when somebody wrote in between."""
        temporary = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        try:
            with temporary.open("xb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            if before:
                shutil.copymode(self.path, temporary)
            if self._read() != before:
                return False
            temporary.replace(self.path)
            return True
        except OSError as error:
            raise NotWritable(f"{self.path} cannot be written: {error.strerror or error}") from None
        finally:
            temporary.unlink(missing_ok=True)


def applied(notes: Notes, changes: list[Change]) -> Notes:
    """The notes after the changes.

    Raises:
        Conflict: a field has neither the value it is believed to have nor the new one.
    """
    changed = dict(notes)
    for change in changes:
        now = changed.get(change.key)
        if now not in (change.was, change.value):
            raise Conflict(f"{described(change.key)}: somebody changed it to {now!r} meanwhile")
        if change.value is None:
            changed.pop(change.key, None)
        else:
            changed[change.key] = change.value
    return changed


def usable(notes: Notes) -> Notes:
    """What this version understands of the notes."""
    return {key: value for key, value in notes.items() if is_known(key) and complaint(key, value) is None}


@lru_cache(2)  # before and after a change
def _parsed(content: bytes) -> Notes:
    """What the file says, to be read only. Raises Unreadable."""
    try:
        return read_text(content.decode())
    except UnicodeDecodeError as error:
        raise Unreadable(f"byte {error.start}: want UTF-8") from None


def _revision(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=8).hexdigest()
