"""The command `runlens`."""

from __future__ import annotations

import argparse
import re
import socket
import sys
from pathlib import Path

from runlens import __version__

USAGE = """\
examples:
  runlens --logdir=logs              show the runs below logs/ at http://localhost:6006/
  runlens logs --port=6007           the same, on another port
  runlens logs --bind_all            let other machines see it too
"""


def main(argv: list[str] | None = None) -> None:
    """Run the command line; exits with status 2 on a wrong one, 1 when it cannot serve."""
    options = parser().parse_args(argv)
    logdir = options.logdir or options.positional_logdir
    if logdir is None:
        parser().print_usage(sys.stderr)
        _fail(2, "which folder? Give it as --logdir=FOLDER; it is the one that was given to SummaryWriter")
    try:
        _view(logdir, options)
    except KeyboardInterrupt:
        raise SystemExit(130) from None  # interrupted while starting: as a shell reports it


def _view(logdir: str, options: argparse.Namespace) -> None:
    """Open the logdir and serve it until interrupted."""
    from runlens.notes.place import open_notes
    from runlens.server.bind import PortBusyError, bind
    from runlens.store.cache import default_folder
    from runlens.store.open import Store

    try:
        cache_folder = None if options.no_cache else options.cache_dir or default_folder()
        store = Store(logdir, options.reload_interval, cache_folder, options.cache_size, options.memory_limit)
        notes = open_notes(options.sidecar, store.index.root)
        listener = bind(_host(options), options.port)
    except NotADirectoryError as error:
        _fail(1, str(error))
    except PortBusyError as error:
        _fail(1, f"{error}\nGive another --port, or none to take the first free one.")
    with store, notes:
        # Loaded while the first scan is under way: by the time the page asks, there is something to show.
        from runlens.progress_bar import ProgressBar
        from runlens.server.app import Settings, create_app
        from runlens.server.serve import serve

        settings = Settings(logdir, __version__, options.path_prefix, options.window_title, options.allow_delete)
        app = create_app(store.index, settings, notes)
        _announce(listener, logdir, options)
        with ProgressBar(store.index, sys.stderr):
            serve(app, listener)


def _host(options: argparse.Namespace) -> str:
    if options.bind_all:
        return "::" if socket.has_dualstack_ipv6() else "0.0.0.0"
    return options.host or "127.0.0.1"


def _announce(listener: socket.socket, logdir: str, options: argparse.Namespace) -> None:
    """Say where the page is. The line is for people and for the programs that start us."""
    host = socket.gethostname() if options.bind_all else options.host or "localhost"
    if ":" in host:
        host = f"[{host}]"
    port = listener.getsockname()[1]
    print(f"runlens {__version__} at http://{host}:{port}{options.path_prefix}/ (press Ctrl+C to quit)", flush=True)
    if not options.bind_all and not options.host:
        print("Only this machine can open it; --bind_all lets others.", file=sys.stderr)


def parser() -> argparse.ArgumentParser:
    """The command line's flags."""
    parser = argparse.ArgumentParser(
        prog="runlens",
        description="View event files: every point that was logged, at once.",
        epilog=USAGE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("positional_logdir", nargs="?", metavar="LOGDIR", help="folder with event files, at any depth")
    parser.add_argument("--logdir", metavar="LOGDIR", help="the same, as a flag")
    parser.add_argument("--port", type=_port, help="port; 0 lets the system choose (default: the first free from 6006)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--host", help="interface to listen on (default: this machine only)")
    where.add_argument("--bind_all", action="store_true", help="listen on all interfaces")
    parser.add_argument(
        "--path_prefix", type=_path_prefix, default="", metavar="/PATH", help="serve below this path, behind a proxy"
    )
    parser.add_argument(
        "--reload_interval",
        type=_seconds,
        default=1.0,
        metavar="SECONDS",
        help="time between two looks at the whole folder, beside change notices; 0 reads it once (default: 1)",
    )
    keeping = parser.add_mutually_exclusive_group()
    keeping.add_argument(
        "--cache_dir",
        type=Path,
        metavar="FOLDER",
        help="where to keep what was read, for a quick next start (default: the system's folder for caches)",
    )
    keeping.add_argument("--no_cache", action="store_true", help="keep nothing, and use nothing that was kept")
    parser.add_argument(
        "--cache_size",
        type=_bytes,
        default=10 << 30,
        metavar="SIZE",
        help="what the caches of all folders may take together, like 500M or 2G (default: 10G)",
    )
    parser.add_argument(
        "--memory_limit",
        type=_bytes,
        metavar="SIZE",
        help="memory to stay below, like 300M; what is beyond it is moved to disk (default: none)",
    )
    parser.add_argument(
        "--sidecar",
        default="auto",
        metavar="PLACE",
        help="where names, notes, tags and workspaces are kept: user (your folder for settings), logdir (runlens.toml "
        "in the logdir) or a file (default: in the logdir where such a file lies there already, else user)",
    )
    parser.add_argument(
        "--allow_delete",
        action="store_true",
        help="let the page move runs into a trash folder of the logdir, from which they can come back",
    )
    parser.add_argument("--window_title", default="", metavar="TEXT", help="title of the browser's window")
    parser.add_argument("--version", action="version", version=f"runlens {__version__}")
    return parser


def _port(text: str) -> int:
    if text.isdecimal() and int(text) <= 65535:
        return int(text)
    raise argparse.ArgumentTypeError(f"got {text}, want a number from 0 to 65535")


def _path_prefix(text: str) -> str:
    if text and not text.startswith("/"):
        raise argparse.ArgumentTypeError(f"got {text}, want a path that starts with /")
    return text.rstrip("/")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < 1e6:
        raise argparse.ArgumentTypeError(f"got {text}, want a number of seconds, 0 or more")
    return seconds


def _bytes(text: str) -> int:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)B?", text.upper())
    if match is None:
        raise argparse.ArgumentTypeError(f"got {text}, want a size like 500M or 2G")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2] or " "))


def _fail(status: int, message: str) -> None:
    print(f"runlens: {message}", file=sys.stderr)
    raise SystemExit(status)
