"""Opens a logdir."""

from __future__ import annotations

from pathlib import Path

from runlens.store.cache import DEFAULT_SIZE, Cache
from runlens.store.index import Index
from runlens.store.keep import Keeper
from runlens.store.memory import Memory
from runlens.store.watch import Follower


class Store:
    """An index and what keeps it up to date."""

    def __init__(
        self,
        logdir: str | Path,
        reload_interval: float = 1.0,
        cache_folder: Path | None = None,
        cache_size: int = DEFAULT_SIZE,
        memory_limit: int | None = None,
    ) -> None:
        """Follow the event files below `logdir`, which need not exist yet.

        Args:
            logdir: a directory; `~` is expanded.
            reload_interval: seconds between two looks at the whole logdir, beside change notices; 0 reads it once.
            cache_folder: where to keep what was read for the next start; None keeps nothing.
            cache_size: bytes that the caches of all logdirs may take together.
            memory_limit: bytes of memory that are aimed at; beyond it, columns are moved to disk.

        Raises:
            NotADirectoryError: `logdir` is a file.
        """
        self.logdir = str(logdir)
        root = Path(logdir).expanduser().absolute()
        if root.is_file():
            raise NotADirectoryError(f"{logdir} is a file; want the directory that holds it: {root.parent}")
        self.index = Index(root)
        self._keeper: Keeper | None = None
        if cache_folder is not None:
            self.index.cache = Cache(cache_folder.expanduser().absolute(), root, cache_size)
            self._keeper = Keeper(self.index, self.index.cache)
        if memory_limit is not None:
            self.index.memory = Memory(memory_limit)
        self._follower = Follower(self.index, reload_interval)

    def __enter__(self) -> Store:
        if self._keeper is not None:
            self._keeper.start()
        if self.index.memory is not None:
            self.index.memory.start()
        self._follower.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._follower.stop()
        if self._keeper is not None:
            self._keeper.stop()
        if self.index.memory is not None:
            self.index.memory.stop()
