"""Where the notes on a logdir are kept."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from pathlib import Path
from typing import Final

from runlens.notes.sidecar import Sidecar

FILE: Final = "runlens.toml"


def open_notes(choice: str, root: Path) -> Sidecar:
    """The notes on the logdir `root`.

    Args:
        choice: `auto`, in the logdir where such a file lies already, and else as `user`; `logdir`, in the logdir, and
            where that may not be written as `user`; `user`, in the user's folder for settings; anything else is a file.
    """
    inside = root / FILE
    is_there = inside.is_file() and not inside.is_symlink()  # a link may lead to any file of the user
    if choice == "user" or (choice == "auto" and not is_there):
        return _for_user(root)
    if choice == "auto":
        return Sidecar(inside)
    if choice != "logdir":
        return Sidecar(Path(choice).expanduser().absolute())
    if inside.is_symlink():
        return _for_user(root, f"{inside} is a link, which is not followed: the notes are kept in your own folder")
    if root.is_dir() and not os.access(root, os.W_OK):
        return _for_user(root, f"{root} may not be written: the notes are kept in your own folder")
    return Sidecar(inside)


def default_folder() -> Path:
    """Where this platform wants settings to be."""
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "runlens"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "runlens"
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "runlens"


def _for_user(root: Path, trouble: str = "") -> Sidecar:
    """A file that is named after the folder, for people, and by a hash of its path, to tell it from others."""
    digest = hashlib.blake2b(os.fsencode(root), digest_size=6).hexdigest()
    called = re.sub(r"[^\w.-]", "_", root.name, flags=re.ASCII)[:40]
    remark = "Notes on " + os.fsencode(root).decode("utf-8", "replace").replace("\n", " ")
    return Sidecar(default_folder() / f"{called}-{digest}.toml", remark, trouble)
