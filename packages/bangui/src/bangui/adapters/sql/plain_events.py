"""Records everything but bans: each of these is told by one source, in words that make it the same again.

All rows are inserted as if they were new, and the database leaves out those that are known, which on most days is
none. Only for these it is then looked what they add to what is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select, update

from bangui.adapters.sql.event_rows import EventRow, EventTable, event_of
from bangui.adapters.sql.schema import KIND_CODES, ORIGIN_CODES, events
from bangui.adapters.sql.statements import Row, Statements
from bangui.adapters.sql.storable import LATEST_TIME, storable_duration, storable_number, storable_time
from bangui.adapters.sql.tally import HOUR, CountKey
from bangui.adapters.sql.work import Work
from bangui.domain.history import Observation, Source

_BY_TIME = attrgetter("time")
_IDENTITY = ("id", "time", "kind", "jail", "host", "ordinal")
_identity_of = attrgetter(*_IDENTITY)
_BACKUP = int(Source.BACKUP)


class PlainEvents:
    """Records observations of every kind but bans."""

    def __init__(self, statements: Statements, table: EventTable) -> None:
        self._table = table
        self._inserted = statements.compile(
            select(events.c.number).where(events.c.number >= bindparam("from_")), ("from_",)
        )
        self._find = statements.compile(
            select(events).where(*(events.c[name] == bindparam(f"{name}_") for name in _IDENTITY)),
            [f"{name}_" for name in _IDENTITY],
        )
        filled = ("sources", "logged", "duration", "count", "failures")
        self._fill = statements.compile(
            update(events)
            .where(events.c.number == bindparam("number_"))
            .values({name: bindparam(f"{name}_", type_=events.c[name].type) for name in filled}),
            [*(f"{name}_" for name in filled), "number_"],
        )

    def record(self, work: Work, observations: Sequence[Observation]) -> None:
        """Record observations; in what order they come does not matter."""
        if not observations:
            return
        in_order = sorted(observations, key=_BY_TIME)
        first = work.counters.take("events", len(in_order))
        rows = _rows(work, in_order, first)
        if work.transaction.run(self._table.insert_unless_known, rows) < len(rows):
            inserted = {number for (number,) in work.transaction.fetch(self._inserted, (first,))}
            self._fill_in(work, [row for row in rows if row[0] not in inserted])
            rows, in_order = _only(inserted, rows, in_order)
        hosts, jails, ids = work.hosts, work.jails, work.ids
        of_rows = [ids[seen.id] for seen in in_order]
        keys: list[CountKey] = [
            (row[4], row[5] // HOUR, row[2], row[1], id) for row, id in zip(rows, of_rows, strict=True)
        ]
        work.tally.add(keys, [row[5] for row in rows])
        work.new.extend(
            event_of(row, (hosts[seen.host].text, jails[seen.jail].text, id.text, 0, None, None))
            for row, seen, id in zip(rows, in_order, of_rows, strict=True)
        )

    def _fill_in(self, work: Work, rows: Sequence[Row]) -> None:
        """Add what is new about events that are known."""
        changes = []
        for row in rows:
            seen = EventRow._make(row)
            (found,) = work.transaction.fetch(self._find, _identity_of(seen))
            known = EventRow._make(found)
            filled = _filled(known, seen)
            if filled != known:
                changes.append((*filled[8:13], known.number))
        work.transaction.run(self._fill, changes)


def _rows(work: Work, observations: Sequence[Observation], first: int) -> list[Row]:
    hosts, jails, ids = work.hosts, work.jails, work.ids
    rows: list[Row] = []
    for number, seen in enumerate(observations, first):
        id = ids[seen.id]
        time = seen.time if 0 <= seen.time <= LATEST_TIME else storable_time(seen.time)
        rows.append(
            (
                number,
                hosts[seen.host].number,
                jails[seen.jail].number,
                id.number,
                KIND_CODES[seen.kind],
                time,
                storable_number(seen.ordinal),
                ORIGIN_CODES[seen.origin],
                int(seen.source),
                None if seen.logged is None else storable_time(seen.logged) - time,
                None if seen.duration is None else storable_duration(seen.duration),
                None if seen.count is None else storable_number(seen.count),
                None if seen.failures is None else storable_number(seen.failures),
                id.country,
                id.network,
                None,
                None,
                None,
            )
        )
    return rows


def _only(numbers: set[int], rows: list[Row], observations: list[Observation]) -> tuple[list[Row], list[Observation]]:
    kept = [(row, seen) for row, seen in zip(rows, observations, strict=True) if row[0] in numbers]
    return [row for row, _ in kept], [seen for _, seen in kept]


def _filled(known: EventRow, seen: EventRow) -> EventRow:
    """Return what is known with what was seen as well; the first who tells something is believed."""
    return known._replace(
        sources=_sources(known.sources, seen.sources),
        logged=_either(known.logged, seen.logged),
        duration=_either(known.duration, seen.duration),
        times=_either(known.times, seen.times),
        failures=_either(known.failures, seen.failures),
    )


def _either(known: Any, seen: Any) -> Any:
    return seen if known is None else known


def _sources(known: int, seen: int) -> int:
    """Both, without the sign that only a backup knew it when somebody else did as well."""
    return (known | seen) & ~(_BACKUP if not known & seen & _BACKUP else 0)
