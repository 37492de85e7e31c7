"""The wheel, installed into an empty environment with no compiler and no node within reach, writes and views."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

WRITE_AND_READ = """
import sys
from runlens import SummaryWriter
with SummaryWriter(sys.argv[1]) as writer:
    writer.add_scalar("y=2x", 2.0, 1)
from runlens.store.index import Index
from pathlib import Path
index = Index(Path(sys.argv[1]))
index.refresh()
print(index.runs["."].scalars["y=2x"].scalars().values[0])
"""


def run(*command: str | Path) -> str:
    """Run with nothing on the search path: what is needed must be in the environment."""
    result = subprocess.run(command, capture_output=True, text=True, env={"PATH": ""}, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.mark.timeout(300)
def test_the_wheel_alone_is_enough(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, ROOT], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("runlens-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert "runlens/static/index.html" in names and any(name.startswith("runlens/_kernel.") for name in names)
    assert not [name for name in names if name.startswith(("kernel/", "web/", "tests/"))]

    venv.create(tmp_path / "empty", with_pip=True)
    python = tmp_path / "empty" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", wheel)
    assert run(python, "-I", "-c", WRITE_AND_READ, tmp_path / "logs") == "2.0\n"
    assert run(python.with_name("runlens"), "--version").startswith("runlens ")
