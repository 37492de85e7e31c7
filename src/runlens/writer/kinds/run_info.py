"""run_info: the circumstances of a run, gathered in the background."""

from __future__ import annotations

import json
from collections.abc import Callable

from runlens.wire import event, tensor

PLUGIN = "runlens_run_info"
TAG = "__run_info__"
METADATA = event.metadata(PLUGIN, data_class=event.DATA_CLASS_TENSOR)


class RunInfo:
    """Circumstances to come: `gather` gives them as what JSON can hold."""

    size = 2**20  # about the most that they take; for so much the encoders' threads are used, and no other event waits

    def __init__(self, gather: Callable[[], dict[str, object]]) -> None:
        self._gather = gather

    def encode(self, tag: str, is_first: bool) -> bytes:
        """A rank-0 string tensor that holds JSON in UTF-8."""
        # ASCII only, so that a name that is no proper text, as files may have, is no error.
        text = json.dumps(self._gather()).encode()
        return event.summary(event.tensor_value(tag, tensor.of_strings([text], ()), METADATA if is_first else b""))
