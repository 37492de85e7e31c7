"""The index against the slow reader in tests/oracle.py: random logdirs of every kind, restarted and damaged."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.data_compat import migrate_value
from tensorboard.util.tensor_util import make_ndarray

from runlens.store.entry import entries_of, read_payloads
from runlens.store.index import Index
from runlens.store.run import Run
from runlens.wire import value
from runlens.wire.buckets import Histogram
from tests import oracle
from tests.random_logs import log_of, random_file, real_records
from tests.support import comparable, index_of

LEGACY = {4: ("image", Summary.Image), 5: ("histo", HistogramProto), 6: ("audio", Summary.Audio)}


def write_logdir(root: Path, seed: int) -> None:
    chance = random.Random(seed)
    for run in ("a", "a/b", "c")[: chance.randint(1, 3)]:
        (root / run).mkdir(parents=True, exist_ok=True)
        for number in range(chance.randint(1, 3)):
            (root / run / f"tfevents.{number}").write_bytes(random_file(chance))


def expected_run(files: list[Path]) -> dict[str, Any]:
    """What a run holds, by the oracle alone: its files joined in the order of their names."""
    joined: dict[str, dict[str, Any]] = {"scalars": {}, "entries": {}, "metadata": {}}
    for path in sorted(files):
        log = log_of(path.read_bytes())
        for tag, rows in log["scalars"].items():
            joined["scalars"].setdefault(tag, []).extend(comparable(*zip(*rows, strict=True)))
        for tag, entries in log["entries"].items():
            joined["entries"].setdefault(tag, []).extend((path, *entry) for entry in entries)
        for tag, said in log["metadata"].items():
            joined["metadata"][tag] = joined["metadata"].get(tag, oracle.Metadata()).then(said)
    tags = joined["scalars"].keys() | joined["entries"].keys()
    joined["metadata"] = {tag: said for tag, said in joined["metadata"].items() if tag in tags}
    return joined


def indexed_run(run: Run) -> dict[str, Any]:
    entries = {}
    for tag in run.entries:
        listed = entries_of(run, tag)
        payloads = read_payloads(listed)
        entries[tag] = [
            (entry.path, entry.form, entry.step, entry.wall_time, entry.offset, payload)
            for entry, payload in zip(listed, payloads, strict=True)
        ]
    return {
        "scalars": {tag: comparable(*series.columns()) for tag, series in run.scalars.items()},
        "entries": entries,
        "metadata": {
            series.tag.name: oracle.Metadata(
                series.tag.plugin,
                series.tag.content,
                series.tag.display_name,
                series.tag.description,
                series.tag.data_class,
            )
            for series in (*run.scalars.values(), *run.entries.values())
        },
    }


def assert_as_the_oracle_says(root: Path, index: Index) -> None:
    by_run: dict[str, list[Path]] = {}
    for path in root.rglob("*tfevents*"):
        by_run.setdefault(path.parent.relative_to(root).as_posix(), []).append(path)
    assert index.runs.keys() == by_run.keys()
    for name, files in by_run.items():
        expected = expected_run(files)
        found = indexed_run(index.runs[name])
        assert found["metadata"] == expected["metadata"], name
        for part in ("scalars", "entries"):
            assert in_any_order(found[part], len(files)) == in_any_order(expected[part], len(files)), (name, part)


def in_any_order(rows_by_tag: dict[str, list[Any]], files: int) -> dict[str, list[Any]]:
    """How the files of a run are joined is not the question here; within one file the order is its own."""
    return rows_by_tag if files == 1 else {tag: sorted(rows, key=repr) for tag, rows in rows_by_tag.items()}


@pytest.mark.parametrize("seed", range(25))
def test_random_logdirs_are_indexed_to_the_last_byte(tmp_path: Path, seed: int) -> None:
    write_logdir(tmp_path, seed)
    assert_as_the_oracle_says(tmp_path, index_of(tmp_path))


def test_the_logs_have_every_form() -> None:
    log = oracle.read(b"".join(real_records()))
    forms = {entry.form for entries in log.entries.values() for entry in entries}
    assert forms == {4, 5, 6, 8, 9, 104, 106, 107, 108, 109}


def test_payloads_decode_as_tensorboard_decodes_them() -> None:
    log = oracle.read(b"".join(real_records()))
    seen = set()
    for tag, entries in log.entries.items():
        for form, payload in ((entry.form, entry.payload) for entry in entries):
            if form == 8:
                tensor = TensorProto.FromString(payload)
                found = value.tensor_of(form, payload)
            elif form in LEGACY:
                field, message = LEGACY[form]
                tensor = migrate_value(Summary.Value(tag=tag, **{field: message.FromString(payload)})).tensor
                found = as_tensor(form, payload)
            else:
                continue
            seen.add(form)
            assert np.array_equal(found, make_ndarray(tensor))
    assert seen == {4, 5, 6, 8}


def as_tensor(form: int, payload: bytes) -> Any:
    """A legacy form as the modern one holds it."""
    if form == 4:
        images = value.images_of(form, payload)
        return np.array([b"%d" % images.width, b"%d" % images.height, *images.encoded], object)
    if form == 5:
        (found,) = value.histograms_of([form], [payload])
        assert isinstance(found, Histogram)
        return np.column_stack([found.left, found.right, found.count]).astype(np.float32)
    return np.array([[clip.encoded[:], clip.label.encode()] for clip in value.clips_of(form, payload)], object)
