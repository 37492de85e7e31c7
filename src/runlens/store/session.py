"""When a run was started, stopped and checkpointed, by what its writers logged of themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from runlens.store.entry import entries_of, read_payloads
from runlens.wire.fields import Malformed
from runlens.wire.session import SESSION_FORM, SESSION_TAG, Status, session_status

if TYPE_CHECKING:
    from runlens.store.run import Run

MAX_SESSION_LOGS = 1 << 20  # bytes read of all session logs of a run: each is a few


@dataclass(frozen=True, slots=True)
class Session:
    """One SessionLog. A start says that steps from its own on are written anew."""

    status: Status
    step: int
    wall_time: float  # seconds since the epoch
    path: Path


def sessions(run: Run) -> list[Session]:
    """The session logs of a run in the order of its files; call it under the index's lock.

    They are read from disk once, and again after the run's session logs changed. One that cannot be read any more,
    or whose status is unknown, is left out.
    """
    series = run.entries.get(SESSION_TAG)
    if series is None:
        return []
    version = series.generation, series.count
    if run.known_sessions is None or run.known_sessions[0] != version:
        run.known_sessions = version, _read(run)
    return run.known_sessions[1]


def _read(run: Run) -> list[Session]:
    logs = [entry for entry in entries_of(run, SESSION_TAG) if entry.form == SESSION_FORM]
    found = []
    for entry, payload in zip(logs, read_payloads(logs, MAX_SESSION_LOGS), strict=True):
        status = _status(payload) if isinstance(payload, bytes) else None
        if status is not None:
            found.append(Session(status, entry.step, entry.wall_time, entry.path))
    return found


def _status(payload: bytes) -> Status | None:
    try:
        return session_status(payload)
    except Malformed:
        return None
