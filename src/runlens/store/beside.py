"""Files beside the event files that name tags, and the further files that these tags are made of.

A path that such a file names is never trusted: only what lies in the run's own folder, links followed, is opened.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from runlens.store.logdir import Found, look_at
from runlens.wire.beside import Named
from runlens.wire.plugins import SIDE_FILES, SideForm

PLUGINS: Final = "plugins"


class BesideError(Exception):
    """A file that cannot be had, in words fit for who asked."""


@dataclass(slots=True)
class SideFile:
    """A file that names tags, as it was read last."""

    found: Found
    kind: str
    folder: Path  # the run's
    named: list[Named] = field(default_factory=list)
    error: str | None = None
    parts: dict[Path, Found | None] = field(default_factory=dict)  # the files it names, as they were seen last

    def needs_reading(self, found: Found) -> bool:
        """Whether it is another than was read."""
        return self.error is not None or found != self.found

    def parts_changed(self) -> bool:
        """Whether a file that it names came, changed or went since the last look."""
        seen = {path: look_at(path) for path in self.parts}
        changed, self.parts = seen != self.parts, seen
        return changed


@dataclass(frozen=True, slots=True)
class Beside:
    """One tag of a run."""

    side_file: Path
    folder: Path
    named: Named

    def path(self, role: str) -> Path | None:
        """Where the file of a role lies; None where none is named.

        Raises:
            BesideError: it would lie outside the run's folder.
        """
        name = self.named.files.get(role)
        return None if name is None else inside(self.folder, self.side_file.parent, name)


def is_side_file(name: str) -> bool:
    """Whether a file of this name names tags."""
    return name in SIDE_FILES


def run_folder(path: Path) -> Path:
    """The run's folder of a side file: where it lies, or two above when it lies in its plugin's."""
    parent = path.parent
    is_plugins = parent.name == SIDE_FILES[path.name].plugin_folder and parent.parent.name == PLUGINS
    return parent.parent.parent if is_plugins else parent


def inside(folder: Path, base: Path, name: str) -> Path:
    """The real path of a file that is named relative to `base`.

    Raises:
        BesideError: it lies outside `folder`, or cannot be a path.
    """
    try:
        path = Path(os.path.realpath(base / name))
        home = Path(os.path.realpath(folder))
    except (OSError, ValueError) as error:
        raise BesideError(f"{name[:200]!r}: {error}") from None
    if home not in path.parents:
        raise BesideError(f"{name[:200]!r} lies outside the run's folder, so it is not opened")
    return path


def read_side_file(found: Found) -> SideFile:
    """What a side file says; should it be unreadable, why."""
    form: SideForm = SIDE_FILES[found.path.name]
    side = SideFile(found, form.kind, run_folder(found.path))
    try:
        inside(side.folder, found.path.parent, found.path.name)
        with open_regular(found.path) as file:
            content = file.read(form.max_bytes + 1)
        if len(content) > form.max_bytes:
            raise BesideError(f"more than {form.max_bytes} bytes")
        side.named = form.read(content.decode("utf-8", "replace"))
    except OSError as error:
        side.error = error.strerror or str(error)
    except (BesideError, ValueError) as error:
        side.error = str(error)
    side.parts = {path: look_at(path) for path in _parts(side)}
    return side


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read; a pipe or device that lies in its place is an error and never waited for.

    Raises:
        OSError: it cannot be opened or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise OSError(f"{path.name} is no regular file")


def _parts(side: SideFile) -> Iterator[Path]:
    for named in side.named:
        for name in named.files.values():
            try:
                yield inside(side.folder, side.found.path.parent, name)
            except BesideError:
                continue  # told to who asks for it
