"""The one list of kinds that can be asked, and their queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from runlens.api.kinds import graph, hparams, image, scalar, text
from runlens.api.payload import Blob, Payload, Stream
from runlens.store.index import Index

Query = Callable[[Index, dict[str, Any]], Payload]  # of a JSON question
BlobQuery = Callable[[Index, Mapping[str, str]], Blob | Stream]  # of a URL's parameters
UploadQuery = Callable[[bytes, Mapping[str, str]], Payload]  # of a file and a URL's parameters

QUERIES: Mapping[str, Mapping[str, Query]] = {
    "graph": graph.QUERIES,
    "hparams": hparams.QUERIES,
    "image": image.QUERIES,
    "scalar": scalar.QUERIES,
    "text": text.QUERIES,
}

BLOBS: Mapping[str, Mapping[str, BlobQuery]] = {
    "image": image.BLOBS,
    "text": text.BLOBS,
}

UPLOADS: Mapping[str, Mapping[str, UploadQuery]] = {
    "graph": graph.UPLOADS,
}
