"""Embeddings: what there is, places in few dimensions, labels, neighbours, files. Contract: docs/kinds/embedding.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api import uploads
from runlens.api.embedding import Embedding, find, unchanged
from runlens.api.matching import matching
from runlens.api.payload import Blob, Columns, Json, Payload
from runlens.api.projection import Metric, Points, axis_between, neighbours, project
from runlens.api.question import BadQuestion, NotFound, Object, a_list, a_number, a_text, an_object, one_of
from runlens.api.reduction.job import Job
from runlens.api.reduction.jobs import JOBS
from runlens.api.reduction.request import read_request, taken_points, taken_rows
from runlens.api.sprite import media_type_of, sprite_of
from runlens.store.labels import Labels

if TYPE_CHECKING:
    from runlens.store.index import Index

MAX_SPRITE: Final = 256 << 20  # bytes
MAX_LABELS: Final = 1 << 30  # bytes
MAX_ROWS: Final = 100_000  # whose labels are told at a time
MOST_COLOURS: Final = 50  # values of a column that get a colour each


def info(index: Index, question: Object) -> Json:
    """Shape, columns of labels, sprite, and all that is wrong with the files."""
    embedding = find(index, question)
    matrix, labels = embedding.matrix(), embedding.labels()
    sprite: dict[str, int] | None = None
    sprite_problems: list[str] = []
    if "sprite" in embedding.beside.named.files:
        try:
            size = embedding.beside.named.numbers.get("image_size", ())
            sprite, sprite_problems = sprite_of(embedding.content("sprite", MAX_SPRITE), size, len(matrix.values))
        except NotFound as error:
            sprite_problems = [str(error)]
    columns = [
        {"name": name, "is_number": labels.numbers(n) is not None, "distinct": len(set(labels.columns[n]))}
        for n, name in enumerate(labels.names)
    ]
    return Json(
        {
            "key": embedding.key,
            "shape": list(matrix.values.shape),
            "columns": columns,
            "sprite": sprite,
            "problems": [*matrix.problems, *labels.problems, *sprite_problems],
        }
    )


def places(index: Index, question: Object) -> Columns:
    """Coordinates of all points: `method` pca on chosen components, or custom between points that labels name."""
    embedding = find(index, question)
    is_spherised = question.get("spherise") is True
    points = embedding.points(is_spherised)
    answer = Columns({"key": embedding.key})
    if one_of(question, "method", ("pca", "custom")) == "pca":
        components = embedding.components(is_spherised)
        known = len(components.directions)
        chosen = [_number(one, known, "components") for one in a_list(question, "components")[:3]]
        coordinates = project(points, components.directions[chosen], components.center)
        answer.header["variance"] = components.ratios.tolist()
    else:
        axes = [_axis(embedding, points, an_object(axis, "axes")) for axis in a_list(question, "axes")]
        if not 1 <= len(axes) <= 3:
            raise BadQuestion(f"axes: got {len(axes)}, want 1 to 3")
        answer.header["matches"] = [matches for _, matches in axes]
        coordinates = project(points, np.array([direction for direction, _ in axes]), points.mean())
    answer.header["places"] = [answer.add(np.ascontiguousarray(column)) for column in coordinates.T]
    return answer


def reduce(index: Index, question: Object) -> Columns:
    """Coordinates by t-SNE or UMAP as far as they are; `start` begins it, `frame` is the newest that the page has."""
    embedding = find(index, question)
    is_spherised = question.get("spherise") is True
    request = read_request(question)
    name = request.name(embedding.identity(is_spherised))
    job = JOBS.find(name)
    cache = index.cache.folder if index.cache is not None else None
    if question.get("start") is True or (job is None and JOBS.is_kept(name, cache)):
        points = embedding.points(is_spherised)
        rows = taken_rows(points, request.sample)
        job = JOBS.start(name, request, rows, lambda: taken_points(points, rows), cache)
    if job is None:
        return Columns({"key": embedding.key, "state": "ended"})
    return _progress(embedding, job, int(a_number(question, "frame", 0, 0, 1e9)))


def cancel(index: Index, question: Object) -> Json:
    """Ends a reduction; when the answer comes, nothing of it runs."""
    embedding = find(index, question)
    JOBS.end(read_request(question).name(embedding.identity(question.get("spherise") is True)))
    return Json({})


def _progress(embedding: Embedding, job: Job, frame: int) -> Columns:
    """How far a job is, and its picture if the page has an older one; points that take no part are NaN."""
    places, number = job.places, job.frame
    answer = Columns({"key": embedding.key, "state": job.state, "stage": job.stage, "progress": job.progress})
    answer.header.update({"error": job.error, "frame": number, "sampled": len(job.rows)})
    if places is not None and number > frame:
        whole = np.full((places.shape[1], len(embedding.matrix().values)), np.nan, np.float32)
        whole[:, job.rows] = places.T
        answer.header["places"] = [answer.add(axis) for axis in whole]
    return answer


def column(index: Index, question: Object) -> Columns:
    """A column of labels as numbers, or as codes of its most frequent values."""
    labels = find(index, question).labels()
    number = _number(question.get("column"), len(labels.names), "column")
    answer = Columns({"names": None, "values": None})
    values = None if question.get("categories") is True else labels.numbers(number)
    if values is not None:
        answer.header["values"] = answer.add(values)
    else:
        answer.header["names"], codes = labels.codes(number, MOST_COLOURS)
        answer.header["values"] = answer.add(codes)
    return answer


def rows(index: Index, question: Object) -> Json:
    """All labels of some points."""
    embedding = find(index, question)
    count, labels = len(embedding.matrix().values), embedding.labels()
    wanted = [_number(row, count, "rows") for row in a_list(question, "rows")[:MAX_ROWS]]
    return Json({"rows": [[cells[row] for cells in labels.columns] for row in wanted]})


def search(index: Index, question: Object) -> Columns:
    """The points whose label holds a text, letter case aside, or matches a regular expression."""
    found = np.flatnonzero(_matching(find(index, question).labels(), question, "text"))
    answer = Columns({})
    answer.header["rows"] = answer.add(found)
    return answer


def near(index: Index, question: Object) -> Columns:
    """The nearest neighbours of a point in the original space."""
    points = find(index, question).points(question.get("spherise") is True)
    row = _number(question.get("row"), len(points.values), "row")
    if not points.is_finite[row]:
        raise NotFound(f"point {row} has NaN or infinity, so nothing is near it")
    metric: Metric = "cosine" if one_of(question, "metric", ("cosine", "euclidean")) == "cosine" else "euclidean"
    found, distances = neighbours(points, row, int(a_number(question, "count", 100, 1, 1000)), metric)
    answer = Columns({})
    answer.header["rows"], answer.header["distances"] = answer.add(found), answer.add(distances)
    return answer


def tensor(index: Index, parameters: Mapping[str, str]) -> Blob:
    """The first `num_rows` points as raw little-endian float32; all without it."""
    embedding = unchanged(index, parameters)
    limit = parameters.get("num_rows", "")
    if limit and not re.fullmatch(r"[1-9][0-9]{0,9}", limit):
        raise BadQuestion(f"num_rows: got {limit[:20]!r}, want a number from 1")
    values = embedding.matrix().values[: int(limit) if limit else None]
    return Blob(values.astype("<f4", copy=False).tobytes(), "application/octet-stream")


def metadata(index: Index, parameters: Mapping[str, str]) -> Blob:
    """The labels as they were logged."""
    return Blob(unchanged(index, parameters).content("metadata", MAX_LABELS), "text/plain; charset=utf-8")


def sprite(index: Index, parameters: Mapping[str, str]) -> Blob:
    """The image of all points' images."""
    content = unchanged(index, parameters).content("sprite", MAX_SPRITE)
    return Blob(content, media_type_of(content))


def upload(body: bytes, parameters: Mapping[str, str]) -> Json:
    """Keeps a matrix of the asker's for a while; `rows` and `columns` are needed for raw numbers."""
    name = parameters.get("name", "")[:200] or "upload"
    given = [parameters.get("rows", ""), parameters.get("columns", "")]
    shape: tuple[int, int] | None = None
    if any(given):
        if not all(re.fullmatch(r"[1-9][0-9]{0,9}", size) for size in given):
            raise BadQuestion(f"rows, columns: got {given[0][:20]!r}, {given[1][:20]!r}, want numbers from 1")
        shape = int(given[0]), int(given[1])
        size = 4 * shape[0] * shape[1]
        if size != len(body):
            raise BadQuestion(f"rows, columns: {shape[0]} x {shape[1]} float32 are {size} bytes; got {len(body)}")
    return Json({"upload": uploads.UPLOADS.add(name, body, shape)})


def upload_labels(body: bytes, parameters: Mapping[str, str]) -> Json:
    """Gives an upload its labels."""
    uploads.UPLOADS.label(parameters.get("upload", ""), body)
    return Json({})


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {
    "info": info,
    "places": places,
    "column": column,
    "rows": rows,
    "search": search,
    "near": near,
    "reduce": reduce,
    "cancel": cancel,
}
UPLOADS = {"upload": upload, "upload_labels": upload_labels}
BLOBS = {"tensor": tensor, "metadata": metadata, "sprite": sprite}


def _axis(embedding: Embedding, points: Points, axis: Object) -> tuple[NDArray[np.float64], list[int]]:
    labels = embedding.labels()
    start, end = _matching(labels, axis, "from"), _matching(labels, axis, "to")
    taken = points.is_finite
    return axis_between(points, start, end), [int((start & taken).sum()), int((end & taken).sum())]


def _matching(labels: Labels, question: Object, name: str) -> NDArray[np.bool_]:
    """Which labels of the question's column hold a text, or match it as a regular expression."""
    number = _number(question.get("column", 0), len(labels.names), "column")
    text = a_text(question, name)
    if question.get("is_regex") is True:
        return matching(labels.columns[number], text, name)
    folded = text.casefold()
    return np.array([folded in cell.casefold() for cell in labels.columns[number]], bool)


def _number(value: object, stop: int, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < stop:
        return value
    raise BadQuestion(f"{name}: got {value!r:.40}, want numbers from 0, below {stop}")
