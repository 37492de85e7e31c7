"""SQL over a logdir, by DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from runlens.reader.logs import Logs


def sql(logs: Logs, query: str) -> duckdb.DuckDBPyRelation:
    """The answer to a query over two tables.

    `scalars` has a row per point: run, tag, step, wall_time (seconds since the epoch) and value. `hparams` has a row
    per run and hyper-parameter: run, name, number (NULL for a string) and text. Files cannot be read from a query.

    Raises:
        ImportError: duckdb or pyarrow is not installed.
        duckdb.Error: the query is wrong.
    """
    import duckdb
    import pyarrow as pa

    rows = [(run, name, value) for run, found in logs.hparams().items() for name, value in found.items()]
    numbers = [None if isinstance(value, str) else float(value) for _, _, value in rows]
    hparams = pa.table(
        {
            "run": pa.array([run for run, _, _ in rows], pa.string()),
            "name": pa.array([name for _, name, _ in rows], pa.string()),
            "number": pa.array(numbers, pa.float64()),
            "text": pa.array([str(value) for _, _, value in rows], pa.string()),
        }
    )
    connection = duckdb.connect()
    connection.register("scalars", logs.scalars().to_arrow())
    connection.register("hparams", hparams)
    connection.execute("SET enable_external_access = false")
    return connection.sql(query)
