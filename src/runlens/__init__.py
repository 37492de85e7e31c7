"""runlens writes, views and reads TensorBoard event files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runlens.reader.logs import Logs, read
    from runlens.writer.global_writer import GlobalSummaryWriter
    from runlens.writer.summary_writer import SummaryWriter

__version__ = "0.1.0"

__all__ = ["GlobalSummaryWriter", "Logs", "SummaryWriter", "__version__", "read"]

_HOME = {
    "GlobalSummaryWriter": "runlens.writer.global_writer",
    "Logs": "runlens.reader.logs",
    "SummaryWriter": "runlens.writer.summary_writer",
    "read": "runlens.reader.logs",
}


def __getattr__(name: str) -> object:
    # Late, so that `import runlens` costs nothing until something of it is used.
    if name not in _HOME:
        raise AttributeError(f"module 'runlens' has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
