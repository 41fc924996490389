from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bangui.domain.history import Batch, Event, EventKind, JailSettings, Observation, Recorded, Source
from bangui.domain.history_ports import Progress, Reading, Retention, SourceAway, StoreError, StoreTrouble
from bangui.services.collector import Collector, CollectorPace

_QUICK = CollectorPace(interval=0.001, settings=0.001, retry_first=0.001, retry_longest=0.002)


def _failure(number: int) -> Observation:
    return Observation("web1", "sshd", f"192.0.2.{number}", EventKind.FAILURE, number, Source.LOG)


@dataclass
class ScriptedFeed:
    """Tells numbered observations, two at a time; its cursor is how many it has told."""

    name: str
    total: int
    errors: list[Exception] = field(default_factory=list)
    cursors: list[str | None] = field(default_factory=list)

    async def read(self, cursor: str | None) -> Reading:
        self.cursors.append(cursor)
        if self.errors:
            raise self.errors.pop(0)
        start = int(cursor or 0)
        end = min(start + 2, self.total)
        told = [_failure(number) for number in range(start, end)]
        return Reading(told, str(end), end < self.total, end, self.total)


@dataclass
class ScriptedWriter:
    """Keeps what it is given in memory, whole batches or nothing."""

    told: list[Observation] = field(default_factory=list)
    cursors: dict[str, str] = field(default_factory=dict)
    settings: list[JailSettings] = field(default_factory=list)
    errors: list[StoreError] = field(default_factory=list)

    def record(self, batch: Batch) -> Recorded:
        if self.errors:
            raise self.errors.pop(0)
        self.told += batch.observations
        self.cursors |= batch.cursors
        self.settings += batch.settings
        return Recorded(tuple(_event(observation) for observation in batch.observations))

    def cursor(self, host: str, source: str) -> str | None:
        return self.cursors.get(source)

    def prune(self, retention: Retention, now: int, at_most: int = 2_000) -> int:
        return 0

    def back_up(self, target: Path) -> int:
        return 0

    def restore(self, source: Path, progress: Progress) -> int:
        return 0


def _event(seen: Observation) -> Event:
    identity = (seen.time, seen.host, seen.jail, seen.id, seen.kind, seen.time, None, 0)
    return Event(*identity, seen.origin, seen.source, None, None, None, None, None)


def _full() -> StoreError:
    return StoreError("the disk is full", "make room", trouble=StoreTrouble.FULL)


async def _run_until(collector: Collector, is_done: Callable[[], bool]) -> None:
    task = asyncio.create_task(collector.run())
    async with asyncio.timeout(10):
        while not is_done():
            await asyncio.sleep(0.001)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_everything_that_the_sources_tell_is_recorded_together_with_how_far_they_were_read() -> None:
    writer = ScriptedWriter()
    feeds = [ScriptedFeed("log", 5), ScriptedFeed("database", 3)]
    collector = Collector("web1", feeds, writer, pace=_QUICK)
    state = await collector.catch_up()
    assert len(writer.told) == 8
    assert writer.cursors == {"log": "5", "database": "3"}
    assert state.is_up_to_date
    assert state.recorded == 8


async def test_a_collector_goes_on_where_the_one_before_it_was_killed() -> None:
    writer = ScriptedWriter(cursors={"log": "4"})
    feed = ScriptedFeed("log", 5)
    await Collector("web1", [feed], writer, pace=_QUICK).catch_up()
    assert feed.cursors[0] == "4"
    assert [observation.time for observation in writer.told] == [4]


async def test_what_could_not_be_recorded_is_read_again_once_there_is_room() -> None:
    writer = ScriptedWriter(errors=[_full(), _full(), _full()])
    collector = Collector("web1", [ScriptedFeed("log", 3)], writer, pace=_QUICK)
    state = await collector.catch_up()
    assert (state.problem, state.hint) == ("the disk is full", "make room")
    await _run_until(collector, lambda: collector.state.is_up_to_date)
    assert [observation.time for observation in writer.told] == [0, 1, 2]
    assert collector.state.problem is None


async def test_a_source_that_is_away_does_not_hold_up_the_others_and_is_read_when_it_is_back() -> None:
    writer = ScriptedWriter()
    gone = ScriptedFeed("database", 2, errors=[SourceAway("no such file", "is fail2ban installed?")])
    collector = Collector("web1", [gone, ScriptedFeed("log", 2)], writer, pace=_QUICK)
    state = await collector.catch_up()
    assert state.sources[0].problem == "no such file"
    assert state.sources[0].hint == "is fail2ban installed?"
    assert state.sources[1].read_at is not None
    await _run_until(collector, lambda: collector.state.is_up_to_date)
    assert writer.cursors == {"log": "2", "database": "2"}


async def test_a_mistake_in_the_code_of_one_source_is_reported_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    writer = ScriptedWriter()
    broken = ScriptedFeed("database", 2, errors=[KeyError("jail")])
    collector = Collector("web1", [broken, ScriptedFeed("log", 2)], writer, pace=_QUICK)
    state = await collector.catch_up()
    assert state.sources[0].problem == "reading it failed: KeyError"
    assert "source_failed" in caplog.messages
    await _run_until(collector, lambda: collector.state.is_up_to_date)


async def test_a_damaged_history_is_repaired_and_then_written_to() -> None:
    damaged = StoreError("the history is damaged", "", trouble=StoreTrouble.DAMAGED)
    writer = ScriptedWriter(errors=[damaged])
    repaired: list[bool] = []
    collector = Collector("web1", [ScriptedFeed("log", 3)], writer, repair=lambda: repaired.append(True), pace=_QUICK)
    await _run_until(collector, lambda: collector.state.is_up_to_date)
    assert repaired == [True]
    assert len(writer.told) == 3


async def test_a_history_that_cannot_be_repaired_is_tried_again() -> None:
    damaged = StoreError("the history is damaged", "", trouble=StoreTrouble.DAMAGED)
    writer = ScriptedWriter(errors=[damaged])

    def repair() -> None:
        raise _full()

    collector = Collector("web1", [ScriptedFeed("log", 3)], writer, repair=repair, pace=_QUICK)
    await _run_until(collector, lambda: collector.state.is_up_to_date)
    assert len(writer.told) == 3


async def test_listeners_hear_of_everything_that_is_new() -> None:
    heard: list[int] = []
    collector = Collector("web1", [ScriptedFeed("log", 5)], ScriptedWriter(), pace=_QUICK)
    collector.listen(lambda recorded: heard.extend(event.time for event in recorded.new))
    await collector.catch_up()
    assert heard == [0, 1, 2, 3, 4]


async def test_the_settings_of_the_jails_are_kept_as_well() -> None:
    class Settings:
        async def read(self) -> Sequence[JailSettings]:
            return [JailSettings("web1", "sshd", 1, {"maxretry": "5"})]

    writer = ScriptedWriter()
    collector = Collector("web1", [ScriptedFeed("log", 1)], writer, settings=Settings(), pace=_QUICK)
    await _run_until(collector, lambda: bool(writer.settings))
    assert writer.settings[0].values == {"maxretry": "5"}


async def test_the_progress_of_the_first_import_grows_to_its_total() -> None:
    steps: list[tuple[int, int | None]] = []
    feeds = [ScriptedFeed("log", 9), ScriptedFeed("database", 3)]
    collector = Collector("web1", feeds, ScriptedWriter(), pace=_QUICK)
    await collector.catch_up(lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert steps[-1] == (2000, 2000)


async def test_catching_up_ends_when_nothing_can_be_read() -> None:
    errors: list[Exception] = [SourceAway("permission denied", "use sudo")]
    collector = Collector("web1", [ScriptedFeed("log", 3, errors=errors)], ScriptedWriter(), pace=_QUICK)
    state = await collector.catch_up()
    assert not state.is_up_to_date
