"""Queries over a logdir."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

import runlens
from runlens.reader.sql import sql


@pytest.fixture
def logs(tmp_path: Path) -> runlens.Logs:
    for run, rate in (("a", 0.1), ("b", 0.01)):
        with runlens.SummaryWriter(tmp_path / run) as writer:
            writer.add_hparams({"lr": rate, "model": run}, {"best": 1.0})
            for step in range(4):
                writer.add_scalar("loss", step * rate, step)
    return runlens.read(tmp_path)


def test_scalars_and_hparams_are_tables(logs: runlens.Logs) -> None:
    query = """
        SELECT scalars.run, number AS lr, max(value) AS most FROM scalars JOIN hparams USING (run)
        WHERE tag = 'loss' AND name = 'lr' GROUP BY ALL ORDER BY run
    """
    rows = sql(logs, query).fetchall()
    assert [row[0] for row in rows] == ["a", "b"]
    assert [row[2] for row in rows] == pytest.approx([0.3, 0.03])
    assert sql(logs, "SELECT text FROM hparams WHERE name = 'model' ORDER BY run").fetchall() == [("a",), ("b",)]


def test_a_query_reads_no_files(logs: runlens.Logs, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with pytest.raises(duckdb.Error, match="disabled by configuration"):
        sql(logs, f"SELECT * FROM '{tmp_path}/secret.csv'").fetchall()
