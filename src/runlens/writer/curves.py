"""The methods that add numbers: curves, and what is drawn from counts."""

from __future__ import annotations

import time
from collections.abc import Mapping

from runlens.wire import event
from runlens.wire.record import Scalar, frame
from runlens.writer.arguments import check_tag, describe
from runlens.writer.kinds import scalar
from runlens.writer.recorder import Recorder


class Curves(Recorder):
    """Part of `SummaryWriter`."""

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

    def _add_tensor(self, point: Scalar, double_precision: bool) -> None:
        tag, value, step, wall_time = point
        sink = self._sink
        parts = scalar.encode(tag, value, double_precision, is_first=tag not in sink.described)
        sink.put_records(frame(event.event(wall_time, step, parts)))
        # After the put, so that no thread leaves the metadata out before they are in the queue.
        sink.described.add(tag)
