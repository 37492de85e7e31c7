"""The native scanner against the slow reader in tests/oracle.py, on real, random and damaged files."""

from __future__ import annotations

import os
import random
import struct
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runlens import _kernel
from runlens.wire import event, tensor
from runlens.wire.message import varint
from runlens.wire.record import frame, frame_scalars
from runlens.wire.scan import EventFile, Scan
from tests import oracle
from tests.random_logs import random_file
from tests.support import DATA, FRAMEWORKS, Point, comparable, expected_scalars

EVERYTHING = 1 << 40


def scan(data: bytes) -> Scan:
    """All of `data`, as the content of a file."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return EventFile(Path(file.name)).advance(EVERYTHING)


def points(*scans: Scan) -> dict[str, list[Point]]:
    """{tag: points} of several scans of one file."""
    names: dict[int, str] = {}
    found: dict[str, list[Point]] = {}
    for part in scans:
        names |= {number: tag.name for number, tag in part.tags.items()}
        for number, scalars in part.scalars.items():
            rows = comparable(*scalars.columns())
            found.setdefault(names[number], []).extend(rows)
    return found


def oracle_points(data: bytes) -> dict[str, list[Point]]:
    return {tag: comparable(*zip(*rows, strict=True)) for tag, rows in oracle.scalars(data).items() if rows}


def oracle_damage(data: bytes) -> list[tuple[int, int]]:
    regions = [item for item in oracle.read_events(data) if isinstance(item, oracle.Damage) and not item.truncated]
    return [(region.start, region.end - region.start) for region in regions]


def event_files() -> Iterator[Path]:
    for framework in FRAMEWORKS:
        yield from (DATA / framework).rglob("*tfevents*")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_real_logs_read_as_their_own_framework_reads_them(framework: str) -> None:
    for run, expected in expected_scalars(framework).items():
        found: dict[str, list[Point]] = {}
        for path in sorted((DATA / framework / run).glob("*tfevents*")):
            for tag, rows in points(EventFile(path).advance(EVERYTHING)).items():
                found.setdefault(tag, []).extend(rows)
        assert found == expected


def test_entries_say_where_the_bytes_are() -> None:
    path = next((DATA / "torch" / "media").glob("*tfevents*"))
    found = EventFile(path).advance(EVERYTHING)
    (picture,) = [n for n, tag in found.tags.items() if tag.name == "picture"]
    entries = found.entries[picture]
    body = path.read_bytes()[entries.offsets[0] : entries.offsets[0] + entries.lengths[0]]
    assert list(entries.forms) == [4]  # Summary.Value.image
    assert b"\x89PNG\r\n" in body and b"IEND" in body


@pytest.mark.parametrize("path", list(event_files()), ids=lambda path: path.parent.name)
def test_every_cut_waits_and_resumes(path: Path, tmp_path: Path) -> None:
    data = path.read_bytes()[:3000]
    expected = oracle_points(data)
    growing = tmp_path / "events"
    for cut in range(0, len(data), 11):
        growing.write_bytes(data[:cut])
        file = EventFile(growing)
        first = file.advance(EVERYTHING)
        assert first.damage == [] and first.offset + first.pending == cut
        growing.write_bytes(data)
        assert points(first, file.advance(EVERYTHING)) == expected


steps = st.integers(-(2**63), 2**63 - 1)
floats = st.floats(width=32)
tags = st.sampled_from(["loss", "a/b", "größe", "", "x" * 200])
plain = st.builds(lambda t, v, s, w: frame_scalars([(t, v, s, w)]), tags, floats, steps, st.floats(0, 2e9))
tensors = st.builds(
    lambda t, v, s, plugin: frame(
        event.event(1.5, s, event.summary(event.tensor_value(t, tensor.double_scalar(v), event.metadata(plugin))))
    ),
    tags,
    st.floats(),
    steps,
    st.sampled_from(["scalars", "", "other"]),
)
junk_payload = st.binary(max_size=60).map(frame)
records = st.lists(plain | plain | tensors | junk_payload, max_size=12)


@given(records)
def test_random_events_read_like_the_oracle(written: list[bytes]) -> None:
    data = b"".join(written)
    assert points(scan(data)) == oracle_points(data)


@given(records, st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=4), st.integers(0, 400))
def test_damaged_events_lose_only_what_is_damaged(written: list[bytes], flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(b"".join(written))
    for position, bits in flips:
        if data:
            data[position % len(data)] ^= bits
    damaged = bytes(data[: max(0, len(data) - cut)])
    found = scan(damaged)
    assert points(found) == oracle_points(damaged)
    regions = [*found.damage, *filter(None, [found.open_damage])]
    assert [(region.offset, region.length) for region in regions] == oracle_damage(damaged)


@given(st.binary(max_size=500), records)
@example(struct.pack("<Q", 2**63) + struct.pack("<I", _kernel.masked_crc32c(struct.pack("<Q", 2**63))), [])
@example(struct.pack("<Q", 2**31 - 1) + struct.pack("<I", _kernel.masked_crc32c(struct.pack("<Q", 2**31 - 1))), [])
@example(bytes(100), [frame_scalars([("a", 1.0, 1, 1.0)])])
def test_garbage_before_events_costs_only_the_garbage(garbage: bytes, written: list[bytes]) -> None:
    data = garbage + b"".join(written)
    assert points(scan(data)) == oracle_points(data)


@given(st.lists(plain, max_size=10), st.lists(st.integers(1, 60), min_size=1, max_size=30))
def test_growing_in_any_pieces_gives_the_same(written: list[bytes], pieces: list[int]) -> None:
    data = b"".join(written)
    with tempfile.NamedTemporaryFile() as file:
        follower, scans, visible = EventFile(Path(file.name)), [], 0
        for piece in [*pieces, len(data)]:
            file.write(data[visible : visible + piece])
            file.flush()
            visible += piece
            scans.append(follower.advance(EVERYTHING))
    assert points(*scans) == oracle_points(data)


def test_small_limits_stop_between_records(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(frame_scalars([("loss", 1.0, s, 0.0) for s in range(100_000)]))
    file = EventFile(path)
    first = file.advance(1)
    assert not first.at_end and 0 < first.offset < path.stat().st_size
    scans = [first]
    while not scans[-1].at_end:
        scans.append(file.advance(1))
    assert [step for step, _, _ in points(*scans)["loss"]] == list(range(100_000))


def test_a_record_larger_than_any_buffer(tmp_path: Path) -> None:
    path = tmp_path / "events"
    large = event.summary(event.tensor_value("blob", b"\x42" + b"\x80\x80\x80\x02" + bytes(4 << 20), b""))
    path.write_bytes(frame(event.event(1.0, 1, large)) + frame_scalars([("loss", 2.0, 1, 0.0)]))
    found = EventFile(path).advance(EVERYTHING)
    assert found.damage == [] and [len(e.lengths) for e in found.entries.values()] == [1]
    assert points(found) == {"loss": [(1, 0.0, 2.0)]}


@pytest.mark.parametrize("beyond", [-20, -12, -5, 0, 1, 12, 60])
@pytest.mark.parametrize("after", [b"", b"12345"])
def test_a_damaged_last_record_is_seen_wherever_the_reader_pauses(tmp_path: Path, beyond: int, after: bytes) -> None:
    last = bytearray(frame(b"x" * 100))
    last[50] ^= 1
    filler_size = (1 << 20) + beyond - len(last)  # the reader takes a MiB at a time
    unknown_field = b"\x7a" + varint(filler_size - 20)
    filler = frame(unknown_field + bytes(filler_size - 20))
    assert len(filler) == filler_size
    path = tmp_path / "events"
    path.write_bytes(filler + last + after)
    found = EventFile(path).advance(EVERYTHING)
    # Whether its length is to be trusted only shows when something follows it.
    assert found.damage == []
    assert found.open_damage
    assert (found.open_damage.offset, found.open_damage.length) == (filler_size, len(last))
    assert found.pending == len(last) + len(after)


@pytest.mark.parametrize("seed", range(40))
def test_a_file_that_grew_reads_as_if_it_had_been_there_at_once(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    data = random_file(chance) + random_file(chance)
    path = tmp_path / "events"
    path.write_bytes(data)
    whole = EventFile(path).advance(EVERYTHING)
    for cut in {chance.randrange(len(data) + 1) for _ in range(20)}:
        path.write_bytes(data[:cut])
        file = EventFile(path)
        damage = file.advance(EVERYTHING).damage
        path.write_bytes(data)
        found = file.advance(EVERYTHING)
        assert (found.records, found.offset, found.pending) == (whole.records, whole.offset, whole.pending), cut
        assert (damage + found.damage, found.open_damage) == (whole.damage, whole.open_damage), cut


def test_reading_lets_other_threads_run(tmp_path: Path) -> None:
    pipe = tmp_path / "events"
    os.mkfifo(pipe)
    failures: list[OSError] = []

    def read() -> None:
        try:
            EventFile(pipe).advance(1)  # opening waits for a writer, which can only come if the GIL is free
        except OSError as error:  # and then a pipe has no size
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    pipe.open("wb").close()
    reader.join(30)
    assert len(failures) == 1


def test_a_missing_file_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="events"):
        EventFile(tmp_path / "events").advance(1)
