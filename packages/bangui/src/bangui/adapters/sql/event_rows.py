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
    told_origin: int | None = None


Context = tuple[str, str, str, int, str | None, str | None]
"""What a row does not say itself: host, jail and id in words, how many lines, author and reason of the note."""


def event_of(row: Row, context: Context) -> Event:
    """Return the event that a row keeps; called for every event, so it spells out where its values are."""
    number, _, _, _, kind, time, ordinal, origin, sources, logged, duration, times, failures, country, network, *_ = row
    host, jail, id, line_count, author, reason = context
    return Event(
        number,
        host,
        jail,
        id,
        KINDS[kind],
        time,
        None if logged is None else time + logged,
        ordinal,
        ORIGINS[origin],
        SOURCES[sources],
        duration,
        times,
        failures,
        country,
        network,
        line_count,
        author,
        reason,
    )


class EventTable:
    """The statements about `events` that more than one kind of event needs."""

    def __init__(self, statements: Statements) -> None:
        insert = statements.inserting(events)
        self.insert = statements.many(insert)
        self.insert_unless_known = statements.many(insert.on_conflict_do_nothing())
        self.delete = statements.compile(events.delete().where(events.c.number == bindparam("number_")))
        self.find = make_lookup(statements, select(events), events.c.number)
