"""Writers of a distributed job's other ranks: they do nothing, and leave nothing."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from runlens import SummaryWriter


class Later(SummaryWriter):
    """A writer with a method that is added one day."""

    def add_something(self, tag: str) -> None:
        raise AssertionError(f"{tag} was not to be added")


def silent_writers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Later]:
    made = [Later(tmp_path / "run", write_to_disk=False, capture=True)]
    monkeypatch.setenv("RANK", "1")
    return [*made, Later(tmp_path / "run", write_to_disk="rank0")]


def test_no_method_does_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = threading.active_count()
    for writer in silent_writers(tmp_path, monkeypatch):
        names = [name for name in dir(SummaryWriter) if name.startswith("add_")]
        names.remove("add_figure")  # it closes its figures, see figure_test.py
        assert {"add_scalar", "add_scalars", "add_embedding", "add_hparams", "add_event"} <= set(names)
        with writer as same:
            assert same is writer
            for name in [*names, "add_something"]:
                method: Any = getattr(writer, name)
                assert method() is None
                assert method("tag", object(), global_step=[], unknown=1) is None
            with writer.use_metadata(global_step=3):
                writer.add_scalar("loss", 1.0)
                writer.add_something("x")
            writer.flush()
        writer.close()
        with pytest.raises(KeyError), writer:
            raise KeyError
        assert writer.get_logdir() == str(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


@pytest.mark.parametrize("rank", [None, "0"])
def test_rank_zero_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rank: str | None) -> None:
    if rank is None:
        monkeypatch.delenv("RANK", raising=False)
    else:
        monkeypatch.setenv("RANK", rank)
    with SummaryWriter(tmp_path, write_to_disk="rank0") as writer:
        writer.add_scalar("loss", 1.0, 1)
    (path,) = tmp_path.iterdir()
    assert b"loss" in path.read_bytes()


def test_rank_one_writes_when_nothing_says_otherwise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    SummaryWriter(tmp_path).close()
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("wrong", ["rank1", None, "yes", 2])
def test_errors(tmp_path: Path, wrong: Any) -> None:
    with pytest.raises(ValueError, match=r"write_to_disk: got .*, want True, False or 'rank0'"):
        SummaryWriter(tmp_path / "run", write_to_disk=wrong)
    assert list(tmp_path.iterdir()) == []
