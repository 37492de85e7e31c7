"""`EventAccumulator` with the names and tuples of TensorBoard's, for scripts that were written against it.

Every point is there, so that `size_guidance` says nothing. Change the import and the script runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from runlens.reader.logs import Logs, Values
from runlens.wire.value import TENSOR, images_of, tensor_of

COMPRESSED_HISTOGRAMS, HISTOGRAMS, IMAGES, AUDIO, SCALARS, TENSORS, GRAPH, META_GRAPH, RUN_METADATA = (
    "distributions",
    "histograms",
    "images",
    "audio",
    "scalars",
    "tensors",
    "graph",
    "meta_graph",
    "run_metadata",
)


RUN = "."  # the run of the folder's own event files


class ScalarEvent(NamedTuple):
    """One point."""

    wall_time: float
    step: int
    value: float


class ImageEvent(NamedTuple):
    """One image, encoded."""

    wall_time: float
    step: int
    encoded_image_string: bytes
    width: int
    height: int


class AudioEvent(NamedTuple):
    """One sound, encoded."""

    wall_time: float
    step: int
    encoded_audio_string: bytes
    content_type: str
    sample_rate: float
    length_frames: int


class HistogramValue(NamedTuple):
    """Statistics and buckets of a histogram."""

    min: float
    max: float
    num: float
    sum: float
    sum_squares: float
    bucket_limit: list[float]
    bucket: list[float]


class HistogramEvent(NamedTuple):
    """One histogram."""

    wall_time: float
    step: int
    histogram_value: HistogramValue


class TensorEvent(NamedTuple):
    """One tensor, as an array: where TensorBoard has a TensorProto to be given to `make_ndarray`."""

    wall_time: float
    step: int
    tensor_proto: Any


class EventAccumulator:
    """The events of one run."""

    def __init__(
        self,
        path: str | Path,
        size_guidance: Mapping[str, int] | None = None,
        compression_bps: Any = None,  # noqa: ANN401 - there for the sake of scripts that give it
        purge_orphaned_data: bool = True,
    ) -> None:
        """Follow the run in the folder `path`, or of the event file `path`; `Reload` reads it."""
        self.path = str(path)
        self._logs: Logs | None = None

    def Reload(self) -> EventAccumulator:
        """Read what was logged since.

        Raises:
            FileNotFoundError: there is no such folder.
        """
        self._logs = Logs(self.path, deep=False) if self._logs is None else self._logs.refresh()
        return self

    def Tags(self) -> dict[str, Any]:
        """The tags by TensorBoard's names of their kinds."""
        tags = self._read().tags()
        old = {"image": IMAGES, "audio": AUDIO, "histogram": HISTOGRAMS, "scalar": SCALARS}
        found: dict[str, Any] = {name: tags.get(kind, []) for kind, name in old.items()}
        others = [(tag, kind) for kind, names in tags.items() if kind not in old for tag in names]
        tensors = {tag for tag, kind in others if self._values(kind, tag)[0].form == TENSOR}
        return found | {
            COMPRESSED_HISTOGRAMS: found[HISTOGRAMS],
            TENSORS: sorted(tensors),
            GRAPH: not {tag for tag, kind in others if kind == "graph"} <= tensors,
            META_GRAPH: False,
            RUN_METADATA: [],
        }

    def Scalars(self, tag: str) -> list[ScalarEvent]:
        """Every point of a tag. Raises KeyError where there is none."""
        found = self._read().scalars(RUN, tag)
        rows = zip(found.wall_time.tolist(), found.step.tolist(), found.value.tolist(), strict=True)
        return [ScalarEvent(*row) for row in rows]

    def Images(self, tag: str) -> list[ImageEvent]:
        """Every image of a tag."""
        found = []
        for one in self._values("image", tag):
            said = images_of(one.form, one.raw)
            found += [ImageEvent(one.wall_time, one.step, data, said.width, said.height) for data in said.encoded]
        return found

    def Audio(self, tag: str) -> list[AudioEvent]:
        """Every sound of a tag."""
        return [
            AudioEvent(one.wall_time, one.step, sound.encoded, "audio/wav", sound.sample_rate, len(sound.samples))
            for one in self._values("audio", tag)
            for sound in one.value
        ]

    def Histograms(self, tag: str) -> list[HistogramEvent]:
        """Every histogram of a tag."""
        found = []
        for one in self._values("histogram", tag):
            value, said = one.value, one.value.statistics
            edges = np.asarray(value.right).tolist()
            numbers = HistogramValue(
                said.min, said.max, said.num, said.sum, said.sum_squares, edges, value.count.tolist()
            )
            found.append(HistogramEvent(one.wall_time, one.step, numbers))
        return found

    def Tensors(self, tag: str) -> list[TensorEvent]:
        """Every tensor of a tag, as arrays."""
        for kind, tags in self._read().tags().items():
            if tag in tags and kind != "scalar":
                values = self._values(kind, tag)
                return [TensorEvent(one.wall_time, one.step, tensor_of(one.form, one.raw)) for one in values]
        raise KeyError(tag)

    def _values(self, kind: str, tag: str) -> Values:
        return self._read().values(kind, RUN, tag)

    def _read(self) -> Logs:
        if self._logs is None:
            raise RuntimeError("EventAccumulator: call Reload() before asking for events")
        return self._logs
