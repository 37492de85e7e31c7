"""image: a picture per step, stored as PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from runlens.wire import event, media
from runlens.writer import pixels
from runlens.writer.arguments import describe
from runlens.writer.arrays import snapshot

if TYPE_CHECKING:
    from PIL import Image as Pillow

COLUMNS = 8  # of a grid, at most, as torch has it
BOX_THICKNESS = 2
FARTHEST = 10.0**6  # pixels; Pillow draws a box that reaches much farther out in a wrong place
MOST_PIXELS = 2**28  # of a rescaled image
COMPRESSION = 1  # zlib's level: a tenth larger than the default, and half the time


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on an image: corners in pixels, and what is written in it."""

    left: float
    top: float
    right: float
    bottom: float
    label: str

    @property
    def outline(self) -> list[tuple[float, float]]:
        """Its corners, the first one again at the end."""
        left, top, right, bottom = self.left, self.top, self.right, self.bottom
        return [(left, top), (left, bottom), (right, bottom), (right, top), (left, top)]


@dataclass(frozen=True, slots=True)
class Image:
    """One image, or several that are to make a grid: [N, height, width, channels] of any real dtype."""

    pixels: NDArray[Any]
    boxes: Sequence[Box] = ()
    rescale: float = 1

    @property
    def size(self) -> int:
        """Bytes of the pixels."""
        return self.pixels.nbytes

    @property
    def has_nan(self) -> bool:
        """Whether a pixel is no number."""
        return pixels.has_nan(self.pixels)

    def encode(self, tag: str, is_first: bool) -> bytes:
        """The summary of a PNG. Height and width are those of the PNG."""
        columns = min(COLUMNS, len(self.pixels))
        grid = pixels.tiled(pixels.as_bytes(self.pixels), -(-len(self.pixels) // columns), columns)
        picture = _picture(grid)
        if self.boxes:
            picture = _with_boxes(picture, self.boxes)
        if self.rescale != 1:
            picture = _resized(picture, self.rescale)
        buffer = io.BytesIO()
        picture.save(buffer, "PNG", compress_level=COMPRESSION)
        width, height = picture.size
        return event.summary(media.image_value(tag, height, width, len(picture.getbands()), buffer.getvalue()))


def image(tag: str, value: object, dataformats: str) -> Image:
    """One image or a grid of images, checked and copied. Raises as `pixels.copy_of` does."""
    return Image(pixels.copy_of(f"image {tag!r}", value, dataformats, axes="NHWC", needed="HW"))


def images(tag: str, value: object, dataformats: str) -> Image:
    """As `image`; `value` may also be a list of images, with `dataformats` of one of them."""
    if isinstance(value, (list, tuple)) and isinstance(dataformats, str) and "N" not in dataformats.upper():
        dataformats = "N" + dataformats
    return image(tag, value, dataformats)


def drawing(drawn: NDArray[np.uint8]) -> Image:
    """Pixels that nobody else holds, [height, width, channels], or [N, ...] for a grid."""
    return Image(drawn if drawn.ndim == 4 else drawn[np.newaxis])


def image_with_boxes(
    tag: str, value: object, boxes: object, labels: Sequence[str] | None, rescale: float, dataformats: str
) -> Image:
    """An image on which boxes are drawn, checked and copied.

    Raises:
        TypeError, ValueError: as `pixels.copy_of` does; or `boxes` is no [n, 4] of finite numbers, `labels` no n texts,
            or `rescale` leaves no pixel.
    """
    plain = image(tag, value, dataformats)
    _, height, width, _ = plain.pixels.shape
    try:
        factor = float(rescale)
        scaled_width, scaled_height = _scaled((width, height), factor)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"rescale of image {tag!r}: got {describe(rescale)}, want a factor ({error})") from error
    if min(scaled_width, scaled_height) < 1 or scaled_width * scaled_height > MOST_PIXELS:
        given = f"got {rescale}, which makes {scaled_height} x {scaled_width} of {height} x {width}"
        raise ValueError(f"rescale of image {tag!r}: {given}, want 1 to {MOST_PIXELS} pixels")
    return Image(plain.pixels, _boxes(tag, boxes, labels), factor)


def _boxes(tag: str, value: object, labels: Sequence[str] | None) -> list[Box]:
    corners = snapshot(f"box_tensor of image {tag!r}", value)
    if corners.shape == (4,):
        corners = corners[np.newaxis]
    if corners.size == 0:
        corners = corners.reshape(0, 4)
    if corners.ndim != 2 or corners.shape[1] != 4 or corners.dtype.kind not in "iuf":
        given = f"got shape {corners.shape} of dtype {corners.dtype}"
        raise ValueError(f"box_tensor of image {tag!r}: {given}, want [n, 4] with left, top, right, bottom")
    if not np.isfinite(corners).all():
        raise ValueError(f"box_tensor of image {tag!r}: got NaN or an infinity, want pixels")
    corners = corners.astype(np.float64).clip(-FARTHEST, FARTHEST)
    if labels is None:
        labels = [""] * len(corners)
    if isinstance(labels, str) or not all(isinstance(label, str) for label in labels):
        raise TypeError(f"labels of image {tag!r}: got {describe(labels)}, want a list of str")
    if len(labels) != len(corners):
        raise ValueError(
            f"labels of image {tag!r}: got {len(labels)} of them, want one for each of {len(corners)} boxes"
        )
    return [
        Box(left, top, right, bottom, label)
        for (left, top, right, bottom), label in zip(corners.tolist(), labels, strict=True)
    ]


def _scaled(size: tuple[int, int], factor: float) -> tuple[int, int]:
    return int(size[0] * factor), int(size[1] * factor)


# Pillow is imported in the background, not by the training loop. Each function gives a new image.


def _picture(grid: NDArray[np.uint8]) -> Pillow.Image:
    from PIL import Image as Pillow

    return Pillow.fromarray(grid[..., 0] if grid.shape[2] == 1 else grid)


def _with_boxes(picture: Pillow.Image, boxes: Sequence[Box]) -> Pillow.Image:
    """Red rectangles, each with its label in black on red in the lower left corner, as torch draws them."""
    from PIL import ImageDraw, ImageFont

    drawn = picture.convert("RGBA" if "A" in picture.getbands() else "RGB")
    draw, font = ImageDraw.Draw(drawn), ImageFont.load_default()
    for box in boxes:
        draw.line(box.outline, fill="red", width=BOX_THICKNESS)
        if box.label:
            label, (width, height) = _drawable(box.label, font)
            margin = math.ceil(height / 20)
            top = box.bottom - height - 2 * margin
            draw.rectangle([(box.left, top), (box.left + width, box.bottom)], fill="red")
            draw.text((box.left + margin, top + margin), label, fill="black", font=font)
    return drawn


def _drawable(label: str, font: Any) -> tuple[str, tuple[int, int]]:  # noqa: ANN401 - either of Pillow's two sorts
    """A label as far as the font has it, and its size in pixels. Pillow without FreeType has Latin letters only."""
    try:
        return label, font.getmask(label).size
    except UnicodeEncodeError:
        latin = label.encode("latin-1", "replace").decode("latin-1")
        return latin, font.getmask(latin).size


def _resized(picture: Pillow.Image, factor: float) -> Pillow.Image:
    from PIL import Image as Pillow

    return picture.resize(_scaled(picture.size, factor), Pillow.Resampling.LANCZOS)
