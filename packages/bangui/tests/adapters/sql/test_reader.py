"""The reader as a whole; and every statement, explained by the database that would run it: none reads a whole table."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import QueuePool

from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.addresses import parse_address
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Batch, EventKind
from bangui.domain.history_ports import StoreError, StoreTrouble
from bangui.domain.history_queries import Dimension, Filter, Metric, Order, Search, Series, SortKey, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.safety.test_answers import FILTERS, RANGES, observations
from packages.bangui.tests.adapters.sql.seen import DAY, START, ban, batch, failure

# What grows without bounds. An index that is walked in its order, up to a limit, is no scan.
_LARGE = frozenset({"events", "ids", "lines", "rollups", "kind_counts"})
_SCAN = re.compile(r"^SCAN (\w+)(?!.*USING (COVERING )?INDEX)(?!.*VIRTUAL TABLE)")


def is_large_scan(statement: str, step: str) -> bool:
    """Say whether a step of a statement's plan reads a whole table that may be large."""
    scan = _SCAN.match(step)
    if scan is None:
        return False
    name = scan[1]
    tables = re.findall(rf"(?:FROM|JOIN)\s+(\w+)\s+(?:AS\s+)?{name}\b", statement)
    is_itself = re.search(rf"(?:FROM|JOIN)\s+{name}\b", statement) is not None
    return bool(_LARGE.intersection([*tables, *([name] if is_itself else [])]))


class Watched:
    """The statements that a history on SQLite was asked, and how it goes about each."""

    def __init__(self, engine: Engine) -> None:
        self.statements: dict[str, None] = {}
        self._engine = engine
        event.listen(engine, "connect", self._watch)

    def _watch(self, connection: sqlite3.Connection, _: object) -> None:
        connection.set_trace_callback(self._note)

    def _note(self, statement: str) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            self.statements[statement] = None

    def plans(self) -> Iterator[tuple[str, str]]:
        """Yield each step of each statement's plan."""
        asked = list(self.statements)
        with self._engine.connect() as connection:
            driver = cast(sqlite3.Connection, connection.connection.driver_connection)
            for statement in asked:
                for *_, detail in driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                    yield statement, str(detail)


@pytest.fixture
def watched(sqlite_store: Store) -> tuple[SqlHistoryReader, Watched]:
    made = observations(3)
    sqlite_store.writer.record(Batch("web1", made))
    sqlite_store.engine.dispose()
    watched = Watched(sqlite_store.engine)
    return SqlHistoryReader(sqlite_store.engine), watched


def test_no_search_scans_a_table(watched: tuple[SqlHistoryReader, Watched]) -> None:
    reader, seen = watched
    for only in FILTERS.values():
        for key in SortKey:
            for is_descending in (True, False):
                first = reader.search(Search(only, Order(key, is_descending), limit=5))
                if first.next is not None:
                    reader.search(Search(only, Order(key, is_descending), limit=5, after=first.next))
        reader.count(only)
    assert len(seen.statements) > len(FILTERS)
    assert [step for step in seen.plans() if is_large_scan(*step)] == []


def test_no_count_scans_a_table(watched: tuple[SqlHistoryReader, Watched]) -> None:
    reader, seen = watched
    for only in RANGES:
        reader.totals(only)
        for bucket in (3_600, 86_400):
            reader.series(Series(only, bucket))
        for dimension in Dimension:
            for metric in Metric:
                reader.top(Top(dimension, metric, only))
    for id in ("11.0.0.3", "no address"):
        reader.id_summary(id)
        reader.id_jails(id)
    reader.settings_at("web1", "sshd", 0)
    reader.jails()
    reader.state()
    assert len(seen.statements) > len(RANGES)
    assert [step for step in seen.plans() if is_large_scan(*step)] == []


def test_a_scan_would_be_seen(watched: tuple[SqlHistoryReader, Watched]) -> None:
    _, seen = watched
    seen.statements["SELECT count(*) FROM events e WHERE e.logged = 5"] = None
    assert [step for step in seen.plans() if is_large_scan(*step)]


def test_the_place_in_one_list_is_none_in_another(watched: tuple[SqlHistoryReader, Watched]) -> None:
    reader, _ = watched
    after = reader.search(Search(limit=5)).next
    assert after is not None
    for other in (Filter(jails=("sshd",)), Filter(text="root")):
        with pytest.raises(InvalidInput):
            reader.search(Search(other, after=after))
    with pytest.raises(InvalidInput):
        reader.search(Search(order=Order(SortKey.JAIL), after=after))
    for nonsense in ("", "x", after[:-3], after + "AA", "\udc80", "a" * 100_000):
        with pytest.raises(InvalidInput):
            reader.search(Search(after=nonsense))


def test_between_the_pages_of_a_stream_no_transaction_is_open(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bangui.adapters.sql.reader.LARGEST_PAGE", 100)
    made = observations(5, 350)
    store.writer.record(Batch("web1", made))
    pool = cast(QueuePool, store.engine.pool)

    seen = 0
    for _ in SqlHistoryReader(store.engine).stream(Filter(), Order()):
        seen += 1
        assert pool.checkedout() == 0
    assert seen == len(made)


def test_what_is_recorded_during_a_stream_is_read_where_it_belongs(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bangui.adapters.sql.reader.LARGEST_PAGE", 10)
    store.writer.record(batch(*(failure(START + number * 1_000) for number in range(25))))

    stream = SqlHistoryReader(store.engine).stream(Filter(), Order(is_descending=False))
    times = [next(stream).time]
    store.writer.record(batch(failure(START - 1_000), failure(START + 24_500)))
    times += [event.time for event in stream]

    assert times == sorted([*(START + number * 1_000 for number in range(25)), START + 24_500])


@pytest.mark.parametrize("key", list(SortKey))
def test_many_events_of_one_moment_are_all_on_some_page(store: Store, key: SortKey) -> None:
    made = [replace(failure(START, f"10.0.{number % 3}.1"), ordinal=number) for number in range(120)]
    numbers = [event.number for event in store.writer.record(batch(*made)).new]
    reader = SqlHistoryReader(store.engine)

    found: list[int] = []
    after = None
    while True:
        page = reader.search(Search(Filter(), Order(key), 7, after))
        found += [event.number for event in page.events]
        after = page.next
        if after is None:
            break
    assert sorted(found) == sorted(numbers)


def test_hosts_are_told_apart(store: Store) -> None:
    for host in ("one", "two"):
        store.writer.record(Batch(host, [replace(ban(START), host=host), replace(failure(START + DAY), host=host)]))
    reader = SqlHistoryReader(store.engine)

    for host in ("one", "two"):
        only = Filter(hosts=(host,))
        assert {event.host for event in reader.search(Search(only)).events} == {host}
        assert reader.count(only).value == 2
        assert reader.totals(only).of(EventKind.BAN) == 1
        for dimension in Dimension:
            (row,) = reader.top(Top(dimension, filter=only))
            assert (row.bans, row.failures) == (1, 1)
        assert [(point.bans, point.failures) for point in reader.series(Series(only, 86_400))] == [(1, 0), (0, 1)]
    both = Filter(hosts=("one", "two", "absent"))
    assert reader.count(both).value == 4
    assert reader.top(Top(Dimension.ADDRESS, filter=both))[0].bans == 2


@pytest.mark.parametrize("limit", [0, -1, 1_001])
def test_a_page_has_a_size_that_can_be_shown(store: Store, limit: int) -> None:
    reader = SqlHistoryReader(store.engine)
    with pytest.raises(InvalidInput):
        reader.search(Search(limit=limit))
    with pytest.raises(InvalidInput):
        reader.top(Top(Dimension.JAIL, limit=limit))


@pytest.mark.parametrize(
    "top",
    [
        Top(Dimension.COUNTRY, filter=Filter(countries=("DE",))),
        Top(Dimension.JAIL, filter=Filter(networks=(1,))),
        Top(Dimension.NETWORK, filter=Filter(within=parse_address("10.0.0.0/8"))),
        Top(Dimension.ADDRESS, filter=Filter(text="root")),
        Top(Dimension.ADDRESS, filter=Filter(kinds=(EventKind.BAN,))),
        Top(Dimension.SUBNET, filter=Filter(prefix="10.")),
    ],
)
def test_a_top_list_that_cannot_be_made_is_refused(store: Store, top: Top) -> None:
    with pytest.raises(InvalidInput) as raised:
        SqlHistoryReader(store.engine).top(top)
    assert raised.value.hint


def test_a_history_that_is_missing_is_told(tmp_path: Path, sqlite_store: Store) -> None:
    sqlite_store.engine.dispose()
    Path(sqlite_store.location).unlink()

    with pytest.raises(StoreError) as raised:
        SqlHistoryReader(sqlite_store.engine).state()
    assert raised.value.trouble is StoreTrouble.MISSING
