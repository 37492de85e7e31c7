"""How a run is: live or ended, how far, since when."""

from __future__ import annotations

import math
from typing import Final

from runlens.api.study import Session
from runlens.store.run import Run
from runlens.store.session import sessions as session_logs

STATES: Final = ("live", "stalled", "finished", "failed")
LIVE_FOR: Final = 300.0  # s since a run's files were written last
STALLED_FOR: Final = 86400.0  # s after which a run that never said so has finished, too


def state_of(session: Session, now: float) -> str:
    """One of STATES: by its own word where it says how it ended, else by how long it has been silent."""
    end = session.said.end
    if end is not None and end.status in ("success", "failure"):
        return "finished" if end.status == "success" else "failed"
    logged = session_logs(session.run)
    if logged and logged[-1].status == "stop":
        return "finished"
    written = max((file.found.modified for file in session.run.files.values()), default=0.0)
    silent = now - written
    return "live" if silent < LIVE_FOR else "stalled" if silent < STALLED_FOR else "finished"


def start_of(session: Session) -> float:
    """When it began, in seconds since the epoch; NaN where nothing tells."""
    return session.said.start or (session.run.start if math.isfinite(session.run.start) else math.nan)


def end_of(session: Session) -> float:
    """The wall time of its last record, likewise."""
    return session.run.end if math.isfinite(session.run.end) else math.nan


def last_step(run: Run) -> float:
    """The last step of the longest curve; NaN without any."""
    longest = max(run.scalars.values(), key=lambda series: series.count, default=None)
    return float(longest.columns()[0][-1]) if longest is not None else math.nan
