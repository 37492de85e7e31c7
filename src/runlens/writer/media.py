"""The methods that add what one looks at, listens to or reads."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from runlens.writer.arguments import check_tag
from runlens.writer.recorder import Loggable, Recorder

if TYPE_CHECKING:
    import os

    from matplotlib.figure import Figure


class Pixels(Loggable, Protocol):
    """What has pixels that may be NaN."""

    @property
    def has_nan(self) -> bool:
        """Whether one is."""


class Media(Recorder):
    """Part of `SummaryWriter`."""

    def add_image(
        self,
        tag: str,
        img_tensor: object,
        global_step: object = None,
        walltime: object = None,
        dataformats: str = "CHW",
    ) -> None:
        """Add one image, stored as PNG.

        The call copies the pixels; all else is done in the background.

        Args:
            tag: name of the image; `/` groups.
            img_tensor: an array or tensor of any library. uint8 from 0 to 255, floats from 0 to 1 (clipped; NaN is
                black, and a RuntimeWarning says so once for a tag), bools, or other integers from 0 to 255 (an
                image of which none is beyond 1 is a mask: its ones are white). 1 channel is gray, 2 are gray and
                alpha, 3 RGB, 4 RGBA.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.
            dataformats: a letter for each axis: H and W, perhaps C, perhaps N for several images in a grid.

        Raises:
            TypeError: `img_tensor` holds no real numbers, or another argument is of a wrong type.
            ValueError: `dataformats` has other letters or another number of them than `img_tensor` has axes, or there
                are no pixels or more than 4 channels.
        """
        from runlens.writer.kinds import image

        self._add_pixels(tag, image.image(tag, img_tensor, dataformats), global_step, walltime)

    def add_images(
        self,
        tag: str,
        img_tensor: object,
        global_step: object = None,
        walltime: object = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Add several images of one size as one: a grid of up to 8 columns, row by row, black where there is none.

        Args:
            tag: as in `add_image`.
            img_tensor: as in `add_image`; or a list of images, with the `dataformats` of one of them.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.
            dataformats: as in `add_image`.

        Raises:
            TypeError, ValueError: as `add_image`.
        """
        from runlens.writer.kinds import image

        self._add_pixels(tag, image.images(tag, img_tensor, dataformats), global_step, walltime)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: object,
        box_tensor: object,
        global_step: object = None,
        walltime: object = None,
        rescale: float = 1,
        dataformats: str = "CHW",
        labels: Sequence[str] | None = None,
    ) -> None:
        """Add one image with red boxes drawn on it.

        Args:
            tag: as in `add_image`.
            img_tensor: as in `add_image`.
            box_tensor: [n, 4], or [4] for one box: left, top, right and bottom in pixels of `img_tensor`.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.
            rescale: factor by which the image with its boxes is enlarged.
            dataformats: as in `add_image`.
            labels: a text for each box.

        Raises:
            TypeError: as `add_image`, or `labels` is no list of str.
            ValueError: as `add_image`; or the boxes are not finite or not [n, 4], there are more or fewer labels than
                boxes, or `rescale` leaves no pixel.
        """
        from runlens.writer.kinds import image

        value = image.image_with_boxes(tag, img_tensor, box_tensor, labels, rescale, dataformats)
        self._add_pixels(tag, value, global_step, walltime)

    def add_figure(
        self,
        tag: str,
        figure: Figure | Sequence[Figure],
        global_step: object = None,
        close: bool = True,
        walltime: object = None,
    ) -> None:
        """Add a matplotlib figure as an image, or several of one size as a grid.

        The figure is drawn in the call, because it may change afterwards; it is encoded in the background.

        Args:
            tag: as in `add_image`.
            figure: one figure or a list of them; pyplot need not know them.
            global_step: as in `add_scalar`.
            close: whether pyplot is to forget the figure, which frees its memory.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `figure` is no figure, or another argument is of a wrong type.
            ValueError: the figures differ in size, or there is none.
        """
        from runlens.writer import figure as figures
        from runlens.writer.kinds import image

        drawn = figures.rendered(tag, figure)
        self._add(tag, image.drawing(drawn), global_step, walltime)
        if close:
            figures.close(figure)

    def add_video(
        self,
        tag: str,
        vid_tensor: object | bytes | str | os.PathLike[str],
        global_step: object = None,
        fps: float = 4,
        walltime: object = None,
        dataformats: str = "NTCHW",
    ) -> None:
        """Add a video: frames become an animated GIF, and a video file is stored as it is.

        A GIF has 256 colours a frame, and counts time in hundredths of a second. It has all frames, and lasts as
        long as they do; beyond 50 frames a second, which browsers do not play, it lasts longer.

        Args:
            tag: as in `add_image`.
            vid_tensor: pixels as in `add_image`, gray or RGB; several videos (N) run side by side. Or an MP4, WebM or
                GIF: its bytes, or its path. TensorBoard shows GIF only.
            global_step: as in `add_scalar`.
            fps: frames per second; without meaning for a file.
            walltime: as in `add_scalar`.
            dataformats: a letter for each axis: T, H and W, perhaps C, perhaps N.

        Raises:
            TypeError: `vid_tensor` holds no real numbers, or another argument is of a wrong type.
            ValueError: as `add_image`; or there are other than 1 or 3 channels, `fps` is no rate, or the file is none
                of those.
            OSError: the file cannot be read.
        """
        from runlens.writer.kinds import video

        self._add_pixels(tag, video.video(tag, vid_tensor, fps, dataformats), global_step, walltime)

    def add_audio(
        self,
        tag: str,
        snd_tensor: object,
        global_step: object = None,
        sample_rate: int = 44100,
        walltime: object = None,
    ) -> None:
        """Add a sound, stored as 16-bit WAV.

        Args:
            tag: name of the sound; `/` groups.
            snd_tensor: floats from -1 to 1 (others are clipped, and a RuntimeWarning says so once for a tag), or
                int16. One axis that is longer than 1, or two of which one is the 2 channels of stereo.
            global_step: as in `add_scalar`.
            sample_rate: samples per second.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `snd_tensor` holds neither floats nor int16, or another argument is of a wrong type.
            ValueError: `snd_tensor` is empty, has NaN or another shape, or `sample_rate` is no rate.
        """
        from runlens.writer.kinds import audio

        value = audio.audio(tag, snd_tensor, sample_rate)
        self._add(tag, value, global_step, walltime)
        if value.is_clipped:
            self._warn_once(f"audio {tag!r}: samples beyond -1 to 1 were clipped")

    def add_text(self, tag: str, text_string: str, global_step: object = None, walltime: object = None) -> None:
        """Add a text, which viewers take for Markdown.

        Args:
            tag: name of the text; `/` groups. On disk it is `<tag>/text_summary`, as with torch.
            text_string: the text.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `text_string` is no str, or another argument is of a wrong type.
            ValueError: `text_string` has a lone surrogate.
        """
        from runlens.writer.kinds import text

        check_tag(tag)
        self._add(tag + text.SUFFIX, text.text(tag, text_string), global_step, walltime)

    def add_mesh(
        self,
        tag: str,
        vertices: object,
        colors: object = None,
        faces: object = None,
        config_dict: Mapping[str, object] | None = None,
        global_step: object = None,
        walltime: object = None,
    ) -> None:
        """Add points in space, or the triangles between them.

        Args:
            tag: name of the mesh; on disk `<tag>_VERTEX`, `<tag>_FACE` and `<tag>_COLOR`.
            vertices: [batch, n, 3], or [n, 3]: coordinates, kept as float32.
            colors: for each vertex red, green and blue from 0 to 255; floats of which none is beyond 1 are 0 to 1.
            faces: [batch, m, 3], or [m, 3]: indices of the three vertices of each triangle.
            config_dict: names and settings of three.js classes for camera, lights and material.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: an array holds no real numbers, `config_dict` is no dict that JSON can hold, or another argument
                is of a wrong type.
            ValueError: an array has another shape or a batch of another size, a face names a vertex that is not
                there, or a colour is outside 0 to 255.
        """
        from runlens.writer.kinds import mesh

        check_tag(tag)
        value = mesh.mesh(tag, vertices, colors, faces, config_dict)
        self._add(f"{tag}_VERTEX", value, global_step, walltime)

    def add_tensor(self, tag: str, tensor: object, global_step: object = None, walltime: object = None) -> None:
        """Add a tensor of any shape, for programs that read event files; viewers draw nothing of it.

        Args:
            tag: name of the tensor; `/` groups.
            tensor: numbers of any dtype (bfloat16 and float8 are stored as float32), or strings.
            global_step: as in `add_scalar`.
            walltime: as in `add_scalar`.

        Raises:
            TypeError: `tensor` holds neither numbers nor strings, or another argument is of a wrong type.
            ValueError: it has no data, rows of different length, or 2 GB and more.
        """
        from runlens.writer.tensors import tensor_of

        self._add(tag, tensor_of(tag, tensor), global_step, walltime)

    def _add_pixels(self, tag: str, value: Pixels, global_step: object, walltime: object) -> None:
        self._add(tag, value, global_step, walltime)
        if value.has_nan:
            self._warn_once(f"{tag!r}: NaN among the pixels is drawn black", depth=4)

    def _warn_once(self, text: str, depth: int = 3) -> None:
        """Warn the caller `depth` calls above, unless this was said before. What it is about is queued already."""
        if text not in self._warnings_given:
            self._warnings_given.add(text)
            warnings.warn(text, RuntimeWarning, stacklevel=depth)

    @cached_property
    def _warnings_given(self) -> set[str]:
        return set()
