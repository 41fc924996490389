from __future__ import annotations

import gzip
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangui.adapters.f2b_log.source import LogSource
from bangui.domain.history import EventKind, Observation
from bangui.domain.history_ports import EventSource, Reading, SourceAway
from packages.bangui.tests.adapters.f2b_log.made_log import START, MadeLog, Told, local, random_log, told


def soon() -> float:
    """Long after everything was written, so that nothing is waited for."""
    return time.time() + 1_000


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fail2ban.log"


@pytest.fixture
def source(path: Path) -> Iterator[LogSource]:
    with closing(LogSource("h", path, soon)) as one:
        yield one


def read_all(source: EventSource, cursor: str | None = None, at_most: int = 5_000) -> tuple[list[Observation], str]:
    found: list[Observation] = []
    while True:
        reading = source.read(cursor, at_most)
        assert len(reading.observations) <= at_most
        found += reading.observations
        cursor = reading.cursor
        if not reading.has_more:
            return found, cursor


def from_scratch(path: Path) -> list[Observation]:
    with closing(LogSource("h", path, soon)) as source:
        return read_all(source)[0]


def small_log() -> MadeLog:
    log = MadeLog()
    log.start("sshd")
    for id in ("198.51.100.1", "198.51.100.2"):
        log.found("sshd", id)
        log.action("sshd", f"Ban {id}")
    log.wait(10_000)
    log.stop("sshd", ["198.51.100.1", "198.51.100.2"])
    return log


def test_a_log_is_read_from_its_beginning_and_then_what_comes_after_the_cursor(source: LogSource, path: Path) -> None:
    log = small_log()
    path.write_bytes(log.text)
    assert source.name == "log"
    reading = source.read(None)
    assert told(reading.observations) == [
        Told(EventKind.FAILURE, "sshd", "198.51.100.1"),
        Told(EventKind.BAN, "sshd", "198.51.100.1"),
        Told(EventKind.FAILURE, "sshd", "198.51.100.2"),
        Told(EventKind.BAN, "sshd", "198.51.100.2"),
        Told(EventKind.REPEAL, "sshd", "198.51.100.1"),
        Told(EventKind.REPEAL, "sshd", "198.51.100.2"),
    ]
    assert {one.host for one in reading.observations} == {"h"}
    assert (reading.has_more, reading.done, reading.total) == (False, len(log.text), len(log.text))
    assert source.read(reading.cursor) == Reading((), reading.cursor, False, len(log.text), len(log.text))
    log.lines.clear()
    log.action("sshd", "Restore Ban 198.51.100.1")
    with path.open("ab") as file:
        file.write(log.text)
    assert told(source.read(reading.cursor).observations) == [Told(EventKind.RESTORE, "sshd", "198.51.100.1")]


def test_no_more_is_given_out_than_was_asked_for_and_has_more_is_exact(source: LogSource, path: Path) -> None:
    path.write_bytes(small_log().text)
    cursor: str | None = None
    more = []
    for _ in range(6):
        reading = source.read(cursor, at_most=1)
        assert len(reading.observations) == 1
        cursor = reading.cursor
        more.append(reading.has_more)
    assert more == [True] * 5 + [False]


def test_an_empty_log_is_a_beginning(source: LogSource, path: Path) -> None:
    path.touch()
    reading = source.read(None)
    assert (reading.observations, reading.has_more, reading.total) == ((), False, 0)
    path.write_bytes(small_log().text)
    assert len(source.read(reading.cursor).observations) == 6


def test_a_line_whose_end_has_not_come_is_not_read(path: Path) -> None:
    text = small_log().text
    path.write_bytes(text[:-1])
    with closing(LogSource("h", path)) as source, closing(LogSource("h", path, soon)) as other:
        first = source.read(None)
        assert len(first.observations) == 4
        path.write_bytes(text)
        assert len(source.read(first.cursor).observations) == len(other.read(first.cursor).observations) == 2


def test_an_unban_is_given_out_when_the_log_has_been_silent_for_a_while(path: Path) -> None:
    log = MadeLog()
    log.action("sshd", "Unban 198.51.100.1")
    path.write_bytes(log.text)
    later = [0.0]
    with closing(LogSource("h", path, lambda: path.stat().st_mtime + later[0])) as source:
        reading = source.read(None)
        assert not reading.observations
        later[0] = 3.5
        assert source.read(reading.cursor).cursor == reading.cursor
        later[0] = 4.5
        last = source.read(reading.cursor)
        assert told(last.observations) == [Told(EventKind.UNBAN, "sshd", "198.51.100.1")]
        assert source.read(last.cursor).observations == ()


def test_thousands_of_unbans_that_are_decided_at_once_are_given_out_in_pieces(source: LogSource, path: Path) -> None:
    log = MadeLog()
    log.start("sshd")
    ids = [f"198.51.{number // 256}.{number % 256}" for number in range(1_500)]
    log.stop("sshd", ids, reads_files=False)
    path.write_bytes(log.text)
    found: list[Observation] = []
    cursor: str | None = None
    has_more = True
    while has_more:
        with closing(LogSource("h", path, soon)) as other:  # each piece by another process
            reading = other.read(cursor, at_most=100)
        found += reading.observations
        cursor, has_more = reading.cursor, reading.has_more
        assert len(reading.observations) <= 100
    assert found == read_all(source)[0]
    assert told(found) == [Told(EventKind.REPEAL, "sshd", id) for id in ids]


def test_what_tells_of_nothing_is_read_in_pieces_too(source: LogSource, path: Path) -> None:
    line = b"2026-11-25 12:09:00,227 fail2ban.server         [5706]: DEBUG   " + b"x" * 1_000 + b"\n"
    path.write_bytes(line * 6_000)
    reading = source.read(None)
    assert (reading.observations, reading.has_more) == ((), True)
    assert 0 < reading.done < reading.total
    assert read_all(source, reading.cursor)[0] == []


# Away, and back


def test_a_log_that_is_not_there_is_away_and_comes_back(source: LogSource, path: Path) -> None:
    with pytest.raises(SourceAway, match="is not there") as away:
        source.read(None)
    assert away.value.hint
    path.write_bytes(small_log().text)
    reading = source.read(None)
    assert len(reading.observations) == 6
    path.unlink()
    for _ in range(2):
        with pytest.raises(SourceAway, match="is not there"):
            source.read(reading.cursor)
    log = MadeLog()
    log.action("sshd", "Ban 198.51.100.3")
    path.write_bytes(log.text)
    assert told(source.read(reading.cursor).observations) == [Told(EventKind.BAN, "sshd", "198.51.100.3")]


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_what_is_no_file_is_no_log(source: LogSource, path: Path, kind: str) -> None:
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "folder":
            path.mkdir()
        case _:
            path.symlink_to("/dev/zero")
    with pytest.raises(SourceAway, match="is no regular file"):
        source.read(None)


def test_a_log_that_is_a_link_is_read(source: LogSource, path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real = tmp_path / "elsewhere/real.log"
    path.symlink_to(real)
    real.write_bytes(small_log().text)
    (tmp_path / "elsewhere/real.log.1").write_bytes(small_log().text)
    assert len(read_all(source)[0]) == 12


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"version":1,"place":[1],"state":{}}',
        '{"version":1,"place":null,"state":{"ready":[[]]}}',
        '{"version":1,"place":null,"state":{"held":{"a":[5]}}}',
        '{"version":2,"place":null,"state":{}}',
        "[" * 100_000,
    ],
)
def test_a_cursor_that_is_none_of_ours_begins_at_the_beginning(source: LogSource, path: Path, cursor: str) -> None:
    path.write_bytes(small_log().text)
    assert len(read_all(source, cursor)[0]) == 6


def test_a_cursor_can_be_stored_by_any_database(source: LogSource, path: Path) -> None:
    log = MadeLog()
    log.start("sshd")
    log.stop("sshd", ["\0\x1b\udcff" * 10] * 3, reads_files=False)
    path.write_bytes(log.text)
    cursor = source.read(None, at_most=1).cursor
    assert cursor.isascii()
    assert cursor.isprintable()
    assert len(read_all(source, cursor)[0]) == 2


# The same observations, however and by whom they are read


def write(path: Path, log: MadeLog, begin: int, end: int) -> None:
    with path.open("ab") as file:
        file.write("".join(f"{line}\n" for line in log.lines[begin:end]).encode("utf-8", "surrogateescape"))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=50), st.data())
def test_a_log_read_while_it_is_written_and_rotated_by_readers_that_are_killed_tells_the_same(
    numbers: list[int], data: st.DataObject
) -> None:
    log = random_log(numbers)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "fail2ban.log"
        path.touch()
        # Nothing is settled before the end, because that depends on the moment.
        ahead = 0.0
        recorded: list[Observation] = []
        cursor: str | None = None
        begin, rotations = 0, 0
        with closing(LogSource("h", path, lambda: time.time() + ahead)) as source:
            while begin < len(log.lines):
                end = begin + data.draw(st.integers(1, 25))
                write(path, log, begin, end)
                begin = end
                for _ in range(data.draw(st.integers(0, 2))):
                    reading = source.read(cursor, data.draw(st.integers(1, 5)))
                    is_killed, is_recorded = data.draw(st.booleans()), data.draw(st.booleans())
                    if is_recorded or not is_killed:
                        recorded += reading.observations
                        cursor = reading.cursor
                    if is_killed:
                        source.close()  # and so it knows nothing any more but what the cursor says
                if data.draw(st.booleans()):
                    rotations += 1
                    rotate(path, rotations, data.draw(st.sampled_from(["rename", "compress", "copy"])))
            ahead = 1_000.0
            recorded += read_all(source, cursor)[0]
        assert recorded == from_scratch(path)


def rotate(path: Path, count: int, how: str) -> None:
    for number in range(count - 1, 0, -1):
        for suffix in ("", ".gz"):
            old = path.with_name(f"{path.name}.{number}{suffix}")
            if old.exists():
                old.rename(path.with_name(f"{path.name}.{number + 1}{suffix}"))
    first = path.with_name(f"{path.name}.1")
    if how == "copy":
        shutil.copyfile(path, first)
        os.truncate(path, 0)
        return
    path.rename(first)
    path.touch()
    if how == "compress":
        path.with_name(f"{path.name}.1.gz").write_bytes(gzip.compress(first.read_bytes()))
        first.unlink()


def test_a_log_cut_at_every_byte_and_read_on_tells_the_same(tmp_path: Path) -> None:
    text = small_log().text
    whole = tmp_path / "whole.log"
    whole.write_bytes(text)
    expected = from_scratch(whole)
    path = tmp_path / "cut.log"
    for cut in range(0, len(text) + 1, 7):
        path.write_bytes(text[:cut])
        with closing(LogSource("h", path)) as source:
            first = source.read(None)
        path.write_bytes(text)
        with closing(LogSource("h", path, soon)) as source:
            assert [*first.observations, *read_all(source, first.cursor)[0]] == expected


def test_a_cursor_of_a_log_from_which_rotation_took_the_file_goes_on_with_what_is_newer(path: Path) -> None:
    """Three rotations while nobody read, of which only two files were kept."""
    log = MadeLog()
    log.now = int(time.time() * 1000) - 3_600_000
    expected = []
    cursor: str | None = None
    for number in range(4):
        log.lines.clear()
        log.action("sshd", f"Ban 198.51.100.{number}")
        path.write_bytes(log.text)
        os.utime(path, (log.now / 1000 + 1,) * 2)
        if cursor is None:
            with closing(LogSource("h", path, soon)) as source:
                cursor = read_all(source)[1]
        if number >= 2:
            expected.append(Told(EventKind.BAN, "sshd", f"198.51.100.{number}"))
        if number < 3:
            if path.with_name("fail2ban.log.1").exists():
                path.with_name("fail2ban.log.1").rename(path.with_name("fail2ban.log.2"))
            path.rename(path.with_name("fail2ban.log.1"))
        log.wait(600_000)
    path.with_name("fail2ban.log.2").unlink()
    with closing(LogSource("h", path, soon)) as source:
        assert told(read_all(source, cursor)[0]) == expected


def test_a_log_read_from_scratch_twice_tells_the_same_twice(path: Path) -> None:
    path.write_bytes(random_log(list(range(300))).text)
    assert from_scratch(path) == from_scratch(path)


def test_the_state_that_a_flood_leaves_behind_is_bounded(source: LogSource, path: Path) -> None:
    log = MadeLog()
    for number in range(20_000):
        log.found("sshd", f"2001:db8::{number:x}", START)
        if number % 4 == 0:
            log.action("sshd", f"Unban 2001:db8::{number:x}")
    path.write_bytes(log.text)
    longest = 0
    cursor: str | None = None
    has_more = True
    while has_more:
        reading = source.read(cursor, 1_000)
        cursor, has_more = reading.cursor, reading.has_more
        longest = max(longest, len(cursor))
    assert longest < 300_000


def test_summer_time_ends_in_the_middle_of_a_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        log = MadeLog()
        log.now = 1_792_888_200_000  # 2026-10-25 02:30 in summer time
        times = []
        for _ in range(4):
            log.found("sshd", "198.51.100.1")
            times.append(log.now // 1000 * 1000)
            log.wait(1_500_000)
        path.write_bytes(log.text)
        assert len({line[:16] for line in log.lines}) == 4
        assert local(times[0])[11:16] == "02:30"
        cursor: str | None = None
        found: list[Observation] = []
        for _ in times:  # each by another process
            with closing(LogSource("h", path, soon)) as source:
                reading = source.read(cursor, 1)
            found += reading.observations
            cursor = reading.cursor
        assert [one.time for one in found] == times
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_file_is_found_by_what_is_in_it_when_the_disk_has_another_number(source: LogSource, path: Path) -> None:
    path.write_bytes(small_log().text)
    cursor = source.read(None, 2).cursor
    moved = json.loads(cursor)
    moved["place"][0] += 1
    assert len(read_all(source, json.dumps(moved))[0]) == 4
