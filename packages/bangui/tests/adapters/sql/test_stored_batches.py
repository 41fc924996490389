"""A stored history as batches: nothing left out, nothing made up."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bangui.adapters.sql.stored_batches import StoredHistory
from bangui.domain.history import Batch, EventKind, JailSettings, Source
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.seen import HOST, JAIL, START, ban, batch, failure, note


def test_what_was_recorded_is_told_again(sqlite_store: Store) -> None:
    settings = JailSettings(HOST, JAIL, START, {"maxretry": "5"})
    told = batch(failure(START), ban(START + 5_000, lines=["a", "b"]), notes=[note(START + 5_000)])
    sqlite_store.writer.record(told)
    sqlite_store.writer.record(Batch(HOST, [failure(START + 9_000)], {"log": "1"}, [settings]))
    with closing(sqlite3.connect(sqlite_store.location)) as connection:
        stored = StoredHistory(connection)
        assert stored.count() == 3
        assert [one for part in stored.settings() for one in part.settings] == [settings]
        assert [one for part in stored.notes() for one in part.notes] == [note(START + 5_000)]
        steps = list(stored.events(2))
    assert [count for count, _ in steps] == [2, 1]
    batches = [part for _, parts in steps for part in parts]
    assert {part.host for part in batches} == {HOST}
    seen = [one for part in batches for one in part.observations]
    assert [(one.kind, one.time, one.lines) for one in seen] == [
        (EventKind.FAILURE, START, ()),
        (EventKind.BAN, START + 5_000, ("a", "b")),
        (EventKind.FAILURE, START + 9_000, ()),
    ]
    assert all(one.source & Source.BACKUP for one in seen)


def test_an_empty_history_tells_nothing(sqlite_store: Store) -> None:
    with closing(sqlite3.connect(sqlite_store.location)) as connection:
        stored = StoredHistory(connection)
        assert stored.count() == 0
        assert [*stored.settings(), *stored.notes(), *stored.events(10)] == []


def test_damage_is_an_error_unless_it_shall_be_borne(sqlite_store: Store) -> None:
    sqlite_store.writer.record(batch(failure(START), failure(START + 1)))
    with closing(sqlite3.connect(sqlite_store.location)) as connection:
        connection.execute("UPDATE events SET kind = 'nonsense' WHERE time = ?", (START,))
        with pytest.raises((KeyError, TypeError)):
            list(StoredHistory(connection).events(10))
        stored = StoredHistory(connection, bears_damage=True)
        ((count, (part,)),) = stored.events(10)
        assert (count, [one.time for one in part.observations], stored.lost) == (2, [START + 1], 1)
