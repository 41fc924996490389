from __future__ import annotations

from sqlalchemy import text

from bangui.adapters.sql.engine import writing
from bangui.adapters.sql.room import Room
from bangui.adapters.sql.statements import Statements, Transaction
from bangui.domain.history import EventKind
from bangui.domain.history_ports import Retention
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch


def _fill(store: Store, day: int) -> None:
    times = [START + day * DAY + number * 1_000 for number in range(1_500)]
    store.writer.record(batch(*(ban(time, f"10.{day}.0.{time % 251}", lines=[f"word {time}"]) for time in times)))


def _room(store: Store) -> int:
    with writing(store.engine) as connection:
        return Room(Statements(store.engine.dialect.name)).read(Transaction(connection))


def _forget(store: Store, day: int) -> None:
    while store.writer.prune(Retention({EventKind.BAN: 0}), START + day * DAY, 1_000):
        pass


def test_events_that_are_gone_take_no_room(store: Store) -> None:
    empty = _room(store)
    for day in range(4):
        _fill(store, day)
    full = _room(store)
    assert full > empty + 6_000 * 200

    _forget(store, 2)
    half = _room(store)
    assert 0.4 < half / full < 0.8

    # What comes instead takes the room that has become free, or as much more as it needs.
    for day in (4, 5):
        _fill(store, day)
    assert 0.9 < _room(store) / full < 1.6


def test_no_more_is_used_than_there_is(store: Store) -> None:
    for day in range(4):
        _fill(store, day)
    full = _room(store)
    _forget(store, 3)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL"))
    assert _room(store) < 0.7 * full
