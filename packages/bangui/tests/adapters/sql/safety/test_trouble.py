"""Full disks, locks, closed doors and servers that go away: told as what they are, nothing half recorded, and over
when they are over.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bangui.adapters.sql import engine as engine_module
from bangui.adapters.sql.engine import open_engine, reading
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import Batch
from bangui.domain.history_ports import Retention, StoreError, StoreTrouble
from bangui.domain.places import IPNetwork, Place
from packages.bangui.tests.adapters.sql.conftest import NOW, Store
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees
from packages.bangui.tests.adapters.sql.seen import DAY, HOST, START, ban, batch, failure

_WAVE = 3_000


def _wave(first: int = 0) -> Batch:
    """So many events that they do not fit into a little room."""
    observations = [
        failure(START + number * 1_000, f"10.{number % 7}.{number % 251}.{number % 241}")
        for number in range(first, first + _WAVE)
    ]
    return Batch(HOST, observations, {"log": str(first)})


def _count(store: Store) -> int:
    with reading(store.engine) as connection:
        return int(connection.execute(text("SELECT count(*) FROM events")).scalar_one())


@contextlib.contextmanager
def _no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_told_and_recording_goes_on_when_there_is_room(sqlite_store: Store) -> None:
    sqlite_store.writer.record(batch(failure(START - DAY)))
    size = Path(f"{sqlite_store.location}-wal").stat().st_size
    with _no_file_larger_than(size + 100_000):
        for _ in range(2):
            with pytest.raises(StoreError) as caught:
                sqlite_store.writer.record(_wave())
            assert caught.value.trouble is StoreTrouble.FULL
            assert "make room" in caught.value.hint
        assert _count(sqlite_store) == 1
        assert sqlite_store.writer.cursor(HOST, "log") is None
    assert len(sqlite_store.writer.record(_wave()).new) == _WAVE
    assert_everything_agrees(sqlite_store.engine)


def test_a_history_that_may_not_grow_is_full(sqlite_store: Store) -> None:
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 100")
    with pytest.raises(StoreError) as caught:
        sqlite_store.writer.record(_wave())
    assert caught.value.trouble is StoreTrouble.FULL
    assert _count(sqlite_store) == 0


def test_a_backup_onto_a_full_disk_leaves_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.writer.record(_wave())
    folder = tmp_path / "folder"
    folder.mkdir()
    with _no_file_larger_than(200_000), pytest.raises(StoreError) as caught:
        sqlite_store.writer.back_up(folder / "backup")
    assert caught.value.trouble is StoreTrouble.FULL
    assert list(folder.iterdir()) == []


def test_a_history_that_somebody_else_holds_is_busy(sqlite_location: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 0.1)
    engine = open_engine(sqlite_location)
    writer = SqlHistoryWriter(engine, Places(), lambda: NOW)
    with contextlib.closing(sqlite3.connect(sqlite_location, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for attempt in (lambda: writer.record(_wave()), lambda: writer.prune(Retention({}), START)):
            with pytest.raises(StoreError) as caught:
                attempt()
            assert caught.value.trouble is StoreTrouble.BUSY
        assert writer.cursor(HOST, "log") is None
        other.execute("ROLLBACK")
    assert len(writer.record(_wave()).new) == _WAVE
    assert_everything_agrees(engine)
    engine.dispose()


def test_a_writer_that_takes_too_long_on_the_server_makes_it_busy(
    postgres_location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "BUSY_SECONDS", 1)
    engine, other = open_engine(postgres_location), open_engine(postgres_location)
    writer = SqlHistoryWriter(engine, Places(), lambda: NOW)
    with engine_module.writing(other), pytest.raises(StoreError) as caught:
        writer.record(_wave())
    assert caught.value.trouble is StoreTrouble.BUSY
    assert len(writer.record(_wave()).new) == _WAVE
    assert_everything_agrees(engine)
    for one in (engine, other):
        one.dispose()


class _Cutting(Places):
    """Places that, while somebody records, end the connection that it is recorded on."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.engine = open_engine(location)
        self.cuts = 0

    def find(self, network: IPNetwork) -> Place:
        if self.cuts:
            self.cuts -= 1
            with self.engine.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
                        "AND datname = current_database()"
                    )
                ).all()
        return super().find(network)


def test_a_server_that_goes_away_in_the_middle_is_away_and_then_back(postgres_location: str) -> None:
    engine = open_engine(postgres_location)
    places = _Cutting(postgres_location)
    writer = SqlHistoryWriter(engine, places, lambda: NOW)
    writer.record(batch(failure(START - DAY)))
    places.cuts = 1
    with pytest.raises(StoreError) as caught:
        writer.record(_wave())
    assert caught.value.trouble is StoreTrouble.AWAY
    assert writer.cursor(HOST, "log") is None
    assert len(writer.record(_wave()).new) == _WAVE
    assert_everything_agrees(engine)
    for one in (engine, places.engine):
        one.dispose()


def test_a_server_that_cannot_be_reached_is_away_until_it_can(postgres_location: str) -> None:
    engine = open_engine(postgres_location)
    writer = SqlHistoryWriter(engine, Places(), lambda: NOW)
    writer.record(batch(failure(START - DAY)))
    folder = Path(str(engine.url.query["host"]))
    (socket,) = folder.glob(".s.PGSQL.*[0-9]")
    engine.dispose()
    socket.rename(folder / "hidden")
    try:
        for _ in range(2):
            with pytest.raises(StoreError) as caught:
                writer.record(_wave())
            assert caught.value.trouble is StoreTrouble.AWAY
    finally:
        (folder / "hidden").rename(socket)
    assert len(writer.record(_wave()).new) == _WAVE
    engine.dispose()


# The interpreter and the sources may lie where a stranger cannot look: they are imported before giving up root.
_OPEN = """
import os, sqlite3, sys
from bangui.adapters.sql.engine import open_engine, writing
from bangui.adapters.sql.migrate import migrate
from bangui.domain.history_ports import StoreError
import sqlalchemy.dialects.sqlite, sqlalchemy.pool
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    with writing(open_engine(sys.argv[1])) as connection:
        connection.exec_driver_sql("INSERT INTO hosts VALUES (1, 'here')")
except StoreError as error:
    print(error.trouble.value)
else:
    print("recorded")
"""


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_history_of_somebody_else_is_denied(sqlite_location: str, mode: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history"
        path.write_bytes(Path(sqlite_location).read_bytes())
        if os.geteuid() == 0:
            path.chmod(mode)
            Path(folder).chmod(0o755)
        else:
            path.chmod(mode & 0o044)
            Path(folder).chmod(0o500)
        command = [sys.executable, "-c", _OPEN, str(path)]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        Path(folder).chmod(0o700)
    assert said.stdout.strip() == "denied"


_RECORD = """
import sys
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.writer import SqlHistoryWriter
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.adapters.sql.safety.test_trouble import small_batch
writer = SqlHistoryWriter(open_engine(sys.argv[1]), Places())
number = int(writer.cursor("here", "log") or 0)
print("begun", flush=True)
while True:
    writer.record(small_batch(number))
    number += 1
"""
_SMALL = 20


def small_batch(number: int) -> Batch:
    """The batch of this number: it says how many there have been with it."""
    time = START + number * 60_000
    observations = [
        ban(time + place * 1_000, f"10.0.{number % 50}.{place}", lines=[f"line {place}"])
        if place % 4 == 0
        else failure(time + place * 1_000, f"10.0.{number % 50}.{place}")
        for place in range(_SMALL)
    ]
    return Batch(HOST, observations, {"log": str(number + 1)})


def test_a_process_that_is_killed_leaves_whole_batches_only(store: Store) -> None:
    recorded = 0
    for round in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", _RECORD, store.location], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.2 + round * 0.13)
            process.send_signal(signal.SIGKILL)
        recorded = int(store.writer.cursor(HOST, "log") or 0)
        assert _count(store) == recorded * _SMALL
    assert recorded > 0
    assert_everything_agrees(store.engine)
