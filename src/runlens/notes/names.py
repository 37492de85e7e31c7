"""What runs are called by a template such as `{model}-lr{lr}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

HOLE: Final = re.compile(r"\{([^{}]+)\}")


def name_by(template: str, run: str, hparams: Mapping[str, str | bool | float]) -> str | None:
    """The run's name; None where the template asks for what there is not, or for nothing.

    A hole is the name of a hyper-parameter, `path`, `name` (its last part), or the number of a part of the path: `1` is
    the first, `-1` the last.
    """
    parts = run.split("/")
    fields: dict[str, str] = {"path": run, "name": parts[-1]}
    fields |= {str(place): part for place, part in enumerate(parts, 1)}
    fields |= {str(place - len(parts)): part for place, part in enumerate(parts)}
    fields |= {name: _written(value) for name, value in hparams.items()}
    holes = HOLE.findall(template)
    if not holes or not all(hole in fields for hole in holes):
        return None
    return HOLE.sub(lambda match: fields[match[1]], template)


def _written(value: str | bool | float) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
