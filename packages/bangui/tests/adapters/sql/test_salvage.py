"""What can still be read of a damaged history is saved, and nothing else is lost by trying."""

from __future__ import annotations

import random
import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from bangui.adapters.sql.engine import open_engine, path_of, reading, writing
from bangui.adapters.sql.salvage import salvage
from bangui.adapters.sql.schema import events, ids, lines, notes
from bangui.domain.history_ports import StoreError, StoreTrouble
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees
from packages.bangui.tests.adapters.sql.seen import DAY, HOST, START, ban, batch, failure, note

_PAGE = 4_096
_EVENTS = 3_000


@pytest.fixture
def full(sqlite_store: Store) -> Store:
    """A history of some size, written out to its file."""
    for part in range(3):
        numbers = range(part * _EVENTS // 3, (part + 1) * _EVENTS // 3)
        sqlite_store.writer.record(
            batch(
                *(
                    ban(START + number * 60_000, f"10.0.{number % 50}.1", lines=[f"line {number}"])
                    if number % 3 == 0
                    else failure(START + number * 60_000, f"10.0.{number % 50}.1")
                    for number in numbers
                ),
                notes=[note(START + numbers[0] * 60_000, "10.0.0.1")],
            )
        )
    _write_out(sqlite_store)
    return sqlite_store


def _write_out(store: Store) -> None:
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
    store.engine.dispose()


def _pages_of(store: Store, name: str) -> list[int]:
    with sqlite3.connect(store.location) as connection:
        query = "SELECT pageno FROM dbstat WHERE name = ? ORDER BY pageno"
        pages = [number for (number,) in connection.execute(query, (name,))]
    connection.close()
    return pages


def _destroy(store: Store, pages: list[int]) -> None:
    with Path(store.location).open("r+b") as file:
        for page in pages:
            file.seek((page - 1) * _PAGE)
            file.write(b"\xa5" * _PAGE)


def _count(store: Store, table: str = "events") -> int:
    with reading(store.engine) as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def test_all_is_saved_of_a_history_that_is_sound(full: Store) -> None:
    with reading(full.engine) as connection:
        query = select(events.c.time, events.c.kind, events.c.country, events.c.network, events.c.duration)
        before = sorted(map(tuple, connection.execute(query)), key=str)
    aside = salvage(path_of(full.engine))
    assert re.fullmatch(r"history\.sqlite3\.damaged-\d{8}T\d{6}Z", aside.name)
    assert aside.exists()
    with reading(full.engine) as connection:
        assert sorted(map(tuple, connection.execute(query)), key=str) == before
    assert (_count(full, "lines"), _count(full, "notes")) == (_EVENTS // 3, 3)
    assert_everything_agrees(full.engine)


def test_counts_and_indexes_that_are_damaged_come_out_right(full: Store) -> None:
    pages = [page for name in ("rollups", "events_time", "ids_key", "kind_counts") for page in _pages_of(full, name)]
    _destroy(full, pages)
    salvage(path_of(full.engine))
    assert _count(full) == _EVENTS
    assert_everything_agrees(full.engine)


def test_what_is_lost_is_what_was_on_the_damaged_pages(full: Store) -> None:
    # The first page of a table leads to the others.
    _destroy(full, _pages_of(full, "events")[5:7])
    salvage(path_of(full.engine))
    assert _EVENTS - 300 < _count(full) < _EVENTS
    assert_everything_agrees(full.engine)


def test_lost_lines_cost_no_events(full: Store) -> None:
    _destroy(full, _pages_of(full, "lines")[1:])
    salvage(path_of(full.engine))
    assert _count(full) == _EVENTS
    assert _count(full, "lines") < _EVENTS // 3
    assert_everything_agrees(full.engine)


def test_recording_goes_on_with_the_same_writer(full: Store) -> None:
    full.writer.record(batch(failure(START - DAY)))
    _write_out(full)
    _destroy(full, _pages_of(full, "events_identity")[1:])
    observations = [ban(START, f"10.0.{number}.1") for number in range(50)]
    with pytest.raises(StoreError) as caught:
        full.writer.record(batch(*observations, *(failure(START + 1, one.id) for one in observations)))
    assert caught.value.trouble is StoreTrouble.DAMAGED
    salvage(path_of(full.engine))
    assert len(full.writer.record(batch(failure(START + 999 * DAY))).new) == 1
    assert full.writer.cursor(HOST, "log") is None
    assert_everything_agrees(full.engine)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_damaged_what_is_saved_agrees(full: Store, seed: int) -> None:
    chance = random.Random(seed)
    size = Path(full.location).stat().st_size // _PAGE
    _destroy(full, chance.sample(range(2, size + 1), size // 10))
    salvage(path_of(full.engine))
    assert_everything_agrees(full.engine)
    full.writer.record(batch(failure(START + 999 * DAY)))


def test_a_file_that_is_no_database_at_all_makes_way_for_an_empty_history(full: Store) -> None:
    Path(full.location).write_bytes(b"\x00" * 100_000)
    aside = salvage(path_of(full.engine))
    assert aside.read_bytes() == b"\x00" * 100_000
    assert _count(full) == 0


def test_what_was_written_last_is_in_the_log_of_changes_and_is_saved(full: Store) -> None:
    full.writer.record(batch(failure(START - DAY)))
    assert Path(f"{full.location}-wal").stat().st_size > 0
    salvage(path_of(full.engine))
    assert _count(full) == _EVENTS + 1


def test_tables_of_other_parts_are_taken_along(full: Store) -> None:
    with writing(full.engine) as connection:
        connection.execute(text("INSERT INTO users (id, name, role, disabled, created) VALUES ('1', 'ann', 2, 0, 1)"))
    _destroy(full, _pages_of(full, "rollups"))
    salvage(path_of(full.engine))
    assert _count(full, "users") == 1


def test_a_second_time_has_a_name_of_its_own(full: Store) -> None:
    first, second = salvage(path_of(full.engine)), salvage(path_of(full.engine))
    assert first != second
    assert first.exists()
    assert second.exists()
    assert _count(full) == _EVENTS


def test_a_history_that_is_not_there_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        salvage(tmp_path / "nowhere")
    assert caught.value.trouble is StoreTrouble.MISSING


def test_places_are_those_that_were_stored(full: Store) -> None:
    with reading(full.engine) as connection:
        query = select(ids.c.text, ids.c.country, ids.c.network).order_by(ids.c.text)
        before = connection.execute(query).all()
        assert connection.execute(select(func.count()).select_from(notes)).scalar_one() == 3
        assert connection.execute(select(func.count()).select_from(lines)).scalar_one() == _EVENTS // 3
    salvage(path_of(full.engine))
    engine = open_engine(full.location)
    with reading(engine) as connection:
        assert connection.execute(query).all() == before
    engine.dispose()
