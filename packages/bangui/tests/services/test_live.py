from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import TypeVar

from bangui.domain.daemon import Presence
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused
from bangui.domain.operations import BanIds, Operation, ReadCounters
from bangui.domain.snapshot import Snapshot
from bangui.services.live import LiveState, next_beat
from bangui.services.pace import Pace
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

R = TypeVar("R")
GONE = DaemonAway("there is no socket", "start fail2ban", reason=AwayReason.MISSING)
FAST = Pace(interval=0.01, starting=0.005, away_first=0.005, away_longest=0.02, deadline=0.2, empty_start=0.05)


def host(*jails: str) -> MemoryGateway:
    gateway = MemoryGateway()
    gateway.jails = {name: MemoryJail() for name in jails}
    return gateway


@asynccontextmanager
async def polling(live: LiveState) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(live.run())
        yield
        task.cancel()


async def until(live: LiveState, condition: Callable[[Snapshot], bool]) -> Snapshot:
    async with asyncio.timeout(5):
        async for snapshot in live.subscribe():
            if condition(snapshot):
                return snapshot
    raise AssertionError("the live state ended")


def is_up(snapshot: Snapshot) -> bool:
    return snapshot.revision > 0 and snapshot.daemon.presence is Presence.UP


def newer_than(revision: int) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.revision > revision


def is_away(snapshot: Snapshot) -> bool:
    return snapshot.daemon.presence is Presence.AWAY


async def test_before_the_first_poll_the_revision_is_0() -> None:
    live = LiveState(host("sshd"))
    assert live.snapshot.revision == 0
    assert live.snapshot.jails == ()


async def test_the_first_poll_shows_the_daemon_its_jails_and_its_bans() -> None:
    gateway = host("sshd")
    await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
    live = LiveState(gateway, FAST)
    async with polling(live):
        snapshot = await until(live, is_up)
    assert snapshot.revision == 1
    assert snapshot.daemon.version == "1.1.0"
    assert snapshot.bans[0].bans[0].id == "192.0.2.1"


async def test_when_the_daemon_was_started_is_shown_while_it_is_there() -> None:
    gateway = host("sshd")
    gateway.started_at = datetime(2026, 11, 1, tzinfo=UTC)
    live = LiveState(gateway, FAST)
    async with polling(live):
        assert (await until(live, is_up)).daemon.started_at == gateway.started_at
        gateway.away = GONE
        assert (await until(live, is_away)).daemon.started_at is None


async def test_the_revision_grows_only_when_something_changed_but_the_age_is_renewed() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, FAST)
    async with polling(live):
        first = await until(live, is_up)
        await asyncio.sleep(0.1)
        assert live.snapshot.revision == first.revision
        assert live.snapshot.taken_at > first.taken_at
        await gateway.perform(BanIds("sshd", ("192.0.2.1",)))
        second = await until(live, lambda snapshot: snapshot.revision > first.revision)
    assert second.revision == first.revision + 1
    assert second.jails[0].currently_banned == 1


async def test_a_daemon_that_goes_away_keeps_its_last_numbers_and_their_age() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, FAST)
    async with polling(live):
        before = await until(live, is_up)
        gateway.away = GONE
        away = await until(live, is_away)
        assert (away.daemon.problem, away.daemon.hint) == ("there is no socket", "start fail2ban")
        assert away.daemon.version == "1.1.0"
        assert away.jails == before.jails
        await asyncio.sleep(0.05)
        assert live.snapshot == away


async def test_it_comes_back_by_itself_and_reads_everything_anew() -> None:
    gateway = host("sshd")
    gateway.away = GONE
    live = LiveState(gateway, FAST)
    async with polling(live):
        await until(live, is_away)
        gateway.away, gateway.version = None, "1.1.1"
        snapshot = await until(live, is_up)
    assert snapshot.daemon.version == "1.1.1"
    assert snapshot.daemon.problem is None


async def test_a_daemon_without_jails_starts_until_they_arrive() -> None:
    gateway = host()
    live = LiveState(gateway, FAST)
    async with polling(live):
        starting = await until(live, lambda snapshot: snapshot.revision > 0)
        assert starting.daemon.presence is Presence.STARTING
        gateway.jails["sshd"] = MemoryJail()
        assert [jail.name for jail in (await until(live, is_up)).jails] == ["sshd"]


async def test_a_daemon_that_never_gets_jails_is_up_without_any() -> None:
    live = LiveState(host(), FAST)
    async with polling(live):
        assert (await until(live, is_up)).jails == ()


async def test_a_daemon_that_answers_too_slowly_is_away() -> None:
    class Slow(MemoryGateway):
        async def perform(self, operation: Operation[R]) -> R:
            await asyncio.sleep(3600)
            return await super().perform(operation)

    live = LiveState(Slow(), FAST)
    async with polling(live):
        snapshot = await until(live, is_away)
    assert "in time" in (snapshot.daemon.problem or "")


async def test_a_daemon_that_refuses_is_shown_with_its_reason() -> None:
    class Refusing(MemoryGateway):
        async def perform(self, operation: Operation[R]) -> R:
            raise OperationRefused("it said no", "ask again")

    live = LiveState(Refusing(), FAST)
    async with polling(live):
        assert (await until(live, is_away)).daemon.problem == "it said no"


async def test_many_subscribers_cost_one_poll() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, Pace(interval=0.1))
    async with polling(live):
        await asyncio.gather(*(until(live, is_up) for _ in range(50)))
        assert sum(operation == ReadCounters() for operation in gateway.performed) == 1


async def test_a_slow_subscriber_gets_the_newest_and_skips_what_is_outdated() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, FAST)
    async with polling(live):
        subscription = live.subscribe()
        await until(live, is_up)
        first = await anext(subscription)
        for number in range(5):
            revision = live.snapshot.revision
            await gateway.perform(BanIds("sshd", (f"192.0.2.{number}",)))
            await until(live, newer_than(revision))
        second = await anext(subscription)
    assert second.revision == first.revision + 5
    assert len(second.bans[0].bans) == 5


async def test_subscriptions_end_with_the_loop() -> None:
    live = LiveState(host("sshd"), FAST)

    async def collect() -> int:
        return len([snapshot async for snapshot in live.subscribe()])

    async with asyncio.TaskGroup() as group:
        collecting = group.create_task(collect())
        async with polling(live):
            await until(live, is_up)
    assert collecting.result() >= 1


def test_polls_keep_their_rhythm_however_long_one_takes() -> None:
    assert next_beat(due=10.0, pause=1.0, now=10.3) == 11.0
    assert next_beat(due=11.0, pause=1.0, now=11.0) == 12.0


def test_beats_that_were_missed_are_left_out() -> None:
    assert next_beat(due=10.0, pause=1.0, now=14.25) == 15.0


async def test_new_tries_get_rarer_while_the_daemon_is_away() -> None:
    gateway = host("sshd")
    gateway.away = GONE
    live = LiveState(gateway, Pace(away_first=0.01, away_longest=0.1))
    async with polling(live):
        await asyncio.sleep(0.5)
    assert 5 <= len(gateway.performed) <= 10


async def test_the_daemon_is_asked_more_often_while_somebody_looks_on() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, Pace(interval=0.02, watched=3600))
    async with polling(live):
        await until(live, is_up)
        async with aclosing(live.subscribe(is_eager=True)) as snapshots:
            await anext(snapshots)
            before = live.snapshot.taken_at
            while live.snapshot.taken_at == before:  # the poll after which the eager one counts
                await asyncio.sleep(0.005)
            asked = live.snapshot.taken_at
            await asyncio.sleep(0.2)
            assert live.snapshot.taken_at == asked


async def test_what_was_just_changed_is_known_at_once() -> None:
    gateway = host("sshd")
    live = LiveState(gateway, Pace(interval=3600, settle=3600))
    async with polling(live):
        await until(live, is_up)
        for id in ("192.0.2.1", "192.0.2.2"):
            await gateway.perform(BanIds("sshd", (id,)))
            await live.catch_up()
            assert id in {ban.id for jail in live.snapshot.bans for ban in jail.bans}


async def test_nobody_waits_long_for_a_daemon_that_does_not_answer() -> None:
    live = LiveState(host("sshd"))
    await live.catch_up(patience=0.01)
    assert live.snapshot.revision == 0


async def test_what_was_being_read_while_something_changed_is_read_again() -> None:
    gateway = SlowGateway(host("sshd"))
    live = LiveState(gateway, Pace(interval=3600, settle=3600))
    async with polling(live):
        await until(live, is_up)
        gateway.may_answer.clear()
        first = asyncio.ensure_future(live.catch_up())
        await gateway.is_asked.wait()
        await gateway.inner.perform(BanIds("sshd", ("192.0.2.1",)))
        second = asyncio.ensure_future(live.catch_up())
        await asyncio.sleep(0)
        gateway.may_answer.set()
        await asyncio.gather(first, second)
        assert [ban.id for ban in live.snapshot.bans[0].bans] == ["192.0.2.1"]


class SlowGateway:
    """Reads the counters at once, and hands them on when it may."""

    def __init__(self, inner: MemoryGateway) -> None:
        self.inner = inner
        self.host = inner.host
        self.is_asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def perform(self, operation: Operation[R]) -> R:
        answer = await self.inner.perform(operation)
        if isinstance(operation, ReadCounters):
            self.is_asked.set()
            await self.may_answer.wait()
            self.is_asked.clear()
        return answer

    async def aclose(self) -> None:
        await self.inner.aclose()
