"""A sprite: the images of many points in one, row by row."""

from __future__ import annotations

import io
from typing import Final

from runlens.api.question import NotFound

_MAGIC: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def sprite_of(content: bytes, size: tuple[int, ...], count: int) -> tuple[dict[str, int], list[str]]:
    """Width and height of an image of `size`, how many stand across and down, and what is wrong with it.

    Raises:
        NotFound: nothing of it can be shown.
    """
    from PIL import Image

    media_type_of(content)
    if len(size) != 2 or 0 in size:
        raise NotFound(f"single_image_dim: got {list(size)}, want width and height; images are not shown")
    try:
        with Image.open(io.BytesIO(content)) as image:
            across, down = image.width // size[0], image.height // size[1]
    except Exception as error:  # whatever a decoder raises at hostile bytes
        raise NotFound(f"the sprite cannot be read: {error}") from None
    if across * down == 0:
        raise NotFound(f"the sprite is smaller than one image of {size[0]} x {size[1]} pixels")
    problems = []
    if across * down < count:
        problems = [f"the sprite has room for {across * down} images, want {count}; points beyond have none"]
    return {"width": size[0], "height": size[1], "across": across, "down": down}, problems


def media_type_of(content: bytes) -> str:
    """What a browser may be told that an image is.

    Raises:
        NotFound: it is none that a page shows.
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    for start, media_type in _MAGIC.items():
        if content.startswith(start):
            return media_type
    raise NotFound("the sprite is no image that can be shown: want PNG, JPEG, GIF or WebP")
