"""Hyper-parameters in files beside the event files: what PyTorch Lightning writes, and what may lie there instead."""

from __future__ import annotations

import builtins
import contextlib
import enum
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens import SummaryWriter
from runlens.store.index import Index
from runlens.wire import hparams_file
from runlens.wire.hparams_file import read_json, read_yaml
from tests.kinds.hparams_test import ask
from tests.support import index_of, write_scalars

yaml = pytest.importorskip("yaml")


class Colour(enum.Enum):
    RED = 1


def hparams(index: Index, run: str = "a") -> dict[str, Any]:
    return {name: cell for name, cell in ask(index)[run].items() if not name.startswith(".")}


def problems(index: Index) -> list[str]:
    return [problem.reason for problem in index.problems()]


def values(text: str) -> dict[str, Any]:
    return {name: value for named in read_yaml(text) for name, value in named.values.items()}


def test_what_pyyamls_own_dump_of_python_objects_says(tmp_path: Path) -> None:
    """Lightning calls `yaml.dump`: this is its layout, made by the same writer."""
    shared = (0.9, 0.999)
    said = {
        "lr": 1e-05,
        "batch": 64,
        "amp": True,
        "name": "resnet",
        "none": None,
        "layers": [1, "two", None],
        "optimizer": {"name": "adam", "betas": shared, "again": shared},
        "path": Path("/data/set"),
        "colour": Colour.RED,
        "call": math.sqrt,
        "huge": 10**400,
        "empty": {},
    }
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "hparams.yaml").write_text(yaml.dump(said))
    write_scalars(tmp_path / "a" / "tfevents.1", "loss", [1.0])
    assert hparams(index_of(tmp_path)) == {
        "lr": 1e-05,
        "batch": 64.0,
        "amp": True,
        "name": "resnet",
        "layers": '[1, "two", null]',
        "optimizer/name": "adam",
        "optimizer/betas": "[0.9, 0.999]",
        "optimizer/again": "[0.9, 0.999]",
        "path": "/data/set",
        "colour": "tests.kinds.hparams_file_test.Colour(1)",
        "call": "math.sqrt",
        "huge": math.inf,
        "empty": "{}",
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-3", 0.001),
        ("-2E+5", -2e5),
        ("1.5", 1.5),
        (".inf", math.inf),
        ("'1e-3'", "1e-3"),
        ("2024-05-06", "2024-05-06"),
        ("!unknown x", "x"),
        ("!unknown [1, 2]", "[1, 2]"),
        ("!!python/object/apply:os.system ['touch /tmp/x']", "os.system(touch /tmp/x)"),
        ("!!python/object:a.B {c: 1}", "a.B"),
        ("!!binary aGk=", "hi"),
    ],
)
def test_values_of_yaml(text: str, value: object) -> None:
    assert values(f"x: {text}") == {"x": value}


def test_json_and_its_place_behind_yaml_and_events(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "a") as writer:
        writer.add_hparams({"lr": 3.0}, {})
    said = {"lr": 1, "depth": 2, "deep": {"er": [True]}, "only": "json"}
    (tmp_path / "a" / "hparams.json").write_text(json.dumps(said))
    (tmp_path / "a" / "hparams.yaml").write_text("lr: 2\ndepth: 4\n")
    assert hparams(index_of(tmp_path)) == {"lr": 3.0, "depth": 4.0, "deep/er": "[true]", "only": "json"}


def test_is_followed_live(tmp_path: Path) -> None:
    write_scalars(tmp_path / "a" / "tfevents.1", "loss", [1.0])
    file = tmp_path / "a" / "hparams.json"
    index = index_of(tmp_path)
    assert hparams(index) == {}
    for number in range(3):
        file.write_text(json.dumps({"lr": number, "more": "x" * number}))
        index.refresh({file})
        assert hparams(index)["lr"] == number
    file.unlink()
    index.refresh({file})
    assert hparams(index) == {}


def test_a_folder_with_nothing_else_is_a_run(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "hparams.json").write_text('{"lr": 1}')
    assert hparams(index_of(tmp_path)) == {"lr": 1.0}


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"password": "x"}')
    (tmp_path / "logs" / "a").mkdir(parents=True)
    (tmp_path / "logs" / "a" / "hparams.json").symlink_to(tmp_path / "secret.json")
    os.mkfifo(tmp_path / "logs" / "a" / "hparams.yaml")
    index = index_of(tmp_path / "logs")
    assert hparams(index) == {}
    assert ["outside the run's folder" in problem for problem in problems(index)] == [True]


LAUGHS = "a: &a [x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1, 2]", "got list, want names"),
        ("a: [", "want YAML"),
        ("a: b: c", "line 1"),
        (LAUGHS, "more than"),
        ("a: &a [*a]", "deeper"),
        (LAUGHS + "z: !!python/object/apply:x.Y [*i, *h]", "more than"),
        ("a: " + "[" * 50_000, "nested too deep"),
        ("- " * 2_000, "want YAML"),
        ("\n".join(f"k{i}: 1" for i in range(2001)), "hyper-parameters"),
        ("a: !!float ''", "want YAML"),
        ("a: \0", "want YAML"),
    ],
)
def test_hostile_yaml(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_yaml(text)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "hparams.yaml").write_text(text)
    assert len(problems(index_of(tmp_path))) == 1


@pytest.mark.parametrize("text", ["", "[", '"x"', "[" * 100_000, "{" * 10])
def test_hostile_json(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_json(text)


def test_a_file_that_is_too_large_says_so(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "hparams.json").write_text(f'{{"a": "{"x" * hparams_file.MAX_BYTES}"}}')
    assert problems(index_of(tmp_path)) == [f"more than {hparams_file.MAX_BYTES} bytes"]


def test_without_pyyaml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    load = builtins.__import__

    def no_yaml(name: str, *rest: Any) -> Any:
        if name == "yaml":
            raise ImportError(name)
        return load(name, *rest)

    monkeypatch.setattr(builtins, "__import__", no_yaml)
    with pytest.raises(ValueError, match=r"pip install 'runlens\[yaml\]'"):
        read_yaml("a: 1")


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@,?0.1e\n \t<~"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        read_yaml(text)
    with contextlib.suppress(ValueError):
        read_json(text)
