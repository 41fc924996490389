from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bangui.adapters.f2b_database.cursor import BEFORE_ALL
from bangui.adapters.f2b_database.rows import LONGEST_ID, Row
from bangui.adapters.f2b_database.snapshot import LARGEST_DATA, Snapshot, open_database
from packages.bangui.tests.adapters.f2b_database.made_database import NOTHING, MadeDatabase


def test_a_slice_holds_the_rows_above_a_number_and_the_marks_of_others(database: MadeDatabase) -> None:
    for number in range(1, 11):
        database.ban(f"id {number}", number)
    with open_database(database.path) as connection:
        snapshot = Snapshot(connection)
        everything = snapshot.copy_slice("bans", BEFORE_ALL, 100)
        assert [(row.number, row.id) for row in everything.rows] == [(n, f"id {n}") for n in range(1, 11)]
        part = snapshot.copy_slice("bans", 5, 3, [2, 7, 99])
        assert [row.number for row in part.rows] == [6, 7, 8]
        assert part.marks == {row.number: row.mark() for row in everything.rows if row.number in {2, 7}}
        assert snapshot.bounds("bans") == (1, 10)
        assert set(snapshot.copy_data("bans", part.rows).values()) == {NOTHING}


def test_while_a_copy_is_read_everybody_can_write(database: MadeDatabase) -> None:
    database.ban("one")
    writer = sqlite3.connect(database.path, timeout=0, isolation_level=None)
    with open_database(database.path) as connection:
        snapshot = Snapshot(connection)
        for work in (
            lambda: snapshot.copy_slice("bans", BEFORE_ALL, 10, [1]),
            lambda: snapshot.copy_data("bans", snapshot.copy_slice("bans", BEFORE_ALL, 10).rows),
            lambda: snapshot.bounds("bips"),
            lambda: snapshot.has("bans"),
        ):
            work()
            writer.execute("BEGIN EXCLUSIVE")
            writer.execute("COMMIT")
    writer.close()


def test_between_a_copy_and_its_fetching_the_lock_is_gone(database: MadeDatabase) -> None:
    database.add_rows([("sshd", f"id {number}", 1, 1, 1, NOTHING) for number in range(500)])
    writer = sqlite3.connect(database.path, timeout=0, isolation_level=None)
    moments = 0

    def write(text: bytes) -> str:
        # Called for every text that is fetched, in the middle of the fetching.
        nonlocal moments
        moments += 1
        writer.execute("BEGIN EXCLUSIVE")
        writer.execute("COMMIT")
        return text.decode()

    with open_database(database.path) as connection:
        connection.text_factory = write
        rows = Snapshot(connection).copy_slice("bans", BEFORE_ALL, 500).rows
        assert len(Snapshot(connection).copy_data("bans", rows)) == 500
    assert moments > 2_000
    writer.close()


def test_a_row_that_was_replaced_meanwhile_gives_no_data(database: MadeDatabase) -> None:
    for id in ("one", "two", "three"):
        database.ban(id)
    with open_database(database.path) as connection:
        snapshot = Snapshot(connection)
        rows = snapshot.copy_slice("bans", BEFORE_ALL, 10).rows
        database.unban("two", "three")
        database.ban("another")
        assert snapshot.copy_data("bans", rows) == {1: NOTHING}


def test_columns_and_tables_that_an_old_database_lacks_are_null(tmp_path: Path) -> None:
    old = MadeDatabase(tmp_path / "old", is_old=True)
    old.run("INSERT INTO bans VALUES ('sshd', '192.0.2.1', 1000, '{\"failures\": 3}')")
    with open_database(old.path) as connection:
        snapshot = Snapshot(connection)
        assert (snapshot.has("bans"), snapshot.has("bips"), snapshot.bounds("bips")) == (True, False, None)
        (row,) = snapshot.copy_slice("bans", BEFORE_ALL, 10).rows
        assert row == Row(1, "sshd", "192.0.2.1", 1000, None, None, 15)
        assert snapshot.copy_data("bans", [row]) == {1: '{"failures": 3}'}
    old.close()


def test_a_database_of_something_else_has_no_bans(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "other")
    connection.executescript("CREATE TABLE bans(name, data); CREATE TABLE jails(name)")
    with open_database(tmp_path / "other") as opened:
        assert not Snapshot(opened).has("bans")
    connection.close()


def test_values_are_bounded_and_those_of_odd_types_left_out(database: MadeDatabase) -> None:
    rows = [
        ("sshd", "x" * 10_000, "no time", b"bytes", 10.5, b"y" * (LARGEST_DATA + 5)),
        (b"\xff", b"\xff\xfe", 1, 1, 1, None),
        ("sshd", "giant", 1, 1, 1, b"z" * (20 * LARGEST_DATA)),
        ("sshd", "number", 1, 1, 1, 5),
    ]
    database.add_rows(rows, ["bans"])
    database.run("INSERT INTO bans VALUES ('sshd', CAST(x'fffe41' AS TEXT), 1, 1, 1, CAST(x'ff' AS TEXT))")
    with open_database(database.path) as connection:
        snapshot = Snapshot(connection)
        copied = snapshot.copy_slice("bans", BEFORE_ALL, 10).rows
        data = snapshot.copy_data("bans", copied)
    first = copied[0]
    assert (len(str(first.id)), first.time, first.duration, first.ban_count) == (LONGEST_ID, None, None, 10.5)
    assert first.size == LARGEST_DATA + 5
    assert data[1] == b"y" * LARGEST_DATA
    assert (data[2], data[3]) == (None, None)
    assert copied[4].id == "\ufffd\ufffdA"


def test_reading_makes_and_changes_nothing(database: MadeDatabase) -> None:
    database.ban("one")
    database.close()
    before = database.path.read_bytes()
    with open_database(database.path) as connection:
        Snapshot(connection).copy_slice("bans", BEFORE_ALL, 10)
        assert [entry.name for entry in database.path.parent.iterdir()] == [database.path.name]
        for statement in ("DELETE FROM bans", "CREATE TABLE main.x(y)", "PRAGMA user_version = 5", "VACUUM"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute(statement)
    assert database.path.read_bytes() == before
    with pytest.raises(sqlite3.OperationalError), open_database(database.path.with_name("absent")):
        pass
    assert [entry.name for entry in database.path.parent.iterdir()] == [database.path.name]
