"""Changing one import line is all that a user of torch's writer does: the same names, order and defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from runlens import SummaryWriter

# What ours takes beyond torch's, with its default.
EXTRA: dict[str, dict[str, object]] = {
    "add_scalar": {"display_name": "", "summary_description": ""},  # as tensorboardX
    "add_video": {"dataformats": "NTCHW"},  # as tensorboardX
}


def methods(writer: type) -> dict[str, Callable[..., Any]]:
    """The public methods that add."""
    return {name: method for name, method in inspect.getmembers(writer) if name.startswith("add_")}


def parameters(method: Callable[..., Any]) -> list[tuple[str, object]]:
    """(name, default) in their order; without a default, that of `inspect`."""
    return [(each.name, each.default) for each in inspect.signature(method).parameters.values()]


OURS, TORCHS = methods(SummaryWriter), methods(TorchWriter)


@pytest.mark.parametrize("name", sorted(TORCHS))
def test_parameters_are_torchs(name: str) -> None:
    mine, torchs = parameters(OURS[name]), parameters(TORCHS[name])
    assert mine[: len(torchs)] == torchs
    assert dict(mine[len(torchs) :]) == EXTRA.get(name, {})


def test_extra_parameters_are_of_methods_that_exist() -> None:
    assert EXTRA.keys() <= OURS.keys()
