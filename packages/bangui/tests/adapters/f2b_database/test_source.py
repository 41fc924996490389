from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangui.adapters.f2b_database.snapshot import LARGEST_DATA
from bangui.adapters.f2b_database.source import LARGEST_SLICE, DatabaseSource
from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source
from bangui.domain.history_ports import EventSource, Reading, SourceAway
from packages.bangui.tests.adapters.f2b_database.changing_database import HAPPENINGS, ChangingDatabase
from packages.bangui.tests.adapters.f2b_database.made_database import NOTHING, MadeDatabase, data


def read_all(source: EventSource, cursor: str | None = None, at_most: int = 5_000) -> tuple[list[Observation], str]:
    """Read until there is nothing more; return what was told, and the last cursor."""
    told: list[Observation] = []
    while True:
        reading = source.read(cursor, at_most)
        assert len(reading.observations) <= at_most
        told += reading.observations
        cursor = reading.cursor
        if not reading.has_more:
            assert reading.done == reading.total
            return told, cursor


def ids(observations: list[Observation]) -> list[str]:
    return [observation.id for observation in observations]


def test_it_is_a_source_of_events_named_database(source: DatabaseSource) -> None:
    port: EventSource = source
    assert port.name == "database"


def test_a_ban_is_told_with_all_that_fail2ban_knows(database: MadeDatabase, source: DatabaseSource) -> None:
    database.ban("192.0.2.1", 1_700_000_000, data(["a", ["b", " c ", "d"]], 5), bantime=1200, bancount=2)
    told, _ = read_all(source)
    assert set(told) == {
        Observation(
            *("here", "sshd", "192.0.2.1", EventKind.BAN, 1_700_000_000_000, Source.DATABASE),
            duration=1200,
            count=2,
            failures=5,
            lines=("a", "b c d"),
        )
    }


def test_a_ban_made_by_hand_has_no_failures_and_no_lines(database: MadeDatabase, source: DatabaseSource) -> None:
    database.ban("192.0.2.1", bantime=-1)
    told, _ = read_all(source)
    assert {(one.origin, one.failures, one.lines, one.duration) for one in told} == {(Origin.HAND, 0, (), PERMANENT)}


def test_what_was_read_is_not_read_again(database: MadeDatabase, source: DatabaseSource) -> None:
    database.ban("one")
    _, cursor = read_all(source)
    assert source.read(cursor) == Reading([], cursor, False, 2, 2)
    database.ban("two")
    told, cursor = read_all(source, cursor)
    assert ids(told) == ["two"]
    assert source.read(cursor).cursor == cursor


def test_bans_that_come_late_with_an_earlier_time_are_told(database: MadeDatabase, source: DatabaseSource) -> None:
    database.ban("one", 2_000)
    _, cursor = read_all(source)
    database.ban("late", 1_000)
    assert ids(read_all(source, cursor)[0]) == ["late"]


def test_the_first_read_tells_of_bans_in_force_whose_history_was_purged(
    database: MadeDatabase, source: DatabaseSource
) -> None:
    database.ban("for ever", 1_000, bantime=-1)
    database.ban("new", 2_000)
    database.purge(1_500)
    told, _ = read_all(source)
    assert set(ids(told)) == {"for ever", "new"}


def test_a_first_read_in_slices_tells_how_far_it_is(database: MadeDatabase, source: DatabaseSource) -> None:
    database.add_rows(("sshd", f"id {number}", 1_000 + number, 600, 1, NOTHING) for number in range(20_000))
    cursor, told, progress = None, set[str](), []
    while True:
        reading = source.read(cursor)
        assert len(reading.observations) <= LARGEST_SLICE
        told |= {observation.id for observation in reading.observations}
        progress.append((reading.done, reading.total))
        cursor = reading.cursor
        if not reading.has_more:
            break
    assert len(told) == 20_000
    assert progress == [(done, 40_000) for done in range(LARGEST_SLICE, 40_001, LARGEST_SLICE)]


def test_rowids_that_are_given_out_again_hide_no_ban(database: MadeDatabase, source: DatabaseSource) -> None:
    for id in ("one", "two", "three"):
        database.ban(id)
    _, cursor = read_all(source)
    database.unban("three")
    database.ban("four")
    told, cursor = read_all(source, cursor)
    assert ids(told) == ["four"]
    database.unban("one", "two", "four")
    for id in ("five", "six", "seven"):
        database.ban(id)
    assert set(ids(read_all(source, cursor)[0])) == {"five", "six", "seven"}


def test_when_all_is_erased_and_filled_again_all_is_told(database: MadeDatabase, source: DatabaseSource) -> None:
    for number in range(40):
        database.ban(f"old {number}")
    _, cursor = read_all(source)
    database.unban()
    for number in range(60):
        database.ban(f"new {number}")
    assert set(ids(read_all(source, cursor)[0])) == database.ids()


def test_a_database_that_was_tidied_up_is_read_anew(database: MadeDatabase, source: DatabaseSource) -> None:
    for number in range(40):
        database.ban(f"id {number}")
    _, cursor = read_all(source)
    database.unban("id 0", "id 5")
    database.ban("new")
    database.run("VACUUM")
    assert "new" in ids(read_all(source, cursor)[0])


def test_a_database_that_was_replaced_is_read_anew(
    database: MadeDatabase, source: DatabaseSource, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database.ban("old")
    _, cursor = read_all(source)
    other = MadeDatabase(tmp_path / "other")
    other.ban("new")
    other.close()
    other.path.replace(database.path)
    with caplog.at_level(logging.INFO):
        assert set(ids(read_all(source, cursor)[0])) == {"new"}
    assert [record.message for record in caplog.records] == ["database_read_anew"]


def test_bans_that_came_and_were_purged_while_nobody_looked_are_told(
    database: MadeDatabase, source: DatabaseSource
) -> None:
    _, cursor = read_all(source)
    database.ban("missed", 1_000, bantime=-1)
    database.purge(2_000)
    # A restart of BanGUI is a new source with the old cursor.
    assert ids(read_all(DatabaseSource("here", database.path), cursor)[0]) == ["missed"]
    # So is a time in which the database could not be read.
    database.path.rename(database.path.with_name("elsewhere"))
    with pytest.raises(SourceAway):
        source.read(cursor)
    database.path.with_name("elsewhere").rename(database.path)
    assert ids(read_all(source, cursor)[0]) == ["missed"]
    assert source.read(cursor).observations == []


@pytest.mark.parametrize("cursor", ["", "nonsense", '{"v":9}', '{"v":1,"by_id":0,"anchors":[]}'])
def test_a_cursor_that_makes_no_sense_reads_everything(
    database: MadeDatabase, source: DatabaseSource, cursor: str
) -> None:
    database.ban("one")
    assert set(ids(read_all(source, cursor)[0])) == {"one"}


def test_rows_that_make_no_sense_are_left_out_and_logged(
    database: MadeDatabase, source: DatabaseSource, caplog: pytest.LogCaptureFixture
) -> None:
    database.add_rows(
        [
            *(
                ("sshd", "good", 1, "x", "y", "z"),
                ("sshd", "early", -1, 1, 1, None),
                ("sshd", "late", 10**15, 1, 1, None),
            ),
            *(("sshd", "text", "noon", 1, 1, None), ("sshd", None, 1, 1, 1, None), ("", "jail", 1, 1, 1, None)),
        ],
        ["bans"],
    )
    told, cursor = read_all(source)
    assert [(one.id, one.duration, one.count, one.failures) for one in told] == [("good", None, None, None)]
    record = caplog.records[0]
    assert (record.message, vars(record)["count"]) == ("database_rows_make_no_sense", 5)
    assert source.read(cursor).observations == []


def test_large_data_is_read_in_parts_and_giant_data_not_at_all(database: MadeDatabase, source: DatabaseSource) -> None:
    for number in range(12):
        database.ban(f"large {number}", number, data(["first", "x" * (LARGEST_DATA - 100)], 2))
    database.ban("cut off", 90, data(["first", "x" * LARGEST_DATA], 2))
    database.ban("giant", 91, data(["first", "x" * (20 * LARGEST_DATA)], 2))
    told = {observation.id: observation for observation in read_all(source)[0]}
    assert all(len(told[f"large {number}"].lines) == 2 for number in range(12))
    assert (told["cut off"].lines, told["cut off"].failures, told["cut off"].origin) == (
        ("first",),
        None,
        Origin.FILTER,
    )
    assert (told["giant"].lines, told["giant"].origin) == ((), Origin.FILTER)


def test_a_database_from_before_an_upgrade_is_read(tmp_path: Path) -> None:
    old = MadeDatabase(tmp_path / "old", is_old=True)
    old.run("INSERT INTO bans VALUES ('sshd', '192.0.2.1', 1000, '{\"matches\": [\"line\"], \"failures\": 3}')")
    source = DatabaseSource("here", old.path)
    told, cursor = read_all(source)
    assert [(one.time, one.duration, one.count, one.lines) for one in told] == [(1_000_000, None, None, ("line",))]
    # fail2ban's own upgrade makes the table anew.
    old.run("DROP TABLE bans")
    upgraded = MadeDatabase(old.path)
    upgraded.ban("192.0.2.1", 1_000, data(["line"], 3), bantime=-2)
    upgraded.close()
    told, _ = read_all(source, cursor)
    assert {(one.time, one.duration) for one in told} == {(1_000_000, None)}
    old.close()


def test_a_file_that_cannot_be_read_is_told_and_tried_again(database: MadeDatabase, source: DatabaseSource) -> None:
    database.ban("one")
    database.connection.isolation_level = None
    database.connection.execute("BEGIN EXCLUSIVE")
    with pytest.raises(SourceAway, match="is busy") as caught:
        source.read(None)
    assert caught.value.hint
    database.connection.execute("COMMIT")
    assert set(ids(read_all(source)[0])) == {"one"}


def test_a_damaged_database_is_told(database: MadeDatabase, source: DatabaseSource) -> None:
    database.add_rows(("sshd", f"id {number}", 1, 1, 1, NOTHING) for number in range(2_000))
    database.close()
    content = database.path.read_bytes()
    database.path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    with pytest.raises(SourceAway, match="is damaged"):
        read_all(source)
    database.path.write_bytes(content[:5000])
    with pytest.raises(SourceAway):
        read_all(source)


def test_another_program_s_database_is_told(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other")
    connection.executescript("CREATE TABLE bans(name)")
    connection.close()
    with pytest.raises(SourceAway, match="no table of bans"):
        DatabaseSource("here", tmp_path / "other").read(None)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(HAPPENINGS), st.integers(1, 40)), min_size=20, max_size=80))
def test_no_row_that_is_there_at_a_read_is_ever_missed(plan: list[tuple[str, int]]) -> None:
    with TemporaryDirectory() as folder:
        changing = ChangingDatabase(MadeDatabase(Path(folder) / "fail2ban.sqlite3"))
        for step, size in [*plan, ("read all", 7)]:
            changing.take(step, size)
        changing.database.close()
