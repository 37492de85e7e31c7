"""Figures beside torch's rendering, by the real matplotlib."""

import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from runlens import SummaryWriter
from tests.event_support import values_of

pytest.importorskip("matplotlib")


@pytest.fixture(autouse=True)
def without_a_screen() -> Iterator[None]:
    import matplotlib as mpl
    from matplotlib import pyplot

    mpl.use("Agg")
    yield
    pyplot.close("all")


def figure_of(seed: int, size: tuple[float, float] = (3, 2), transparent: bool = False) -> Any:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=size, dpi=60)
    axes.plot(np.random.default_rng(seed).normal(size=20))
    if transparent:
        figure.patch.set_alpha(0.3)
    return figure


def image_of(directory: Path) -> Any:
    from PIL import Image

    (value,) = values_of(directory)
    image = Image.open(io.BytesIO(value.image.encoded_image_string))
    assert (value.image.height, value.image.width) == (image.height, image.width)
    return np.asarray(image)


@pytest.mark.parametrize("count", [None, 1, 3])
@pytest.mark.parametrize("transparent", [False, True])
def test_pixels_equal_torchs(tmp_path: Path, count: int | None, transparent: bool) -> None:
    from torch.utils.tensorboard import SummaryWriter as TorchWriter

    figures = [figure_of(seed, transparent=transparent) for seed in range(count or 1)]
    for directory, make in (("ours", SummaryWriter), ("torch", TorchWriter)):
        with make(str(tmp_path / directory)) as writer:  # type: ignore[no-untyped-call, unused-ignore]
            writer.add_figure("f", figures if count else figures[0], 1, close=False)
    assert np.array_equal(image_of(tmp_path / "ours"), image_of(tmp_path / "torch"))


@pytest.mark.parametrize("write_to_disk", [True, False])
def test_close(tmp_path: Path, write_to_disk: bool) -> None:
    from matplotlib import pyplot

    with SummaryWriter(tmp_path, write_to_disk=write_to_disk) as writer:
        kept = figure_of(0)
        writer.add_figure("f", kept, close=False)
        assert pyplot.get_fignums() == [kept.number]
        writer.add_figure("f", [figure_of(1), figure_of(2)], 1)
        writer.add_figure(tag="f", figure=figure_of(3), global_step=2)
        assert pyplot.get_fignums() == [kept.number]


def test_a_figure_may_change_after_the_call(tmp_path: Path) -> None:
    figure = figure_of(0)
    canvas = figure.canvas
    with SummaryWriter(tmp_path / "before") as writer:
        writer.add_figure("f", figure, close=False)
    with SummaryWriter(tmp_path / "after") as writer:
        writer.add_figure("f", figure, close=False)
        figure.patch.set_color("black")
        figure.canvas.draw()
    assert figure.canvas is canvas
    assert np.array_equal(image_of(tmp_path / "after"), image_of(tmp_path / "before"))


def test_errors(tmp_path: Path) -> None:
    from matplotlib import pyplot

    figures = [figure_of(0), figure_of(1, size=(2, 2))]
    with SummaryWriter(tmp_path) as writer:
        with pytest.raises(ValueError, match="figure 'f': got figures of 180 x 120, 120 x 120 pixels, want all of one"):
            writer.add_figure("f", figures)
        with pytest.raises(TypeError, match="figure 'f': got str 'x', want a matplotlib figure or a list of them"):
            writer.add_figure("f", "x")  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="figure 'f': got an empty list"):
            writer.add_figure("f", [])
    assert len(pyplot.get_fignums()) == 2  # a figure that was not logged is not closed
    assert values_of(tmp_path) == []


def test_pyplot_is_not_imported_for_it(tmp_path: Path) -> None:
    code = (
        "import sys; from runlens import SummaryWriter; from matplotlib.figure import Figure\n"
        "writer = SummaryWriter(sys.argv[1]); writer.add_figure('f', Figure()); writer.close()\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"
    assert image_of(tmp_path).shape == (480, 640, 3)
