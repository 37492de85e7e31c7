"""The methods that add the model and what it makes of the data."""

from __future__ import annotations

from runlens.writer.recorder import Recorder


class Models(Recorder):
    """Part of `SummaryWriter`."""
