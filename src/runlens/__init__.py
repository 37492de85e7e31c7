"""runlens writes and views TensorBoard event files."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runlens.writer.global_writer import GlobalSummaryWriter
    from runlens.writer.summary_writer import SummaryWriter

__version__ = "0.1.0"

__all__ = ["GlobalSummaryWriter", "SummaryWriter", "__version__"]


def __getattr__(name: str) -> object:
    # Late, so that `import runlens` costs nothing until something of it is used.
    if name == "SummaryWriter":
        from runlens.writer.summary_writer import SummaryWriter

        globals()[name] = SummaryWriter
        return SummaryWriter
    if name == "GlobalSummaryWriter":
        from runlens.writer.global_writer import GlobalSummaryWriter

        globals()[name] = GlobalSummaryWriter
        return GlobalSummaryWriter
    raise AttributeError(f"module 'runlens' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
