"""Answers questions to the history, each in one short transaction that sees one state of it.

How a question is answered is in `queries`. What none of them does is read a whole table: they walk along indexes, and
sum up counts that the writer keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Engine

from bangui.adapters.sql.engine import reading
from bangui.adapters.sql.event_rows import KINDS
from bangui.adapters.sql.queries.asker import Asker
from bangui.adapters.sql.queries.counting import count
from bangui.adapters.sql.queries.find import find
from bangui.adapters.sql.queries.kind_totals import count_kinds
from bangui.adapters.sql.queries.of_id import read_id_jails, read_id_summary
from bangui.adapters.sql.queries.positions import Position, decode_position, encode_position
from bangui.adapters.sql.queries.scope import resolve
from bangui.adapters.sql.queries.state import read_settings, read_state
from bangui.adapters.sql.queries.stored_events import read_events, read_lines
from bangui.adapters.sql.queries.time_series import count_over_time
from bangui.adapters.sql.queries.top import find_top
from bangui.domain.errors import InvalidInput
from bangui.domain.history import Event, JailSettings
from bangui.domain.history_queries import (
    LARGEST_PAGE,
    Count,
    Filter,
    HistoryState,
    IdSummary,
    JailCount,
    Order,
    Page,
    Point,
    Search,
    Series,
    Top,
    TopRow,
    Totals,
)
from bangui.domain.phrases import phrase


class SqlHistoryReader:
    """Reads a history on SQLite or PostgreSQL; thread-safe. Every function raises `StoreError`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def search(self, search: Search) -> Page:
        """Return a page of events; raises `InvalidInput` for an `after` of another list."""
        if not 0 < search.limit <= LARGEST_PAGE:
            raise InvalidInput(
                phrase("a page of {limit} events cannot be", limit=search.limit),
                phrase("ask for 1 to {most}", most=LARGEST_PAGE),
            )
        after = None if search.after is None else decode_position(search.after, search.filter, search.order)
        with self._asking() as asker:
            scope = resolve(asker, search.filter)
            positions = find(asker, scope, search.order, after, search.limit + 1)
            events = read_events(asker, [position.number for position in positions[: search.limit]])
        has_more = len(positions) > search.limit
        last = encode_position(positions[search.limit - 1], search.filter, search.order) if has_more else None
        return Page(tuple(events), last)

    def stream(self, filter: Filter, order: Order) -> Iterator[Event]:
        """Yield all events of a filter, in order, without holding them or a transaction."""
        after: Position | None = None
        while True:
            with self._asking() as asker:
                positions = find(asker, resolve(asker, filter), order, after, LARGEST_PAGE)
                events = read_events(asker, [position.number for position in positions])
            yield from events
            if len(positions) < LARGEST_PAGE:
                return
            after = positions[-1]

    def count(self, filter: Filter, at_most: int = 10_000) -> Count:
        """Return how many events there are; from `at_most` on it need not be exact."""
        with self._asking() as asker:
            return count(asker, resolve(asker, filter), at_most)

    def totals(self, filter: Filter) -> Totals:
        """Return the events by kind; the filter may hold times, hosts, jails."""
        with self._asking() as asker:
            counts = count_kinds(asker, resolve(asker, filter))
        return Totals({kind: counts[code] for code, kind in KINDS.items()})

    def series(self, series: Series) -> Sequence[Point]:
        """Return counts over time, in order of time and jail; the filter may hold times, hosts, jails."""
        with self._asking() as asker:
            return count_over_time(asker, resolve(asker, series.filter), series.bucket)

    def top(self, top: Top) -> Sequence[TopRow]:
        """Return the most frequent keys, the highest count first, equal ones in the order of their keys."""
        with self._asking() as asker:
            return find_top(asker, top)

    def id_summary(self, id: str) -> IdSummary | None:
        """Return what was ever counted for an id; None for one that was never seen."""
        with self._asking() as asker:
            return read_id_summary(asker, id)

    def id_jails(self, id: str) -> Sequence[JailCount]:
        """Return what each jail ever counted for an id."""
        with self._asking() as asker:
            return read_id_jails(asker, id)

    def lines(self, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the matched lines of events, by the event's number."""
        with self._asking() as asker:
            return read_lines(asker, numbers)

    def settings_at(self, host: str, jail: str, time: int) -> JailSettings | None:
        """Return the settings that a jail had at a moment; None where nobody looked."""
        with self._asking() as asker:
            return read_settings(asker, host, jail, time)

    def jails(self) -> Sequence[str]:
        """Return the names of all jails that ever were."""
        with self._asking() as asker:
            return sorted(asker.column("SELECT name FROM jails"))

    def state(self) -> HistoryState:
        """Return what there is."""
        with self._asking() as asker:
            return read_state(asker)

    @contextmanager
    def _asking(self) -> Iterator[Asker]:
        with reading(self._engine) as connection:
            yield Asker(connection)
