"""What a writer's event files hold -> one JSON file, as tensorboardX exports it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from runlens.wire.scan import EventFile
from runlens.writer.sink import Sink

WHOLE_FILE = 2**62  # bytes

Points = list[tuple[float, int, float]]  # wall time in seconds since the epoch, step, value


def write_json(path: str | os.PathLike[str], log_dir: str, sinks: Iterable[Sink]) -> None:
    """Write `{name: points}` of all scalars in the files of these sinks. Raises OSError."""
    series: dict[str, Points] = {}
    for sink in sinks:
        for event_file in sink.paths:
            scan = EventFile(Path(event_file)).advance(WHOLE_FILE)
            for number, columns in scan.scalars.items():
                is_child = sink.directory != log_dir
                name = sink.directory if is_child else f"{log_dir}/{scan.tags[number].name}"
                steps, wall_times, values = (column.tolist() for column in columns.columns())
                series.setdefault(name, []).extend(zip(wall_times, steps, values, strict=True))
    with Path(path).open("w", encoding="utf-8") as file:
        json.dump(series, file)
