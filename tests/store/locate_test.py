"""Every point is traced to the record that an independent reader finds it in."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from runlens.store import index as index_module
from runlens.store import locate as locate_module
from runlens.store.index import Index
from runlens.store.locate import PointGone, locate, seek
from runlens.wire import event, tensor
from runlens.wire.record import frame, frame_scalars
from tests import oracle
from tests.support import DATA, FRAMEWORKS, index_of, write_scalars

Traced = tuple[int, int, int, float, str]  # offset, record, step, wall time, value


def traced(index: Index) -> dict[tuple[str, str], list[Traced]]:
    """{(file, tag): what is said of each point}."""
    found: dict[tuple[str, str], list[Traced]] = {}
    for run in index.runs.values():
        for tag, series in run.scalars.items():
            for row in range(series.count):
                sought = seek(run, series, row)
                place = locate(sought)
                key = (place.path.relative_to(index.root).as_posix(), tag)
                said = (place.offset, place.record, sought.step, sought.wall_time, repr(sought.value))
                found.setdefault(key, []).append(said)
    return found


def expected(root: Path) -> dict[tuple[str, str], list[Traced]]:
    found: dict[tuple[str, str], list[Traced]] = {}
    for path in root.rglob("*tfevents*"):
        plugins: dict[str, str] = {}
        events = [part for part in oracle.read_events(path.read_bytes()) if isinstance(part, oracle.Event)]
        for record, part in enumerate(events):
            for value in part.values:
                plugins[value.tag] = plugins.get(value.tag) or value.metadata.plugin_name
                number = value.simple_value
                if value.tensor is not None and plugins[value.tag] in ("", "scalars"):
                    number = value.tensor
                if number is not None:
                    key = (path.relative_to(root).as_posix(), value.tag)
                    found.setdefault(key, []).append((part.start, record, part.step, part.wall_time, repr(number)))
    return found


def many_records(path: Path, seed: int) -> None:
    """Records with none, one or several values of few tags, of every precision, some damaged."""
    rng = random.Random(seed)
    path.parent.mkdir(parents=True)
    metadata = event.metadata("scalars")
    with path.open("wb") as file:
        for step in range(400):
            values = []
            for _ in range(rng.randrange(4)):
                tag, value = rng.choice("ab"), rng.random()
                values += [
                    rng.choice(
                        [
                            event.simple_value(tag, value),
                            event.tensor_value(tag, tensor.double_scalar(value), metadata),
                        ]
                    )
                ]
            record = bytearray(frame(event.event(float(step), step % 50, event.summary(*values))))
            if rng.random() < 0.1:
                record[rng.randrange(len(record))] ^= 0x10
            file.write(record)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_real_logs(framework: str) -> None:
    assert traced(index_of(DATA / framework)) == expected(DATA / framework)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_logs_from_every_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(locate_module, "CHECKPOINT_EVERY", 500)
    path = tmp_path / "run" / "tfevents"
    many_records(tmp_path / "written" / "tfevents", seed)
    whole = (tmp_path / "written" / "tfevents").read_bytes()
    path.parent.mkdir()
    index = Index(tmp_path / "run")
    for end in [*range(700, len(whole), 700), len(whole)]:
        path.write_bytes(whole[:end])  # the same inode: the file grows
        index.refresh()
    (file,) = index.runs["."].files.values()
    assert len(file.checkpoints) > 10
    assert traced(index) == expected(tmp_path / "run")


def test_precision_is_that_of_the_log(tmp_path: Path) -> None:
    metadata = event.metadata("scalars")
    values = [event.simple_value("a", 0.1), event.tensor_value("a", tensor.double_scalar(0.1), metadata)]
    (tmp_path / "tfevents").write_bytes(frame(event.event(1.0, 1, event.summary(*values))))
    index = index_of(tmp_path)
    run = index.runs["."]
    assert [locate(seek(run, run.scalars["a"], row)).dtype for row in (0, 1)] == ["float32", "float64"]


def test_a_file_that_changed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_scalars(path, "loss", [1.0, 2.0, 3.0])
    index = index_of(tmp_path)
    run = index.runs["run"]
    sought = seek(run, run.scalars["loss"], 2)
    write_scalars(path, "loss", [1.0, 2.0, 4.0])
    with pytest.raises(PointGone, match="tfevents: was changed since point 2 of loss was read"):
        locate(sought)
    write_scalars(path, "loss", [1.0])
    with pytest.raises(PointGone, match="no longer holds point 2 of loss"):
        locate(sought)
    path.unlink()
    with pytest.raises(PointGone, match="tfevents: No such file"):
        locate(sought)
    with pytest.raises(IndexError):
        seek(run, run.scalars["loss"], 3)


def test_pieces_are_remembered_sparsely(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_module, "PIECE", 1)
    monkeypatch.setattr(locate_module, "CHECKPOINT_EVERY", 2 << 20)
    write_scalars(tmp_path / "run" / "tfevents", "loss", [float(n) for n in range(100_000)])
    index = index_of(tmp_path)
    run = index.runs["run"]
    (file,) = run.files.values()
    assert 1 <= len(file.checkpoints) <= file.found.size / (2 << 20)
    written = file.found.path.read_bytes()
    for row in (0, 54_321, 99_999):
        place = locate(seek(run, run.scalars["loss"], row))
        assert place.record == row
        assert written[place.offset :].startswith(frame_scalars([("loss", float(row), row, 1.7e9 + row)]))
