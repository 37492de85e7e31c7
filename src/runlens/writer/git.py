"""What git says of a directory: commit, branch, changes. Asked of the command, which is never let wait or ask back."""

from __future__ import annotations

import os
import subprocess
import threading

DIFF_LIMIT = 2**20  # bytes of changes kept
UNTRACKED_LIMIT = 1000  # names kept
TIMEOUT_SECS = 10.0  # for each of the three questions
OUTPUT_LIMIT = 2 * DIFF_LIMIT

# Nothing that the repository configures is run, no lock of the index is taken, nothing is fetched or asked.
_COMMAND = ["git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false"]
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


def state_of(directory: str) -> dict[str, object] | None:
    """Commit, branch and root of the repository, the changes since the commit and the names of files it does not know.

    Returns:
        `commit` (absent before the first), `branch` (absent when detached), `root`, `is_dirty`, `diff` as
        `git diff HEAD` shows it, at most 1 MiB (`is_diff_cut` then says so), `untracked`, at most 1,000 names,
        and `untracked_count`.
        None without git, outside a repository, or when git does not answer in time.
    """
    root = _ask(directory, "rev-parse", "--show-toplevel")
    if root is None:
        return None
    state: dict[str, object] = {"root": _line(root)}
    for name, question in (("commit", ["rev-parse", "HEAD"]), ("branch", ["symbolic-ref", "--short", "HEAD"])):
        answer = _ask(directory, *question)
        if answer:
            state[name] = _line(answer)
    diff = _ask(directory, "diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD") or b""
    names = _ask(directory, "ls-files", "--others", "--exclude-standard", "--full-name", "-z", ":/") or b""
    untracked = [name.decode(errors="replace") for name in names.split(b"\0") if name]
    state["is_dirty"] = bool(diff)
    state["diff"] = diff[:DIFF_LIMIT].decode(errors="replace")
    state["is_diff_cut"] = len(diff) > DIFF_LIMIT
    state["untracked"] = untracked[:UNTRACKED_LIMIT]
    state["untracked_count"] = len(untracked)
    return state


def _line(answer: bytes) -> str:
    return answer.decode(errors="replace").rstrip("\n")


def _ask(directory: str, *question: str) -> bytes | None:
    """The first `OUTPUT_LIMIT` bytes of git's answer; None if it has none."""
    try:
        process = subprocess.Popen(
            [*_COMMAND, *question],
            cwd=directory,
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, RuntimeError):  # there is no git, or the interpreter is ending
        return None
    alarm = threading.Timer(TIMEOUT_SECS, process.kill)
    alarm.daemon = True
    with process:
        assert process.stdout is not None
        try:
            alarm.start()
            answer = process.stdout.read(OUTPUT_LIMIT)
            has_more = bool(process.stdout.read(1))
        except RuntimeError:  # no more threads to be had, so nothing would end a wait
            process.kill()
            return None
        if has_more:
            process.kill()
    alarm.cancel()
    return answer if has_more or process.returncode == 0 else None
