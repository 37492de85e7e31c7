"""Event files as TensorBoard's reader and ours find them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runlens.wire.scan import EventFile


def event_files(directory: Path) -> list[Path]:
    """The event files of a run, in the order of their names."""
    return sorted(directory.glob("*tfevents*"))


def events_of(directory: Path) -> list[Any]:
    """All events but the opening ones, as TensorBoard's loader parses them, without its migrations."""
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    found = [event for path in event_files(directory) for event in LegacyEventFileLoader(str(path)).Load()]
    return [event for event in found if event.WhichOneof("what") == "summary"]


def values_of(directory: Path) -> list[Any]:
    """All summary values, in the order of the file."""
    return [value for event in events_of(directory) for value in event.summary.value]


# tag -> (plugin, [(form, step, wall time)])
Found = dict[str, tuple[str, list[tuple[int, int, float]]]]


def entries_of(directory: Path) -> Found:
    """What our scanner finds in a run's one file, which must be whole and sound."""
    (path,) = event_files(directory)
    scan = EventFile(path).advance(2**40)
    assert not scan.damage
    assert scan.pending == 0
    return {
        scan.tags[number].name: (
            scan.tags[number].plugin,
            list(zip(found.forms.tolist(), found.steps.tolist(), found.wall_times.tolist(), strict=True)),
        )
        for number, found in scan.entries.items()
    }
