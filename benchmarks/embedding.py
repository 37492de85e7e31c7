"""How soon are many points on the screen, and how long do t-SNE and UMAP of ten thousand take?"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.graph import tensorboard
from benchmarks.logs import DATA
from benchmarks.measure import Row
from benchmarks.page import drive, viewer
from runlens.api.reduction.job import Job
from runlens.api.reduction.request import Request

SCRIPT = Path(__file__).with_name("embedding.mjs")
DIMENSIONS = 128
CLUSTERS = 20
SECONDS = {10_000: 2, 100_000: 4, 1_000_000: 20}


def rows() -> list[Row]:
    """Time to the first picture; TensorBoard's beside it for as many points as its page takes whole."""
    return [*(_first_picture(count) for count in SECONDS), *_reductions()]


def _first_picture(count: int) -> Row:
    folder = logdir(count)
    with viewer(folder) as address:
        ours = drive("first", address, str(count), script=SCRIPT)["shown"] / 1e3
    what = f"{count:,} points x {DIMENSIONS}: from navigation to the picture of their components"
    row = (what, "s", ours, f"under {SECONDS[count]} s", ours < SECONDS[count])
    if count > 10_000:
        return Row(*row)
    with tensorboard(folder, "projector/runs") as address:
        return Row(*row, "TensorBoard", drive("tensorboard", address, str(count), script=SCRIPT)["shown"] / 1e3)


def _reductions() -> list[Row]:
    requests = {
        "t-SNE, 1,000 rounds": Request("tsne", 2, "euclidean", 10_000, perplexity=30, iterations=750),
        "UMAP, 500 rounds": Request("umap", 2, "euclidean", 10_000, neighbours=15, min_dist=0.1),
    }
    measured = []
    for name, request in requests.items():
        began = time.monotonic()
        job = Job(name, request.parameters(), np.arange(10_000))
        job.run(lambda: points(10_000), lambda places: None)
        seconds = time.monotonic() - began
        measured.append(Row(f"{name} of 10,000 points", "s", seconds, "", job.state == "done"))
    return measured


def logdir(count: int) -> Path:
    """A logdir with one embedding in raw float32, as TensorFlow's projector takes it."""
    folder = DATA / f"embedding{count}"
    path = folder / "projector_config.pbtxt"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tensors.bytes").write_bytes(points(count).tobytes())
        shape = f"tensor_shape: {count} tensor_shape: {DIMENSIONS}"
        path.write_text(f'embeddings {{ tensor_name: "points" {shape} tensor_path: "tensors.bytes" }}')
    return folder


def points(count: int) -> NDArray[np.float32]:
    """Clusters, [count, DIMENSIONS]."""
    random = np.random.default_rng(1)
    centres = 3 * random.standard_normal((CLUSTERS, DIMENSIONS), np.float32)
    values = random.standard_normal((count, DIMENSIONS), np.float32)
    values += centres[random.integers(0, CLUSTERS, count)]
    return values
