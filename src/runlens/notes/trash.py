"""Runs that were moved out of the way: into a folder of the logdir that is never read, and back from there."""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from runlens.notes.sidecar import NotesError
from runlens.store.index import Index, readable
from runlens.store.logdir import TRASH

QUIET: Final = 60.0  # s since a file was written last: a writer flushes more often
TICKET: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
FOLDER: Final = "run"  # what was moved
PLACE: Final = "path"  # where it was, below the logdir


class Refused(NotesError):
    """The folder stays where it is, and why."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A folder in the trash: `ticket` names it there, `run` is where it was."""

    ticket: str
    run: str


class Trash:
    """`.runlens-trash/<time>/run` in the logdir, beside it `path`, which says where it was."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._folder = index.root / TRASH

    def remove(self, name: str) -> Removed:
        """Move the folder of a run, with all below it, into the trash.

        Raises:
            Refused: there is no such run, it is the whole logdir, lies behind a link, or is being written.
        """
        folder = self._folder_of(name)
        place = folder.relative_to(self._index.root)
        if place == Path():
            raise Refused("the run . is the logdir itself; remove its files by hand")
        if folder.resolve() != self._index.root.resolve() / place or self._folder.is_symlink():
            raise Refused(f"{name} lies behind a link; remove it by hand")
        _refuse_growing(folder)
        ticket = f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"
        try:
            (self._folder / ticket).mkdir(parents=True)
            (self._folder / ticket / PLACE).write_bytes(os.fsencode(place))
            folder.rename(self._folder / ticket / FOLDER)
        except OSError as error:
            raise Refused(f"{name} cannot be moved: {error.strerror or error}") from None
        return Removed(ticket, name)

    def restore(self, ticket: str) -> str:
        """Move a folder back to where it was; returns where.

        Raises:
            Refused: it is not in the trash, or something else is in its place.
        """
        if not TICKET.fullmatch(ticket):
            raise Refused(f"{ticket!r} names nothing in the trash")
        place = self._place(self._folder / ticket)
        if place is None:
            raise Refused(f"{ticket} is not in the trash any more")
        target = self._index.root / place
        if target.exists():
            raise Refused(f"{readable(place)} is there again; move it away first")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._folder / ticket / FOLDER).rename(target)
            (self._folder / ticket / PLACE).unlink()
            (self._folder / ticket).rmdir()
        except OSError as error:
            raise Refused(f"{readable(place)} cannot be moved back: {error.strerror or error}") from None
        return readable(place)

    def listed(self) -> list[Removed]:
        """What is in the trash, the newest first."""
        if self._folder.is_symlink() or not self._folder.is_dir():
            return []
        tickets = sorted((path for path in self._folder.iterdir() if TICKET.fullmatch(path.name)), reverse=True)
        return [Removed(path.name, readable(place)) for path in tickets if (place := self._place(path)) is not None]

    def _folder_of(self, name: str) -> Path:
        """From the files of the run and not from its name, which may be no path at all."""
        with self._index.lock:
            run = self._index.runs.get(name)
            files = [*run.files, *run.side_files] if run else []
        if not files:
            raise Refused(f"there is no run {name!r}")
        return files[0].parent

    def _place(self, entry: Path) -> Path | None:
        """Where a folder in the trash was; None where it is none of ours, or the place lies outside the logdir."""
        try:
            place = Path(os.fsdecode((entry / PLACE).read_bytes()))
        except (OSError, ValueError):
            return None
        inside = (
            not place.is_absolute()
            and ".." not in place.parts
            and "\0" not in str(place)
            and place.parts
            and place.parts[0] != TRASH
        )
        if not inside or (entry / FOLDER).is_symlink() or not (entry / FOLDER).is_dir():
            return None
        parent = (self._index.root / place).parent
        return place if parent.resolve() == self._index.root.resolve() / place.parent else None


def _refuse_growing(folder: Path) -> None:
    """A run that is written to would go on in the trash."""
    for where, _, names in os.walk(folder):
        for name in names:
            path = Path(where) / name
            try:
                silent = time.time() - path.lstat().st_mtime
            except OSError:
                continue
            if silent < QUIET:
                raise Refused(
                    f"{readable(path.relative_to(folder.parent))} was written {max(0, int(silent))} s ago: it is being "
                    f"written, or was just now. Stop the writer, and wait for a minute"
                )
