"""Keeps the last 24 hours ready for the first page, so that showing them never waits for a disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bangui.domain.collection import CollectorState
from bangui.domain.history import EventKind, Recorded
from bangui.domain.history_ports import HistoryReader, StoreError
from bangui.domain.history_queries import Dimension, Filter, Series, Top, TopRow
from bangui.domain.last_day import Hour, LastDay, NetworkCount, Record
from bangui.domain.places import DataSource
from bangui.services.threads import in_thread

_DAY = timedelta(hours=24)
_HOUR = timedelta(hours=1)
_LISTED = 5

NetworkNames = Callable[[int], str]


def read_last_day(reader: HistoryReader, names: NetworkNames, now: datetime) -> LastDay:
    """Return the last 24 hours as the history has them now; blocks, and raises `StoreError`."""
    start = now - _DAY
    state = reader.state()
    since = None if state.first is None else _instant(state.first)
    has_day_before = since is not None and since <= start - _DAY
    today = reader.totals(_between(start, now))
    before = reader.totals(_between(start - _DAY, start)) if has_day_before else None
    networks = reader.top(Top(Dimension.NETWORK, filter=_between(start, now), limit=_LISTED + 1))
    return LastDay(
        taken_at=now,
        bans=today.of(EventKind.BAN),
        failures=today.of(EventKind.FAILURE),
        bans_before=before.of(EventKind.BAN) if before else None,
        failures_before=before.of(EventKind.FAILURE) if before else None,
        hours=_hours(reader, start, now),
        countries=_known(reader, Dimension.COUNTRY, _between(start, now)),
        networks=tuple(
            NetworkCount(int(row.key), names(int(row.key)), row.bans) for row in networks if row.key and row.bans
        )[:_LISTED],
        addresses=_known(reader, Dimension.ADDRESS, _between(start, now)),
        since=since,
    )


def _known(reader: HistoryReader, dimension: Dimension, only: Filter) -> tuple[TopRow, ...]:
    """Return the keys with the most bans, without what has no key (an unknown country) or no ban."""
    rows = reader.top(Top(dimension, filter=only, limit=_LISTED + 1))
    return tuple(row for row in rows if row.key and row.bans)[:_LISTED]


def _hours(reader: HistoryReader, start: datetime, now: datetime) -> tuple[Hour, ...]:
    counted: dict[datetime, tuple[int, int]] = {}
    for point in reader.series(Series(_between(start, now), 3600)):
        hour = _instant(point.start)
        bans, failures = counted.get(hour, (0, 0))
        counted[hour] = (bans + point.bans, failures + point.failures)
    first = start.replace(minute=0, second=0, microsecond=0)
    hours = [first + number * _HOUR for number in range(25)]
    return tuple(Hour(hour, *counted.get(hour, (0, 0))) for hour in hours if hour < now)


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
