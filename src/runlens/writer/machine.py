"""What a process runs on: the machine, Python and its packages, and the state of the code as git has it.

Finding out takes a tenth of a second, so this is called, and imported, in the background.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import socket
from importlib import metadata
from pathlib import Path

from runlens.writer import git


def gather(directory: str | None) -> dict[str, object]:
    """What can be learnt: `host`, `platform`, `cpu`, `cpu_count`, `gpus`, `python`, `packages` (name -> version) and,
    where `directory` is in a repository, `git` (see `git.py`).
    """
    found: dict[str, object] = {
        "git": None if directory is None else git.state_of(directory),
        "host": socket.gethostname(),
        "platform": platform.platform(),
        "cpu": _cpu(),
        "cpu_count": os.cpu_count(),
        "gpus": _nvidia_gpus(),
        "python": platform.python_version(),
        "packages": _packages(),
    }
    return {name: value for name, value in found.items() if value}


def _packages() -> dict[str, str]:
    """Name -> version of every installed distribution."""
    found: dict[str, str] = {}
    for distribution in metadata.distributions():
        with contextlib.suppress(Exception):  # a broken installation is no concern of ours
            found.setdefault(distribution.metadata["Name"], distribution.version)
    return dict(sorted((name, version) for name, version in found.items() if name))


def _cpu() -> str:
    with contextlib.suppress(OSError):
        found = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(errors="replace"), re.MULTILINE)
        if found:
            return found[1]
    return platform.processor()


def _nvidia_gpus() -> list[str]:
    """Names from the driver's own files: asking CUDA would start it, in a process that may not want it."""
    texts = []
    for path in sorted(Path("/proc/driver/nvidia/gpus").glob("*/information")):
        with contextlib.suppress(OSError):
            texts.append(path.read_text(errors="replace"))
    return [found[1].strip() for text in texts if (found := re.search(r"^Model:(.*)$", text, re.MULTILINE))]
