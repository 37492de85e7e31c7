"""An embedding: its files as they are now, and what was computed from them, kept for the next question."""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from runlens.api.projection import Components, Points, principal_components
from runlens.api.question import NotFound, a_text
from runlens.api.uploads import UPLOADS
from runlens.store.beside import Beside, BesideError, open_regular
from runlens.store.kept import Kept
from runlens.store.labels import Labels, read_labels
from runlens.store.logdir import Found, look_at
from runlens.store.matrix import Matrix, read_matrix

if TYPE_CHECKING:
    from runlens.store.index import Index

KIND: Final = "embedding"

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

    def identity(self, is_spherised: bool) -> Hashable:
        """What tells its points from all others, also over starts of the server."""
        return (self.tensors, self.shape, is_spherised)

    def matrix(self) -> Matrix:
        """The numbers, as far as they can be read; NotFound tells why there are none."""
        try:
            return _matrices.get((self.tensors, self.shape), lambda: read_matrix(self.tensors.path, self.shape))
        except BesideError as error:
            raise NotFound(str(error)) from None

    def points(self, is_spherised: bool) -> Points:
        """The numbers as points."""
        values = self.matrix().values
        return _points.get(self.identity(is_spherised), lambda: Points(values, is_spherised))

    def components(self, is_spherised: bool) -> Components:
        """Their principal components."""
        points = self.points(is_spherised)
        return _components.get(self.identity(is_spherised), lambda: principal_components(points))

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


def find(index: Index, question: Mapping[str, Any]) -> Embedding:
    """The embedding that a question names by `run` and `tag`, or by `upload`.

    Raises:
        NotFound: it is not there, or has no numbers.
    """
    if "upload" in question:
        beside = UPLOADS.find(a_text(dict(question), "upload"))
    else:
        beside = _logged(index, a_text(dict(question), "run"), a_text(dict(question), "tag"))
    tag = beside.named.tag
    try:
        path = beside.path("tensors")
    except BesideError as error:
        raise NotFound(str(error)) from None
    if path is None:
        raise NotFound(f"embedding {tag!r} names no file of numbers; those in TensorFlow's checkpoints are not read")
    if (found := look_at(path)) is None:
        raise NotFound(f"{path.name} of embedding {tag!r} is not there")
    return Embedding(beside, found)


def _logged(index: Index, run: str, tag: str) -> Beside:
    with index.lock:
        held = index.runs.get(run)
        beside = held.beside(KIND).get(tag) if held else None
    if beside is None:
        raise NotFound(f"no embedding {tag!r} in run {run!r}")
    return beside


def unchanged(index: Index, parameters: Mapping[str, str]) -> Embedding:
    """The embedding whose numbers a URL names, which then means the same for ever."""
    embedding = find(index, parameters)
    if parameters.get("key") != str(embedding.key):
        raise NotFound("these files were changed; ask for them anew")
    return embedding
