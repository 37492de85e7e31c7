"""What `capture=True` records, in a repository made for the test."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_file_loader import LegacyEventFileLoader

from runlens import SummaryWriter
from runlens.writer import circumstances, git, machine


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A repository with one commit on the branch `work`, in which the process stands."""
    folder = tmp_path / "code"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    ask("init", "-q", "-b", "work")
    ask("config", "user.email", "nobody@example.org")
    ask("config", "user.name", "nobody")
    Path("train.py").write_text("lr = 0.1\n")
    ask("add", ".")
    ask("commit", "-q", "-m", "first")
    yield folder


def ask(*question: str) -> str:
    return subprocess.run(["git", *question], check=True, capture_output=True, text=True).stdout.strip()


def info_of(directory: Path) -> dict[str, Any]:
    (path,) = directory.glob("*tfevents*")
    values = [value for event in LegacyEventFileLoader(str(path)).Load() for value in event.summary.value]
    (value,) = [value for value in values if value.tag == "__run_info__"]
    assert value.metadata.plugin_data.plugin_name == "runlens_run_info"
    assert value.metadata.data_class == 2
    return dict(json.loads(value.tensor.string_val[0]))


def test_all_of_it(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("MY_API_KEY", "do not tell")
    monkeypatch.setattr(sys, "orig_argv", ["python", "train.py", "--lr=0.1", "--token", "do not tell"])
    Path("train.py").write_text("lr = 0.2\n")
    Path("new é.txt").write_text("")
    (repository / "deep").mkdir()
    (repository / "deep" / "er.txt").write_text("")
    with SummaryWriter(tmp_path / "run", capture=True) as writer:
        writer.add_scalar("loss", 1.0, 1)
    info = info_of(tmp_path / "run")
    assert info["command"] == ["python", "train.py", "--lr=0.1", "--token", "[redacted]"]
    assert info["environment"]["WORLD_SIZE"] == "4"
    assert info["directory"] == str(repository)
    assert info["process"] == os.getpid()
    assert info["started"] > 1.7e9
    assert info["python"] == ".".join(map(str, sys.version_info[:3]))
    assert info["packages"]["numpy"] == metadata.version("numpy")
    assert info["cpu_count"] == os.cpu_count()
    assert info["git"]["commit"] == ask("rev-parse", "HEAD")
    assert info["git"]["branch"] == "work"
    assert Path(info["git"]["root"]).samefile(repository)
    assert info["git"]["is_dirty"] is True
    assert "-lr = 0.1\n+lr = 0.2\n" in info["git"]["diff"]
    assert info["git"]["diff"].strip() == ask("diff", "HEAD")
    assert info["git"]["is_diff_cut"] is False
    assert info["git"]["untracked"] == ["deep/er.txt", "new é.txt"]
    assert info["git"]["untracked_count"] == 2
    assert "do not tell" not in json.dumps(info)


def test_nothing_is_captured_without_being_asked(tmp_path: Path) -> None:
    SummaryWriter(tmp_path).close()
    (path,) = tmp_path.iterdir()
    assert b"__run_info__" not in path.read_bytes()


def test_what_the_caller_changes_later_does_not_matter(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    may_go_on = threading.Event()
    gather = machine.gather

    def wait(directory: str | None) -> dict[str, object]:
        may_go_on.wait(30)
        return gather(directory)

    monkeypatch.setattr(machine, "gather", wait)
    writer = SummaryWriter(tmp_path / "run", capture=True)  # returns although nothing was gathered
    monkeypatch.chdir(tmp_path / "elsewhere")
    may_go_on.set()
    writer.close()
    assert info_of(tmp_path / "run")["git"]["branch"] == "work"
    assert info_of(tmp_path / "run")["directory"] == str(repository)


def test_a_clean_checkout_without_a_branch(repository: Path) -> None:
    ask("checkout", "-q", "--detach")
    state = git.state_of(str(repository))
    assert state is not None
    assert (state["is_dirty"], state["diff"], state["untracked"]) == (False, "", [])
    assert "branch" not in state


def test_before_the_first_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ask("init", "-q", "-b", "work")
    state = git.state_of(str(tmp_path))
    assert state is not None
    assert state["branch"] == "work"
    assert "commit" not in state


def test_large_changes_are_cut(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git, "DIFF_LIMIT", 100)
    monkeypatch.setattr(git, "OUTPUT_LIMIT", 200)
    monkeypatch.setattr(git, "UNTRACKED_LIMIT", 3)
    Path("train.py").write_text("é" * 1_000_000 + "\n")
    for number in range(5):
        Path(f"{number}.txt").write_text("")
    state = git.state_of(str(repository))
    assert state is not None
    assert state["is_diff_cut"] is True
    assert len(str(state["diff"]).encode()) <= 110
    assert state["untracked"] == ["0.txt", "1.txt", "2.txt"]
    assert state["untracked_count"] == 5


def test_outside_a_repository_and_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git.state_of(str(tmp_path)) is None
    assert git.state_of(str(tmp_path / "missing")) is None
    monkeypatch.setenv("PATH", str(tmp_path))
    with SummaryWriter(tmp_path / "run", capture=True):
        pass
    assert "git" not in info_of(tmp_path / "run")
    assert info_of(tmp_path / "run")["host"]


@pytest.mark.skipif(shutil.which("sh") is None, reason="no shell to stand in for git")
def test_a_git_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 1000\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(git, "TIMEOUT_SECS", 0.05)
    assert git.state_of(str(tmp_path)) is None


def test_no_program_of_the_repositorys_choice_is_run(repository: Path, tmp_path: Path) -> None:
    for setting in ("core.fsmonitor", "diff.external", "diff.mine.textconv", "core.pager"):
        ask("config", setting, f"touch '{tmp_path / setting}'; true")
    Path(".gitattributes").write_text("*.py diff=mine\n")
    Path("train.py").write_text("lr = 0.3\n")
    state = git.state_of(str(repository))
    assert state is not None
    assert "+lr = 0.3" in str(state["diff"])
    assert [path.name for path in tmp_path.iterdir()] == ["code"]


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (["--api_key=abc"], ["--api_key=[redacted]"]),
        (["--api-key", "abc", "--lr", "1"], ["--api-key", "[redacted]", "--lr", "1"]),
        (["--wandb.api_key=abc", "model.secret=abc"], ["--wandb.api_key=[redacted]", "model.secret=[redacted]"]),
        (["--hf-token", "abc"], ["--hf-token", "[redacted]"]),
        (["--token", "--lr=1"], ["--token", "--lr=1"]),
        (["PASSWORD=abc", "--db_password="], ["PASSWORD=[redacted]", "--db_password="]),
        (["-pw", "x"], ["-pw", "[redacted]"]),
        (["--AWS_SECRET_ACCESS_KEY=abc"], ["--AWS_SECRET_ACCESS_KEY=[redacted]"]),
        (["--url=https://me:abc@host/x?y"], ["--url=https://[redacted]@host/x?y"]),
        (["s3://abc@bucket", "https://host/a@b"], ["s3://[redacted]@bucket", "https://host/a@b"]),
        (["hf_abcdefghijklmnopqrstuvwxyz"], ["[redacted]"]),
        (["x=ghp_0123456789012345678901234567890123456"], ["x=[redacted]"]),
        (["--max_tokens=512", "--tokenizer", "bert"], ["--max_tokens=512", "--tokenizer", "bert"]),
        (["--token_count=3", "--author=x"], ["--token_count=3", "--author=x"]),
        (["--pad-token-id", "3"], ["--pad-token-id", "3"]),
        (["-c", "print(1 == 1)", "--key=3", "--lr=1e-3"], ["-c", "print(1 == 1)", "--key=3", "--lr=1e-3"]),
        ([], []),
    ],
)  # fmt: skip
def test_secrets_in_the_command(given: list[str], want: list[str]) -> None:
    assert circumstances.redacted(given) == want
