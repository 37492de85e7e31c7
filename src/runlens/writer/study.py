"""The methods that say what a run is: its hyper-parameters, its circumstances, its moments."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from runlens.wire import event
from runlens.wire.record import Scalar, frame
from runlens.writer.arguments import check_tag, step_of
from runlens.writer.kinds import scalar
from runlens.writer.recorder import Recorder
from runlens.writer.sink import Sink

if TYPE_CHECKING:
    from runlens.writer.kinds.hparams import Session


class Study(Recorder):
    """Part of `SummaryWriter`."""

    _started: float
    _session: Session | None = None
    _session_process = 0  # the one that ends the session; its forked children do not

    def add_hparams(
        self,
        hparam_dict: Mapping[str, object],
        metric_dict: Mapping[str, object],
        hparam_domain_discrete: Mapping[str, object] | None = None,
        run_name: str | None = None,
        global_step: object = None,
    ) -> None:
        """Say the hyper-parameters of this run, and which of its curves are the metrics to compare runs by.

        May be called at any time, again for more of either. The metrics are live: their last values count, also those
        that `add_scalar` adds later. `close` notes that the run has ended, and whether a `with` block failed.

        With `run_name`, or on a writer with `compat=True`, it is as with torch: a run of its own,
        `<log_dir>/<run_name or the time>`, that has ended, with one point per metric.

        Args:
            hparam_dict: name -> a bool, int, float, str, an array or tensor of one element, an Enum (by its name), a
                path, a dtype or device, a function or class (by its name). None is left out.
            metric_dict: tag -> value as in `add_scalar`, or None where `add_scalar` will say it.
            hparam_domain_discrete: name -> list of all values that the hyper-parameter may have.
            run_name: name of the child run.
            global_step: step of the metrics, as in `add_scalar`.

        Raises:
            TypeError: an argument is no dict, a name no str, a metric no number, or a domain not of its type.
            ValueError: a hyper-parameter of another type, such as a list.
        """
        from runlens.writer.kinds import hparams

        checked = hparams.checked(hparam_dict)
        metrics = hparams.checked_metrics(metric_dict)
        domains = hparams.checked_domains(hparam_domain_discrete, checked)
        step = step_of("hparams", global_step)
        points = [scalar.point(tag, value, step, None) for tag, value in metrics.items() if value is not None]
        if self.compat is True or run_name:
            name = run_name or str(time.time())
            session = hparams.Session().with_more(checked, domains, metrics)
            summaries = [*session.summaries(), hparams.end(is_success=True)]
            _put(self._worker.sink(f"{self.log_dir}/{name}"), summaries, points, step)
        else:
            session = self._session or hparams.Session(self._started)
            self._session = session.with_more(checked, domains, metrics)
            self._session_process = os.getpid()
            _put(self._sink, self._session.summaries(), points, step)

    def add_event(self, name: str, global_step: object = None, walltime: object = None, description: str = "") -> None:
        """Mark a moment of the run: a restart, a drop of the learning rate, a checkpoint.

        Args:
            name: what it is; moments of the same sort have the same name.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.
            description: more about this moment.

        Raises:
            TypeError, ValueError: as `add_scalar`, for these arguments.
        """
        from runlens.writer.kinds import mark

        check_tag(name)
        self._add(mark.PREFIX + name, mark.Mark(name, description), global_step, walltime)

    def _end_session(self, is_success: bool) -> None:
        """Note that the run has ended, if it has hyper-parameters and that was not noted yet."""
        if self._session is None or self._session_process != os.getpid():
            return
        from runlens.writer.kinds import hparams

        self._session_process = 0
        _put(self._sink, [hparams.end(is_success, time.time())], [], 0)

    def _capture(self) -> None:
        """Record the circumstances of the run."""
        from runlens.writer import circumstances
        from runlens.writer.kinds import run_info

        found = circumstances.now()
        directory = found.get("directory")

        def gather() -> dict[str, object]:
            from runlens.writer import machine

            return {**found, **machine.gather(directory if isinstance(directory, str) else None)}

        self._add(run_info.TAG, run_info.RunInfo(gather), None, None)


def _put(sink: Sink, summaries: list[bytes], points: list[Scalar], step: int) -> None:
    now = time.time()
    sink.put_records(b"".join(frame(event.event(now, step, summary)) for summary in summaries))
    for point in points:
        sink.put(point)
