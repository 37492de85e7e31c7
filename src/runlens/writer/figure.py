"""matplotlib's figures -> pixels. It is imported only here, and only for a user's figure."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from runlens.writer.arguments import describe


def rendered(tag: str, figure: object) -> NDArray[np.uint8]:
    """A figure's pixels, [height, width, RGB], drawn by Agg; of a list of figures of one size [N, height, width, RGB].

    The figure keeps the canvas it had, so a window that shows it goes on doing so.

    Raises:
        TypeError: `figure` is no figure and no list of figures.
        ValueError: the list is empty, or the figures differ in size.
    """
    figures = figure if isinstance(figure, (list, tuple)) else [figure]
    for item in figures:
        if not (hasattr(item, "set_canvas") and hasattr(item, "canvas")):
            raise TypeError(f"figure {tag!r}: got {describe(item)}, want a matplotlib figure or a list of them")
    if not figures:
        raise ValueError(f"figure {tag!r}: got an empty list, want at least one figure")
    images = [_draw(item) for item in figures]
    if len({image.shape for image in images}) > 1:
        sizes = ", ".join(f"{width} x {height}" for height, width, _ in (image.shape for image in images))
        raise ValueError(f"figure {tag!r}: got figures of {sizes} pixels, want all of one size")
    return np.stack(images) if isinstance(figure, (list, tuple)) else images[0]


def close(figure: object) -> None:
    """Close the figure, or each of a list, if pyplot knows it."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:  # otherwise nobody but the caller holds the figures
        for item in figure if isinstance(figure, (list, tuple)) else [figure]:
            pyplot.close(item)


def _draw(figure: Any) -> NDArray[np.uint8]:  # noqa: ANN401 - matplotlib is not there to check against
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before = figure.canvas
    try:
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
    finally:
        figure.set_canvas(before)
    # Nobody else holds that canvas, so its buffer need not be copied.
    return np.asarray(canvas.buffer_rgba())[..., :3]
