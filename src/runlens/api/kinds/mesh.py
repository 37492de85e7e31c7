"""Meshes and point clouds: which steps there are, and the geometry of one. Contract: docs/kinds/mesh.md.

A mesh lies in up to three tags, of vertices, faces and colours. Its rows are those of the vertices; the others belong
to them by their step, and where a step was logged several times, by the order in which it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.entries import Rows, entries_query, entry_at, number_below, payload_of, row_of, rows_of_kind
from runlens.api.payload import Blob, Columns
from runlens.api.question import NotFound, a_text
from runlens.wire.fields import Malformed
from runlens.wire.mesh import COLOR, FACE, VERTEX, Part, colours_of, config_of, faces_of, part_of, vertices_of
from runlens.wire.naming import listed_name
from runlens.wire.plugins import kind_of
from runlens.wire.scan import Entries

if TYPE_CHECKING:
    from runlens.store.entry import Entry
    from runlens.store.index import Index
    from runlens.store.run import Run

KIND: Final = "mesh"


@dataclass(frozen=True, slots=True)
class _Mesh:
    """All rows of a mesh. `others` say for each row of the vertices which of a part belongs to it, -1 for none."""

    part: Part
    rows: dict[int, list[Rows]]  # by content type
    others: dict[int, NDArray[np.int64]]
    generation: int

    def keys(self) -> NDArray[np.int32]:
        """A checksum of all that belongs to a row: other colours are another mesh."""
        keys = _column(self.rows[VERTEX], "checksums").astype(np.uint32)
        for content_type, places in self.others.items():
            sums = np.append(_column(self.rows[content_type], "checksums").astype(np.uint32), np.uint32(0))
            keys = keys * np.uint32(31) + sums[places]
        return keys.view(np.int32)


def geometry(index: Index, parameters: Mapping[str, str]) -> Blob:
    """Vertices, faces and colours of one mesh of a row's batch, as Columns that may be kept for ever."""
    run, tag = a_text(dict(parameters), "run"), a_text(dict(parameters), "tag")
    with index.lock:
        found = index.runs.get(run)
        mesh = _find(found, tag) if found else None
    row = row_of(parameters, tag, run, mesh.keys() if mesh else np.zeros(0, np.int32))
    assert mesh is not None  # the row was found in it
    entries = {VERTEX: entry_at(mesh.rows[VERTEX], row)} | {
        content_type: entry_at(mesh.rows[content_type], int(places[row]))
        for content_type, places in mesh.others.items()
        if places[row] >= 0
    }
    try:
        answer = _answer(mesh.part, entries, parameters)
    except Malformed as error:
        raise NotFound(str(error)) from None
    return Blob(answer.encode(), answer.media_type)


def _rows_and_generation(run: Run, tag: str) -> tuple[list[Rows], int]:
    mesh = _find(run, tag)
    if mesh is None:
        return [], 0
    first = mesh.rows[VERTEX][0]
    names = [name for name in Entries.__slots__ if name != "checksums"]
    columns = {name: _column(mesh.rows[VERTEX], name) for name in names}
    return [Rows(first.path, first.plugin, Entries(**columns, checksums=mesh.keys()))], mesh.generation


QUERIES = {"entries": entries_query(KIND, _rows_and_generation)}
BLOBS = {"geometry": geometry}


def _find(run: Run, tag: str) -> _Mesh | None:
    """The mesh of that name; None where there are no vertices."""
    parts, rows, generation = {}, {}, 0
    for series in run.entries.values():
        is_mesh = any(kind_of(*shape) == KIND for shape in series.shapes())
        if is_mesh and listed_name(KIND, series.tag) == tag:
            part = part_of(series.tag)
            parts[part.content_type] = part
            rows[part.content_type] = rows_of_kind(series, KIND)
            generation += series.generation + series.count  # colours that come later change rows that are told
    if not rows.get(VERTEX):
        return None
    steps = {content_type: _column(found, "steps") for content_type, found in rows.items()}
    others = {part: _places(steps[VERTEX], steps[part]) for part in (FACE, COLOR) if part in rows}
    return _Mesh(parts[VERTEX], rows, others, generation)


def _places(wanted: NDArray[Any], steps: NDArray[Any]) -> NDArray[np.int64]:
    """For each wanted step where it is among `steps`: the first time the first, the second time the second; else -1."""
    places: dict[tuple[int, int], int] = {}
    for place, key in enumerate(_counted(steps)):
        places[key] = place
    return np.array([places.get(key, -1) for key in _counted(wanted)], np.int64)


def _counted(steps: NDArray[Any]) -> list[tuple[int, int]]:
    """Each step, and how often it was there before."""
    seen: dict[int, int] = {}
    counted = []
    for step in steps.tolist():
        seen[step] = seen.get(step, -1) + 1
        counted.append((step, seen[step]))
    return counted


def _column(rows: list[Rows], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part.entries, name) for part in rows])


def _answer(part: Part, entries: dict[int, Entry], parameters: Mapping[str, str]) -> Columns:
    bodies = {content_type: (entry.form, payload_of(entry)) for content_type, entry in entries.items()}
    vertices = vertices_of(*bodies[VERTEX])
    batch = number_below(parameters, "batch", len(vertices))
    answer = Columns(
        {"batches": len(vertices), "config": config_of(part), "problem": None, "faces": None, "colors": None}
    )
    answer.header["vertices"] = answer.add(vertices[batch].ravel())
    if FACE in bodies:
        answer.header["faces"] = answer.add(faces_of(*bodies[FACE], vertices.shape)[batch].ravel())
    if COLOR in bodies:
        try:
            answer.header["colors"] = answer.add(colours_of(*bodies[COLOR], vertices.shape)[batch].ravel())
        except Malformed as error:  # the shape is there all the same
            answer.header["problem"] = str(error)
    return answer
