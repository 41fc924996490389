"""Rows of `events`, as they are written and as they are returned."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, select

from bangui.adapters.sql.schema import KIND_CODES, ORIGIN_CODES, events
from bangui.adapters.sql.statements import Row, Statements, make_lookup
from bangui.domain.history import Event, Source

KINDS = {code: kind for kind, code in KIND_CODES.items()}
ORIGINS = {code: origin for origin, code in ORIGIN_CODES.items()}
# Making a flag takes as long as all the rest of an event.
SOURCES = [Source(flags) for flags in range(2 * max(Source))]


class EventRow(NamedTuple):
    """A row, with its columns in the order of the table; `times` is its `count`, which tuples have as well."""

    number: int
    host: int
    jail: int
    id: int
    kind: int
    time: int
    ordinal: int
    origin: int
    sources: int
    logged: int | None = None
    duration: int | None = None
    times: int | None = None
    failures: int | None = None
    country: str | None = None
    network: int | None = None
    lines: int | None = None
    note: int | None = None


class Context(NamedTuple):
    """What the numbers in a row stand for."""

    host: str
    jail: str
    id: str
    line_count: int = 0
    author: str | None = None
    reason: str | None = None


def event_of(row: Row, context: Context) -> Event:
    """Return the event that a row keeps."""
    stored = EventRow._make(row)
    logged = stored.logged
    return Event(
        stored.number,
        context.host,
        context.jail,
        context.id,
        KINDS[stored.kind],
        stored.time,
        None if logged is None else stored.time + logged,
        stored.ordinal,
        ORIGINS[stored.origin],
        SOURCES[stored.sources],
        stored.duration,
        stored.times,
        stored.failures,
        stored.country,
        stored.network,
        context.line_count,
        context.author,
        context.reason,
    )


class EventTable:
    """The statements about `events` that more than one kind of event needs."""

    def __init__(self, statements: Statements) -> None:
        self.insert = statements.compile(events.insert())
        insert = statements.insert(events)
        self.insert_unless_known = statements.compile(insert.on_conflict_do_nothing())
        self.delete = statements.compile(events.delete().where(events.c.number == bindparam("number_")))
        self.find = make_lookup(statements, select(events), events.c.number)
