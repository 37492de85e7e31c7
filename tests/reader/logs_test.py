"""`runlens.read` gives what was logged, by whatever writer, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import runlens
from runlens.reader.logs import Logs
from runlens.wire.fields import Malformed
from runlens.wire.record import frame_scalars
from tests.support import DATA, FRAMEWORKS, comparable, expected_scalars


@pytest.fixture
def logs(tmp_path: Path) -> Logs:
    """Two runs of a writer of ours with a value of each kind."""
    rng = np.random.default_rng(7)
    for name in ("a", "b"):
        with runlens.SummaryWriter(tmp_path / name) as writer:
            for step in range(3):
                writer.add_scalar("loss", 1 / (step + 1), step, walltime=1e9 + step)
                writer.add_scalar("acc/top 1", step / 4, step, walltime=1e9 + step)
            writer.add_image("picture", PICTURE, 5, dataformats="HWC")
            writer.add_images("batch", np.stack([PICTURE, 255 - PICTURE]), 6, dataformats="NHWC")
            writer.add_audio("tone", TONE, 7, sample_rate=8000)
            writer.add_text("note", "# 你好", 8)
            writer.add_histogram("weights", rng.normal(size=1000), 9)
            writer.add_pr_curve("pr", LABELS, SCORES, 10, num_thresholds=11)
            writer.add_hparams({"lr": 0.1, "model": name, "deep": True}, {"metric": 0.5})
    return runlens.read(tmp_path)


PICTURE = np.arange(4 * 5 * 3, dtype=np.uint8).reshape(4, 5, 3)
TONE = np.sin(np.arange(800) / 10).astype(np.float32)
LABELS, SCORES = np.array([0, 1, 1, 0, 1]), np.array([0.1, 0.35, 0.85, 0.6, 0.95])


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_all_scalars_of_real_logs(framework: str) -> None:
    table = runlens.read(DATA / framework).scalars()
    found: dict[str, dict[str, list[object]]] = {}
    rows = zip(table.run, table.tag, comparable(table.step, table.wall_time, table.value), strict=True)
    for run, tag, point in rows:
        found.setdefault(table.runs[run], {}).setdefault(table.tags[tag], []).append(point)
    assert found == expected_scalars(framework)


def test_runs_and_tags_by_kind(logs: Logs) -> None:
    assert logs.runs == ["a", "b"]
    assert logs.problems == []
    tags = logs.tags("a")
    assert tags["scalar"] == ["acc/top 1", "loss", "metric"]
    assert tags["image"] == ["batch", "picture"]
    assert {kind: tags[kind] for kind in ("audio", "text", "histogram", "pr_curve")} == {
        "audio": ["tone"],
        "text": ["note/text_summary"],
        "histogram": ["weights"],
        "pr_curve": ["pr"],
    }


def test_scalars_can_be_chosen(logs: Logs) -> None:
    assert len(logs.scalars()) == 2 * (3 + 3 + 1)
    assert logs.scalars(run="b", tag="loss").value.tolist() == pytest.approx([1, 1 / 2, 1 / 3])
    assert logs.scalars(pattern="^(loss|metric)$").tags == ["loss", "metric"]
    assert logs.scalars(run=["b", "a"], tag=["loss"]).runs == ["a", "b"]
    with pytest.raises(KeyError, match="no run 'c'; there are 'a', 'b'"):
        logs.scalars(run="c")
    with pytest.raises(KeyError, match="no tag 'lost'"):
        logs.scalars(tag="lost")
    with pytest.raises(ValueError, match="no regular expression"):
        logs.scalars(pattern="(")


def test_frames_are_the_same_everywhere(logs: Logs) -> None:
    table = logs.scalars(tag=["loss", "acc/top 1"])
    columns = table.to_numpy()
    frame = table.to_pandas()
    assert frame["run"].tolist() == columns["run"].tolist() == ["a"] * 6 + ["b"] * 6
    assert frame["tag"].tolist() == columns["tag"].tolist()
    for name in ("step", "wall_time", "value"):
        assert frame[name].to_numpy().tolist() == columns[name].tolist()
    assert table.to_arrow().to_pandas()["tag"].tolist() == frame["tag"].tolist()
    polar = table.to_polars()
    assert polar["run"].to_list() == frame["run"].tolist()
    assert polar["value"].to_list() == frame["value"].tolist()


def test_wide_frames_have_a_column_per_tag_and_the_last_value_of_a_step(tmp_path: Path) -> None:
    rows = [("x", 1.0, 0, 1e9), ("y", 2.0, 0, 1e9), ("x", 3.0, 1, 1e9 + 1), ("x", 4.0, 0, 1e9 + 2)]
    (tmp_path / "events.out.tfevents.1").write_bytes(frame_scalars(rows))
    table = runlens.read(tmp_path).scalars()
    wide = table.to_pandas(wide=True)
    assert wide.columns.tolist() == ["run", "step", "x", "y"]
    assert wide["x"].tolist() == [4.0, 3.0]
    assert wide["y"].iloc[0] == 2.0
    assert pd.isna(wide["y"].iloc[1])
    assert table.to_polars(wide=True).rows() == [(".", 0, 4.0, 2.0), (".", 1, 3.0, None)]


def test_no_scalars_are_a_frame_without_rows(tmp_path: Path) -> None:
    table = runlens.read(tmp_path).scalars()
    assert len(table.to_pandas()) == len(table.to_polars()) == len(table.to_arrow()) == 0
    assert table.to_pandas(wide=True).columns.tolist() == ["run", "step"]


def test_media_come_back_as_they_were_logged(logs: Logs) -> None:
    (picture,) = logs.images("a", "picture")
    assert (picture.step, len(picture.value)) == (5, 1)
    np.testing.assert_array_equal(picture.value[0], PICTURE)
    (sound,) = logs.audio("a", "tone")[0].value
    assert (sound.sample_rate, sound.samples.shape) == (8000, (800, 1))
    np.testing.assert_allclose(sound.samples[:, 0], TONE, atol=2 / 32768)
    assert logs.text("a", "note/text_summary")[0].value == "# 你好"


def test_numbers_come_back_as_they_were_logged(logs: Logs) -> None:
    histogram = logs.histograms("b", "weights").at(9).value
    assert histogram.count.sum() == 1000
    curve = logs.pr_curves("b", "pr")[0].value
    assert curve.thresholds.tolist() == pytest.approx(np.linspace(0, 1, 11))
    for i, threshold in enumerate(curve.thresholds):  # scores are kept in as many bins as there are thresholds
        assert curve.true_positives[i] == np.sum((np.floor(SCORES * 10) / 10 >= threshold - 1e-9) & (LABELS == 1))
    assert logs.hparams() == {
        "a": {"lr": 0.1, "model": "a", "deep": True},
        "b": {"lr": 0.1, "model": "b", "deep": True},
    }


def test_values_are_a_sequence(logs: Logs) -> None:
    values = logs.images("a", "batch")
    assert len(values) == len(values[:]) == 1
    assert values.steps.tolist() == [6]
    with pytest.raises(KeyError, match="nothing was logged at step 3"):
        values.at(3)
    with pytest.raises(KeyError, match="kind image in run 'a'"):
        logs.images("a", "loss")


def test_values_of_several_files_are_one_sequence(tmp_path: Path) -> None:
    for first in (0, 3):
        with runlens.SummaryWriter(tmp_path, filename_suffix=f".{first}") as writer:
            for step in range(first, first + 3):
                writer.add_text("note", f"words {step}", step, walltime=1e9 + step)
    values = runlens.read(tmp_path).text(".", "note/text_summary")
    assert len(values) == 6
    assert values.steps.tolist() == [one.step for one in values] == list(range(6))
    assert [one.value for one in values[1:-1:2]] == ["words 1", "words 3"]
    assert [values[place].step for place in (0, 2, 3, 5, -1, -4, -6)] == [0, 2, 3, 5, 5, 2, 0]
    for place in (6, -7):
        with pytest.raises(IndexError):
            values[place]


def test_a_refresh_reads_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "events.out.tfevents.1"
    path.write_bytes(frame_scalars([("x", 1.0, 0, 1e9)]))
    logs = runlens.read(tmp_path)
    with path.open("ab") as file:
        file.write(frame_scalars([("x", 2.0, 1, 1e9)]))
    assert logs.scalars().value.tolist() == [1.0]
    assert logs.refresh().scalars().value.tolist() == [1.0, 2.0]


def test_one_file_is_read_alone(tmp_path: Path) -> None:
    for number in (1, 2):
        path = tmp_path / f"events.out.tfevents.{number}"
        path.write_bytes(frame_scalars([("x", float(number), 0, 1e9)]))
    assert runlens.read(path).scalars().value.tolist() == [2.0]


def test_what_is_no_logdir_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        runlens.read(tmp_path / "gone")
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(ValueError, match=r"notes.txt is no event file"):
        runlens.read(tmp_path / "notes.txt")


def test_a_broken_image_is_an_error_and_no_more(tmp_path: Path) -> None:
    with runlens.SummaryWriter(tmp_path) as writer:
        writer.add_image("picture", PICTURE, 0, dataformats="HWC")
    (path,) = tmp_path.iterdir()
    logs = runlens.read(tmp_path)
    logged = logs.images(".", "picture")[0]
    data = path.read_bytes()
    assert b"IHDR" in data
    broken = data.replace(b"\x89PNG", b"\x89PNK")
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / path.name
    other.write_bytes(broken)
    assert logged.value[0].shape == (4, 5, 3)
    assert runlens.read(tmp_path / "other").problems  # the checksum says so
    from runlens.reader.values import pictures

    with pytest.raises(Malformed, match="image"):
        pictures(4, logged.raw.replace(b"\x89PNG", b"\x89PNK"))
