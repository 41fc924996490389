"""No question reads a whole table: every statement is explained by the database that would run it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import cast

import pytest
from sqlalchemy import Engine, event

from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Batch
from bangui.domain.history_queries import Dimension, Filter, Metric, Order, Search, Series, SortKey, Top
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.safety.test_answers import FILTERS, RANGES, observations

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
