"""Names by a template."""

import pytest

from runlens.notes.names import name_by


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{model}-lr{lr}", "vit-lr0.001"),
        ("{1}/{-1} of {path}: {name}", "exp/s3 of exp/big/s3: s3"),
        ("{model} {deep} {epochs}", "vit True 3"),
        ("{lost}", None),
        ("{model} {lost}", None),
        ("no hole", None),
        ("{{model}}", "{vit}"),
    ],
)
def test_a_template_takes_hyper_parameters_and_parts_of_the_path(template: str, name: str | None) -> None:
    hparams: dict[str, str | bool | float] = {"model": "vit", "lr": 0.001, "deep": True, "epochs": 3.0}
    assert name_by(template, "exp/big/s3", hparams) == name
