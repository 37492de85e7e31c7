"""The list of kinds that can be asked. The code of a kind is loaded when it is first asked: no start waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from runlens.api.payload import Blob, Payload, Stream
from runlens.store.index import Index

Query = Callable[[Index, dict[str, Any]], Payload]  # of a JSON question
BlobQuery = Callable[[Index, Mapping[str, str]], Blob | Stream]  # of a URL's parameters
UploadQuery = Callable[[bytes, Mapping[str, str]], Payload]  # of a file and a URL's parameters

KINDS = (
    "audio",
    "custom_scalars",
    "embedding",
    "graph",
    "histogram",
    "hparams",
    "image",
    "mark",
    "mesh",
    "pr_curve",
    "run_info",
    "scalar",
    "text",
    "video",
)


def query(kind: str, name: str) -> Query | None:
    """What answers the JSON question `name` of a kind; None where there is no such kind or question."""
    found: Query | None = _offered(kind, "QUERIES").get(name)
    return found


def blob(kind: str, name: str) -> BlobQuery | None:
    """What answers a URL for bytes, likewise."""
    found: BlobQuery | None = _offered(kind, "BLOBS").get(name)
    return found


def upload(kind: str, name: str) -> UploadQuery | None:
    """What answers a file that is sent, likewise."""
    found: UploadQuery | None = _offered(kind, "UPLOADS").get(name)
    return found


def _offered(kind: str, sort: str) -> Mapping[str, Any]:
    if kind not in KINDS:
        return {}
    offered: Mapping[str, Any] = getattr(import_module(f"{__name__}.{kind}"), sort, {})
    return offered
