"""Runs every benchmark and prints the table; `--write` also puts it into benchmarks/README.md."""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
from importlib.metadata import version
from pathlib import Path

README = Path(__file__).parent / "README.md"
QUESTIONS = (
    "open_logdir",
    "scan_file",
    "zoom",
    "read_frame",
    "scale",
    "run_table",
    "soak",
    "write_values",
    "write_images",
    "page",
    "live_page",
    "histograms",
    "graph",
    "embedding",
    "media",
)
HEAD = "| what | runlens | peer in the same run | ratio | goal | reached |\n| --- | --- | --- | --- | --- | --- |"


def main() -> None:
    """Measure what the arguments name, or everything."""
    names = [name for name in sys.argv[1:] if not name.startswith("-")] or QUESTIONS
    lines = [HEAD]
    print(machine(), HEAD, sep="\n\n", flush=True)
    for name in names:
        for row in importlib.import_module(f"benchmarks.{name}").rows():
            lines.append(row.markdown())
            print(lines[-1], flush=True)
    if "--write" in sys.argv:
        write("\n".join([machine(), "", *lines]))


def machine() -> str:
    """One line on where and with what this was measured."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    peers = ", ".join(f"{name} {version(name)}" for name in ("tensorboard", "torch", "tensorboardX"))
    return (
        f"Measured on {os.cpu_count()} cores of {model[1] if model else platform.machine()}, "
        f"Python {platform.python_version()}; peers: {peers}."
    )


def write(table: str) -> None:
    """Replace what stands between the marks in the README."""
    text = README.read_text()
    marked = re.compile(r"(<!-- table -->\n).*(<!-- end -->)", re.DOTALL)
    README.write_text(marked.sub(lambda found: found[1] + table + "\n" + found[2], text))


if __name__ == "__main__":
    main()
