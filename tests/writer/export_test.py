"""The export of scalars beside tensorboardX's."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter


def exported(writer: Any, directory: Path) -> dict[str, list[list[float]]]:
    writer.export_scalars_to_json(directory / "scalars.json")
    found: dict[str, list[list[float]]] = json.loads((directory / "scalars.json").read_text())
    return found


def test_equal_to_tensorboardxs(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter as TensorboardX

    log_dir = tmp_path / "run"
    answers = []
    for make in (TensorboardX, lambda path: SummaryWriter(path, compat=False)):
        with make(str(log_dir)) as writer:
            for step in range(3):
                writer.add_scalars("loss/both", {"train": step / 4, "val": step * 2.5}, step, walltime=step + 0.5)
            answers.append(exported(writer, tmp_path))
    assert answers[0] == answers[1]
    assert answers[0][f"{log_dir}/loss/both/train"] == [[0.5, 0, 0], [1.5, 1, 0.25], [2.5, 2, 0.5]]


def test_all_scalars_of_all_files_of_this_writer(tmp_path: Path) -> None:
    log_dir = str(tmp_path / "run")
    with SummaryWriter(log_dir) as before:
        before.add_scalar("loss", 9.0)
    writer = SummaryWriter(log_dir)
    writer.add_scalar("loss", 1.0, 1, 5.0)
    writer.add_scalar("double", 0.1, 1, 5.0, double_precision=True)
    writer.add_scalars("a/b", {"x": 3.0}, 1, 5.0)
    writer.close()
    writer.add_scalar("loss", math.nan, 2, 6.0)
    found = exported(writer, tmp_path)
    writer.close()
    assert repr(found) == repr(
        {
            f"{log_dir}/loss": [[5.0, 1, 1.0], [6.0, 2, math.nan]],
            f"{log_dir}/double": [[5.0, 1, 0.1]],
            f"{log_dir}/a_b_x": [[5.0, 1, 3.0]],
        }
    )


def test_nothing_to_export(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        assert exported(writer, tmp_path) == {}
    SummaryWriter(tmp_path / "silent", write_to_disk=False).export_scalars_to_json(tmp_path / "no.json")
    assert not (tmp_path / "no.json").exists()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer, pytest.raises(OSError, match=r"no/such/folder"):
        writer.export_scalars_to_json(tmp_path / "no/such/folder/x.json")
