"""The one list of kinds that can be asked, and their queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runlens.api.kinds import (
    audio,
    custom_scalars,
    embedding,
    graph,
    histogram,
    hparams,
    image,
    mesh,
    pr_curve,
    scalar,
    text,
    video,
)
from runlens.api.payload import Blob, Payload, Stream
from runlens.store.index import Index

Query = Callable[[Index, dict[str, Any]], Payload]  # of a JSON question
BlobQuery = Callable[[Index, Mapping[str, str]], Blob | Stream]  # of a URL's parameters
UploadQuery = Callable[[bytes, Mapping[str, str]], Payload]  # of a file and a URL's parameters

QUERIES: Mapping[str, Mapping[str, Query]] = {
    "audio": audio.QUERIES,
    "custom_scalars": custom_scalars.QUERIES,
    "embedding": embedding.QUERIES,
    "graph": graph.QUERIES,
    "histogram": histogram.QUERIES,
    "hparams": hparams.QUERIES,
    "image": image.QUERIES,
    "mesh": mesh.QUERIES,
    "pr_curve": pr_curve.QUERIES,
    "scalar": scalar.QUERIES,
    "text": text.QUERIES,
    "video": video.QUERIES,
}

BLOBS: Mapping[str, Mapping[str, BlobQuery]] = {
    "audio": audio.BLOBS,
    "embedding": embedding.BLOBS,
    "image": image.BLOBS,
    "mesh": mesh.BLOBS,
    "scalar": scalar.BLOBS,
    "text": text.BLOBS,
    "video": video.BLOBS,
}

UPLOADS: Mapping[str, Mapping[str, UploadQuery]] = {
    "graph": graph.UPLOADS,
}
