"""The same script on TensorBoard's EventAccumulator and on ours reads the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing import event_accumulator as theirs

from runlens import SummaryWriter
from runlens.reader import accumulator as ours
from runlens.reader.choose import Names
from runlens.reader.logs import Logs
from tests.support import DATA

EVERYTHING = dict.fromkeys((theirs.SCALARS, theirs.IMAGES, theirs.AUDIO, theirs.HISTOGRAMS, theirs.TENSORS), 0)
FOLDERS = sorted({path.parent for path in DATA.glob("*/**/events.out.tfevents*")})


@pytest.fixture(params=FOLDERS, ids=[folder.relative_to(DATA).as_posix() for folder in FOLDERS])
def both(request: pytest.FixtureRequest) -> tuple[theirs.EventAccumulator, ours.EventAccumulator]:
    folder = str(request.param)
    return (
        theirs.EventAccumulator(folder, EVERYTHING, purge_orphaned_data=False).Reload(),
        ours.EventAccumulator(folder, EVERYTHING).Reload(),
    )


Both = tuple[theirs.EventAccumulator, ours.EventAccumulator]


def test_scalars(both: Both) -> None:
    for tag in both[0].Tags()["scalars"]:
        found = [(event.step, event.wall_time, event.value) for event in both[1].Scalars(tag)]
        np.testing.assert_array_equal(found, [(e.step, e.wall_time, e.value) for e in both[0].Scalars(tag)])


def test_images(both: Both) -> None:
    for tag in both[0].Tags()["images"]:
        found = [(e.step, e.wall_time, e.encoded_image_string, e.width, e.height) for e in both[1].Images(tag)]
        assert found == [(e.step, e.wall_time, e.encoded_image_string, e.width, e.height) for e in both[0].Images(tag)]


def test_sounds(both: Both) -> None:
    for tag in both[0].Tags()["audio"]:
        found = [(e.step, e.encoded_audio_string, e.sample_rate) for e in both[1].Audio(tag)]
        assert found == [(e.step, e.encoded_audio_string, e.sample_rate) for e in both[0].Audio(tag)]


def test_histograms(both: Both) -> None:
    for tag in both[0].Tags()["histograms"]:
        for mine, other in zip(both[1].Histograms(tag), both[0].Histograms(tag), strict=True):
            assert (mine.step, mine.wall_time) == (other.step, other.wall_time)
            names = ("min", "max", "num", "sum", "sum_squares")
            said = [getattr(other.histogram_value, name) for name in names]
            assert [getattr(mine.histogram_value, name) for name in names] == said
            counts = [count for count in other.histogram_value.bucket if count]
            assert [count for count in mine.histogram_value.bucket if count] == counts


def test_tensors(both: Both) -> None:
    from tensorboard.util.tensor_util import make_ndarray

    for tag in set(both[0].Tags()["tensors"]) & set(both[1].Tags()["tensors"]):
        for mine, other in zip(both[1].Tensors(tag), both[0].Tensors(tag), strict=True):
            assert (mine.step, mine.wall_time) == (other.step, other.wall_time)
            np.testing.assert_array_equal(mine.tensor_proto, make_ndarray(other.tensor_proto))


def test_every_tag_is_listed(both: Both) -> None:
    tags = both[1].Tags()
    listed = {tag for names in tags.values() if isinstance(names, list) for tag in names}
    for kind in ("scalars", "images", "audio", "histograms", "tensors"):
        assert set(both[0].Tags()[kind]) <= listed
    assert tags["graph"] == both[0].Tags()["graph"]


def test_tags_are_listed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SummaryWriter(tmp_path) as writer:
        for tag in range(9):
            writer.add_text(str(tag), "words")
    listed: list[object] = []
    tags = Logs.tags

    def note(logs: Logs, run: Names = None) -> dict[str, list[str]]:
        listed.append(run)
        return tags(logs, run)

    monkeypatch.setattr(Logs, "tags", note)
    assert len(ours.EventAccumulator(tmp_path).Reload().Tags()["tensors"]) == 9
    assert len(listed) == 1


def test_events_are_asked_for_after_reading(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="call Reload"):
        ours.EventAccumulator(tmp_path).Tags()
    with pytest.raises(FileNotFoundError):
        ours.EventAccumulator(tmp_path / "gone").Reload()
    assert ours.EventAccumulator(tmp_path).Reload().Tags()["scalars"] == []
