"""Opens a logdir."""

from __future__ import annotations

from pathlib import Path

from runlens.store.index import Index
from runlens.store.watch import Follower


class Store:
    """An index and what keeps it up to date."""

    def __init__(self, logdir: str | Path, reload_interval: float = 1.0) -> None:
        """Follow the event files below `logdir`, which need not exist yet.

        Args:
            logdir: a directory; `~` is expanded.
            reload_interval: seconds between two looks at the whole logdir, beside change notices; 0 reads it once.

        Raises:
            NotADirectoryError: `logdir` is a file.
        """
        self.logdir = str(logdir)
        root = Path(logdir).expanduser().absolute()
        if root.is_file():
            raise NotADirectoryError(f"{logdir} is a file; want the directory that holds it: {root.parent}")
        self.index = Index(root)
        self._follower = Follower(self.index, reload_interval)

    def __enter__(self) -> Store:
        self._follower.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._follower.stop()
