"""What the writer's tests read files with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from runlens.wire.scan import EventFile

Point = tuple[str, int, float, float]  # tag, step, wall time, value


def event_files(directory: Path) -> list[Path]:
    """The event files of a run, in the order in which they were made."""
    return sorted(directory.glob("*tfevents*"), key=lambda path: int(path.name.split(".")[-1]))


def points_of(path: Path) -> list[Point]:
    """All scalars of a file, tag after tag; the file must be whole and sound."""
    scan = EventFile(path).advance(2**40)
    assert not scan.damage
    assert scan.pending == 0
    return [
        (scan.tags[number].name, int(step), float(wall_time), float(value))
        for number, columns in scan.scalars.items()
        for step, wall_time, value in zip(*columns.columns(), strict=True)
    ]


@pytest.fixture
def points() -> Callable[[Path], list[Point]]:
    """Reads all scalars of a directory's files."""
    return lambda directory: [point for path in event_files(directory) for point in points_of(path)]


@pytest.fixture
def files() -> Callable[[Path], list[Path]]:
    """Lists a directory's event files."""
    return event_files
