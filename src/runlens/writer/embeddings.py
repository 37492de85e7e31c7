"""The method that adds files for the embedding projector."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from runlens.wire import projector
from runlens.writer.arguments import check_tag, step_of
from runlens.writer.recorder import Recorder
from runlens.writer.side_file import SideFile, replace_file


class Embeddings(Recorder):
    """Part of `SummaryWriter`."""

    def add_embedding(
        self,
        mat: object,
        metadata: object = None,
        label_img: object = None,
        global_step: object = None,
        tag: str = "default",
        metadata_header: Sequence[object] | None = None,
    ) -> None:
        """Add points in many dimensions, to be looked at in the projector.

        They become files, `<log_dir>/<step, 5 digits>/<tag>/`, which replace those of the same tag and step, and
        an entry in `<log_dir>/projector_config.pbtxt`, whose other entries stay.

        Args:
            mat: [N, D], one row a point: an array or tensor of any library, or nested lists. Numbers are kept exactly.
            metadata: N labels, or with `metadata_header` N lists of labels. Tabs and line breaks in them are escaped.
            label_img: [N, C, H, W], an image a point: uint8, or floats from 0 to 1; C is 1, 3 or 4. Images are scaled
                down where all of them in one would exceed the projector's 8192 x 8192 pixels.
            global_step: as in `add_scalar`.
            tag: name of the embedding.
            metadata_header: names of the label columns. The name of a single one is not kept.

        Raises:
            TypeError: an argument of a wrong type.
            ValueError: a wrong shape, another number of labels or images than points, a NaN or infinity in `mat`.
        """
        from runlens.writer.kinds import embedding

        check_tag(tag)
        step = step_of(tag, global_step)
        folder = f"{step:05d}/{embedding.directory(tag)}"
        points = embedding.matrix(tag, mat)
        lines = embedding.label_lines(tag, len(points), metadata, metadata_header)
        images = None if label_img is None else embedding.images(tag, len(points), label_img)
        files = [self._add_file(f"{folder}/tensors.tsv", partial(embedding.tensors_tsv, points), points.nbytes)]
        if lines is not None:
            size = sum(map(len, lines))
            files.append(self._add_file(f"{folder}/metadata.tsv", partial(embedding.lines_of, lines), size))
        if images is not None:
            files.append(self._add_file(f"{folder}/sprite.png", partial(embedding.sprite_png, images), images.nbytes))
        name = f"{tag}:{step:05d}"
        text = projector.embedding(
            name,
            points.shape,
            tensors=f"{folder}/tensors.tsv",
            metadata=None if lines is None else f"{folder}/metadata.tsv",
            sprite=None if images is None else f"{folder}/sprite.png",
            image_size=() if images is None else embedding.image_size(images),
        )
        # Last, so that who finds the entry finds its files.
        self._sink.put_records(_Entry(Path(self.log_dir).absolute() / projector.FILE_NAME, name, text, files))

    def _add_file(self, name: str, encode: Callable[[], bytes], size: int) -> SideFile:
        file = SideFile(Path(self.log_dir).absolute() / name, encode, size)
        self._sink.put_records(file)
        return file


class _Entry(SideFile):
    """One embedding's text, to be merged into the configuration of the run, if its files could be written.

    An entry without a file would keep the projector from showing any of the others.
    """

    __slots__ = ("files", "name")

    def __init__(self, path: Path, name: str, text: str, files: list[SideFile]) -> None:
        super().__init__(path, text.encode, len(text))
        self.name = name
        self.files = files

    def store(self, content: bytes) -> None:
        if not all(file.is_written for file in self.files):
            return
        with _locked(self.path.parent):
            try:
                before = self.path.read_text(encoding="utf-8")
                merged = projector.with_embedding(before, self.name, content.decode())
            except FileNotFoundError:
                merged = content.decode()
            except ValueError:  # no configuration, or half of one; neither we nor TensorBoard can read on
                self.path.replace(self.path.with_name(f"{self.path.name}.unreadable"))
                merged = content.decode()
            replace_file(self.path, merged.encode())


@contextlib.contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """Keep other writers of this run, in whatever process, from merging at the same time, where that can be had."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a network file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
