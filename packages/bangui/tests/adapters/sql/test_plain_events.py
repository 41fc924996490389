"""Everything but bans: what is known is filled in and nothing is taken back."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bangui.adapters.sql.engine import reading
from bangui.adapters.sql.schema import events
from bangui.domain.history import EventKind, Recorded, Source
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees
from packages.bangui.tests.adapters.sql.seen import START, batch, failure, seen


def _row(store: Store) -> tuple[object, ...]:
    with reading(store.engine) as connection:
        columns = (events.c.sources, events.c.logged, events.c.duration, events.c.count, events.c.failures)
        return tuple(connection.execute(select(*columns)).one())


def test_what_another_source_knows_is_added(store: Store) -> None:
    known = replace(seen(EventKind.PROLONG, START), duration=600)
    assert len(store.writer.record(batch(known)).new) == 1
    more = replace(known, source=Source.SOCKET, logged=START + 5, duration=900, count=2, failures=7)
    assert store.writer.record(batch(more)) == Recorded()
    assert _row(store) == (int(Source.LOG | Source.SOCKET), 5, 600, 2, 7)
    assert store.writer.record(batch(known, seen(EventKind.PROLONG, START))) == Recorded()
    assert _row(store) == (int(Source.LOG | Source.SOCKET), 5, 600, 2, 7)


def test_what_a_source_of_ours_sees_is_no_longer_from_a_backup_only(store: Store) -> None:
    store.writer.record(batch(replace(failure(START), source=Source.LOG | Source.BACKUP)))
    assert _row(store)[0] == Source.LOG | Source.BACKUP
    store.writer.record(batch(failure(START)))
    assert _row(store)[0] == Source.LOG
    store.writer.record(batch(replace(failure(START), source=Source.LOG | Source.BACKUP)))
    assert _row(store)[0] == Source.LOG


def test_numbers_are_in_the_order_of_time_within_a_batch(store: Store) -> None:
    recorded = store.writer.record(batch(*(failure(START + time) for time in (5, 1, 4, 2, 3))))
    assert [event.time - START for event in recorded.new] == [1, 2, 3, 4, 5]
    assert [event.number for event in recorded.new] == sorted(event.number for event in recorded.new)


def test_new_ones_among_many_known_are_all_found(store: Store) -> None:
    store.writer.record(batch(*(failure(START + time) for time in range(0, 300, 2))))
    recorded = store.writer.record(batch(*(failure(START + time) for time in range(300))))
    assert [event.time - START for event in recorded.new] == list(range(1, 300, 2))
    assert_everything_agrees(store.engine)
