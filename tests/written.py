"""What a writer wrote, as TensorBoard's own protos and as our scan sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from runlens import SummaryWriter
from runlens.wire.scan import EventFile, Tag

Log = Callable[[Any], None]


def the_file(directory: Path) -> Path:
    """The one event file of a run."""
    (path,) = directory.glob("*tfevents*")
    return path


def events(directory: Path) -> list[Any]:
    """The Event protos of a run's one file that hold a summary, in their order, as TensorBoard reads them."""
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    loaded = LegacyEventFileLoader(str(the_file(directory))).Load()
    return [event for event in loaded if event.HasField("summary")]


def values(directory: Path) -> list[Any]:
    """The Summary.Value protos of a run's one file, in their order."""
    return [value for event in events(directory) for value in event.summary.value]


def value(directory: Path) -> Any:
    """The one value of a run."""
    (found,) = values(directory)
    return found


def accumulated(directory: Path) -> Any:
    """TensorBoard's accumulator of a run, all of it read."""
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    sizes = {"scalars": 0, "histograms": 0, "tensors": 0, "compressedHistograms": 0}
    return EventAccumulator(str(directory), size_guidance=sizes, purge_orphaned_data=False).Reload()


def scanned(directory: Path) -> list[tuple[Tag, int, int, bytes]]:
    """(tag, form, step, body) of each entry of a run's one file, tag after tag, as our scan finds them."""
    path = the_file(directory)
    data = path.read_bytes()
    scan = EventFile(path).advance(2**40)
    assert not scan.damage
    assert scan.pending == 0
    return [
        (scan.tags[number], int(form), int(step), data[offset : offset + length])
        for number, entries in scan.entries.items()
        for form, step, offset, length in zip(
            entries.forms, entries.steps, entries.offsets, entries.lengths, strict=True
        )
    ]


def by_us_and_torch(directory: Path, log: Log) -> tuple[Path, Path]:
    """The same calls on our writer and on torch's. The runs' directories."""
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for name, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(directory / name)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            log(writer)
    return directory / "ours", directory / "torch"
