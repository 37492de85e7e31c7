"""Defaults for step and wall time, beside tensorboardX's."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest

from runlens import SummaryWriter

Points = Callable[[Path], list[tuple[str, int, float, float]]]


def test_as_tensorboardx_has_it(tmp_path: Path, points: Points) -> None:
    from tensorboardX import SummaryWriter as TensorboardX

    for name, make in (("ours", SummaryWriter), ("theirs", TensorboardX)):
        with make(str(tmp_path / name), filename_suffix=".0") as writer:
            with writer.use_metadata(global_step=10, walltime=5.0) as same:
                assert same is writer
                writer.add_scalar("default", 1.0)
                writer.add_scalar("positional", 2.0, 3, 4.0)
                writer.add_scalar("named", 3.0, walltime=4.0, global_step=3)
                writer.add_scalar("none", 4.0, None, None)
            writer.add_scalar("after", 5.0, walltime=1.0)
    ours, theirs = points(tmp_path / "ours"), points(tmp_path / "theirs")
    assert ours == theirs
    assert ours == [
        ("default", 10, 5.0, 1.0),
        ("positional", 3, 4.0, 2.0),
        ("named", 3, 4.0, 3.0),
        ("none", 10, 5.0, 4.0),
        ("after", 0, 1.0, 5.0),
    ]


def test_zero_is_a_step_and_methods_without_one_are_left_alone(tmp_path: Path, points: Points) -> None:
    with SummaryWriter(tmp_path) as writer, writer.use_metadata(global_step=7, walltime=2.0):
        writer.add_scalar("zero", 1.0, 0, 0.0)
        writer.add_scalars("many", {"a": 1.0})
        writer.add_event("mark")
        writer.add_hparams({"lr": 0.1}, {"acc": 1.0})  # takes a step and no wall time
    assert [(tag, step) for tag, step, _, _ in points(tmp_path)] == [("zero", 0), ("acc", 7)]
    assert [point[1:3] for point in points(tmp_path / "many_a")] == [(7, 2.0)]


def test_blocks_in_blocks(tmp_path: Path, points: Points) -> None:
    with SummaryWriter(tmp_path) as writer:
        with writer.use_metadata(global_step=1, walltime=1.0):
            with writer.use_metadata(global_step=2):
                writer.add_scalar("inner", 1.0)
            writer.add_scalar("outer", 1.0)
            with pytest.raises(KeyError), writer.use_metadata(walltime=3.0):
                writer.add_scalar("failing", 1.0)
                raise KeyError
            writer.add_scalar("again", 1.0)
        assert not [name for name in vars(writer) if name.startswith("add_")]
    assert [point[:3] for point in points(tmp_path)] == [
        ("inner", 2, 1.0),
        ("outer", 1, 1.0),
        ("failing", 1, 3.0),
        ("again", 1, 1.0),
    ]


def test_errors_come_from_the_call(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer, writer.use_metadata(global_step="x"):
        with pytest.raises(ValueError, match="global_step of 'loss': got str 'x'"):
            writer.add_scalar("loss", 1.0)
        with pytest.raises(TypeError, match="scalar_value"):
            writer.add_scalar("loss")  # type: ignore[call-arg]


def test_a_writer_is_let_go_after_a_block(tmp_path: Path) -> None:
    writer = SummaryWriter(tmp_path)
    with writer.use_metadata(global_step=1):
        writer.add_scalar("loss", 1.0)
    found = weakref.ref(writer)
    gc.collect()
    gc.disable()
    try:
        del writer
        assert found() is None
    finally:
        gc.enable()
