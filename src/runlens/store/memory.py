"""Keeps the columns' share of memory below a limit: what is beyond it lies in a file without a name."""

from __future__ import annotations

import logging
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runlens.store.joins import joins
from runlens.store.mapped import ColumnWriter, Mapping, Stretch, forget_pages, looked_at
from runlens.store.run import Run
from runlens.store.table import Table

if TYPE_CHECKING:
    from runlens.store.index import Index

log = logging.getLogger(__name__)

SHARE: Final = 0.3  # of the limit for columns; the rest is for the program, what is being read and tables that grow
JOINED_SHARE: Final = 0.2  # of the limit for copies in which the rows of several files are joined
TICK: Final = 0.2  # s between two times at which pages that were looked at are let go of
PATIENCE: Final = 10  # ticks after a look: reading a long series takes a while


class Memory:
    """How much the columns of each run take, and where they go when that is too much."""

    def __init__(self, limit: int, folder: Path | None = None) -> None:
        """Stay below `limit` bytes, with all that the program needs; `folder` takes the columns that are beyond."""
        self._limit = limit * SHARE
        joins.room = int(limit * JOINED_SHARE)
        self._folder = Path(tempfile.gettempdir()) if folder is None else folder
        self._held: dict[str, int] = {}
        self._total = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._forget_pages, name="runlens-forget", daemon=True)

    def start(self) -> None:
        """Begin to let go of mapped pages that were looked at. Nothing happens while nobody looks."""
        self._thread.start()

    def stop(self) -> None:
        """End that."""
        self._stop.set()
        looked_at.set()
        self._thread.join()

    def note(self, index: Index, run: Run) -> None:
        """A run has gained rows: measure it, and move columns to disk if all take too much together."""
        with self._lock:
            with index.lock:
                held = sum(table.held() for table in run.tables())
            self._total += held - self._held.get(run.name, 0)
            self._held[run.name] = held
            if self._total <= self._limit:
                return
            try:
                self._move_out(index)
            except OSError as error:
                log.warning("runlens: more memory is used than allowed: %s: %s", self._folder, error.strerror)
                self._limit = self._total * 2  # it is not tried again at once
            self._held, self._total = {}, 0

    def _forget_pages(self) -> None:
        while not self._stop.is_set():
            looked_at.wait()
            looked_at.clear()
            for _ in range(PATIENCE):
                self._stop.wait(TICK)
                forget_pages()

    def _move_out(self, index: Index) -> None:
        moved: list[tuple[Table, int, list[int], list[int]]] = []
        with tempfile.TemporaryFile(dir=self._folder) as file:
            writer = ColumnWriter(file)
            with index.lock:
                runs = list(index.runs.values())
            for run in runs:
                with index.lock:
                    held = [(table, table.view()) for table in run.tables() if table.held()]
                moved += [(table, len(columns[0]), *writer.write(columns)) for table, columns in held]
            file.flush()
            if not moved:
                return
            mapping = Mapping(file, self._folder)
        with index.lock:
            for table, count, types, offsets in moved:
                table.move(Stretch(mapping, count, types, offsets))
