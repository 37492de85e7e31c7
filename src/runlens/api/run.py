"""Which runs and tags there are, how far the reading is, and what could not be read."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from runlens.api.payload import Json
from runlens.store.fold import Content, Fold, find_folds
from runlens.store.index import Index, natural_order, readable
from runlens.store.run import Problem, Run
from runlens.wire.legacy import given_name
from runlens.wire.naming import listed_name
from runlens.wire.plugins import SCALAR, kind_of

MAX_PROBLEMS = 1000

Numbered = dict[tuple[str, ...], list[int]]  # kind and tags -> their numbers


def runs(index: Index, about: dict[str, Any]) -> Json:
    """The answer of `GET api/runs`; `about` holds what the server knows (logdir as given, title, version)."""
    with index.lock:
        listed = [(run, _tags_by_kind(run)) for run in index.sorted_runs()]
        numbers = _number_tags([tags for _, tags in listed])
        numbered: Numbered = {}
        folds = find_folds({run.name: Content(run.scalars, run.entries) for run, _ in listed})
        return Json(
            {
                **about,
                "revision": index.revision,
                "state": index.state,
                "progress": progress(index),
                "titles": _titles([run for run, _ in listed]),
                "tags": {kind: list(tags) for kind, tags in numbers.items()},
                "runs": [
                    _run(run, _numbers_of(tags, numbers, numbered)) | _fold(folds.get(run.name)) for run, tags in listed
                ],
                "problems": [_problem(index.root, problem) for problem in index.problems()[:MAX_PROBLEMS]],
            }
        )


def progress(index: Index) -> dict[str, int | float | None]:
    """How far the reading is, in bytes and files, and how many seconds it will take at the speed so far."""
    now = index.progress
    left = now.seconds_left()
    return {
        "bytes_read": min(now.bytes_read, now.bytes_total),  # files grow while they are read
        "bytes_total": now.bytes_total,
        "files_read": now.files_read,
        "files_total": now.files_total,
        "seconds_left": None if left is None else round(left, 1),
    }


def _tags_by_kind(run: Run) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    if run.scalars:
        tags[SCALAR] = sorted(run.scalars)
    names: dict[str, set[str]] = {}
    for series in run.entries.values():
        kinds = {kind_of(plugin, form) for plugin, form in series.shapes()}
        for kind in kinds - {SCALAR}:  # what claims to be a scalar and is none, a complex number say, has no curve
            if kind is not None:
                names.setdefault(kind, set()).add(listed_name(kind, series.tag))
    return tags | {kind: sorted(found) for kind, found in names.items()}


def _number_tags(tags_of_runs: list[dict[str, list[str]]]) -> dict[str, dict[str, int]]:
    """Per kind its tags in natural order, and the number by which runs name them."""
    names: dict[str, set[str]] = {}
    for tags in tags_of_runs:
        for kind, listed in tags.items():
            names.setdefault(kind, set()).update(listed)
    return {
        kind: {tag: n for n, tag in enumerate(sorted(found, key=natural_order))}
        for kind, found in sorted(names.items())
    }


def _titles(runs: list[Run]) -> dict[str, str]:
    """What to call the tags that were given another name; a title that would not tell tags apart is none."""
    tags: dict[str, str] = {}
    for run in runs:
        for name, series in (*run.scalars.items(), *run.entries.items()):
            tags[name] = tags.get(name) or series.tag.display_name
    titles = {name: title or given_name(name) for name, title in tags.items()}
    uses = Counter(titles.values())
    return {
        name: title
        for name, title in sorted(titles.items())
        if title != name and uses[title] == 1 and title not in tags
    }


def _numbers_of(
    tags: dict[str, list[str]], numbers: dict[str, dict[str, int]], known: Numbered
) -> dict[str, list[int]]:
    """The numbers of a run's tags. Most runs have the tags of another, whose list then serves both."""
    found = {}
    for kind, listed in tags.items():
        key = (kind, *listed)
        if key not in known:
            known[key] = [numbers[kind][tag] for tag in listed]
        found[kind] = known[key]
    return found


def _run(run: Run, tags: dict[str, list[int]]) -> dict[str, Any]:
    return {
        "name": run.name,
        "start": run.start if math.isfinite(run.start) else None,
        "end": run.end if math.isfinite(run.end) else None,
        "tags": tags,
        "points": run.points,
    }


def _fold(fold: Fold | None) -> dict[str, Any]:
    return {"fold": asdict(fold)} if fold else {}


def _problem(root: Path, problem: Problem) -> dict[str, Any]:
    return {
        "path": readable(problem.path.relative_to(root)),
        "offset": problem.offset,
        "length": problem.length,
        "reason": problem.reason,
        "tag": problem.tag,
    }
