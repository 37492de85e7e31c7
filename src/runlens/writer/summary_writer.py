"""The writer a training script uses; its methods keep torch's names, arguments and meaning."""

import os
import socket
import time
import weakref
from collections.abc import Mapping
from datetime import datetime
from types import TracebackType

from runlens.wire import event
from runlens.wire.record import Scalar, frame
from runlens.writer.arguments import check_tag, describe, step_of
from runlens.writer.kinds import scalar
from runlens.writer.worker import Worker


class SummaryWriter:
    """Writes event files that runlens and TensorBoard show.

    Calls cost about a microsecond: they queue, and a background thread encodes and writes, some 0.1 s later at most.
    What `flush` has returned from survives the death of the process. At the end of the interpreter everything is
    written, also without `close`. Threads may share a writer. After a fork the child writes files of its own.

    A disk that fails never stops training: events are kept and tried again, and a RuntimeWarning says so once. Only
    when 1,000,000 events (or 256 MB of others than plain scalars) wait and the disk still fails are the oldest lost,
    and a warning counts them. With `RUNLENS_STRICT=1` in the environment such failures are raised at the next call.

    Args:
        log_dir: directory of the run, made if need be. Default: `runs/<Mon><DD>_<HH>-<MM>-<SS>_<host name><comment>`.
        comment: end of the default directory's name; without meaning if `log_dir` is given.
        purge_step: a restarted job says here from which step on it writes anew; viewers may hide older points
            with this step or a later one.
        max_queue: so many queued events are written at once. A call never waits for that.
        flush_secs: longest time in seconds until fewer are written; above 0.1 it is 0.1.
        filename_suffix: end of the event file's name.

    Raises:
        OSError: the directory or the file cannot be made; the path is in the message.
        ValueError: `log_dir` is a URL.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
    ) -> None:
        self.log_dir = os.fspath(log_dir) if log_dir else _default_directory(comment)
        if "://" in self.log_dir:
            raise ValueError(f"log_dir: got {self.log_dir!r}, want a directory of this machine")
        self.purge_step = None if purge_step is None else step_of("purge_step", purge_step)
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self._worker = Worker(flush_secs, filename_suffix, max_queue)
        # The worker's thread knows nothing of this object, so that a writer nobody holds any more is collected.
        weakref.finalize(self, self._worker.abandon).atexit = False
        self._sink = self._worker.sink(self.log_dir)
        self._sink.open(self.purge_step)
        self._put = self._sink.put

    def add_scalar(
        self,
        tag: str,
        scalar_value: object,
        global_step: object = None,
        walltime: object = None,
        new_style: bool = False,
        double_precision: bool = False,
    ) -> None:
        """Add one number to the curve `tag`.

        Args:
            tag: name of the curve; `/` groups.
            scalar_value: an int, float, bool, str of a number, or an array or tensor of any library and shape with
                exactly one element. NaN and infinities are kept. Stored as float32 unless `double_precision` is set:
                an int beyond 2**24 loses digits, a number beyond 3.4e38 becomes an infinity.
            global_step: anything `int` takes, within 64 bits: 1.7 is 1. None is 0.
            walltime: seconds since the epoch. Default: now.
            new_style: store a rank-0 float32 tensor with metadata instead of a `simple_value`.
            double_precision: store a rank-0 float64 tensor with metadata, also without `new_style`. TensorBoard's
                Rust data server does not show these; runlens and TensorBoard's Python path do.

        Raises:
            TypeError: `tag` is no str, `scalar_value` no number, or `global_step` or `walltime` of a wrong type.
            ValueError: `scalar_value` has not exactly one element, is a str that is no number, a tensor without
                data, or `global_step` does not fit 64 bits.
        """
        point = scalar.point(tag, scalar_value, global_step, walltime)
        if new_style or double_precision:
            self._add_tensor(point, double_precision)
        else:
            self._put(point)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, object],
        global_step: object = None,
        walltime: object = None,
    ) -> None:
        """Add one number to each of several curves that share a chart.

        As torch has it, each key is a run of its own, `<log_dir>/<main_tag with / as _>_<key>`, with tag `main_tag`.

        Args:
            main_tag: tag of all the curves.
            tag_scalar_dict: name of the curve -> its value, as in `add_scalar`.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`; one for all.

        Raises:
            TypeError, ValueError: as `add_scalar`; then none of the values is added.
        """
        if not isinstance(tag_scalar_dict, Mapping):
            raise TypeError(f"tag_scalar_dict of {main_tag!r}: got {describe(tag_scalar_dict)}, want a dict")
        walltime = time.time() if walltime is None else walltime
        points = {}
        for key, value in tag_scalar_dict.items():
            check_tag(key)
            if "\0" in key:
                raise ValueError(f"tag_scalar_dict of {main_tag!r}: got the key {key!r}, want a directory's name")
            points[key] = scalar.point(main_tag, value, global_step, walltime)
        for key, point in points.items():
            self._worker.sink(f"{self.log_dir}/{main_tag.replace('/', '_')}_{key}").put(point)

    def flush(self) -> None:
        """Return when everything that was added before is in the files.

        If the disk fails, return after one attempt, with a RuntimeWarning; the data are kept and tried again.
        """
        self._worker.flush()

    def close(self) -> None:
        """Flush, close the files and end the background thread. A later `add_` call goes on in new files."""
        self._worker.close()

    def get_logdir(self) -> str:
        """The directory of the run."""
        return self.log_dir

    def __enter__(self) -> "SummaryWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _add_tensor(self, point: Scalar, double_precision: bool) -> None:
        tag, value, step, wall_time = point
        sink = self._sink
        parts = scalar.encode(tag, value, double_precision, is_first=tag not in sink.described)
        sink.put_records(frame(event.event(wall_time, step, parts)))
        # After the put, so that no thread leaves the metadata out before they are in the queue.
        sink.described.add(tag)


def _default_directory(comment: str) -> str:
    now = datetime.now().strftime("%b%d_%H-%M-%S")
    return os.path.join("runs", f"{now}_{socket.gethostname()}{comment}")  # noqa: PTH118
