"""Keeps what the first page shows of the record ready, so that showing it never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from bangui.domain.collection import CollectorState
from bangui.domain.history import EventKind, Recorded
from bangui.domain.history_ports import HistoryReader, StoreError
from bangui.domain.history_queries import Dimension, Filter, Top, TopRow
from bangui.domain.last_day import LastDay, NetworkCount, Period, Record
from bangui.domain.places import DataSource
from bangui.services.threads import in_thread

_DAY = timedelta(hours=24)
_LISTED = 5

NetworkNames = Callable[[int], str]


def read_last_day(reader: HistoryReader, names: NetworkNames, now: datetime) -> LastDay:
    """Return what the history has to say now about today, the week and the last 24 hours; blocks, raises `StoreError`.

    Days are those of the zone that this machine is in, as everywhere where a person says `today`.
    """
    first = reader.state().first
    since = None if first is None else _instant(first)
    today = now.astimezone().date()
    monday = today - timedelta(days=today.weekday())
    lately = _between(now - _DAY, now)
    networks = reader.top(Top(Dimension.NETWORK, filter=lately, limit=_LISTED + 1))
    return LastDay(
        taken_at=now,
        today=_period(reader, today, now, since),
        week=_period(reader, monday, now, since),
        countries=_known(reader, Dimension.COUNTRY, lately),
        networks=tuple(
            NetworkCount(int(row.key), names(int(row.key)), row.bans) for row in networks if row.key and row.bans
        )[:_LISTED],
        addresses=_known(reader, Dimension.ADDRESS, lately),
        jails=_known(reader, Dimension.JAIL, lately),
        since=since,
    )


def _period(reader: HistoryReader, day: date, now: datetime, since: datetime | None) -> Period:
    """Return what happened since the midnight with which a day began, and in as much time from a week earlier on."""
    start, earlier = _midnight(day), _midnight(day - timedelta(days=7))
    counts = reader.totals(_between(start, now))
    is_comparable = since is not None and since <= earlier
    before = reader.totals(_between(earlier, earlier + (now - start))) if is_comparable else None
    return Period(
        start,
        counts.of(EventKind.BAN),
        counts.of(EventKind.FAILURE),
        before.of(EventKind.BAN) if before else None,
        before.of(EventKind.FAILURE) if before else None,
    )


def _midnight(day: date) -> datetime:
    # Not by way of `replace`: on the day on which clocks change, midnight had another offset than now.
    return datetime.combine(day, time()).astimezone()


def _known(reader: HistoryReader, dimension: Dimension, only: Filter) -> tuple[TopRow, ...]:
    """Return the keys with the most bans, without what has no key (an unknown country) or no ban."""
    rows = reader.top(Top(dimension, filter=only, limit=_LISTED + 1))
    return tuple(row for row in rows if row.key and row.bans)[:_LISTED]


def _between(start: datetime, end: datetime) -> Filter:
    return Filter(since=_milliseconds(start), until=_milliseconds(end))


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


class RecordKeeper:
    """Reads the last day again when something was recorded, and when time alone has moved it on."""

    def __init__(
        self,
        reader: HistoryReader,
        names: NetworkNames,
        publish: Callable[[Record], None],
        *,
        credits: Callable[[], tuple[DataSource, ...]] = tuple,
        collection: Callable[[], CollectorState | None] = lambda: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._reader = reader
        self._names = names
        self._publish = publish
        self._credits = credits
        self._collection = collection
        self._now = now
        self._news = asyncio.Event()
        self._day: LastDay | None = None

    def hear(self, recorded: Recorded) -> None:
        """Take note that something was recorded."""
        if recorded.new or recorded.changed:
            self._news.set()

    async def run(self, *, at_least: float = 60.0, at_most: float = 2.0) -> None:
        """Read until cancelled: not more often than every `at_most` seconds, not more rarely than `at_least`."""
        while True:
            self._news.clear()
            self._publish(await self._read())
            try:
                async with asyncio.timeout(at_least):
                    await self._until_something_changes(at_most)
            except TimeoutError:
                continue

    async def _until_something_changes(self, pause: float) -> None:
        collection = _essence(self._collection())
        while True:
            await asyncio.sleep(pause)
            if self._news.is_set() or _essence(self._collection()) != collection:
                return

    async def _read(self) -> Record:
        try:
            now = self._now()
            self._day = await in_thread(lambda: read_last_day(self._reader, self._names, now))
        except StoreError as error:
            return Record(self._day, self._collection(), self._credits(), error.message, error.hint or None)
        return Record(self._day, self._collection(), self._credits())


def _essence(state: CollectorState | None) -> object:
    """Return what of the collecting is worth telling at once: troubles, and how far the first import is."""
    if state is None:
        return None
    sources = [(source.name, source.problem, source.read_at is None and source.done) for source in state.sources]
    return (state.problem, sources)
