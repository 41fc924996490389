"""What is too old or too much goes, nothing else, and nothing of it stays."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from bangui.adapters.sql.engine import open_engine, path_of, reading
from bangui.adapters.sql.schema import events, ids, lines, notes
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import EventKind
from bangui.domain.history_ports import Retention
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees, empty
from packages.bangui.tests.adapters.sql.seen import (
    ADDRESS,
    DAY,
    HOUR,
    START,
    ban,
    batch,
    failure,
    logged_ban,
    note,
    seen,
)

_HOUR_SECONDS = 3_600


def _count(store: Store) -> int:
    with reading(store.engine) as connection:
        return connection.execute(select(func.count()).select_from(events)).scalar_one()


def test_each_kind_has_an_age_of_its_own(store: Store) -> None:
    store.writer.record(batch(failure(START), failure(START + 2 * HOUR), ban(START), seen(EventKind.UNBAN, START)))
    retention = Retention({EventKind.FAILURE: _HOUR_SECONDS, EventKind.BAN: 3 * _HOUR_SECONDS})
    assert store.writer.prune(retention, START + 3 * HOUR) == 1
    assert store.writer.prune(retention, START + 3 * HOUR + 1) == 2
    with reading(store.engine) as connection:
        assert connection.execute(select(events.c.kind)).scalars().all() == [3]
    assert_everything_agrees(store.engine)


def test_what_is_just_old_enough_stays(store: Store) -> None:
    store.writer.record(batch(failure(START)))
    retention = Retention({EventKind.FAILURE: _HOUR_SECONDS})
    assert store.writer.prune(retention, START + HOUR) == 0
    assert store.writer.prune(retention, START + HOUR + 1) == 1


def test_no_more_go_at_a_time_than_was_asked_for(store: Store) -> None:
    store.writer.record(batch(*(failure(START + number, f"192.0.2.{number}") for number in range(25))))
    retention = Retention({EventKind.FAILURE: _HOUR_SECONDS})
    assert [store.writer.prune(retention, START + DAY, 10) for _ in range(4)] == [10, 10, 5, 0]
    assert_everything_agrees(store.engine)


def test_lines_notes_and_ids_go_with_their_events(store: Store) -> None:
    store.writer.record(batch(ban(START, lines=["secret word"]), notes=[note(START)]))
    store.writer.record(batch(ban(START, "192.0.2.1", lines=["other"]), failure(START + DAY, "192.0.2.1")))
    assert store.writer.prune(Retention({EventKind.BAN: _HOUR_SECONDS}), START + DAY) == 2
    with reading(store.engine) as connection:
        assert connection.execute(select(ids.c.text)).scalars().all() == ["192.0.2.1"]
        for table in (lines, notes):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 0
    assert_everything_agrees(store.engine)


def test_a_note_that_waits_for_its_ban_keeps_its_id(store: Store) -> None:
    now = START + DAY
    store.writer.record(batch(failure(START), notes=[note(now - 1_000)]))
    assert store.writer.prune(Retention({EventKind.FAILURE: _HOUR_SECONDS}), now) == 1
    (banned,) = store.writer.record(batch(logged_ban(now))).new
    assert banned.author == "ann"
    assert_everything_agrees(store.engine)


def test_an_id_that_was_forgotten_can_come_back(store: Store) -> None:
    store.writer.record(batch(failure(START)))
    other_engine = open_engine(store.location)
    other = SqlHistoryWriter(other_engine, Places())
    other.record(batch(failure(START + 1)))
    assert other.prune(Retention({EventKind.FAILURE: _HOUR_SECONDS}), START + DAY) == 2
    for writer in (store.writer, other):
        assert len(writer.record(batch(failure(START + DAY), failure(START + DAY + 1, "192.0.2.1"))).new) in {2, 0}
    assert_everything_agrees(store.engine)
    other_engine.dispose()


def test_the_oldest_go_first_where_there_is_too_much(store: Store) -> None:
    store.writer.record(batch(*(failure(START + number * HOUR) for number in range(50)), ban(START + HOUR // 2)))
    assert store.writer.prune(Retention({}, max_bytes=1), START, 10) == 10
    with reading(store.engine) as connection:
        assert connection.execute(select(func.min(events.c.time))).scalar_one() == START + 9 * HOUR
    assert_everything_agrees(store.engine)


def test_nothing_goes_while_there_is_room(store: Store) -> None:
    store.writer.record(batch(failure(START)))
    assert store.writer.prune(Retention({}, max_bytes=1 << 40), START + DAY) == 0
    assert store.writer.prune(Retention({}), START + DAY) == 0


def test_pruning_by_size_comes_to_an_end(store: Store) -> None:
    for day in range(10):
        store.writer.record(
            batch(*(failure(START + day * DAY + number, f"10.0.{day}.{number}") for number in range(200)))
        )
    limit = 400_000
    gone = 0
    while count := store.writer.prune(Retention({}, max_bytes=limit), START + DAY, 100):
        gone += count
    assert 0 < gone < 2_000
    assert _count(store) == 2_000 - gone
    assert_everything_agrees(store.engine)


def test_the_disk_gets_its_room_back(sqlite_store: Store) -> None:
    store = sqlite_store
    for day in range(20):
        times = [START + day * DAY + number * 1_000 for number in range(250)]
        store.writer.record(batch(*(ban(time, f"10.{day}.0.{time % 251}", lines=[f"word {time}"]) for time in times)))
    path = path_of(store.engine)
    store.writer.prune(Retention({}), START)
    with reading(store.engine) as connection:
        before = connection.exec_driver_sql("PRAGMA page_count").scalar_one() * 4096
    while store.writer.prune(Retention({EventKind.BAN: _HOUR_SECONDS}), START + 30 * DAY, 1_000):
        pass
    assert _count(store) == 0
    for _ in range(3):
        store.writer.prune(Retention({}), START)
    assert path.stat().st_size < before / 4
    assert_everything_agrees(store.engine)


def test_the_index_of_words_does_not_grow_while_lines_come_and_go(sqlite_store: Store) -> None:
    def size() -> int:
        with reading(sqlite_store.engine) as connection:
            return int(connection.execute(text("SELECT sum(length(block)) FROM line_words_data")).scalar_one())

    sizes = []
    for day in range(40):
        times = [START + day * DAY + number * 1_000 for number in range(100)]
        lines = [[f"w{day} {word}" for word in range(20)]]
        sqlite_store.writer.record(batch(*(ban(time, f"10.0.0.{time % 97}", lines=lines[0]) for time in times)))
        sqlite_store.writer.prune(Retention({EventKind.BAN: 2 * 86_400}), START + day * DAY)
        sizes.append(size())
    assert max(sizes[20:]) < 3 * max(sizes[:10])
    assert_everything_agrees(sqlite_store.engine)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    st.lists(st.tuples(st.integers(0, 2_200), st.integers(0, 5), st.booleans()), max_size=25),
    st.randoms(use_true_random=False),
)
def test_counts_stay_true_while_events_come_and_go(
    store: Store, steps: list[tuple[int, int, bool]], chance: random.Random
) -> None:
    empty(store.engine)
    newest = START
    for hours, number, is_ban in steps:
        time = START + hours * HOUR + chance.randrange(5_000)
        newest = max(newest, time)
        id = ADDRESS[:-1] + str(number)
        one = ban(time, id, lines=["word"]) if is_ban else failure(time, id)
        store.writer.record(batch(one, failure(time + 1, "somebody"), notes=[note(time, id)] if is_ban else []))
        if chance.random() < 0.3:
            store.places.version += 1
        if chance.random() < 0.4:
            ages = {EventKind.FAILURE: chance.randrange(2_000) * 3_600, EventKind.BAN: chance.randrange(3_000) * 3_600}
            store.writer.prune(Retention(ages, chance.choice((None, 1))), newest, chance.randint(1, 6))
    assert_everything_agrees(store.engine)


def test_every_kind_can_be_forgotten(store: Store) -> None:
    store.writer.record(batch(*(seen(kind, START) for kind in EventKind)))
    for kind in EventKind:
        assert store.writer.prune(Retention({kind: 60}), START + HOUR) == 1
        assert_everything_agrees(store.engine)
