"""The Parquet file that the page writes (web/src/kinds/hparams/parquet.test.ts), read by Apache's own reader."""

from __future__ import annotations

import datetime
import math
from pathlib import Path

import pytest

parquet = pytest.importorskip("pyarrow.parquet")


def test_pyarrow_reads_what_the_page_writes() -> None:
    table = parquet.read_table(Path(__file__).with_name("hparams.golden.parquet"))
    types = {field.name: str(field.type) for field in table.schema}
    assert list(types.items())[:7] == [
        ("run", "string"),
        ("loss", "double"),
        ("odd", "double"),
        ("amp", "bool"),
        ("start", "timestamp[ms]") if types["start"] == "timestamp[ms]" else ("start", "timestamp[ms, tz=UTC]"),
        ("none", "string"),
        ("c0", "double"),
    ]
    cells = table.to_pydict()
    assert cells["run"] == [f"run {i} ü" for i in range(300)]
    assert cells["loss"] == [None if i % 3 == 1 else i / 7 for i in range(300)]
    assert math.isnan(cells["odd"][0])
    assert [math.inf, -0.0, 1e300, *[None] * 296] == cells["odd"][1:]
    assert math.copysign(1, cells["odd"][2]) == -1
    assert cells["amp"] == [None if i == 5 else i % 3 == 0 for i in range(300)]
    assert [moment.timestamp() if moment.tzinfo else moment.replace(tzinfo=datetime.timezone.utc).timestamp()
            for moment in cells["start"][:2]] == [1.7e9, 1.7e9 + 0.001]  # fmt: skip
    assert cells["start"][2:] == cells["none"][2:] == [None] * 298
    assert all(cells[f"c{i}"] == list(range(300)) for i in range(12))
