"""Holds the code to the map in CONTRIBUTING.md: directions, sizes, completeness of kinds, paths that exist."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import runlens

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "runlens"
WEB = ROOT / "web" / "src"
MAP = (ROOT / "CONTRIBUTING.md").read_text()

FILE_WALL = 400
FUNCTION_WALL = 60
COMPONENT_WALL = 200

# The command starts things; the public face and `python -m` only pass on.
NO_ROOM = {"__init__", "__main__", "_kernel"}


def directions() -> dict[str, set[str]]:
    """The table 'Who may import whom'."""
    rows = re.findall(r"^\| `([\w/]+)` \|(.*)\|$", MAP, re.MULTILINE)
    return {room: set(re.findall(r"`([\w/]+)`", allowed)) for room, allowed in rows}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, whether committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def python_room(module: str) -> str:
    """runlens.api.kinds.scalar -> api/kinds; runlens.cli -> cli."""
    parts = module.split(".")[1:] or ["__init__"]
    return "/".join(parts[:2]) if parts[1:2] == ["kinds"] else parts[0]


def python_imports() -> Iterator[tuple[Path, str, str]]:
    """(file, room, imported module of ours)."""
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ".".join(["runlens", *path.relative_to(PACKAGE).with_suffix("").parts])
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                if name.startswith("runlens."):
                    yield path, python_room(module), name


def test_python_imports_follow_the_map() -> None:
    allowed = directions()
    # Lists of kinds: the facade over the writer's kinds, the routes over the api's.
    allowed["writer"].add("writer/kinds")
    allowed["server"].add("api/kinds")
    for path, room, module in python_imports():
        if room in NO_ROOM or "." not in module.removeprefix("runlens."):
            continue
        other = python_room(module)
        assert other == room or other in allowed[room], f"{path.relative_to(ROOT)} imports {module}"


def test_no_kind_imports_another() -> None:
    for path, room, module in python_imports():
        if room.endswith("/kinds") and path.stem != "__init__" and "/kinds" in python_room(module):
            assert module.split(".")[3] == path.stem, f"{path.relative_to(ROOT)} imports {module}"
    for path, target in web_imports():
        own = path.relative_to(WEB).parts
        if own[0] == "kinds" and len(own) > 2 and target.parts[0] == "kinds" and len(target.parts) > 2:
            assert target.parts[1] == own[1], f"{path.relative_to(ROOT)} imports {target}"


def web_imports() -> Iterator[tuple[Path, Path]]:
    """(file, imported file relative to web/src), for relative imports."""
    for path in tracked("web/src/*.ts", "web/src/*.svelte"):
        for name in re.findall(r"""(?:from|import)\s*\(?\s*['"](\.[^'"]*)['"]""", path.read_text()):
            yield path, (path.parent / name).resolve().relative_to(WEB)


def test_web_imports_follow_the_map() -> None:
    allowed = directions()
    for path, target in web_imports():
        room, other = (f"web/{item.parts[0]}" for item in (path.relative_to(WEB), target))
        if len(path.relative_to(WEB).parts) == 1:  # main.ts starts the app
            continue
        assert other == room or other in allowed[room], f"{path.relative_to(ROOT)} imports {target}"


def test_files_stay_small() -> None:
    for path in tracked("*.py", "*.ts", "*.svelte", "*.cpp", "*.hpp"):
        name = path.relative_to(ROOT).as_posix()
        wall = COMPONENT_WALL if path.suffix == ".svelte" else FILE_WALL
        lines = len(path.read_text().splitlines())
        assert lines <= wall, f"{name} has {lines} lines, want at most {wall}"


def test_functions_stay_small() -> None:
    for path in tracked("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                assert lines <= FUNCTION_WALL, f"{path.relative_to(ROOT)}: {node.name} has {lines} lines"


# Kinds that the writer knows and the viewer does not show yet. Never add to it: it is to become empty.
WITHOUT_ROOM: set[str] = set()


def kinds() -> set[str]:
    """Every kind that has a file anywhere."""
    names = {path.stem for path in PACKAGE.glob("*/kinds/*.py")}
    names |= {path.name for path in (WEB / "kinds").iterdir() if path.is_dir()}
    names |= {path.stem for path in (ROOT / "docs" / "kinds").glob("*.md")}
    return names - {"__init__"}


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_a_kind_has_all_its_files(kind: str) -> None:
    wanted = [f"src/runlens/writer/kinds/{kind}.py", f"tests/kinds/{kind}_write_test.py", f"docs/kinds/{kind}.md"]
    room = [
        f"src/runlens/api/kinds/{kind}.py",
        f"web/src/kinds/{kind}/index.ts",
        f"tests/kinds/{kind}_test.py",
        f"tests/kinds/{kind}.golden.bin",
    ]
    wanted += room if kind not in WITHOUT_ROOM else []
    assert [name for name in wanted if not (ROOT / name).is_file()] == []


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CONTRIBUTING.md",
        "docs/http_api.md",
        "docs/reader.md",
        "docs/manage.md",
        "docs/store.md",
        "docs/kinds/scalar.md",
    ],
)
def test_paths_named_in_documents_exist(document: str) -> None:
    text = (ROOT / document).read_text()
    named = re.findall(r"`((?:src|web/src|tests|docs|kernel|benchmarks|examples)/[\w./]+)`", text)
    named += re.findall(r"\]\(((?!http)[\w./]+)\)", text)
    example = re.compile(r"kinds/table")
    base = (ROOT / document).parent
    missing = [n for n in named if not example.search(n) and not (ROOT / n).exists() and not (base / n).exists()]
    assert missing == []


def test_nothing_names_this_machine() -> None:
    hosts = re.compile(rb"/work/|/root/|registry\.npmjs|pypi\.org|files\.pythonhosted")
    for path in tracked():
        if path.name != Path(__file__).name:
            assert not hosts.search(path.read_bytes()), path.relative_to(ROOT)


def test_the_version_stands_in_two_places_and_is_one() -> None:
    declared = re.search(r'^version = "(.*)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert declared and declared[1] == runlens.__version__
