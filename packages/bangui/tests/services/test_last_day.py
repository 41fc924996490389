from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bangui.domain.collection import CollectorState, SourceState
from bangui.domain.history import Event, EventKind, Observation, Recorded
from bangui.domain.history_ports import HistoryReader
from bangui.domain.last_day import LastDay, Record
from bangui.services.last_day import RecordKeeper, read_last_day
from packages.bangui.tests.filled_history import NOW, FilledHistory, ban, event

HOUR, DAY = 60, 24 * 60


@pytest.fixture
def past(tmp_path: Path) -> FilledHistory:
    return FilledHistory(tmp_path / "history.sqlite3")


def day_of(past: FilledHistory, *observations: Observation) -> LastDay:
    past.record(observations)
    with past.open() as reader:
        return read_last_day(reader, lambda number: f"net {number}", NOW)


def before(moment: datetime) -> float:
    """Return how many minutes before `NOW` a moment was."""
    return (NOW - moment).total_seconds() / 60


def test_today_and_this_week_begin_at_midnight_where_this_machine_is(past: FilledHistory) -> None:
    day = day_of(past)
    for start in (day.today.since, day.week.since):
        assert start <= NOW
        assert (start.astimezone().hour, start.astimezone().minute) == (0, 0)
    assert day.today.since.astimezone().date() == NOW.astimezone().date()
    assert day.week.since.astimezone().weekday() == 0


def test_a_period_is_compared_with_as_much_time_a_week_earlier(past: FilledHistory) -> None:
    start = before(day_of(past).today.since)
    week = 7 * DAY
    day = day_of(
        past,
        ban("192.0.2.1", start - 1),
        ban("192.0.2.2", 1),
        ban("192.0.2.3", start + 1),
        event(EventKind.FAILURE, "192.0.2.2", 2),
        event(EventKind.UNBAN, "192.0.2.2", 1),
        ban("192.0.2.4", week + 1),
        ban("192.0.2.5", week - 1),
        ban("192.0.2.6", week + start + 1),
        ban("192.0.2.7", 90 * DAY),
    )
    assert (day.today.bans, day.today.failures, day.today.bans_before, day.today.failures_before) == (2, 1, 1, 0)


def test_a_record_that_does_not_reach_back_is_compared_with_nothing(past: FilledHistory) -> None:
    day = day_of(past, ban("192.0.2.1", 30 * HOUR))
    for period in (day.today, day.week):
        assert (period.bans_before, period.failures_before) == (None, None)
    assert day.since == NOW - timedelta(hours=30)


def test_the_most_banned_come_first_and_what_is_unknown_is_left_out(past: FilledHistory) -> None:
    bans = [ban("203.0.113.8", minute, duration=1) for minute in range(1, 4)]
    day = day_of(past, *bans, ban("192.0.2.7", 9))
    assert [(row.key, row.bans) for row in day.addresses] == [("203.0.113.8", 3), ("192.0.2.7", 1)]
    assert [(row.key, row.bans) for row in day.countries] == [("DE", 3)]
    assert [(one.number, one.name, one.bans) for one in day.networks] == [(64_500, "net 64500", 3)]
    assert [(row.key, row.bans) for row in day.jails] == [("sshd", 4)]


def test_an_empty_history_is_an_empty_day(past: FilledHistory) -> None:
    day = day_of(past)
    assert (day.week.bans, day.addresses, day.jails, day.since) == (0, (), (), None)


@dataclass
class Stage:
    """A keeper whose publications are kept, and everything around it."""

    past: FilledHistory
    reader: HistoryReader
    records: list[Record] = field(default_factory=list)
    collection: CollectorState | None = None

    def __post_init__(self) -> None:
        self.keeper = RecordKeeper(
            self.reader, str, self.records.append, collection=lambda: self.collection, now=lambda: NOW
        )

    async def run_until(self, is_done: Callable[[], bool], during: Callable[[], None] = lambda: None) -> None:
        task = asyncio.create_task(self.keeper.run(at_least=30, at_most=0.01))
        try:
            async with asyncio.timeout(10):
                while not self.records:
                    await asyncio.sleep(0.005)
                during()
                while not is_done():
                    await asyncio.sleep(0.005)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@contextmanager
def staged(past: FilledHistory) -> Iterator[Stage]:
    past.record(())
    with past.open() as reader:
        yield Stage(past, reader)


async def test_the_day_is_read_again_when_something_was_recorded(past: FilledHistory) -> None:
    with staged(past) as stage:

        def happen() -> None:
            past.record([ban("192.0.2.1", HOUR)])
            stage.keeper.hear(Recorded(new=(_some_event(),)))

        await stage.run_until(lambda: len(stage.records) == 2, happen)
        assert [len(record.day.addresses) for record in stage.records if record.day] == [0, 1]


async def test_nothing_is_read_again_when_nothing_was_recorded(past: FilledHistory) -> None:
    with staged(past) as stage:
        stage.keeper.hear(Recorded())
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await stage.run_until(lambda: len(stage.records) > 1)
        assert len(stage.records) == 1


async def test_trouble_with_collecting_is_published_as_it_comes(past: FilledHistory) -> None:
    with staged(past) as stage:

        def fail() -> None:
            stage.collection = CollectorState("web-1", (SourceState("log"),), "the disk is full", "make room")

        await stage.run_until(lambda: len(stage.records) == 2, fail)
        assert stage.records[1].collection is stage.collection


async def test_a_history_that_fails_keeps_the_day_that_is_known(past: FilledHistory) -> None:
    past.record([ban("192.0.2.1", HOUR)])
    with staged(past) as stage:

        def fail() -> None:
            for name in ("history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm"):
                past.path.with_name(name).write_bytes(b"no longer a database " * 2_000)
            stage.collection = CollectorState("web-1", (), "damaged")

        await stage.run_until(lambda: len(stage.records) == 2, fail)
        assert stage.records[1].problem
        assert stage.records[1].day is not None
        assert len(stage.records[1].day.addresses) == 1


def _some_event() -> Event:
    seen = ban("192.0.2.1", HOUR)
    identity = (1, seen.host, seen.jail, seen.id, seen.kind, seen.time, None, 0)
    return Event(*identity, seen.origin, seen.source, None, None, None, None, None)
