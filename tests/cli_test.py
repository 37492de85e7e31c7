"""The command line: what it prints, where it listens, how it fails and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

import runlens
from runlens.cli import parser
from runlens.server.bind import DEFAULT_PORT, PortBusyError, bind
from runlens.store.cache import Cache
from tests.support import address_of, eventually, write_scalars


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, for what ends by itself."""
    command = [sys.executable, "-m", "runlens", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)


def test_serves_what_the_logdir_holds(tmp_path: Path, serving: Any) -> None:
    write_scalars(tmp_path / "run" / "tfevents", "loss", [1.0])
    address = serving(tmp_path)
    eventually(lambda: len(httpx.get(f"{address}/api/runs").json()["runs"]) == 1)


def test_serves_below_a_path_prefix(tmp_path: Path, serving: Any) -> None:
    address = serving(tmp_path, "--path_prefix", "/lens/")
    assert address.endswith("/lens")
    assert httpx.get(f"{address}/api/runs").status_code == 200


def test_waits_for_a_missing_logdir(tmp_path: Path, serving: Any) -> None:
    address = serving(tmp_path / "later")
    eventually(lambda: httpx.get(f"{address}/api/runs").json()["state"] == "missing")
    write_scalars(tmp_path / "later" / "run" / "tfevents", "loss", [1.0])
    eventually(lambda: httpx.get(f"{address}/api/runs").json()["state"] == "ready")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_ends_cleanly_while_a_page_listens(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "runlens", str(tmp_path), "--port=0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        address = address_of(process.stdout.readline())
        with httpx.stream("GET", f"{address}/api/live", timeout=10) as stream:
            lines = stream.iter_lines()
            next(lines)
            process.send_signal(number)
            list(lines)
        assert process.wait(10) == 0
        assert "Traceback" not in process.stderr.read()


def test_without_a_port_the_next_free_one_is_taken() -> None:
    with bind("127.0.0.1", None) as first, bind("127.0.0.1", None) as second:
        assert DEFAULT_PORT <= first.getsockname()[1] < second.getsockname()[1]


def test_only_this_machine_unless_told_otherwise() -> None:
    with bind("127.0.0.1", 0) as here:
        assert here.getsockname()[0] == "127.0.0.1"


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_all_interfaces_are_reached_by_both_protocols() -> None:
    with bind("::", 0) as everywhere:
        port = everywhere.getsockname()[1]
        for address in ("127.0.0.1", "::1"):
            socket.create_connection((address, port), timeout=5).close()


def test_an_explicit_busy_port_is_an_error_that_says_so(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(PortBusyError, match=f"port {port} on 127.0.0.1: Address already in use"):
            bind("127.0.0.1", port)
        result = run(str(tmp_path), f"--port={port}")
    assert result.returncode == 1
    assert f"port {port}" in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["--port=99999", "logs"], 2, "got 99999, want a number from 0 to 65535"),
        (["--path_prefix=x", "logs"], 2, "got x, want a path that starts with /"),
        (["--reload_interval=-1", "logs"], 2, "got -1, want a number of seconds"),
        (["--host=a", "--bind_all", "logs"], 2, "not allowed with"),
        (["--no_cache", "--cache_dir=a", "logs"], 2, "not allowed with"),
        (["--cache_size=many", "logs"], 2, "got many, want a size like 500M or 2G"),
        (["--memory_limit=-1M", "logs"], 2, "got -1M, want a size like 500M or 2G"),
        ([], 2, "--logdir=FOLDER"),
        ([__file__], 1, "is a file; want the directory"),
        (["--host=192.0.2.1", "logs"], 1, "on 192.0.2.1: Cannot assign"),
    ],
)
def test_a_wrong_command_says_what_is_wanted(arguments: list[str], status: int, words: str) -> None:
    result = run(*arguments)
    assert result.returncode == status
    assert words in result.stderr and "Traceback" not in result.stderr


def test_version_and_help() -> None:
    assert run("--version").stdout == f"runlens {runlens.__version__}\n"
    for flag in ("--logdir", "--port", "--host", "--bind_all", "--path_prefix", "--reload_interval"):
        assert flag in run("--help").stdout
    for flag in ("--cache_dir", "--no_cache", "--cache_size", "--memory_limit"):
        assert flag in run("--help").stdout


@pytest.mark.parametrize(("text", "size"), [("0", 0), ("300M", 300 << 20), ("1.5g", 3 << 29), ("2GB", 2 << 30)])
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    options = parser().parse_args(["logs", f"--memory_limit={text}", f"--cache_size={text}"])
    assert (options.memory_limit, options.cache_size) == (size, size)


def test_what_was_read_is_kept_where_it_is_told_or_not_at_all(
    tmp_path: Path, serving: Any, caches_of_their_own: Path
) -> None:
    logs, caches = tmp_path / "logs", tmp_path / "caches"
    write_scalars(logs / "tfevents", "loss", [1.0])
    for options in (["--no_cache"], ["--cache_dir", str(caches)]):
        address = serving(logs, *options)
        eventually(lambda a=address: httpx.get(f"{a}/api/runs").json()["state"] == "ready")  # type: ignore[misc]
        eventually(lambda o=options: o == ["--no_cache"] or bool(list(caches.rglob("index"))))  # type: ignore[misc]
    name = Cache(caches, logs).folder.name
    assert not (caches_of_their_own / name).exists()
    serving(logs)
    eventually((caches_of_their_own / name / "index").exists)
