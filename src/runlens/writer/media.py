"""The methods that add what one looks at, listens to or reads."""

from __future__ import annotations

from runlens.writer.recorder import Recorder


class Media(Recorder):
    """Part of `SummaryWriter`."""
