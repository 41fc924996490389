"""Fills a history on SQLite with made-up attacks in a few minutes, where the writer would take a good part of an hour.

Rows go into the tables in the order of time with no index to keep, the counts are made from them by SQL, and the
indexes at the end. What comes of it must be what the writer would have recorded of the same attacks: that is tested.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bangui.adapters.sql.counters import LINE_BYTES
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.id_keys import id_key
from bangui.adapters.sql.lines import lines_number, pack
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.schema import KIND_CODES, ORIGIN_CODES
from bangui.adapters.sql.words import words_of_all
from bangui.domain.history import EventKind
from bench.history.attacks import HOST, JAILS, Attacks, Happening
from bench.history.counts import fill_counts
from bench.history.observed import has_lines, lines_of

_PRAGMAS = ("journal_mode = DELETE", "synchronous = OFF", "cache_size = -524288", "temp_store = FILE")
_LINES_AT_ONCE = 20_000
_BAN, _FAILURE = KIND_CODES[EventKind.BAN], KIND_CODES[EventKind.FAILURE]
_EVENT = (
    "number, host, jail, id, kind, time, ordinal, origin, sources, logged, duration, count, failures, "
    "country, network, lines"
)
_ID = "number, text, key, prefix, country, network, bans, failures, events, first, last, moved"


def fill(path: Path, attacks: Attacks, days: Iterable[list[Happening]]) -> int:
    """Make a history of some days of attacks in a new file, and return how many events are in it."""
    engine = open_engine(str(path))
    migrate(engine)
    engine.dispose()
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        indexes = _drop_indexes(connection)
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        events = _Filler(connection, attacks).fill(days)
        connection.execute("COMMIT")
        for index in indexes:
            connection.execute(index)
        connection.execute("PRAGMA journal_mode = WAL")
    finally:
        connection.close()
    return events


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """Drop every index that can be made again, and return how."""
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    found = connection.execute(query).fetchall()
    for name, _ in found:
        connection.execute(f"DROP INDEX {name}")
    return [sql for _, sql in found]


class _Filler:
    """Fills the tables, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, attacks: Attacks) -> None:
        self._connection = connection
        self._attacks = attacks
        # Numbers of ids by the places of visitors in the world.
        self._ids: dict[int, int] = {}
        self._with_lines: list[tuple[int, Happening]] = []
        self._line_bytes = 0
        self._events = 0

    def fill(self, days: Iterable[list[Happening]]) -> int:
        """Fill all tables, and return the number of events."""
        self._insert("hosts", "number, name", [(1, HOST)])
        self._insert("jails", "number, name", [(number + 1, jail.name) for number, jail in enumerate(JAILS)])
        self._insert("events", _EVENT, (row for day in days for one in day for row in self._rows(one)))
        for start in range(0, len(self._with_lines), _LINES_AT_ONCE):
            self._fill_lines(self._with_lines[start : start + _LINES_AT_ONCE])
        self._connection.execute("CREATE TEMP TABLE subnets (id INTEGER PRIMARY KEY, subnet INTEGER)")
        self._fill_ids()
        fill_counts(self._connection)
        numbers = {"hosts": 2, "jails": len(JAILS) + 1, "ids": len(self._ids) + 1, "events": self._events + 1}
        self._insert("counters", "name, value", [*numbers.items(), (LINE_BYTES, self._line_bytes)])
        return self._events

    def _insert(self, table: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
        marks = ", ".join("?" * (columns.count(",") + 1))
        self._connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)

    def _rows(self, one: Happening) -> Iterator[tuple[object, ...]]:
        self._events += 1
        visitor, lines = self._attacks.visitors[one.visitor], None
        if has_lines(one):
            lines = lines_number(one.time, self._events)
            self._with_lines.append((self._events, one))
        yield (
            *(self._events, 1, one.jail + 1, self._ids.setdefault(one.visitor, len(self._ids) + 1)),
            *(KIND_CODES[one.kind], one.time, one.ordinal, ORIGIN_CODES[one.origin], int(one.source), one.logged),
            *(one.duration, one.times, one.failures, visitor.country, visitor.network, lines),
        )

    def _fill_lines(self, some: Sequence[tuple[int, Happening]]) -> None:
        rows, words = [], []
        for event, one in some:
            texts = lines_of(self._attacks, one)
            number, packed = lines_number(one.time, event), pack(texts)
            self._line_bytes += len(packed)
            rows.append((number, event, len(texts), packed))
            words.append((number, " ".join(words_of_all(texts))))
        self._insert("lines", "number, event, count, packed", rows)
        self._insert("line_words", "rowid, words", words)

    def _fill_ids(self) -> None:
        counted = self._connection.execute(
            f"SELECT id, sum(kind = {_BAN}), sum(kind = {_FAILURE}), count(*), min(time), max(time) FROM events "
            "GROUP BY id"
        )
        counts = {row[0]: row[1:] for row in counted}
        rows, subnets = [], []
        for place, number in self._ids.items():
            visitor = self._attacks.visitors[place]
            key = id_key(visitor.id)
            of_key = (key.key, key.prefix) if key else (None, None)
            rows.append((number, visitor.id, *of_key, visitor.country, visitor.network, *counts[number], 0))
            subnets.append((number, key.subnet if key else None))
        self._insert("ids", _ID, rows)
        self._insert("subnets", "id, subnet", subnets)
