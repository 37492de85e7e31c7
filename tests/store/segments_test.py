"""Where a curve is cut and what of it was given up, against the rule in slow words."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runlens.store import segments as segments_module
from runlens.store.index import Index
from runlens.store.segments import Segment, segments_of
from runlens.wire import event
from runlens.wire.record import frame, frame_scalars
from tests.support import index_of

Row = tuple[int, float]  # step, wall time


def segments(index: Index, tag: str = "loss") -> list[Segment]:
    run = index.runs["run"]
    series = run.scalars[tag]
    return segments_of(run, series, series.strands())


def write(root: Path, name: str, rows: list[Row], tag: str = "loss") -> None:
    path = root / "run" / f"{name}.tfevents"
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(frame_scalars([(tag, 0.0, step, when) for step, when in rows]))


def begin_session(root: Path, name: str, step: int, when: float) -> None:
    path = root / "run" / f"{name}.tfevents"
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(frame(event.event(when, step, event.session_start())))


def given_up(index: Index, tag: str = "loss") -> list[Row]:
    """The abandoned points."""
    series = index.runs["run"].scalars[tag]
    views = [strand.table.view() for strand in series.strands()]
    return [
        (int(views[one.strand][0][row]), float(views[one.strand][1][row]))
        for one in segments(index, tag)
        for row in range(one.first, one.last)
        if one.abandoned is not None and views[one.strand][0][row] >= one.abandoned
    ]


jobs = st.lists(
    st.tuples(st.booleans(), st.integers(0, 12), st.lists(st.integers(-6, 5), max_size=8)), min_size=1, max_size=5
)


@given(jobs)
def test_every_point_is_in_one_segment_and_those_given_up_are_known(
    written: list[tuple[bool, int, list[int]]],
) -> None:
    """Jobs one after the other, each perhaps with a session; steps mostly go on, sometimes back."""
    clock, rows, restarts = 0.0, list[Row](), list[tuple[int, int]]()
    with tempfile.TemporaryDirectory() as folder:
        index = Index(Path(folder))
        for number, (has_session, start, advances) in enumerate(written):
            clock += 1
            if has_session:
                begin_session(Path(folder), f"{number}", start, clock)
                restarts.append((len(rows), start))
            step, logged = start, list[Row]()
            for advance in advances:
                step, clock = step + advance, clock + 1
                if rows and step < rows[-1][0]:
                    restarts.append((len(rows), step))
                rows.append((step, clock))
                logged.append((step, clock))
            write(Path(folder), f"{number}", logged)
            index.refresh()
            if not rows:
                continue
            found = segments(index)
            assert [one.first for one in found] == [0, *(one.last for one in found[:-1])]
            assert found[-1].last == len(rows)
            for one in found:
                steps = [step for step, _ in rows[one.first : one.last]]
                assert steps == sorted(steps)
            expected = [
                row for n, row in enumerate(rows) if any(n < first and row[0] >= step for first, step in restarts)
            ]
            assert given_up(index) == expected
            rewinds = {n for n in range(1, len(rows)) if rows[n][0] < rows[n - 1][0]}
            cuts = {one.first for one in found[1:]}
            assert rewinds <= cuts <= rewinds | {first for first, _ in restarts}


def test_a_session_says_why_and_a_clean_one_cuts_nothing(tmp_path: Path) -> None:
    begin_session(tmp_path, "a", 0, 0.0)
    write(tmp_path, "a", [(step, 1.0 + step) for step in range(10)])
    begin_session(tmp_path, "b", 10, 20.0)
    write(tmp_path, "b", [(step, 20.0 + step) for step in range(10, 20)])
    begin_session(tmp_path, "c", 15, 50.0)
    write(tmp_path, "c", [(step, 50.0 + step) for step in range(18, 20)])
    first, second = segments(index_of(tmp_path))
    assert (first.first, first.last, first.cause, first.abandons, first.abandoned) == (0, 20, "first", None, 15)
    assert (second.first, second.last, second.cause, second.abandons, second.abandoned) == (20, 22, "session", 15, None)


def test_a_tag_that_is_not_logged_again_has_its_tail_given_up_all_the_same(tmp_path: Path) -> None:
    write(tmp_path, "a", [(step, float(step)) for step in range(10)], "val")
    begin_session(tmp_path, "b", 6, 20.0)
    write(tmp_path, "b", [(6, 21.0)])
    index = index_of(tmp_path)
    assert given_up(index, "val") == [(step, float(step)) for step in range(6, 10)]
    assert len(segments(index, "val")) == 1


def test_points_are_after_their_own_files_session_whatever_their_times_say(tmp_path: Path) -> None:
    write(tmp_path, "a", [(0, 1.0), (1, 2.0), (2, 3.0)])
    begin_session(tmp_path, "b", 1, 1e9)
    write(tmp_path, "b", [(1, 4.0), (2, 5.0)])
    assert given_up(index_of(tmp_path)) == [(1, 2.0), (2, 3.0)]


def test_files_written_at_once_are_lines_of_their_own_and_do_not_give_each_other_up(tmp_path: Path) -> None:
    for step in range(100):
        write(tmp_path, "a", [(step + 50, float(step))])
        write(tmp_path, "b", [(step + 200, step + 0.5)])
    index = index_of(tmp_path)
    assert [(one.strand, one.first, one.last, one.cause) for one in segments(index)] == [
        (0, 0, 100, "first"),
        (1, 0, 100, "writer"),
    ]
    assert given_up(index) == []


def test_a_job_begun_anew_beside_one_that_lives_on_gives_up_what_was_logged_before(tmp_path: Path) -> None:
    write(tmp_path, "a", [(step, float(step)) for step in range(100)])
    write(tmp_path, "b", [(step, step + 50.0) for step in range(30, 60)])  # begun at 80, from step 30
    index = index_of(tmp_path)
    assert given_up(index) == [(step, float(step)) for step in range(30, 80)]
    assert [(one.strand, one.first, one.last) for one in segments(index)] == [(0, 0, 80), (0, 80, 100), (1, 0, 30)]


def test_a_session_heard_of_late_changes_the_generation(tmp_path: Path) -> None:
    write(tmp_path, "a", [(0, 1.0), (5, 3.0)])
    index = index_of(tmp_path)
    assert len(segments(index)) == 1
    generation = index.runs["run"].scalars["loss"].generation
    begin_session(tmp_path, "b", 0, 2.0)
    index.refresh()
    assert [one.first for one in segments(index)] == [0, 1]
    assert index.runs["run"].scalars["loss"].generation != generation


def test_a_step_that_jumps_about_makes_no_endless_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments_module, "MOST", 3)
    write(tmp_path, "a", [(step % 2, float(step)) for step in range(100)])
    index = index_of(tmp_path)
    found = segments(index)
    assert [(one.first, one.last, one.ascends) for one in found] == [
        (0, 94, False), (94, 96, True), (96, 98, True), (98, 100, True),
    ]  # fmt: skip
    assert len(given_up(index)) == 98


def test_only_new_rows_are_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "a", [(5, 1.0), (3, 2.0)])
    index = index_of(tmp_path)
    assert len(segments(index)) == 2
    series = index.runs["run"].scalars["loss"]
    series.strands()[0].table.view()[0][0] = -1  # no rewind any more, but that was seen
    write(tmp_path, "a", [(2, 3.0), (4, 4.0)])
    index.refresh()
    assert [one.first for one in segments(index)] == [0, 1, 2]
    assert segments(index) is segments(index)


def test_points_given_up_before_are_no_reason_for_another_cut(tmp_path: Path) -> None:
    write(tmp_path, "a", [(step, float(step)) for step in range(10)])
    write(tmp_path, "b", [(step, 20.0 + step) for step in range(5, 7)])
    begin_session(tmp_path, "c", 7, 40.0)
    write(tmp_path, "c", [(step, 40.0 + step) for step in range(7, 9)])
    assert [one.first for one in segments(index_of(tmp_path))] == [0, 10]
