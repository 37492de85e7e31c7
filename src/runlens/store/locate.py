"""The way back from a point to the file and record that it was read from, found when somebody asks.

Nothing is kept per point: the file is scanned again from the nearest checkpoint before it.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from runlens import _kernel
from runlens.wire.tensor import NAME_OF_DTYPE

if TYPE_CHECKING:
    from runlens.store.run import FollowedFile, Run
    from runlens.store.series import ScalarSeries

CHECKPOINT_EVERY: Final = 16 << 20  # bytes; scanning so many takes some 30 ms


class PointGone(Exception):
    """The file no longer holds the point that was read from it; in words fit for who asked."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place at which a scan of a file stopped, and what it had passed by then."""

    offset: int  # bytes
    records: int
    rows: dict[str, int]  # scalars per tag


@dataclass(frozen=True, slots=True)
class Place:
    """Where a point was logged."""

    path: Path
    offset: int  # byte at which its record begins
    record: int  # the file's first is 0
    dtype: str  # as which it was logged: `float32`, `float64`, ...


@dataclass(frozen=True, slots=True)
class Sought:
    """A point as the index has it, and where to begin looking for its record."""

    path: Path
    tag: str
    row: int  # of the tag's scalars in the file
    checkpoint: Checkpoint
    step: int
    wall_time: float
    value: float


def note_checkpoint(file: FollowedFile, records: int, scalars: dict[str, ScalarSeries]) -> None:
    """Remember where the scan of a file stands, now and then; call it after its rows were added."""
    before = file.checkpoints[-1].offset if file.checkpoints else 0
    if file.offset - before >= CHECKPOINT_EVERY and file.open_damage is None:
        names = {tag.name for tag in file.tags.values()}
        rows = {name: scalars[name].rows_of(file.found.path) for name in names if name in scalars}
        file.checkpoints.append(Checkpoint(file.offset, records, rows))


def seek(run: Run, series: ScalarSeries, row: int) -> Sought:
    """What is needed to find a row, of all strands one after the other; call it under the index's lock.

    Raises:
        IndexError: there is no such row.
    """
    path, row_in_file = series.place(row)
    steps, wall_times, values = series.table_of(path).view()
    tag = series.tag.name
    best = Checkpoint(0, 0, {})
    # Tensors of a tag that another plugin claims are scalars only until it does: such are counted from the front.
    if series.plugin_of(path) in ("", "scalars"):
        for checkpoint in run.files[path].checkpoints:
            if checkpoint.rows.get(tag, 0) <= row_in_file:
                best = checkpoint
    step, wall_time, value = int(steps[row_in_file]), float(wall_times[row_in_file]), float(values[row_in_file])
    return Sought(path, tag, row_in_file, best, step, wall_time, value)


def locate(sought: Sought) -> Place:
    """The record of a point.

    Raises:
        PointGone: the file was removed, cut, replaced or edited since the point was read.
    """
    path, checkpoint = sought.path, sought.checkpoint
    try:
        row = sought.row - checkpoint.rows.get(sought.tag, 0)
        found = _kernel.locate(os.fsencode(path), checkpoint.offset, sought.tag, row)
    except OSError as error:
        raise PointGone(f"{path.name}: {error.strerror or error}") from None
    if found is None:
        raise PointGone(f"{path.name}: no longer holds point {sought.row} of {sought.tag}; it was cut or replaced")
    offset, record, step, wall_time, value, dtype = found
    if step != sought.step or not _same(wall_time, sought.wall_time) or not _same(value, sought.value):
        raise PointGone(f"{path.name}: was changed since point {sought.row} of {sought.tag} was read from it")
    return Place(path, offset, checkpoint.records + record, NAME_OF_DTYPE.get(dtype, "unknown"))


def _same(one: float, other: float) -> bool:
    return one == other or (math.isnan(one) and math.isnan(other))
