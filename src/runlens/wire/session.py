"""SessionLog: what a writer says of its own start, end and checkpoints."""

from __future__ import annotations

from typing import Final, Literal

from runlens.wire.fields import INT, singular

Status = Literal["start", "stop", "checkpoint"]

SESSION_FORM: Final = 107  # session_log in Event, plus 100
SESSION_TAG: Final = "__session_log__"  # under which the scanner files them

_STATUS: Final[dict[int, Status]] = {1: "start", 2: "stop", 3: "checkpoint"}


def session_status(body: bytes) -> Status | None:
    """The status of a SessionLog; None when it says none that is known.

    Raises:
        Malformed: the bytes are not protobuf.
    """
    (status,) = singular(body, "SessionLog", {1: INT})
    return _STATUS.get(status)
