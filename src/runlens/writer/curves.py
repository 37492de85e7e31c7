"""The methods that add numbers: curves, and what is drawn from counts."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from runlens.wire import event
from runlens.wire.record import Scalar, frame
from runlens.writer.arguments import check_tag, describe
from runlens.writer.kinds import custom_scalars, scalar
from runlens.writer.recorder import Recorder


class Curves(Recorder):
    """Part of `SummaryWriter`."""

    _layout: custom_scalars.Layout

    def add_scalar(
        self,
        tag: str,
        scalar_value: object,
        global_step: object = None,
        walltime: object = None,
        new_style: bool = False,
        double_precision: bool = False,
        *,
        display_name: str = "",
        summary_description: str = "",
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
            display_name: title of the chart in place of `tag`; the tag's first point in a file says it.
            summary_description: Markdown that explains the curve; the same holds.

        Raises:
            TypeError: `tag` is no str, `scalar_value` no number, or another argument of a wrong type.
            ValueError: `scalar_value` has not exactly one element, is a str that is no number, a tensor without
                data, or `global_step` does not fit 64 bits.
        """
        point = scalar.point(tag, scalar_value, global_step, walltime)
        if new_style or double_precision or display_name or summary_description:
            form: scalar.Form = "double" if double_precision else "float" if new_style else "plain"
            self._add_described(point, form, scalar.metadata(tag, display_name, summary_description))
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
        For a writer with `compat=False` each key is a tag of this run, `<main_tag>/<key>`, and a custom-scalars layout
        says that they share a chart.

        Args:
            main_tag: tag of all the curves.
            tag_scalar_dict: name of the curve -> its value, as in `add_scalar`.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`; one for all.

        Raises:
            TypeError, ValueError: as `add_scalar`; then none of the values is added.
        """
        check_tag(main_tag, "main_tag")
        if not isinstance(tag_scalar_dict, Mapping):
            raise TypeError(f"tag_scalar_dict of {main_tag!r}: got {describe(tag_scalar_dict)}, want a dict")
        for key in tag_scalar_dict:
            check_tag(key, f"a key of {main_tag!r}")
        walltime = time.time() if walltime is None else walltime
        if self.compat is False:
            self._add_lines(main_tag, tag_scalar_dict, global_step, walltime)
        else:
            self._add_to_child_runs(main_tag, tag_scalar_dict, global_step, walltime)

    def add_histogram(
        self,
        tag: str,
        values: object,
        global_step: object = None,
        bins: object = "tensorflow",
        walltime: object = None,
        max_bins: int | None = None,
    ) -> None:
        """Add a histogram of numbers, counted in the background.

        NaN and infinities are in no bucket and in no statistic but the number of values; how many there are is stored.

        Args:
            tag: name of the histogram; `/` groups.
            values: real numbers of any shape: a list, or an array or tensor of any library.
            global_step: as in `add_scalar`.
            bins: "tensorflow": 1,548 buckets between 0 and plus and minus 1e-12 · 1.1**k up to 1e20, and what lies
                beyond in one more at either end. Or what `numpy.histogram` takes: a number of bins, ascending edges
                (values beyond them are not counted), or the name of a rule, such as "auto".
            walltime: as in `add_scalar`.
            max_bins: if there are n bins and that is more, each n // max_bins neighbours are merged. None: never.

        Raises:
            TypeError: `tag` is no str, or `values` are no real numbers.
            ValueError: there are no values, or `bins` or `max_bins` is none of the above.
        """
        from runlens.writer.kinds import histogram

        check_tag(tag)
        self._add(tag, histogram.of_values(tag, values, bins, max_bins), global_step, walltime)

    def add_histogram_raw(
        self,
        tag: str,
        min: object,
        max: object,
        num: object,
        sum: object,
        sum_squares: object,
        bucket_limits: object,
        bucket_counts: object,
        global_step: object = None,
        walltime: object = None,
    ) -> None:
        """Add a histogram that was counted elsewhere.

        Args:
            tag: name of the histogram; `/` groups.
            min: least value.
            max: greatest value.
            num: number of values.
            sum: their sum.
            sum_squares: the sum of their squares.
            bucket_limits: right edge of each bucket, ascending.
            bucket_counts: number of values in each.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `tag` is no str, or another argument is no number.
            ValueError: the buckets are not two lists of equal length.
        """
        from runlens.writer.kinds import histogram

        check_tag(tag)
        statistics = {"min": min, "max": max, "num": num, "sum": sum, "sum_squares": sum_squares}
        self._add(tag, histogram.of_buckets(tag, statistics, bucket_limits, bucket_counts), global_step, walltime)

    def add_pr_curve(
        self,
        tag: str,
        labels: object,
        predictions: object,
        global_step: object = None,
        num_thresholds: int = 127,
        weights: object = None,
        walltime: object = None,
    ) -> None:
        """Add precision and recall of a binary classifier at evenly spaced thresholds, counted in the background.

        Args:
            tag: name of the curve; `/` groups.
            labels: the truth of each example, of any shape and library: bools, or numbers from 0 to 1.
            predictions: the probability given to each, from 0 to 1; of the shape of `labels`.
            global_step: as in `add_scalar`.
            num_thresholds: so many thresholds from 0 to 1, up to 1,000,000.
            weights: what each example counts; broadcast to the shape of `labels`. None is 1.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `tag` is no str, or something is no array of real numbers.
            ValueError: shapes differ, there is no example, or a number is not where it must be.
        """
        from runlens.writer.kinds import pr_curve

        check_tag(tag)
        curve = pr_curve.of_predictions(tag, labels, predictions, num_thresholds, weights)
        self._add(tag, curve, global_step, walltime)

    def add_pr_curve_raw(
        self,
        tag: str,
        true_positive_counts: object,
        false_positive_counts: object,
        true_negative_counts: object,
        false_negative_counts: object,
        precision: object,
        recall: object,
        global_step: object = None,
        num_thresholds: int = 127,
        weights: object = None,
        walltime: object = None,
    ) -> None:
        """Add a precision-recall curve that was counted elsewhere.

        Args:
            tag: name of the curve; `/` groups.
            true_positive_counts: one number for each threshold, which are evenly spaced from 0 to 1.
            false_positive_counts: the same.
            true_negative_counts: the same.
            false_negative_counts: the same.
            precision: the same.
            recall: the same.
            global_step: as in `add_scalar`.
            num_thresholds: without meaning, as the lists say it; torch has it.
            weights: without meaning, as the counts have them in them; torch has it.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `tag` is no str, or something is no list of real numbers.
            ValueError: the lists are empty or not of equal length.
        """
        from runlens.writer.kinds import pr_curve

        check_tag(tag)
        counts = (true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts)
        curve = pr_curve.of_counts(tag, (*counts, precision, recall))
        self._add(tag, curve, global_step, walltime)

    def add_custom_scalars(self, layout: Mapping[str, Mapping[str, Sequence[object]]]) -> None:
        """Say which scalars of this run share a chart. Another call adds to what earlier ones said.

        Args:
            layout: `{category: {title: [type, tags]}}`. Type "Multiline": `tags` are regular expressions, each of which
                finds the tags that begin with a match. Type "Margin": `tags` are three tags for each band: value,
                lower and upper bound. A chart of the same category and title replaces an earlier one.

        Raises:
            TypeError: `layout` is not built like that.
            ValueError: a type or a regular expression is unknown, or a margin's tags do not come in threes.
        """
        self._add_charts(custom_scalars.charts_of(layout))

    def add_custom_scalars_multilinechart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """As `add_custom_scalars` with `{category: {title: ["Multiline", tags]}}`."""
        self.add_custom_scalars({category: {title: [custom_scalars.MULTILINE, tags]}})

    def add_custom_scalars_marginchart(
        self, tags: Sequence[str], category: str = "default", title: str = "untitled"
    ) -> None:
        """As `add_custom_scalars` with `{category: {title: ["Margin", tags]}}`."""
        self.add_custom_scalars({category: {title: [custom_scalars.MARGIN, tags]}})

    def _add_charts(self, charts: Mapping[custom_scalars.Place, custom_scalars.Chart]) -> None:
        self._layout.add(charts)
        self._add(custom_scalars.TAG, self._layout, None, None)

    def _add_lines(
        self, main_tag: str, tag_scalar_dict: Mapping[str, object], global_step: object, walltime: object
    ) -> None:
        points = [
            scalar.point(f"{main_tag}/{key}", value, global_step, walltime) for key, value in tag_scalar_dict.items()
        ]
        is_news = self._layout.add_lines(main_tag, [point[0] for point in points])
        if is_news or (points and custom_scalars.TAG not in self._sink.described):  # a new file wants it again
            self._add(custom_scalars.TAG, self._layout, None, walltime)
        for point in points:
            self._put(point)

    def _add_to_child_runs(
        self, main_tag: str, tag_scalar_dict: Mapping[str, object], global_step: object, walltime: object
    ) -> None:
        points = {}
        for key, value in tag_scalar_dict.items():
            if "\0" in key:
                raise ValueError(f"tag_scalar_dict of {main_tag!r}: got the key {key!r}, want a directory's name")
            points[key] = scalar.point(main_tag, value, global_step, walltime)
        for key, point in points.items():
            self._worker.sink(f"{self.log_dir}/{main_tag.replace('/', '_')}_{key}").put(point)

    def _add_described(self, point: Scalar, form: scalar.Form, metadata: bytes) -> None:
        tag, value, step, wall_time = point
        sink = self._sink
        parts = scalar.encode(tag, value, form, b"" if tag in sink.described else metadata)
        sink.put_records(frame(event.event(wall_time, step, parts)))
        # After the put, so that no thread leaves the metadata out before they are in the queue.
        sink.described.add(tag)
