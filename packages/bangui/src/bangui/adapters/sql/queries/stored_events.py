"""Events and their matched lines, by their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bangui.adapters.sql.event_rows import EventRow, event_of
from bangui.adapters.sql.lines import unpack
from bangui.adapters.sql.queries.asker import Asker, Given, query
from bangui.adapters.sql.schema import events
from bangui.domain.history import Event

_AT_ONCE = 1_000
_WIDTH = len(EventRow._fields)
_COLUMNS = ", ".join(f"e.{column.name}" for column in events.columns)
_ABOUT = "h.name, j.name, i.text, coalesce(l.count, 0), n.author, n.reason"
_TABLES = (
    "CROSS JOIN events e CROSS JOIN hosts h CROSS JOIN jails j CROSS JOIN ids i "
    "LEFT JOIN lines l ON l.number = e.lines LEFT JOIN notes n ON n.number = e.note"
)
_JOINED = ("e.number = v.number", "h.number = e.host", "j.number = e.jail", "i.number = e.id")


def read_events(asker: Asker, numbers: Sequence[int]) -> list[Event]:
    """Return events in the order of the numbers that are asked for; one that is gone is left out."""
    found: dict[int, Event] = {}
    for given in _given(asker, numbers):
        sql = query(f"{_COLUMNS}, {_ABOUT}", f"{given.sql} {_TABLES}", _JOINED)
        for row in asker.rows(sql, given.parameters):
            found[row[0]] = event_of(row[:_WIDTH], row[_WIDTH:])
    return [found[number] for number in numbers if number in found]


def read_lines(asker: Asker, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the matched lines of events by their numbers; those without any are left out."""
    found: dict[int, tuple[str, ...]] = {}
    for given in _given(asker, numbers):
        tables = f"{given.sql} CROSS JOIN events e CROSS JOIN lines l"
        sql = query("e.number, l.packed", tables, ("e.number = v.number", "l.number = e.lines"))
        found |= {number: unpack(bytes(packed)) for number, packed in asker.rows(sql, given.parameters)}
    return found


def _given(asker: Asker, numbers: Sequence[int]) -> Iterator[Given]:
    for start in range(0, len(numbers), _AT_ONCE):
        yield asker.table("v", ("number",), [(number,) for number in numbers[start : start + _AT_ONCE]])
