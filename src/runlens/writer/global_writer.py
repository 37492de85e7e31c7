"""One writer for all of a process and the processes it forks, that counts the steps itself, as tensorboardX has it."""

from __future__ import annotations

import threading
from typing import Any, Literal

from runlens.writer.arguments import check_tag, step_of
from runlens.writer.counters import Counters
from runlens.writer.summary_writer import SummaryWriter

_making = threading.RLock()


class GlobalSummaryWriter:
    """A writer that any module gets by `GlobalSummaryWriter.getSummaryWriter()`, and that counts the steps of each tag.

    Threads and forked processes, such as those of a `multiprocessing.Pool` that is made later, share the counters; each
    process writes a file of its own in the same directory. A process that is spawned rather than forked begins anew.

    Args:
        logdir: as `log_dir`; tensorboardX has both names.
        comment, purge_step, max_queue, flush_secs, filename_suffix, write_to_disk, log_dir: as in `SummaryWriter`.
        coalesce_process: without meaning, as in tensorboardX.
        **others: any other argument of `SummaryWriter`.
    """

    _the_one: GlobalSummaryWriter | None = None

    def __init__(
        self,
        logdir: str | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        filename_suffix: str = "",
        write_to_disk: bool | Literal["rank0"] = True,
        log_dir: str | None = None,
        coalesce_process: bool = True,
        **others: Any,  # noqa: ANN401 - what SummaryWriter takes
    ) -> None:
        self.smw = SummaryWriter(
            log_dir=logdir or log_dir,
            comment=comment,
            purge_step=purge_step,
            max_queue=max_queue,
            flush_secs=flush_secs,
            filename_suffix=filename_suffix,
            write_to_disk=write_to_disk,
            **others,
        )
        self._counters = Counters()
        with _making:
            if GlobalSummaryWriter._the_one is None:
                GlobalSummaryWriter._the_one = self

    @staticmethod
    def getSummaryWriter() -> GlobalSummaryWriter:
        """The writer that was made first in this process; a new one in the default directory if there is none."""
        with _making:
            return GlobalSummaryWriter._the_one or GlobalSummaryWriter()

    def add_scalar(self, tag: str, scalar_value: object, walltime: object = None, global_step: object = None) -> None:
        """As `SummaryWriter.add_scalar`; without `global_step` at the tag's next step, which begins at 0."""
        self._add("add_scalar", tag, scalar_value, walltime, global_step)

    def add_image(
        self,
        tag: str,
        img_tensor: object,
        walltime: object = None,
        dataformats: str = "CHW",
        global_step: object = None,
    ) -> None:
        """As `SummaryWriter.add_image`; without `global_step` at the tag's next step, which begins at 0."""
        self._add("add_image", tag, img_tensor, walltime, global_step, dataformats=dataformats)

    def add_text(self, tag: str, text_string: str, walltime: object = None, global_step: object = None) -> None:
        """As `SummaryWriter.add_text`; without `global_step` at the tag's next step, which begins at 0."""
        self._add("add_text", tag, text_string, walltime, global_step)

    def flush(self) -> None:
        """As `SummaryWriter.flush`, for this process."""
        self.smw.flush()

    def close(self) -> None:
        """As `SummaryWriter.close`, for this process. The steps go on where they were."""
        self.smw.close()

    def get_logdir(self) -> str:
        """The directory of the run."""
        return self.smw.get_logdir()

    def _add(
        self, method: str, tag: str, value: object, walltime: object, global_step: object, **options: object
    ) -> None:
        check_tag(tag)
        given = None if global_step is None else step_of(tag, global_step)
        with self._counters.step(f"{method} {tag}", given) as step:
            getattr(self.smw, method)(tag, value, global_step=step, walltime=walltime, **options)
