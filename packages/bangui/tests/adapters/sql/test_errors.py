"""What the databases complain about, as one kind of error that says what to do."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from psycopg import errors as postgres_errors
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import IntegrityError

from bangui.adapters.sql.engine import open_engine, reading, writing
from bangui.adapters.sql.errors import describe, store_error, translated, trouble_of
from bangui.domain.history_ports import StoreError, StoreTrouble

_URL = make_url("sqlite:////nowhere/history")


def _sqlite_error(code: int, message: str = "") -> sqlite3.Error:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "trouble"),
    [
        (sqlite3.SQLITE_FULL, StoreTrouble.FULL),
        (sqlite3.SQLITE_IOERR_WRITE, StoreTrouble.FULL),
        (sqlite3.SQLITE_IOERR_READ, StoreTrouble.AWAY),
        (sqlite3.SQLITE_READONLY_DIRECTORY, StoreTrouble.DENIED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreTrouble.BUSY),
        (sqlite3.SQLITE_CANTOPEN, StoreTrouble.MISSING),
        (sqlite3.SQLITE_CONSTRAINT_UNIQUE, None),
        (sqlite3.SQLITE_MISUSE, None),
    ],
)
def test_a_code_of_sqlite_tells_the_trouble(code: int, trouble: StoreTrouble | None) -> None:
    assert trouble_of(_sqlite_error(code), _URL) is trouble


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (psycopg.OperationalError("connection failed"), StoreTrouble.AWAY),
        (postgres_errors.AdminShutdown(), StoreTrouble.AWAY),
        (postgres_errors.ConnectionException(), StoreTrouble.AWAY),
        (postgres_errors.DiskFull(), StoreTrouble.FULL),
        (postgres_errors.TooManyConnections(), StoreTrouble.BUSY),
        (postgres_errors.LockNotAvailable(), StoreTrouble.BUSY),
        (postgres_errors.QueryCanceled(), StoreTrouble.BUSY),
        (postgres_errors.SerializationFailure(), StoreTrouble.BUSY),
        (postgres_errors.InvalidPassword(), StoreTrouble.DENIED),
        (postgres_errors.InsufficientPrivilege(), StoreTrouble.DENIED),
        (postgres_errors.ReadOnlySqlTransaction(), StoreTrouble.DENIED),
        (postgres_errors.InvalidCatalogName(), StoreTrouble.MISSING),
        (postgres_errors.UndefinedTable(), StoreTrouble.MISSING),
        (postgres_errors.UndefinedColumn(), StoreTrouble.FOREIGN),
        (postgres_errors.DataCorrupted(), StoreTrouble.DAMAGED),
        (postgres_errors.IoError(), StoreTrouble.DAMAGED),
        (postgres_errors.UniqueViolation(), None),
        (postgres_errors.SyntaxError(), None),
        (ValueError(), None),
    ],
)
def test_a_code_of_postgresql_tells_the_trouble(error: Exception, trouble: StoreTrouble | None) -> None:
    assert trouble_of(error, make_url("postgresql:///x")) is trouble


@pytest.mark.parametrize("trouble", list(StoreTrouble))
def test_every_trouble_says_where_it_is_and_what_to_do(trouble: StoreTrouble) -> None:
    error = store_error(trouble, _URL, "disk I/O error")
    assert error.trouble is trouble
    assert "/nowhere/history" in str(error)
    assert str(error).endswith("disk I/O error")
    assert error.hint


def test_a_place_is_described_without_a_secret() -> None:
    url = make_url("postgresql+psycopg://me:hush@db.example:5433/bans?password=hush2&sslmode=require")
    assert describe(url) == "postgresql://db.example/bans"


def test_a_server_that_is_not_there_is_away_and_the_password_stays_hidden(tmp_path: Path) -> None:
    engine = open_engine(f"postgresql://me:hush@/bans?host={tmp_path}")
    with pytest.raises(StoreError) as caught, reading(engine):
        pass
    assert caught.value.trouble is StoreTrouble.AWAY
    assert "hush" not in str(caught.value) + caught.value.hint


def test_a_table_that_is_not_there_is_a_history_that_is_not_there(tmp_path: Path) -> None:
    engine = open_engine(str(tmp_path / "history"))
    with pytest.raises(StoreError) as caught, reading(engine) as connection:
        connection.execute(text("SELECT * FROM events"))
    assert caught.value.trouble is StoreTrouble.MISSING
    engine.dispose()


def test_a_column_that_is_not_there_is_another_history(sqlite_location: str) -> None:
    engine = open_engine(sqlite_location)
    with pytest.raises(StoreError) as caught, reading(engine) as connection:
        connection.execute(text("SELECT colour FROM events"))
    assert caught.value.trouble is StoreTrouble.FOREIGN
    engine.dispose()


@pytest.mark.parametrize("code", [sqlite3.SQLITE_CORRUPT_INDEX, sqlite3.SQLITE_NOTADB])
def test_only_what_was_a_history_is_a_damaged_one(tmp_path: Path, sqlite_location: str, code: int) -> None:
    history = Path(sqlite_location)
    others = {
        history.read_bytes(): StoreTrouble.DAMAGED,
        b"\xa5" * 50 + history.read_bytes()[50:]: StoreTrouble.DAMAGED,
        bytes(4_096): StoreTrouble.DAMAGED,
        b"": StoreTrouble.DAMAGED,
        b"root:x:0:0:root:/root:/bin/bash\n" * 100: StoreTrouble.FOREIGN,
        b"SQLite format 3\x00" + bytes(4_080): StoreTrouble.FOREIGN,
    }
    for content, trouble in others.items():
        (tmp_path / "file").write_bytes(content)
        url = URL.create("sqlite", database=str(tmp_path / "file"))
        assert trouble_of(_sqlite_error(code), url) is trouble
    assert trouble_of(_sqlite_error(code), _URL) is StoreTrouble.FOREIGN


def test_a_file_that_is_no_database_is_no_history(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_bytes(b"not a database, but long enough for one" * 100)
    engine = open_engine(str(path))
    with pytest.raises(StoreError) as caught, reading(engine):
        pass
    assert caught.value.trouble is StoreTrouble.FOREIGN
    engine.dispose()


def test_a_file_where_a_folder_is_expected_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError) as caught:
        open_engine(str(tmp_path / "file" / "history"))
    assert caught.value.trouble is StoreTrouble.DENIED
    with pytest.raises(StoreError) as caught:
        open_engine(str(tmp_path / "file" / "history"), read_only=True)
    assert caught.value.trouble is StoreTrouble.MISSING


def test_a_mistake_of_ours_stays_what_it_is(sqlite_location: str) -> None:
    engine = open_engine(sqlite_location)
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(text("INSERT INTO hosts VALUES (1, 'here'), (1, 'here')"))
    engine.dispose()


def test_errors_of_the_driver_itself_are_translated_too() -> None:
    with pytest.raises(StoreError), translated(_URL):
        raise _sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")
    with pytest.raises(sqlite3.Error), translated(_URL):
        raise _sqlite_error(sqlite3.SQLITE_MISUSE, "misuse")
