"""Parts of a run are found as torch and tensorboardX really make them, and nothing else is taken for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from runlens.api.run import runs
from runlens.store.fold import HPARAMS_TAGS, Content, Fold, find_folds
from tests.support import index_of

LOSS = Content(["loss"], [])
TRAIN = Content(["loss", "acc"], ["picture"])


def folds_of(logdir: Path) -> dict[str, dict[str, str]]:
    return {run["name"]: run["fold"] for run in runs(index_of(logdir), {}).value["runs"] if "fold" in run}


@pytest.mark.parametrize("depth", ["", "exp/one"])
@pytest.mark.parametrize("main_tag", ["loss", "loss/both", "with space/a"])
def test_add_scalars_of_torch(tmp_path: Path, main_tag: str, depth: str) -> None:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(tmp_path / depth)) as writer:
        writer.add_scalars(main_tag, {"train": 1.0, "valid 1": 2.0, "a/b": 3.0}, 1)
    prefix = f"{depth}/" if depth else ""
    directory = prefix + main_tag.replace("/", "_")
    parent = depth or "."
    assert folds_of(tmp_path) == {
        f"{directory}_{label}": {"parent": parent, "label": label, "of": "add_scalars"}
        for label in ("train", "valid 1", "a/b")
    }


@pytest.mark.parametrize("main_tag", ["loss", "loss/both", "with space/a"])
def test_add_scalars_of_tensorboardx(tmp_path: Path, main_tag: str) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path / "exp")) as writer:
        writer.add_scalars(main_tag, {"train": 1.0, "valid 1": 2.0}, 1)
    assert folds_of(tmp_path) == {
        f"exp/{main_tag}/{label}": {"parent": "exp", "label": label, "of": "add_scalars"}
        for label in ("train", "valid 1")
    }


@pytest.mark.parametrize("package", ["torch.utils.tensorboard", "tensorboardX"])
@pytest.mark.parametrize("name", [None, "trial"])
def test_add_hparams(tmp_path: Path, package: str, name: str | None) -> None:
    module = pytest.importorskip(package)
    argument = "name" if package == "tensorboardX" else "run_name"
    with module.SummaryWriter(str(tmp_path / "exp")) as writer:
        writer.add_hparams({"lr": 0.1, "layers": 3}, {"hparam/accuracy": 0.5}, **{argument: name} if name else {})
    ((run, fold),) = folds_of(tmp_path).items()
    label = run.removeprefix("exp/")
    assert fold == {"parent": "exp", "label": label, "of": "add_hparams"}
    assert label == name if name else float(label) > 1.7e9


def test_a_parent_need_not_have_files_when_there_are_other_traces() -> None:
    hparams = Content(["metric"], HPARAMS_TAGS)
    assert find_folds({"a/loss_x": LOSS, "a/loss_y": LOSS, "1700000000.25": hparams}) == {
        "a/loss_x": Fold("a", "x", "add_scalars"),
        "a/loss_y": Fold("a", "y", "add_scalars"),
        "1700000000.25": Fold(".", "1700000000.25", "add_hparams"),
    }


@pytest.mark.parametrize(
    "logdir",
    [
        {"loss_x": LOSS},  # no parent, no other part
        {"exp": TRAIN, "exp/loss_x": Content(["loss", "acc"], [])},
        {"exp": TRAIN, "exp/loss_x": Content(["loss"], ["picture"])},
        {"exp": TRAIN, "exp/accuracy_x": LOSS},
        {"exp": TRAIN, "exp/floss_x": LOSS},
        {"exp": TRAIN, "exp/loss_": LOSS, "exp/loss": LOSS},
        {"exp": TRAIN, "exp/validation": LOSS},
        {"exp": TRAIN, ".": Content([""], [])},
        {"exp/x": Content(["m"], HPARAMS_TAGS)},
        {"exp": TRAIN, "exp/1700000000.25": Content(["loss", "acc"], ["_hparams_/session_start_info"])},
    ],
)
def test_what_only_looks_like_a_part_is_a_run_of_its_own(logdir: dict[str, Content]) -> None:
    assert find_folds(logdir) == {}
