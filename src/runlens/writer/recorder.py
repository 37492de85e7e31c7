"""What all `add_` methods stand on: the run's sink, and encoding in the background."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from runlens.wire import event
from runlens.wire.record import Scalar, frame
from runlens.writer.arguments import check_tag, step_of, wall_time_of
from runlens.writer.encoding import Late
from runlens.writer.sink import Sink
from runlens.writer.worker import Worker


class Loggable(Protocol):
    """A value that was checked and copied in the caller, and is encoded in the background."""

    @property
    def size(self) -> int:
        """Bytes it holds on to until it is encoded."""

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The parts of an event that say it (see `wire/event.py`). The first value of a tag in a file says what the
        tag is; the others need not.
        """


class Recorder:
    """The run directory of a writer, to which its methods add."""

    log_dir: str
    compat: bool | None
    _worker: Worker
    _sink: Sink
    _put: Callable[[Scalar], None]

    def _add(self, tag: str, value: Loggable, global_step: object, walltime: object) -> None:
        """Queue one event.

        Raises:
            TypeError, ValueError: as `check_tag`, `step_of` and `wall_time_of`.
        """
        check_tag(tag)
        step, wall_time = step_of(tag, global_step), wall_time_of(tag, walltime)
        sink = self._sink
        is_first = tag not in sink.described
        sink.put_records(Late(lambda: frame(event.event(wall_time, step, value.encode(tag, is_first))), value.size))
        # After the put, so that no thread leaves the metadata out before they are in the queue.
        sink.described.add(tag)
