"""Scalars of many runs and tags as one table, and the same for numpy, pandas, polars and Arrow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Scalars:
    """One row per logged point. All columns have equal length.

    Runs and tags are given as places in `runs` and `tags`: a million rows would take long to name one by one. Rows are
    grouped by run, then tag, and within both in the order of their wall times.
    """

    runs: list[str]
    tags: list[str]
    run: Codes
    tag: Codes
    step: NDArray[np.int64]
    wall_time: NDArray[np.float64]  # seconds since the epoch
    value: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.step)

    def to_numpy(self) -> dict[str, NDArray[Any]]:
        """The columns run, tag, step, wall_time and value; run and tag as arrays of strings."""
        return {
            "run": np.array(self.runs, object)[self.run] if self.runs else np.zeros(0, object),
            "tag": np.array(self.tags, object)[self.tag] if self.tags else np.zeros(0, object),
            "step": self.step,
            "wall_time": self.wall_time,
            "value": self.value,
        }

    def to_pandas(self, wide: bool = False) -> pandas.DataFrame:
        """A frame with the columns run, tag, step, wall_time and value; run and tag are categories.

        With `wide`, a row per run and step and a column per tag; of a step that was logged twice the last counts, as
        after a restart.

        Raises:
            ImportError: pandas is not installed.
        """
        import pandas as pd

        frame = pd.DataFrame(
            {
                "run": pd.Categorical.from_codes(self.run, self.runs),
                "tag": pd.Categorical.from_codes(self.tag, self.tags),
                "step": self.step,
                "wall_time": self.wall_time,
                "value": self.value,
            },
            copy=False,
        )
        if not wide:
            return frame
        last = frame.drop_duplicates(["run", "tag", "step"], keep="last")
        table = last.pivot(index=["run", "step"], columns="tag", values="value")
        return table.rename_axis(columns=None)[self.tags].reset_index()

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table with the columns run, tag, step, wall_time and value; run and tag are dictionaries.

        Raises:
            ImportError: pyarrow is not installed.
        """
        import pyarrow as pa

        return pa.table(
            {
                "run": pa.DictionaryArray.from_arrays(pa.array(self.run), pa.array(self.runs, pa.string())),
                "tag": pa.DictionaryArray.from_arrays(pa.array(self.tag), pa.array(self.tags, pa.string())),
                "step": self.step,
                "wall_time": self.wall_time,
                "value": self.value,
            }
        )

    def to_polars(self, wide: bool = False) -> polars.DataFrame:
        """The same as a frame of polars.

        Raises:
            ImportError: polars is not installed.
        """
        import polars as pl

        frame = pl.DataFrame(
            {
                "run": pl.Series(self.runs, dtype=pl.String).gather(self.run),
                "tag": pl.Series(self.tags, dtype=pl.String).gather(self.tag),
                "step": self.step,
                "wall_time": self.wall_time,
                "value": self.value,
            }
        )
        if not wide:
            return frame
        return frame.pivot("tag", index=["run", "step"], values="value", aggregate_function="last").sort("run", "step")
