from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
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


def test_the_last_24_hours_are_compared_with_the_24_before(past: FilledHistory) -> None:
    day = day_of(
        past,
        ban("192.0.2.1", HOUR),
        ban("192.0.2.2", 23 * HOUR),
        event(EventKind.FAILURE, "192.0.2.2", 23 * HOUR),
        ban("192.0.2.1", 25 * HOUR),
        event(EventKind.UNBAN, "192.0.2.1", 2 * HOUR),
        ban("192.0.2.3", 90 * DAY),
    )
    assert (day.bans, day.failures, day.bans_before, day.failures_before) == (2, 1, 1, 0)


def test_a_record_younger_than_two_days_is_compared_with_nothing(past: FilledHistory) -> None:
    day = day_of(past, ban("192.0.2.1", 30 * HOUR))
    assert (day.bans_before, day.failures_before) == (None, None)
    assert day.since == NOW - timedelta(hours=30)


def test_every_hour_is_there_also_those_without_events(past: FilledHistory) -> None:
    day = day_of(past, ban("192.0.2.1", 10), ban("192.0.2.1", 24 * HOUR - 1), event(EventKind.FAILURE, "192.0.2.1", 90))
    assert len(day.hours) == 24  # of a moment on the hour: none is there in part
    assert [hour.start for hour in day.hours] == [NOW - timedelta(hours=number) for number in range(24, 0, -1)]
    assert (day.hours[0].bans, day.hours[-1].bans, sum(hour.bans for hour in day.hours)) == (1, 1, 2)
    assert [hour.failures for hour in day.hours][-2] == 1


def test_the_most_banned_come_first_and_what_is_unknown_is_left_out(past: FilledHistory) -> None:
    bans = [ban("203.0.113.8", minute, duration=1) for minute in range(1, 4)]
    day = day_of(past, *bans, ban("192.0.2.7", 9))
    assert [(row.key, row.bans) for row in day.addresses] == [("203.0.113.8", 3), ("192.0.2.7", 1)]
    assert [(row.key, row.bans) for row in day.countries] == [("DE", 3)]
    assert [(one.number, one.name, one.bans) for one in day.networks] == [(64_500, "net 64500", 3)]


def test_an_empty_history_is_an_empty_day(past: FilledHistory) -> None:
    day = day_of(past)
    assert (day.bans, day.addresses, day.since) == (0, (), None)
    assert len(day.hours) == 24


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
        assert [record.day.bans for record in stage.records if record.day] == [0, 1]


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
        assert stage.records[1].day.bans == 1


def _some_event() -> Event:
    seen = ban("192.0.2.1", HOUR)
    identity = (1, seen.host, seen.jail, seen.id, seen.kind, seen.time, None, 0)
    return Event(*identity, seen.origin, seen.source, None, None, None, None, None)
