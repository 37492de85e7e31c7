"""What the writers of a run said of their own starts and stops."""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary

from runlens.store.session import Session, sessions
from runlens.wire.record import frame
from tests.support import DATA, index_of, write_scalars


def write_session(path: Path, status: int, step: int, wall_time: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    event = Event(wall_time=wall_time, step=step, session_log=SessionLog(status=status, msg="said"))
    with path.open("ab") as file:
        file.write(frame(event.SerializeToString()))


def test_each_status_is_told_in_the_order_of_the_files(tmp_path: Path) -> None:
    first, second = (tmp_path / "run" / f"tfevents.{number}" for number in (1, 2))
    write_session(second, SessionLog.START, 7, 3.0)
    write_session(first, SessionLog.START, 0, 1.0)
    write_session(first, SessionLog.CHECKPOINT, 5, 1.5)
    write_session(first, SessionLog.STOP, 9, 2.0)
    write_session(first, 99, 9, 2.0)
    write_scalars(first, "__session_log__", [1.0], append=True)  # a tag of that name is no session log
    image = Summary.Value(tag="__session_log__", image=Summary.Image(height=1))  # though its bytes would be a start
    with first.open("ab") as file:
        file.write(frame(Event(summary=Summary(value=[image])).SerializeToString()))
    assert sessions(index_of(tmp_path).runs["run"]) == [
        Session("start", 0, 1.0, first),
        Session("checkpoint", 5, 1.5, first),
        Session("stop", 9, 2.0, first),
        Session("start", 7, 3.0, second),
    ]


@pytest.mark.parametrize(("run", "starts"), [("purged", [5]), ("scalars", [])])
def test_torch_says_where_it_purges(run: str, starts: list[int]) -> None:
    found = sessions(index_of(DATA / "torch").runs[run])
    assert [(session.status, session.step) for session in found] == [("start", step) for step in starts]


def test_they_are_read_again_when_there_are_more(tmp_path: Path) -> None:
    path = tmp_path / "run" / "tfevents"
    write_session(path, SessionLog.START, 0, 1.0)
    index = index_of(tmp_path)
    assert len(sessions(index.runs["run"])) == 1
    write_session(path, SessionLog.START, 4, 2.0)
    index.refresh()
    assert [session.step for session in sessions(index.runs["run"])] == [0, 4]
