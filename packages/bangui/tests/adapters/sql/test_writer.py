"""Everything is recorded exactly once, counted in the same transaction, and all of a batch or nothing of it."""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bangui.adapters.sql.engine import open_engine, reading, writing
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.domain.history import Batch, EventKind, JailSettings, Observation, Recorded, Source
from bangui.domain.history_ports import Retention
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.places import Places
from packages.bangui.tests.adapters.sql.recount import assert_everything_agrees, empty
from packages.bangui.tests.adapters.sql.seen import (
    ADDRESS,
    DAY,
    HOST,
    HOUR,
    JAIL,
    START,
    ban,
    batch,
    failure,
    logged_ban,
    note,
    seen,
)


def test_what_was_seen_is_what_is_recorded(store: Store) -> None:
    recorded = store.writer.record(batch(failure(START), ban(START + 5_000, lines=["one", "two"])))
    failed, banned = recorded.new
    assert (failed.kind, failed.time, failed.id, failed.jail, failed.host) == (
        EventKind.FAILURE,
        START,
        ADDRESS,
        JAIL,
        HOST,
    )
    assert (banned.kind, banned.duration, banned.count, banned.failures, banned.line_count) == (
        EventKind.BAN,
        600,
        1,
        5,
        2,
    )
    assert recorded.changed == ()
    assert_everything_agrees(store.engine)


def test_the_same_batch_again_changes_nothing(store: Store) -> None:
    one = batch(failure(START), failure(START + 1), ban(START + 5_000), seen(EventKind.UNBAN, START + 9_000))
    assert len(store.writer.record(one).new) == 4
    assert store.writer.record(one) == Recorded()
    assert_everything_agrees(store.engine)


def test_the_same_twice_within_a_batch_is_one(store: Store) -> None:
    recorded = store.writer.record(batch(*[failure(START), ban(START + 5_000)] * 2))
    assert len(recorded.new) == 2
    assert_everything_agrees(store.engine)


def test_an_ordinal_tells_apart_what_is_alike_in_all_else(store: Store) -> None:
    recorded = store.writer.record(batch(failure(START), replace(failure(START), ordinal=1)))
    assert len(recorded.new) == 2
    assert_everything_agrees(store.engine)


def test_every_kind_has_a_place(store: Store) -> None:
    recorded = store.writer.record(batch(*(seen(kind, START) for kind in EventKind)))
    assert {event.kind for event in recorded.new} == set(EventKind)
    assert_everything_agrees(store.engine)


def test_cursors_are_kept_with_what_was_read(store: Store) -> None:
    assert store.writer.cursor(HOST, "log") is None
    store.writer.record(Batch(HOST, cursors={"log": "12", "database": "x"}))
    store.writer.record(Batch(HOST, cursors={"log": "13"}))
    assert store.writer.cursor(HOST, "log") == "13"
    assert store.writer.cursor(HOST, "database") == "x"
    assert store.writer.cursor("there", "log") is None


class _Broken(dict[str, str]):
    """Settings that cannot be read."""

    def items(self) -> NoReturn:
        raise OSError("cannot be read")


def test_a_batch_that_fails_leaves_nothing_behind(store: Store) -> None:
    settings = [JailSettings(HOST, JAIL, START, _Broken())]
    with pytest.raises(OSError, match="cannot be read"):
        store.writer.record(Batch(HOST, [failure(START, "198.51.100.1")], {"log": "1"}, settings))
    assert store.writer.cursor(HOST, "log") is None
    recorded = store.writer.record(batch(failure(START, "198.51.100.1")))
    assert len(recorded.new) == 1
    assert_everything_agrees(store.engine)


def test_two_writers_number_their_rows_one_after_the_other(store: Store) -> None:
    engine = open_engine(store.location)
    other = SqlHistoryWriter(engine, Places())
    numbers = [
        event.number
        for round in range(3)
        for writer in (store.writer, other)
        for event in writer.record(batch(failure(START + round, f"192.0.2.{round}"), failure(START, "192.0.2.9"))).new
    ]
    assert len(numbers) == len(set(numbers)) == 4
    assert_everything_agrees(store.engine)
    engine.dispose()


def test_an_id_that_another_process_has_forgotten_gets_a_new_row(store: Store) -> None:
    store.writer.record(batch(failure(START)))
    with writing(store.engine) as connection:
        for table in ("ids", "events", "rollups", "kind_counts"):
            connection.execute(text(f"DELETE FROM {table}"))
    assert len(store.writer.record(batch(failure(START), failure(START + 1))).new) == 2
    assert_everything_agrees(store.engine)


def test_an_event_says_where_its_id_was_when_it_was_recorded(store: Store) -> None:
    (before,) = store.writer.record(batch(failure(START))).new
    store.places.version = 1
    (after,) = store.writer.record(batch(failure(START + 1))).new
    assert (before.country, before.network) != (after.country, after.network)
    assert_everything_agrees(store.engine)
    with reading(store.engine) as connection:
        assert connection.execute(text("SELECT country, network, moved FROM ids")).one() == (
            after.country,
            after.network,
            1,
        )


def test_places_are_looked_up_once_for_each_id(store: Store) -> None:
    store.writer.record(batch(*(failure(START + number) for number in range(50))))
    store.writer.record(batch(*(failure(START + 100 + number) for number in range(50))))
    assert store.places.asked == 1


_HOSTILE = (
    *("", "\x00", "a\x00b", "\ud800 half a pair", "x" * 100_000, "'; DROP TABLE events; --", "%s %(name)s {} ?"),
    *("\N{SNOWMAN}", "1.2.3.4/33", "::ffff:1.2.3.4", "192.0.2.0/24", "2001:db8::/32", "2001:DB8::1", "0" * 44, "1e309"),
)


def test_any_text_can_be_an_id_a_jail_a_host_and_a_line(store: Store) -> None:
    for number, hostile in enumerate(_HOSTILE):
        time = START + number * DAY
        banned = replace(ban(time, hostile, hostile), host=hostile, lines=(hostile, hostile))
        once = Batch(HOST, (failure(time, hostile, hostile), banned), {"log": "1"})
        assert len(store.writer.record(once).new) == 2
        assert store.writer.record(once) == Recorded()
    assert_everything_agrees(store.engine)


def test_any_number_can_be_observed(store: Store) -> None:
    for number in (-(1 << 70), -1, 0, 1 << 31, 1 << 42, 1 << 62, 1 << 70):
        wild = replace(ban(START), time=number, logged=number, duration=number, count=number, failures=number)
        once = batch(wild, replace(failure(number), ordinal=number, logged=-number), logged_ban(number))
        store.writer.record(once)
        assert store.writer.record(once) == Recorded()
    assert_everything_agrees(store.engine)


_IDS = ("203.0.113.7", "203.0.113.8", "2001:db8::1", "2001:db8::/32", "somebody", "198.51.100.0/24")
_KINDS = (EventKind.FAILURE, EventKind.BAN, EventKind.UNBAN, EventKind.IGNORED)


@st.composite
def _observations(draw: st.DrawFn) -> Observation:
    kind = draw(st.sampled_from(_KINDS))
    # Few moments, so that many are the same, and days that are folded already.
    time = START + draw(st.sampled_from((0, 1, 30, 300, 2_000))) * HOUR + draw(st.integers(0, 3)) * 1_500
    seen_by = draw(st.sampled_from((Source.LOG, Source.DATABASE)))
    id = draw(st.sampled_from(_IDS))
    jail = draw(st.sampled_from(("sshd", "recidive")))
    if kind is EventKind.BAN and seen_by is Source.DATABASE:
        return ban(time, id, jail, lines=["a word"] * draw(st.integers(0, 2)))
    return seen(kind, time, id, jail)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.lists(_observations(), max_size=8), max_size=6), st.randoms(use_true_random=False))
def test_counts_are_those_of_the_events_whatever_happens(
    store: Store, batches: list[list[Observation]], chance: random.Random
) -> None:
    empty(store.engine)
    for observations in batches:
        notes = [note(one.time, one.id, one.jail) for one in observations if chance.random() < 0.2]
        store.writer.record(batch(*observations, notes=notes))
        if chance.random() < 0.2:
            store.places.version += 1
    assert_everything_agrees(store.engine)


def test_days_that_are_past_are_folded_into_weeks_and_seasons(store: Store) -> None:
    for day in range(0, 140, 5):
        store.writer.record(batch(failure(START + day * DAY), logged_ban(START + day * DAY, "192.0.2.1")))
    store.writer.record(batch(failure(START + 7 * DAY), ban(START + 70 * DAY)))
    with reading(store.engine) as connection:
        until = {row.grain: row.until for row in connection.execute(text("SELECT grain, until FROM folds"))}
    first = START // DAY
    assert until[192] == first + 135 - 2
    assert until[1536] == until[192] // 8
    assert_everything_agrees(store.engine)


def test_what_is_remembered_of_one_history_is_not_believed_of_another(sqlite_store: Store, migrated_file: Path) -> None:
    sqlite_store.writer.record(batch(failure(START, "192.0.2.1"), failure(START, "192.0.2.2", "recidive")))
    path = Path(sqlite_store.location)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    shutil.copyfile(migrated_file, path)
    sqlite_store.writer.record(batch(failure(START, "192.0.2.2", "recidive")))
    sqlite_store.writer.record(batch(failure(START, "192.0.2.1")))
    assert_everything_agrees(sqlite_store.engine)
    with reading(sqlite_store.engine) as connection:
        assert set(connection.execute(text("SELECT name FROM jails")).scalars()) == {"sshd", "recidive"}


_READ_WHOLE = {"counters", "folds", "jails"}
"""Tables of a few rows."""


def test_nothing_that_is_recorded_or_forgotten_reads_a_whole_table(sqlite_store: Store) -> None:
    said: dict[str, str] = {}
    with sqlite_store.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_trace_callback(lambda sql: said.setdefault(re.sub(r"\d+|'[^']*'", "", sql), sql))
    for day in range(0, 30, 3):
        time = START + day * DAY
        settings = [JailSettings(HOST, JAIL, time, {"maxretry": str(day)})]
        observations = [failure(time), ban(time, lines=["a"]), logged_ban(time + 500)]
        sqlite_store.writer.record(Batch(HOST, observations, {"log": "1"}, settings, [note(time)]))
        sqlite_store.writer.record(batch(failure(time)))
        sqlite_store.places.version += 1
    sqlite_store.writer.prune(Retention(dict.fromkeys(EventKind, 86400), 1), START + 40 * DAY, 5)
    driver.set_trace_callback(None)
    plans = [
        (step[3], sql)
        for sql in said.values()
        if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE")) and "line_words" not in sql
        for step in driver.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert len(plans) > 30
    scans = [(step, sql) for step, sql in plans if step.startswith("SCAN") and step.split()[1] not in _READ_WHOLE]
    # Whether there is a note at all is the first row of its table.
    assert [sql for _, sql in scans if "FROM notes" not in sql or "LIMIT 1" not in sql] == []
