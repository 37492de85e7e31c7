"""Every form of scalar that the writer makes, read by others' readers."""

import math
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.wire.scan import EventFile, Scalars

# Values, and steps at the ends of what 64 bits hold.
VALUES = [0.1, -0.0, 3.0, 1e-42, 1e38, math.inf, -math.inf, math.nan, 16777217, 1e39]
STEPS = [0, 1, -1, -(2**63), 2**63 - 1, 7, 7, 6, 2**40, -(2**31)]


def same(got: Any, want: Any) -> bool:
    return bool(np.array_equal(np.asarray(got), np.asarray(want), equal_nan=True))


def as_float32(values: list[float]) -> np.ndarray[Any, Any]:
    with np.errstate(over="ignore"):
        return np.array(values, dtype=np.float64).astype(np.float32)


def the_file(directory: Path) -> Path:
    (path,) = directory.glob("*tfevents*")
    return path


def records(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        yield data[: length + 16]
        data = data[length + 16 :]


def accumulated(directory: Path) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    return EventAccumulator(str(directory), size_guidance={"scalars": 0}, purge_orphaned_data=False).Reload()


@pytest.mark.parametrize("tag", ["loss", "train/loss", "Verlust/größe ∆ 损失 🙂", "a" * 300, " "])
def test_default_form_in_tensorboard(tmp_path: Path, tag: str) -> None:
    with SummaryWriter(tmp_path) as writer:
        for value, step in zip(VALUES, STEPS, strict=True):
            writer.add_scalar(tag, value, step, walltime=1234.5 + step % 5)
    events = accumulated(tmp_path).Scalars(tag)
    assert [event.step for event in events] == STEPS
    assert [event.wall_time for event in events] == [1234.5 + step % 5 for step in STEPS]
    assert same([event.value for event in events], as_float32(VALUES))


@pytest.mark.parametrize("double_precision", [False, True])
@pytest.mark.parametrize("new_style", [False, True])
def test_tensor_forms_in_tensorboard(tmp_path: Path, new_style: bool, double_precision: bool) -> None:
    with SummaryWriter(tmp_path) as writer:
        for value, step in zip(VALUES, STEPS, strict=True):
            writer.add_scalar("loss", value, step, 9.0, new_style=new_style, double_precision=double_precision)
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    accumulator = EventAccumulator(str(tmp_path), size_guidance={"tensors": 0}, purge_orphaned_data=False).Reload()
    got = accumulator.Tensors("loss")
    want = np.array(VALUES, dtype=np.float64) if double_precision else as_float32(VALUES)
    assert [event.step for event in got] == STEPS
    assert same([tensor_util.make_ndarray(event.tensor_proto) for event in got], want)
    metadata = accumulator.SummaryMetadata("loss")
    assert metadata.plugin_data.plugin_name == "scalars"
    assert metadata.data_class == 1


def test_metadata_only_with_the_first_value_of_a_file(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

    writer = SummaryWriter(tmp_path)
    for step in range(3):
        writer.add_scalar("loss", 0.5, step, new_style=True)
    writer.close()
    writer.add_scalar("loss", 0.5, 3, double_precision=True)
    writer.close()
    told = [
        (event.summary.value[0].metadata.plugin_data.plugin_name, event.summary.value[0].metadata.data_class)
        for path in sorted(tmp_path.iterdir(), key=lambda path: int(path.suffix[1:]))
        for event in LegacyEventFileLoader(str(path)).Load()
        if event.HasField("summary")
    ]
    assert told == [("scalars", 1), ("", 0), ("", 0), ("scalars", 1)]


def test_names_and_descriptions_equal_tensorboardxs(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator
    from tensorboardX import SummaryWriter as TensorboardX

    texts: Any = {"display_name": "Verlust ∆", "summary_description": "What *we* [minimise](x)"}
    metadata = []
    for directory, make in (("ours", SummaryWriter), ("tensorboardX", TensorboardX)):
        with make(str(tmp_path / directory)) as writer:
            for step in range(3):
                writer.add_scalar("loss", step / 4, step, 5.0, **texts)
        assert [event.value for event in accumulated(tmp_path / directory).Scalars("loss")] == [0, 0.25, 0.5]
        metadata.append(EventAccumulator(str(tmp_path / directory)).Reload().SummaryMetadata("loss"))
    assert metadata[0] == metadata[1]
    assert (metadata[0].display_name, metadata[0].summary_description) == tuple(texts.values())
    scan = EventFile(the_file(tmp_path / "ours")).advance(2**40)
    assert [(tag.display_name, tag.description) for tag in scan.tags.values()] == [tuple(texts.values())]
    assert [packed.columns()[2].tolist() for packed in scan.scalars.values()] == [[0, 0.25, 0.5]]


@pytest.mark.parametrize("form", [{"new_style": True}, {"double_precision": True}])
def test_names_and_descriptions_in_tensor_forms(tmp_path: Path, form: dict[str, bool]) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", 1.0, display_name="The loss", summary_description="text", **form)
    (tag,) = EventFile(the_file(tmp_path)).advance(2**40).tags.values()
    assert (tag.display_name, tag.description, tag.plugin, tag.data_class) == ("The loss", "text", "scalars", 1)


@pytest.mark.parametrize("name", ["display_name", "summary_description"])
def test_names_and_descriptions_are_text(tmp_path: Path, name: str) -> None:
    with SummaryWriter(tmp_path) as writer, pytest.raises(TypeError, match=f"{name} of 'loss': got int 3, want a str"):
        writer.add_scalar("loss", 1.0, **{name: 3})  # type: ignore[arg-type]


@pytest.mark.parametrize("new_style", [False, True])
@pytest.mark.parametrize("step", [0, 5, -5, 2**40])
def test_bytes_equal_torchs(tmp_path: Path, step: int, new_style: bool) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            writer.add_scalar("train/loss", 0.1, step, walltime=1.7e9, new_style=new_style)
    ours, torchs = (list(records(the_file(tmp_path / name)))[1] for name in ("ours", "torch"))
    if new_style:  # ours says the shape and the data class, torch neither
        assert b"scalars" in ours
        assert struct.pack("<f", 0.1) in ours
    else:
        assert ours == torchs


@pytest.mark.filterwarnings("ignore")  # tbparse's own
def test_tbparse_reads_all_forms(tmp_path: Path) -> None:
    from tbparse import SummaryReader

    with SummaryWriter(tmp_path) as writer:
        for step in range(5):
            writer.add_scalar("plain", step / 3, step)
            writer.add_scalar("new", step / 3, step, new_style=True)
            writer.add_scalar("double", step / 3, step, double_precision=True)
    frame = SummaryReader(str(tmp_path), event_types={"scalars"}).scalars
    assert same(frame[frame.tag == "plain"].value, as_float32([step / 3 for step in range(5)]))
    assert same(SummaryReader(str(tmp_path)).tensors.query("tag == 'double'").step, range(5))


def test_tensorboards_file_loader_finds_version_and_all_records(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

    with SummaryWriter(tmp_path) as writer:
        for step in range(20_000):  # several batches
            writer.add_scalar("loss", step, step)
    events = list(EventFileLoader(str(the_file(tmp_path))).Load())
    assert events[0].file_version == "brain.Event:2"
    assert [event.step for event in events[1:]] == list(range(20_000))


def test_add_scalars_lays_out_as_torch(tmp_path: Path) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            for step in range(3):
                writer.add_scalars("a/b", {"x": step, "y/z": 2.5 * step}, step, walltime=5.0)
            writer.add_scalars("a/b", {}, 9)
    for name in ("a_b_x", "a_b_y/z"):
        ours, torchs = (list(records(the_file(tmp_path / directory / name))) for directory in ("ours", "torch"))
        assert ours[1:] == torchs[1:]
    folders = [
        {str(p.parent.relative_to(tmp_path / d)) for p in (tmp_path / d).rglob("*tfevents*")} for d in ("ours", "torch")
    ]
    assert folders[0] == folders[1] == {".", "a_b_x", "a_b_y/z"}


def test_add_scalars_adds_all_or_nothing(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(TypeError, match="scalar 'm': got NoneType None, want exactly one number"):
            writer.add_scalars("m", {"good": 1.0, "bad": None}, 1)
        with pytest.raises(TypeError, match="tag_scalar_dict of 'm': got list"):
            writer.add_scalars("m", [1.0], 1)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="want a directory's name"):
            writer.add_scalars("m", {"a\0b": 1.0}, 1)
        with pytest.raises(TypeError, match="a key of 'm': got int 3, want a str"):
            writer.add_scalars("m", {3: 1.0}, 1)  # type: ignore[dict-item]
    assert len(list(tmp_path.iterdir())) == 1


TAGS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
POINTS = st.lists(
    st.tuples(TAGS, st.floats(width=64), st.integers(-(2**63), 2**63 - 1), st.floats(0, 1e10), st.booleans()),
    max_size=30,
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=POINTS)
def test_round_trip(
    tmp_path_factory: pytest.TempPathFactory, points: list[tuple[str, float, int, float, bool]]
) -> None:
    directory = tmp_path_factory.mktemp("run")
    with SummaryWriter(directory) as writer:
        for tag, value, step, wall_time, new_style in points:
            writer.add_scalar(tag, value, step, wall_time, new_style=new_style)
    scan = EventFile(the_file(directory)).advance(2**40)
    assert not scan.damage
    assert scan.records == 1 + len(points)
    assert {tag.name for tag in scan.tags.values()} == {point[0] for point in points}
    for number, found in scan.tags.items():
        want = [point for point in points if point[0] == found.name]
        scalars = Scalars(*scan.scalars[number].columns())
        assert scalars.steps.tolist() == [point[2] for point in want]
        assert scalars.wall_times.tolist() == [point[3] for point in want]
        assert same(scalars.values, as_float32([point[1] for point in want]))
