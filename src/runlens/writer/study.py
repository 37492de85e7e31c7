"""The methods that say what a run is: its hyper-parameters, its circumstances, its moments."""

from __future__ import annotations

from runlens.writer.recorder import Recorder


class Study(Recorder):
    """Part of `SummaryWriter`."""
