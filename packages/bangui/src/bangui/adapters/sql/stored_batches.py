"""A SQLite history as batches that can be recorded into another one: settings of jails, notes, and events.

Cursors are left out: how far sources were read is true only of the history that they belong to.

Rows are read by their numbers, in chunks, from the tables themselves. Where the file is damaged and that is to be
borne, a chunk that cannot be read is halved again and again, until what is lost are the rows of a damaged page.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Table, bindparam, func, literal, select

from bangui.adapters.sql.event_rows import KINDS, ORIGINS, SOURCES, EventRow
from bangui.adapters.sql.jail_settings_table import unpacked_values
from bangui.adapters.sql.lines import unpack
from bangui.adapters.sql.schema import counters, events, hosts, ids, jails, lines, notes, settings
from bangui.adapters.sql.statements import Row, Statement, Statements
from bangui.domain.history import BanNote, Batch, JailSettings, Observation, Source

T = TypeVar("T", BanNote, JailSettings, Observation)

_NOTES_AT_ONCE = 1_000
# What a damaged row may make of whoever reads it.
_NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


class StoredHistory:
    """One history in an open file; where it bears damage, `lost` counts what could not be read."""

    def __init__(self, connection: sqlite3.Connection, *, bears_damage: bool = False) -> None:
        self._connection = connection
        self._bears_damage = bears_damage
        self.lost = 0
        self.places: dict[str, tuple[str | None, int | None]] = {}
        """Where the ids of the last batches were, by their texts."""
        self._statements = Statements("sqlite")
        self._ranges = {
            table: self._statements.compile(
                select(table).where(column >= bindparam("low"), column < bindparam("high")).order_by(column)
            )
            for table, column in ((events, events.c.number), (notes, notes.c.number), (lines, lines.c.event))
        }
        self._id = self._statements.compile(
            select(ids.c.text, ids.c.country, ids.c.network).where(ids.c.number == bindparam("number_"))
        )
        self._hosts = self._names(hosts)
        self._jails = self._names(jails)

    def count(self) -> int | None:
        """Return how many events there are; None where that cannot be told."""
        total: int | None = None
        with self._bearing():
            ((total,),) = self._fetch(self._statements.compile(select(func.count()).select_from(events)))
        return total

    def settings(self) -> Iterator[Batch]:
        """Yield the settings of jails."""
        found: list[JailSettings] = []
        with self._bearing():
            for host, jail, since, packed in self._fetch(self._statements.compile(select(settings))):
                with self._bearing():
                    found.append(JailSettings(self._hosts[host], self._jails[jail], since, unpacked_values(packed)))
        for host, own in _by_host(found).items():
            yield Batch(host, settings=own)

    def notes(self) -> Iterator[Batch]:
        """Yield the notes, which are to be recorded before the bans that they are about."""
        for rows in self._chunks(notes, _NOTES_AT_ONCE):
            texts = self._texts({row[3] for row in rows})
            found: list[BanNote] = []
            for _, host, jail, id, time, origin, author, reason in rows:
                with self._bearing():
                    about = self._hosts[host], self._jails[jail], texts[id]
                    found.append(BanNote(*about, time, ORIGINS[origin], author, reason))
            for name, own in _by_host(found).items():
                yield Batch(name, notes=own)

    def events(self, at_once: int) -> Iterator[tuple[int, list[Batch]]]:
        """Yield the events, and how many rows each step has read."""
        for rows in self._chunks(events, at_once):
            texts = self._texts({row[3] for row in rows})
            packed = self._packed_lines(rows)
            found: list[Observation] = []
            for row in map(EventRow._make, rows):
                with self._bearing():
                    found.append(self._observation(row, texts[row.id], packed.get(row.number)))
            yield len(rows), [Batch(host, own) for host, own in _by_host(found).items()]

    def _observation(self, row: EventRow, text: str, packed: bytes | None) -> Observation:
        return Observation(
            self._hosts[row.host],
            self._jails[row.jail],
            text,
            KINDS[row.kind],
            row.time,
            SOURCES[row.sources] | Source.BACKUP,
            None if row.logged is None else row.time + row.logged,
            row.ordinal,
            ORIGINS[row.origin if row.told_origin is None else row.told_origin],
            row.duration,
            row.times,
            row.failures,
            () if packed is None else unpack(packed),
        )

    def _packed_lines(self, rows: Sequence[Row]) -> dict[int, bytes]:
        if not any(row[15] is not None for row in rows):
            return {}
        return {event: packed for _, event, _, packed in self._range(lines, rows[0][0], rows[-1][0] + 1)}

    def _texts(self, numbers: Iterable[int]) -> dict[int, str]:
        texts: dict[int, str] = {}
        self.places = {}
        for number in sorted(numbers):
            with self._bearing():
                for text, country, network in self._fetch(self._id, (number,)):
                    texts[number] = text
                    self.places[text] = (country, network)
        return texts

    def _chunks(self, table: Table, at_once: int) -> Iterator[list[Row]]:
        """Yield the rows of a table in the order of their numbers, some at a time."""
        low, high = self._ends(table)
        while low < high:
            if rows := list(self._range(table, low, min(low + at_once, high))):
                yield rows
            low += at_once

    def _ends(self, table: Table) -> tuple[int, int]:
        """Return the first number of a table, and one more than the last."""
        ends = select(func.min(table.c.number), func.max(table.c.number) + 1)
        following = select(literal(0), counters.c.value).where(counters.c.name == table.name)
        for query in (ends, following):
            found: list[Row] = []
            with self._bearing():
                found = self._fetch(self._statements.compile(query))
            if found:
                return found[0][0] or 0, found[0][1] or 0
        return 0, 0

    def _range(self, table: Table, low: int, high: int) -> Iterator[Row]:
        try:
            yield from self._fetch(self._ranges[table], (low, high))
        except sqlite3.DatabaseError:
            if not self._bears_damage:
                raise
            middle = (low + high) // 2
            if middle == low:
                self.lost += 1
                return
            yield from self._range(table, low, middle)
            yield from self._range(table, middle, high)

    def _names(self, table: Table) -> Mapping[int, str]:
        # The index of the names holds all of the table, and may be whole where the table is not.
        for order in (table.c.number, table.c.name):
            with self._bearing():
                query = select(table.c.number, table.c.name).order_by(order)
                return dict(self._fetch(self._statements.compile(query)))
        return {}

    def _fetch(self, statement: Statement, row: Row = ()) -> list[Row]:
        bound = row if statement.bind is None else statement.bind(row)
        return self._connection.execute(statement.sql, bound).fetchall()

    @contextmanager
    def _bearing(self) -> Iterator[None]:
        """Bear what cannot be read, where that was asked for."""
        try:
            yield
        except (sqlite3.DatabaseError, *_NONSENSE):
            if not self._bears_damage:
                raise
            self.lost += 1


def _by_host(found: Iterable[T]) -> dict[str, list[T]]:
    hosts: dict[str, list[T]] = {}
    for one in found:
        hosts.setdefault(one.host, []).append(one)
    return hosts
