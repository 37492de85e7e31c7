"""Embeddings: what there is, places in few dimensions, labels, neighbours, files. Contract: docs/kinds/embedding.md."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from runlens.api.payload import Blob, Columns, Json, Payload
from runlens.api.projection import Components, Metric, Points, axis_between, neighbours, principal_components, project
from runlens.api.question import BadQuestion, NotFound, Object, a_list, a_number, a_text, an_object, one_of
from runlens.api.sprite import media_type_of, sprite_of
from runlens.store.beside import Beside, BesideError, open_regular
from runlens.store.kept import Kept
from runlens.store.labels import Labels, read_labels
from runlens.store.logdir import Found, look_at
from runlens.store.matrix import Matrix, read_matrix

if TYPE_CHECKING:
    from runlens.store.index import Index

KIND: Final = "embedding"
MAX_SPRITE: Final = 256 << 20  # bytes
MAX_LABELS: Final = 1 << 30  # bytes
MAX_ROWS: Final = 1_000  # whose labels are told at a time
MOST_COLOURS: Final = 50  # values of a column that get a colour each

_matrices: Kept[Matrix] = Kept(1 << 30, lambda matrix: matrix.values.nbytes)
_labels: Kept[Labels] = Kept(1 << 28, lambda labels: sum(map(len, labels.columns)) * 64)
_points: Kept[Points] = Kept(1 << 30, lambda points: points.values.nbytes)
_components: Kept[Components] = Kept(1 << 26, lambda components: components.directions.nbytes)


@dataclass(frozen=True, slots=True)
class Embedding:
    """One embedding of a run, its files as they are now."""

    beside: Beside
    tensors: Found

    @property
    def key(self) -> int:
        """Tells the numbers from others that may lie under the same name."""
        return zlib.crc32(repr(self.tensors).encode())

    @property
    def shape(self) -> tuple[int, ...]:
        """What the configuration says of the matrix."""
        return self.beside.named.numbers.get("shape", ())

    def matrix(self) -> Matrix:
        """The numbers, as far as they can be read; NotFound tells why there are none."""
        try:
            return _matrices.get((self.tensors, self.shape), lambda: read_matrix(self.tensors.path, self.shape))
        except BesideError as error:
            raise NotFound(str(error)) from None

    def points(self, is_spherised: bool) -> Points:
        """The numbers as points."""
        values = self.matrix().values
        return _points.get((self.tensors, self.shape, is_spherised), lambda: Points(values, is_spherised))

    def components(self, is_spherised: bool) -> Components:
        """Their principal components."""
        points = self.points(is_spherised)
        return _components.get((self.tensors, self.shape, is_spherised), lambda: principal_components(points))

    def labels(self) -> Labels:
        """The labels; none where there is no file of them, or only one that cannot be read."""
        count = len(self.matrix().values)
        try:
            path = self.beside.path("metadata")
            if path is None:
                return Labels((), ())
            found = look_at(path)
            if found is None:
                raise BesideError(f"{path.name} is not there")
            return _labels.get((found, count), lambda: read_labels(found.path, count))
        except BesideError as error:
            return Labels((), (), (str(error),))

    def content(self, role: str, limit: int) -> bytes:
        """One of its other files; NotFound where it cannot be had."""
        try:
            path = self.beside.path(role)
            if path is None:
                raise BesideError(f"{self.beside.named.tag!r} has no {role}")
            with open_regular(path) as file:
                content = file.read(limit + 1)
        except (BesideError, OSError) as error:
            raise NotFound(getattr(error, "strerror", None) or str(error)) from None
        if len(content) > limit:
            raise NotFound(f"{path.name} has more than {limit} bytes")
        return content


def info(index: Index, question: Object) -> Json:
    """Shape, columns of labels, sprite, and all that is wrong with the files."""
    embedding = _find(index, question)
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
    embedding = _find(index, question)
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


def column(index: Index, question: Object) -> Columns:
    """A column of labels as numbers, or as codes of its most frequent values."""
    labels = _find(index, question).labels()
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
    embedding = _find(index, question)
    count, labels = len(embedding.matrix().values), embedding.labels()
    wanted = [_number(row, count, "rows") for row in a_list(question, "rows")[:MAX_ROWS]]
    return Json({"rows": [[cells[row] for cells in labels.columns] for row in wanted]})


def search(index: Index, question: Object) -> Columns:
    """The points whose label holds a text, letter case aside, or matches a regular expression."""
    found = np.flatnonzero(_matching(_find(index, question).labels(), question, "text"))
    answer = Columns({})
    answer.header["rows"] = answer.add(found)
    return answer


def near(index: Index, question: Object) -> Columns:
    """The nearest neighbours of a point in the original space."""
    points = _find(index, question).points(question.get("spherise") is True)
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
    embedding = _kept(index, parameters)
    limit = parameters.get("num_rows", "")
    if limit and not re.fullmatch(r"[1-9][0-9]{0,9}", limit):
        raise BadQuestion(f"num_rows: got {limit[:20]!r}, want a number from 1")
    values = embedding.matrix().values[: int(limit) if limit else None]
    return Blob(values.astype("<f4", copy=False).tobytes(), "application/octet-stream")


def metadata(index: Index, parameters: Mapping[str, str]) -> Blob:
    """The labels as they were logged."""
    return Blob(_kept(index, parameters).content("metadata", MAX_LABELS), "text/plain; charset=utf-8")


def sprite(index: Index, parameters: Mapping[str, str]) -> Blob:
    """The image of all points' images."""
    content = _kept(index, parameters).content("sprite", MAX_SPRITE)
    return Blob(content, media_type_of(content))


QUERIES: dict[str, Callable[[Index, Object], Payload]] = {
    "info": info,
    "places": places,
    "column": column,
    "rows": rows,
    "search": search,
    "near": near,
}
BLOBS = {"tensor": tensor, "metadata": metadata, "sprite": sprite}


def _find(index: Index, question: Mapping[str, Any]) -> Embedding:
    run, tag = a_text(dict(question), "run"), a_text(dict(question), "tag")
    with index.lock:
        held = index.runs.get(run)
        beside = held.beside(KIND).get(tag) if held else None
    if beside is None:
        raise NotFound(f"no embedding {tag!r} in run {run!r}")
    try:
        path = beside.path("tensors")
    except BesideError as error:
        raise NotFound(str(error)) from None
    if path is None:
        raise NotFound(f"embedding {tag!r} names no file of numbers; those in TensorFlow's checkpoints are not read")
    if (found := look_at(path)) is None:
        raise NotFound(f"{path.name} of embedding {tag!r} is not there")
    return Embedding(beside, found)


def _kept(index: Index, parameters: Mapping[str, str]) -> Embedding:
    """The embedding whose numbers a URL names, which then means the same for ever."""
    embedding = _find(index, parameters)
    if parameters.get("key") != str(embedding.key):
        raise NotFound("these files were changed; ask for them anew")
    return embedding


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
        try:
            has = re.compile(text, re.IGNORECASE).search
        except re.error as error:
            raise BadQuestion(f"{name}: {error}") from None
        return np.array([has(cell) is not None for cell in labels.columns[number]], bool)
    folded = text.casefold()
    return np.array([folded in cell.casefold() for cell in labels.columns[number]], bool)


def _number(value: object, stop: int, name: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < stop:
        return value
    raise BadQuestion(f"{name}: got {value!r:.40}, want numbers from 0, below {stop}")
