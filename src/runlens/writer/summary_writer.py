"""The writer a training script uses; its methods keep torch's names, arguments and meaning."""

import os
import socket
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Literal

from runlens.writer.arguments import step_of
from runlens.writer.curves import Curves
from runlens.writer.defaults import defaults_of
from runlens.writer.embeddings import Embeddings
from runlens.writer.kinds.custom_scalars import Layout
from runlens.writer.media import Media
from runlens.writer.models import Models
from runlens.writer.study import Study
from runlens.writer.worker import Worker


class SummaryWriter(Curves, Media, Models, Embeddings, Study):
    """Writes event files that runlens and TensorBoard show.

    Calls cost about a microsecond: they queue, and a background thread encodes and writes, some 0.1 s later at most.
    What `flush` has returned from survives the death of the process. At the end of the interpreter everything is
    written, also without `close`. Threads may share a writer. After a fork the child writes files of its own.

    A disk that fails never stops training: events are kept and tried again, and a RuntimeWarning says so once. Only
    when 1,000,000 events (or 256 MB of others than plain scalars) wait and the disk still fails are the oldest lost,
    and a warning counts them. With `on_error="raise"` such failures are raised at the next call.

    Args:
        log_dir: directory of the run, made if need be. Default: `runs/<Mon><DD>_<HH>-<MM>-<SS>_<host name><comment>`.
        comment: end of the default directory's name; without meaning if `log_dir` is given.
        purge_step: a restarted job says here from which step on it writes anew; viewers may hide older points
            with this step or a later one.
        max_queue: so many queued events are written at once. A call never waits for that.
        flush_secs: longest time in seconds until fewer are written; above 0.1 it is 0.1.
        filename_suffix: end of the event file's name.
        write_to_disk: False makes every method do nothing, for the other ranks of a distributed job; "rank0" does so
            where torchrun's environment variable `RANK` is set and not 0.
        compat: True: as torch, `add_scalars` and `add_hparams` make child runs. False: both stay in this run's file.
            None, the default: what TensorBoard shows best, which is child runs for `add_scalars`, whose curves
            share a chart only then, and this run for `add_hparams`.
        on_error: what becomes of a failure in the background, such as a full disk: "warn" tells it as a RuntimeWarning,
            "raise" as an OSError, both at the next call that finds it.
        capture: record how the run was started and on what: the command line (secrets in it hidden as well as they can
            be told), working directory, git commit and uncommitted changes, host, CPU and GPU, versions of Python and
            packages, start, and a few environment variables. See docs/kinds/run_info.md.

    Raises:
        OSError: the directory or the file cannot be made; the path is in the message.
        ValueError: `log_dir` is a URL, or an argument is none of those above.
    """

    def __init__(
        self,
        log_dir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool | Literal["rank0"] = True,
        compat: bool | None = None,
        on_error: Literal["warn", "raise"] = "warn",
        capture: bool = False,
    ) -> None:
        if on_error not in ("warn", "raise"):
            raise ValueError(f"on_error: got {on_error!r}, want 'warn' or 'raise'")
        self.log_dir = os.fspath(log_dir) if log_dir else _default_directory(comment)
        if "://" in self.log_dir:
            raise ValueError(f"log_dir: got {self.log_dir!r}, want a directory of this machine")
        self.purge_step = None if purge_step is None else step_of("purge_step", purge_step)
        self.max_queue = max_queue
        self.flush_secs = flush_secs
        self.filename_suffix = filename_suffix
        self.compat = compat
        self._layout = Layout()
        self._started = time.time()
        if not _may_write(write_to_disk):
            self._silence()
            return
        self._worker = Worker(flush_secs, filename_suffix, max_queue, raises=on_error == "raise")
        # The worker's thread knows nothing of this object, so that a writer nobody holds any more is collected.
        weakref.finalize(self, self._worker.abandon).atexit = False
        self._sink = self._worker.sink(self.log_dir)
        self._sink.open(self.purge_step)
        self._put = self._sink.put
        if capture:
            self._capture()

    def flush(self) -> None:
        """Return when everything that was added before is in the files.

        If the disk fails, return after one attempt, with a RuntimeWarning; the data are kept and tried again.
        """
        self._worker.flush()

    def close(self) -> None:
        """Flush, close the files and end the background thread. A later `add_` call goes on in new files."""
        self._end_session(is_success=True)
        self._worker.close()

    def export_scalars_to_json(self, path: str | os.PathLike[str]) -> None:
        """Write all scalars of this writer to a JSON file: `{name: [[wall time, step, value], ...], ...}`.

        The name is that of tensorboardX, `<log_dir>/<tag>`, or for a child run of `add_scalars` its directory. The
        scalars are read back from this writer's event files, as exact as they are stored. NaN and infinities are
        written as `NaN` and `Infinity`, which Python's `json` reads.

        Raises:
            OSError: the file cannot be written, or an event file cannot be read.
        """
        from runlens.writer.export import write_json

        self.flush()
        write_json(path, self.log_dir, self._worker.sinks())

    def get_logdir(self) -> str:
        """The directory of the run."""
        return self.log_dir

    @contextmanager
    def use_metadata(self, *, global_step: object = None, walltime: object = None) -> Iterator["SummaryWriter"]:
        """Within a `with` block, the step and wall time of all `add_` calls on this writer that do not say their own.

        Args:
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.
        """
        with defaults_of(self, global_step=global_step, walltime=walltime):
            yield self

    def __enter__(self) -> "SummaryWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        has_failed = error is not None and not (isinstance(error, SystemExit) and not error.code)
        self._end_session(is_success=not has_failed)
        self.close()

    def _silence(self) -> None:
        """Make all methods that write do nothing."""
        for name in dir(self):
            if name.startswith(("add_", "export_")) or name in ("flush", "close"):
                setattr(self, name, _do_nothing)
        setattr(self, "add_figure", _close_figure)  # noqa: B010 - else the figures of all steps stay in memory


def _do_nothing(*_: object, **__: object) -> None:
    pass


def _close_figure(
    tag: str, figure: object, global_step: object = None, close: bool = True, walltime: object = None
) -> None:
    from runlens.writer import figure as figures

    if close:
        figures.close(figure)


def _may_write(write_to_disk: object) -> bool:
    if write_to_disk not in (True, False, "rank0"):
        raise ValueError(f"write_to_disk: got {write_to_disk!r}, want True, False or 'rank0'")
    return os.environ.get("RANK", "0") == "0" if write_to_disk == "rank0" else bool(write_to_disk)


def _default_directory(comment: str) -> str:
    now = datetime.now().strftime("%b%d_%H-%M-%S")
    return os.path.join("runs", f"{now}_{socket.gethostname()}{comment}")  # noqa: PTH118
