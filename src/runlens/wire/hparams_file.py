"""Reads hyper-parameters from `hparams.yaml` or `hparams.json` in a run's folder, as PyTorch Lightning writes them.

Nested mappings are flattened with `/` between the names, as Lightning does when it logs them. YAML is read by PyYAML's
safe loader; what Python objects left in it is shown, never made: no name in the file is imported or called.
"""

from __future__ import annotations

import datetime
import json
import re
from functools import cache
from itertools import accumulate
from typing import Any, Final

from runlens.wire.beside import Named

YAML_FILE: Final = "hparams.yaml"
JSON_FILE: Final = "hparams.json"
MAX_BYTES: Final = 1 << 20
MAX_DEPTH: Final = 16
MAX_NODES: Final = 20_000  # aliases let a small file hold a large tree
MAX_HPARAMS: Final = 2000
MAX_MARKS: Final = 300

Value = bool | float | str
_LEAVES: Final = (bool, int, float, str)


def read_yaml(text: str) -> list[Named]:
    """The hyper-parameters of a YAML file.

    Raises:
        ValueError: PyYAML is not installed; or it is no YAML, no mapping, or too much of one.
    """
    try:
        import yaml  # noqa: PLC0415 - an extra, and no start waits for it
    except ImportError:
        raise ValueError(f"{YAML_FILE} is read with PyYAML: pip install 'runlens[yaml]'") from None
    if _open_brackets(text) > MAX_MARKS:
        raise ValueError("nested too deep")
    try:
        return _named(YAML_FILE, yaml.load(text, _loader(_is_shallow(text))))
    except (yaml.YAMLError, RecursionError, LookupError, TypeError, AttributeError, OverflowError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        raise ValueError(f"{where}{getattr(error, 'problem', None) or repr(error)[:100]}, want YAML") from None


def read_json(text: str) -> list[Named]:
    """The hyper-parameters of a JSON file.

    Raises:
        ValueError: it is no JSON, no object, or too much of one.
    """
    try:
        said = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return _named(JSON_FILE, said)


def _named(name: str, said: object) -> list[Named]:
    if said is None:  # an empty file: Lightning writes one before there are any
        return []
    if not isinstance(said, dict):
        raise ValueError(f"got {type(said).__name__}, want names with values")
    return [Named(name, {}, values=_Flattening().flat(said))]


class _Flattening:
    """A walk through a tree that somebody else made: it may be deep, wide, or lead back into itself."""

    def __init__(self) -> None:
        self._nodes = 0
        self._values: dict[str, Value] = {}

    def flat(self, said: dict[Any, Any]) -> dict[str, Value]:
        """All leaves of nested mappings by their paths."""
        self._walk(said, "", 0)
        return self._values

    def _walk(self, said: dict[Any, Any], prefix: str, depth: int) -> None:
        for key, value in said.items():
            self._count(depth)
            name = f"{prefix}{key if isinstance(key, str) else self._text(key, depth + 1)}"
            if isinstance(value, dict) and value:
                self._walk(value, f"{name}/", depth + 1)
            elif value is not None:
                self._values[name] = self._value(value, depth + 1)
                if len(self._values) > MAX_HPARAMS:
                    raise ValueError(f"more than {MAX_HPARAMS} hyper-parameters")

    def _value(self, value: object, depth: int) -> Value:
        if isinstance(value, bool | float):
            return value
        if isinstance(value, int):
            return _as_float(value)
        return self._text(value, depth)

    def _text(self, value: object, depth: int) -> str:
        """A leaf as text; sequences as JSON writes them, with what JSON has no word for as text."""
        self._count(depth)
        match value:
            case str():
                return value
            case list() | tuple() | set():
                return f"[{', '.join(self._quoted(item, depth + 1) for item in value)}]"
            case dict():
                pairs = (
                    f"{self._quoted(key, depth + 1)}: {self._quoted(item, depth + 1)}" for key, item in value.items()
                )
                return f"{{{', '.join(pairs)}}}"
            case datetime.date():
                return value.isoformat()
            case bytes():
                return value.decode("utf-8", "replace")
        return json.dumps(value) if value is None or isinstance(value, bool | int | float) else str(value)

    def _quoted(self, value: object, depth: int) -> str:
        if isinstance(value, str):
            return json.dumps(value, ensure_ascii=False)
        return self._text(value, depth)

    def _count(self, depth: int) -> None:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise ValueError(f"deeper than {MAX_DEPTH} or more than {MAX_NODES} values")


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _open_brackets(text: str) -> int:
    """The most that are open at once, those in quoted text counted too: PyYAML would think about them for seconds."""
    steps = (1 if found[0] in "[{" else -1 for found in re.finditer(r"[][{}]", text))
    return max(accumulate(steps), default=0)


def _is_shallow(text: str) -> bool:
    """Whether the text has too few marks to be nested deep, for which libyaml, nine times as fast, has no bound."""
    return sum(map(text.count, "[{-:?")) <= MAX_MARKS


@cache
def _loader(is_fast: bool) -> Any:  # noqa: ANN401 - PyYAML is an extra, so its types may not be there
    """PyYAML's safe loader, with numbers such as 1e-3, which YAML 1.1 takes for text, and with tags of Python shown."""
    import yaml  # noqa: PLC0415

    base = (is_fast and getattr(yaml, "CSafeLoader", None)) or yaml.SafeLoader

    class Loader(base):  # type: ignore[misc, valid-type]
        pass

    def of_python(loader: Any, suffix: str, node: Any) -> object:  # noqa: ANN401
        sort, _, name = suffix.partition(":")
        inner = _plain(yaml, loader, node)
        if sort in ("tuple", "list") or not name:
            return inner
        if sort == "name":
            return name
        parts = [str(part) for part in inner if isinstance(part, _LEAVES)] if isinstance(inner, list) else []
        if name.startswith("pathlib."):
            return "/".join(parts).replace("//", "/")
        return f"{name}({', '.join(parts)})" if parts else name

    Loader.add_multi_constructor("tag:yaml.org,2002:python/", of_python)
    Loader.add_multi_constructor("", lambda loader, _, node: _plain(yaml, loader, node))
    Loader.add_implicit_resolver(
        "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+$"), list("-+0123456789")
    )
    return Loader


def _plain(yaml: Any, loader: Any, node: Any) -> object:  # noqa: ANN401
    """What a node of an unknown tag holds."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)
