"""A logdir to be read from Python."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from runlens.api.entries import Rows, rows_of
from runlens.api.study import STUDY
from runlens.reader.choose import Names, chosen, matching
from runlens.reader.scalars import Scalars
from runlens.store.entry import read_payload
from runlens.store.index import Index
from runlens.store.logdir import is_event_file
from runlens.wire.plugins import SCALAR, kind_of

if TYPE_CHECKING:
    import pandas

    from runlens.store.run import Problem
    from runlens.wire.hparams import Value

TENSOR_KIND = "tensor"  # what was logged by a plugin that has no kind here


@dataclass(frozen=True, slots=True)
class Logged:
    """One value and when it was logged. It is read from the disk when it is asked for."""

    step: int
    wall_time: float  # seconds since the epoch
    _kind: str
    _rows: Rows
    _row: int

    @property
    def value(self) -> Any:  # noqa: ANN401 - what a kind makes of it
        """What was logged, as `runlens.reader.values` makes it of the kind; bytes where it knows no more.

        Raises:
            EntryError: the file no longer holds it.
            Malformed: its bytes are not what they should be.
        """
        from runlens.reader.values import DECODERS

        decode = DECODERS.get(self._kind)
        return decode(self.form, self.raw) if decode else self.raw

    @property
    def form(self) -> int:
        """The field of the event in which it lay; see `wire/plugins.py`."""
        return int(self._rows.entries.forms[self._row])

    @property
    def raw(self) -> bytes:
        """The bytes of its message in the event file. Raises EntryError as `value` does."""
        return read_payload(self._rows.entry(self._row), limit=1 << 31)

    def __repr__(self) -> str:
        return f"Logged(step={self.step}, wall_time={self.wall_time}, kind={self._kind!r})"


class Values(Sequence[Logged]):
    """All values of a tag in a run, in the order of its files. Making it reads nothing."""

    def __init__(self, kind: str, found: list[Rows]) -> None:
        self._kind = kind
        self._found = found

    def __len__(self) -> int:
        return sum(map(len, self._found))

    @overload
    def __getitem__(self, place: int) -> Logged: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Logged]: ...
    def __getitem__(self, place: int | slice) -> Logged | Sequence[Logged]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        row = range(len(self))[place]
        for rows in self._found:
            if row < len(rows):
                return Logged(int(rows.entries.steps[row]), float(rows.entries.wall_times[row]), self._kind, rows, row)
            row -= len(rows)
        raise IndexError(place)

    @property
    def steps(self) -> NDArray[np.int64]:
        """The step of each."""
        return _joined([rows.entries.steps for rows in self._found], "q")

    def at(self, step: int) -> Logged:
        """The last value logged at a step.

        Raises:
            KeyError: nothing was.
        """
        places = np.flatnonzero(self.steps == step)
        if len(places) == 0:
            raise KeyError(f"nothing was logged at step {step}")
        return self[int(places[-1])]

    def __repr__(self) -> str:
        return f"<{len(self)} values of kind {self._kind!r}>"


class Logs:
    """The runs below a folder, as they were when it was read or refreshed last."""

    def __init__(self, logdir: str | Path, deep: bool = True) -> None:
        """Read all event files below `logdir`, or in it alone where not `deep`; or the one event file `logdir`.

        Raises:
            FileNotFoundError: there is no such folder or file.
            ValueError: it is a file whose name is none of an event file.
        """
        path = Path(logdir).expanduser().absolute()
        if not path.exists():
            raise FileNotFoundError(f"logdir: there is no folder {logdir}")
        if path.is_file() and not is_event_file(path.name):
            raise ValueError(f"logdir: {logdir} is no event file; want one, or the folder that holds it")
        self.path = path
        self._deep = deep
        self._index = Index(path.parent if path.is_file() else path)
        self.refresh()

    def refresh(self) -> Logs:
        """Read what was logged since; only that."""
        if self.path.is_file():
            self._index.refresh([self.path])
        elif self._deep:
            self._index.refresh()
        else:
            self._index.refresh([path for path in self.path.iterdir() if is_event_file(path.name)])
        return self

    @property
    def runs(self) -> list[str]:
        """The names of all runs, run2 before run10."""
        with self._index.lock:
            return [run.name for run in self._index.sorted_runs()]

    @property
    def problems(self) -> list[Problem]:
        """What could not be read, and where."""
        return self._index.problems()

    def tags(self, run: Names = None) -> dict[str, list[str]]:
        """The tags of one, several or all runs, by kind: `{"scalar": ["loss"], "image": ["samples"]}`.

        Raises:
            KeyError: there is no such run.
        """
        found: dict[str, set[str]] = {}
        with self._index.lock:
            for name in chosen(self._index.runs, run, "run"):
                held = self._index.runs[name]
                if held.scalars:
                    found.setdefault(SCALAR, set()).update(held.scalars)
                for tag, series in held.entries.items():
                    for plugin, form in series.shapes():
                        found.setdefault(kind_of(plugin, form) or TENSOR_KIND, set()).add(tag)
        return {kind: sorted(tags) for kind, tags in sorted(found.items())}

    def scalars(self, run: Names = None, tag: Names = None, pattern: str | re.Pattern[str] | None = None) -> Scalars:
        """Every point of the runs and tags asked for.

        Args:
            run: a run's name, several, or None for all.
            tag: a tag, several, or None for all.
            pattern: a regular expression that is to be found in the tag.

        Raises:
            KeyError: there is no such run or tag.
            ValueError: `pattern` is no regular expression.
        """
        with self._index.lock:
            runs = chosen([one.name for one in self._index.sorted_runs()], run, "run")
            held = {name: self._index.runs[name].scalars for name in runs}
            every = sorted({name for of_run in held.values() for name in of_run})
            tags = matching(chosen(every, tag, "tag"), pattern)
            found = [
                (r, t, held[name][tag].columns())
                for r, name in enumerate(runs)
                for t, tag in enumerate(tags)
                if tag in held[name]
            ]
        sizes = [len(columns[0]) for _, _, columns in found]
        return Scalars(
            runs,
            tags,
            np.repeat(np.array([r for r, _, _ in found], np.int32), sizes),
            np.repeat(np.array([t for _, t, _ in found], np.int32), sizes),
            *(_joined([columns[i] for _, _, columns in found], dtype) for i, dtype in enumerate("qdd")),
        )

    def images(self, run: str, tag: str) -> Values:
        """Images; the value of each is a list of uint8 arrays of shape (height, width, channels)."""
        return self.values("image", run, tag)

    def audio(self, run: str, tag: str) -> Values:
        """Sounds; the value of each is a list of `Sound`."""
        return self.values("audio", run, tag)

    def text(self, run: str, tag: str) -> Values:
        """Texts; the value of each is a str, or an object array of str."""
        return self.values("text", run, tag)

    def histograms(self, run: str, tag: str) -> Values:
        """Histograms; the value of each is a `Histogram`: left, right and count of its buckets."""
        return self.values("histogram", run, tag)

    def pr_curves(self, run: str, tag: str) -> Values:
        """PR curves; the value of each is a `Curve` of `wire/curve.py`."""
        return self.values("pr_curve", run, tag)

    def videos(self, run: str, tag: str) -> Values:
        """Videos; the value of each is the file's bytes: MP4 or WebM."""
        return self.values("video", run, tag)

    def graphs(self, run: str, tag: str) -> Values:
        """Graphs; the value of each is a `GraphDef`."""
        return self.values("graph", run, tag)

    def tensors(self, run: str, tag: str) -> Values:
        """Tensors of other plugins; the value of each is an array, of objects where strings were logged."""
        return self.values(TENSOR_KIND, run, tag)

    def values(self, kind: str, run: str, tag: str) -> Values:
        """What was logged of a kind.

        Raises:
            KeyError: there is no such kind, run or tag.
        """
        found = rows_of(self._index, None if kind == TENSOR_KIND else kind, run, tag)
        if not found:  # listing all tags, to say which there are, is dear
            chosen(self.tags(run).get(kind, []), tag, f"tag of kind {kind} in run {run!r}:")
        return Values(kind, found)

    def hparams(self) -> dict[str, dict[str, Value]]:
        """The hyper-parameters of each run that has some; runs that add_hparams made are told as their parents."""
        return {one.name: dict(one.said.hparams) for one in STUDY.sessions(self._index) if one.said.hparams}

    def to_pandas(self) -> pandas.DataFrame:
        """All scalars as a long frame; `scalars()` gives a part of them, or a wide one."""
        return self.scalars().to_pandas()

    def __repr__(self) -> str:
        return f"<Logs {str(self.path)!r}: {len(self._index.runs)} runs>"


def read(logdir: str | Path) -> Logs:
    """Read the event files below `logdir`, or the one event file `logdir`: every point, no sampling.

    Raises:
        FileNotFoundError: there is no such folder or file.
        ValueError: it is a file whose name is none of an event file.
    """
    return Logs(logdir)


def _joined(columns: list[NDArray[Any]], dtype: str) -> NDArray[Any]:
    return np.concatenate(columns, dtype=dtype) if columns else np.zeros(0, dtype)
