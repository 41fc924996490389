"""No way through the indexes reads a whole table, neither on SQLite nor on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.queries.asker import Asker, Parameters, Row
from bangui.adapters.sql.reader import SqlHistoryReader
from bangui.domain.history import Batch
from bangui.domain.history_queries import Filter, Search, Series
from packages.bangui.tests.adapters.sql.conftest import Store
from packages.bangui.tests.adapters.sql.safety.test_answers import FILTERS, RANGES, observations
from packages.bangui.tests.adapters.sql.safety.test_every_way import WAYS, Chance, Patch

ROUNDS = 40
_LARGE = ("events", "ids", "lines", "rollups", "kind_counts", "line_words")
# A table by its own name or by the one that the query gives it.
_NAMED = re.compile(r"\b(?:FROM|JOIN)\s+(\w+)(?:\s+(?!INDEXED|CROSS|WHERE|ORDER|GROUP|LIMIT|LEFT|ON)(\w+))?")
_SQLITE_SCAN = re.compile(r"^SCAN (\w+)")
_POSTGRES_SCAN = re.compile(r"Seq Scan on (\w+)")


@dataclass(slots=True)
class Watched:
    """What was found in the plans of all queries that are asked."""

    scans: list[tuple[str, str]] = field(default_factory=list)
    queries: set[str] = field(default_factory=set)

    def look(self, asker: Asker, sql: str, parameters: Parameters | None, ask: Callable[..., list[Row]]) -> None:
        if sql in self.queries:
            return
        self.queries.add(sql)
        explain = "EXPLAIN QUERY PLAN " if asker.is_sqlite else "EXPLAIN (COSTS OFF) "
        for row in ask(asker, explain + sql, parameters):
            step = str(row[-1])
            if self._is_scan(asker, sql, step):
                self.scans.append((step, sql))

    @staticmethod
    def _is_scan(asker: Asker, sql: str, step: str) -> bool:
        if not asker.is_sqlite:
            scan = _POSTGRES_SCAN.search(step)
            return scan is not None and scan[1] in _LARGE
        scan = _SQLITE_SCAN.match(step)
        if scan is None or "VIRTUAL TABLE INDEX" in step:
            return False
        tables = {name or table: table for table, name in _NAMED.findall(sql)}
        # Walking along an index is fine as long as somebody says where to stop, or as it has next to nothing in it.
        is_short = step.endswith("ids_moved") or ("USING" in step and "LIMIT" in sql)
        return tables.get(scan[1]) in _LARGE and not is_short


@contextmanager
def _reader(store: Store) -> Iterator[SqlHistoryReader]:
    # A table that is as small as these would be read as a whole by PostgreSQL, if that were allowed.
    option = "" if store.engine.dialect.name == "sqlite" else "&options=-c%20enable_seqscan%3Doff"
    engine = open_engine(store.location + option, read_only=True)
    try:
        yield SqlHistoryReader(engine)
    finally:
        engine.dispose()


@pytest.fixture
def watched(store: Store, monkeypatch: Patch) -> Watched:
    store.writer.record(Batch("web1", observations(3, 400)))
    watched = Watched()
    ask = Asker.rows

    def rows(asker: Asker, sql: str, parameters: Parameters | None = None) -> list[Row]:
        watched.look(asker, sql, parameters, ask)
        return ask(asker, sql, parameters)

    monkeypatch.setattr(Asker, "rows", rows)
    return watched


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__.strip("_"))
def test_no_question_reads_a_whole_table(
    store: Store, watched: Watched, monkeypatch: Patch, way: Callable[[Patch], None]
) -> None:
    way(monkeypatch)
    chance = Chance(5)
    with _reader(store) as reader:
        for only in (*FILTERS.values(), *(chance.filter() for _ in range(ROUNDS))):
            order = chance.order()
            after = reader.search(Search(only, order, 5)).next
            if after is not None:
                reader.search(Search(only, order, 5, after))
            reader.count(only)
        for _ in range(ROUNDS):
            reader.top(chance.top())
        _ask_the_rest(reader)

    assert len(watched.queries) > ROUNDS
    assert watched.scans == []


def _ask_the_rest(reader: SqlHistoryReader) -> None:
    for only in RANGES:
        reader.totals(only)
        reader.series(Series(only, 86_400))
        reader.series(Series(only, 3_600))
    last = reader.state().last or 0
    reader.series(Series(Filter(since=last - 3_600_000), 60))
    for id in ("11.0.0.3", "no address", "absent"):
        reader.id_summary(id)
        reader.id_jails(id)
    reader.lines([event.number for event in reader.search(Search(limit=50)).events])
    reader.settings_at("web1", "sshd", 0)
    reader.jails()


def test_a_query_that_reads_a_whole_table_would_be_noticed(store: Store, watched: Watched) -> None:
    with _reader(store) as reader, reader._asking() as asker:
        asker.rows("SELECT count(*) FROM events e WHERE e.logged = 5")
        asker.rows("SELECT sum(prefix) FROM ids")
        asker.rows("SELECT number FROM events WHERE number = 1")

    assert [sql.split()[-1] for _, sql in watched.scans] == ["5", "ids"]
