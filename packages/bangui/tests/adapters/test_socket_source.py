from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.socket_source import LONGEST_LIST, SocketPace, SocketSource
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused, UnknownJail
from bangui.domain.gateway import R
from bangui.domain.history import PERMANENT, EventKind, Observation, Source
from bangui.domain.history_ports import SourceAway
from bangui.domain.operations import BanIds, Operation, ReadBans, ReadCounters, UnbanIds
from bangui.services.collector import Feed
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PACE = SocketPace()


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds


class FailingGateway(MemoryGateway):
    """A gateway to jails in memory, of which some operations fail."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("here", clock.now)
        self.failing: dict[Operation[Any], BaseException] = {}

    async def perform(self, operation: Operation[R]) -> R:
        if operation in self.failing:
            raise self.failing[operation]
        return await super().perform(operation)


class Host:
    """A host in memory, a source that reads it, and a history that remembers the cursor."""

    def __init__(self, *, tells_unbans: bool = True) -> None:
        self.clock = Clock()
        self.gateway = FailingGateway(self.clock)
        self.gateway.jails = {"sshd": MemoryJail(ban_time=600), "app": MemoryJail(ban_time=None)}
        self.tells_unbans = tells_unbans
        self.cursor: str | None = None
        self.source = self.make_source()

    def make_source(self) -> SocketSource:
        return SocketSource(
            self.gateway, self.clock.now, self.clock.monotonic, tells_unbans=self.tells_unbans, pace=PACE
        )

    async def ban(self, *ids: str, jail: str = "sshd") -> None:
        await self.gateway.perform(BanIds(jail, ids))

    async def unban(self, *ids: str) -> None:
        await self.gateway.perform(UnbanIds(ids))

    async def read(self, after: float = 5.0) -> list[tuple[str, str, float]]:
        """Read to the end, some seconds later; return kinds, ids and times in seconds since the start."""
        self.clock.seconds += after
        told: list[Observation] = []
        while True:
            reading = await self.source.read(self.cursor, 3)
            assert len(reading.observations) <= 3
            told += reading.observations
            self.cursor = reading.cursor
            if not reading.has_more:
                assert reading.done == reading.total
                break
            assert reading.observations
        return [(one.kind.value, one.id, one.time / 1000 - START.timestamp()) for one in told]

    async def settle(self) -> None:
        """Let the time go by in which a daemon may still restore its bans."""
        for _ in range(4):
            assert await self.read(PACE.restoring / 3) == []

    def asked(self) -> list[Operation[object]]:
        """Return what was asked of the daemon since the last call."""
        asked = list(self.gateway.performed)
        self.gateway.performed.clear()
        return asked


@pytest.fixture
def host() -> Host:
    return Host()


async def test_it_is_a_feed_of_the_collector_named_socket(host: Host) -> None:
    feed: Feed = host.source
    assert feed.name == "socket"


async def test_the_first_read_tells_all_bans_in_force_a_few_at_a_time(host: Host) -> None:
    await host.ban(*(f"192.0.2.{number}" for number in range(8)))
    await host.ban("198.51.100.1", jail="app")
    reading = await host.source.read(None, 3)
    assert (len(reading.observations), reading.has_more, reading.done) == (3, True, 3)
    assert reading.observations[0] == Observation(
        *("here", "app", "198.51.100.1", EventKind.BAN, int(START.timestamp()) * 1000, Source.SOCKET),
        duration=PERMANENT,
    )
    assert len(await host.read()) == 9
    assert await host.read() == []


async def test_a_new_ban_and_an_unban_are_told_once(host: Host) -> None:
    await host.ban("192.0.2.1")
    assert await host.read() == [("ban", "192.0.2.1", 0)]
    await host.settle()
    await host.ban("192.0.2.2")
    await host.unban("192.0.2.1")
    assert await host.read() == [
        ("unban", "192.0.2.1", host.clock.seconds),
        ("ban", "192.0.2.2", 480 / 3 * 3 + 5 - 320),
    ]


async def test_a_ban_that_ran_out_ended_when_it_was_over(host: Host) -> None:
    await host.ban("192.0.2.1")
    await host.read()
    host.gateway.jails["sshd"].bans.clear()
    assert await host.read(1_000) == [("unban", "192.0.2.1", 600)]


async def test_where_another_source_tells_of_unbans_this_one_does_not() -> None:
    host = Host(tells_unbans=False)
    await host.ban("192.0.2.1")
    await host.read()
    await host.unban("192.0.2.1")
    await host.settle()
    await host.ban("192.0.2.1")
    assert [kind for kind, _, _ in await host.read()] == ["ban"]
    assert host.cursor is not None
    assert len(host.cursor) < 100


async def test_a_ban_that_is_made_longer_is_told_again(host: Host) -> None:
    await host.ban("192.0.2.1")
    await host.read()
    host.gateway.prolong("sshd", "192.0.2.1", 7200)
    assert [*await host.read(PACE.settle), *await host.read()] == [("ban", "192.0.2.1", 0)]
    host.gateway.jails["sshd"].bans.clear()
    assert await host.read(9_000) == [("unban", "192.0.2.1", 7200)]


async def test_what_was_not_recorded_is_told_again(host: Host) -> None:
    await host.ban("192.0.2.1")
    await host.read()
    recorded = host.cursor
    await host.ban("192.0.2.2")
    assert len(await host.read()) == 1
    host.cursor = recorded
    assert [id for _, id, _ in await host.read()] == ["192.0.2.2"]
    host.cursor = None
    assert sorted(id for _, id, _ in await host.read()) == ["192.0.2.1", "192.0.2.2"]


async def test_a_read_that_was_interrupted_is_told_again(host: Host) -> None:
    await host.ban("192.0.2.1", jail="app")
    await host.ban("192.0.2.2")
    for error in (asyncio.CancelledError(), DaemonAway("gone", "wait", reason=AwayReason.LOST)):
        host.gateway.failing[ReadBans("sshd")] = error
        with pytest.raises((asyncio.CancelledError, SourceAway)):
            await host.source.read(host.cursor)
        host.clock.seconds += 5
    host.gateway.failing.clear()
    assert len(await host.read()) == 2


async def test_a_daemon_that_is_away_is_told_with_the_hint(host: Host) -> None:
    host.gateway.away = DaemonAway("no socket", "start fail2ban", reason=AwayReason.MISSING)
    with pytest.raises(SourceAway, match="no socket") as caught:
        await host.read()
    assert caught.value.hint == "start fail2ban"
    host.gateway.away = OperationRefused("unknown command")
    with pytest.raises(SourceAway, match="unknown command"):
        await host.read()


async def test_what_happened_while_nobody_looked_is_told_after_a_restart_of_bangui(host: Host) -> None:
    await host.ban("stays", "lifted", jail="app")
    await host.ban("runs out")
    await host.read()
    await host.gateway.perform(UnbanIds(("lifted", "runs out")))
    await host.ban("new", jail="app")
    host.source = host.make_source()
    host.clock.seconds = 900
    assert await host.read() == [("ban", "new", 5), ("unban", "runs out", 600)]
    told = [event for _ in range(4) for event in await host.read(PACE.restoring / 3)]
    assert [(kind, id) for kind, id, _ in told] == [("unban", "lifted")]


async def test_bans_that_a_daemon_is_still_restoring_have_not_ended(host: Host) -> None:
    jail = host.gateway.jails["app"]
    await host.ban("one", "two", "three", jail="app")
    await host.read()
    restored = dict(jail.bans)
    host.gateway.away = DaemonAway("restarting", reason=AwayReason.REFUSED)
    with pytest.raises(SourceAway):
        await host.read()
    host.gateway.away = None
    jail.bans.clear()
    jail.total_banned = 0
    assert await host.read() == []
    # What the database holds is rounded, what the daemon had in memory was not.
    jail.bans["one"] = replace(restored["one"], banned_at=restored["one"].banned_at + timedelta(seconds=1))
    jail.bans["two"] = restored["two"]
    jail.total_banned = 2
    assert await host.read() == []
    told = [event for _ in range(4) for event in await host.read(PACE.restoring / 3)]
    assert [(kind, id) for kind, id, _ in told] == [("unban", "three")]


async def test_a_restart_that_nobody_saw_is_noticed_by_the_counters(host: Host) -> None:
    jail = host.gateway.jails["app"]
    await host.ban("one", jail="app")
    await host.read()
    await host.settle()
    restored = dict(jail.bans)
    jail.bans.clear()
    jail.total_banned = 0
    assert await host.read() == []
    jail.bans = restored
    jail.total_banned = 1
    await host.settle()


async def test_the_bans_of_a_jail_that_was_stopped_wait_for_its_return(host: Host) -> None:
    await host.ban("for ever", jail="app")
    await host.ban("for a while")
    await host.read()
    await host.settle()
    gone = dict(host.gateway.jails)
    host.gateway.jails.clear()
    await host.settle()
    host.gateway.jails.update(gone)
    assert await host.read() == []
    host.gateway.jails.clear()
    assert await host.read(600) == []
    host.gateway.jails.update(gone)
    gone["sshd"].bans.clear()
    assert await host.read() == []


async def test_counters_are_asked_now_and_then_and_lists_only_where_they_moved(host: Host) -> None:
    await host.ban("192.0.2.1")
    await host.read(0)
    host.asked()
    await host.read(PACE.interval / 2)
    assert host.asked() == []
    await host.read(PACE.interval)
    assert host.asked() == [ReadCounters()]
    await host.ban("198.51.100.1", jail="app")
    host.asked()
    await host.read(PACE.interval)
    assert host.asked() == [ReadCounters(), ReadBans("app")]


async def test_lists_are_read_again_one_at_a_time_although_no_counter_moved(host: Host) -> None:
    await host.ban("192.0.2.1")
    await host.ban("198.51.100.1", jail="app")
    await host.read()
    host.asked()
    for expected in (ReadBans("app"), ReadBans("sshd")):
        await host.read(PACE.settle)
        assert host.asked() == [ReadCounters(), expected]
    await host.read(PACE.settle)
    assert host.asked() == [ReadCounters()]
    await host.read(PACE.refresh)
    assert host.asked() == [ReadCounters(), ReadBans("app")]


async def test_long_lists_are_read_more_rarely_and_longer_ones_never(host: Host) -> None:
    await host.ban(*(f"id {number}" for number in range(LONGEST_LIST)))
    host.cursor = (await host.source.read(None, 2 * LONGEST_LIST)).cursor
    await host.unban("id 0")
    await host.ban("another")
    assert await host.read(0.0009 * LONGEST_LIST) == []
    assert [id for _, id, _ in await host.read(0.0003 * LONGEST_LIST)] == ["another"]
    await host.ban("one too many")
    host.asked()
    await host.settle()
    assert set(host.asked()) == {ReadCounters()}
    await host.unban("id 1", "id 2")
    told = [event for _ in range(3) for event in await host.read(PACE.restoring)]
    assert [id for _, id, _ in told if id != "one too many"] == ["id 0", "id 1", "id 2"]


async def test_a_jail_that_is_stopped_between_two_commands_is_left_out(host: Host) -> None:
    await host.ban("192.0.2.1")
    host.gateway.failing[ReadBans("sshd")] = UnknownJail("sshd")
    await host.ban("198.51.100.1", jail="app")
    assert [id for _, id, _ in await host.read()] == ["198.51.100.1"]


@asynccontextmanager
async def real_host(daemon: Fail2BanProcess) -> AsyncIterator[tuple[Fail2BanClient, Fail2BanGateway]]:
    async with Fail2BanClient(daemon.socket_path) as client:
        for command in (
            ["set", "dbfile", str(daemon.database_path)],
            ["add", "sshd", "polling"],
            ["set", "sshd", "bantime", "3600"],
            ["start", "sshd"],
        ):
            response = await client.send(command)
            assert response[0] == 0, (command, response)
        yield client, Fail2BanGateway("here", client, client.aclose)


async def test_a_real_daemon_s_bans_are_told_once_also_when_it_restarts(daemon: Fail2BanProcess) -> None:
    clock = Clock()
    cursor: str | None = None
    told: list[tuple[EventKind, str]] = []

    async def read(source: SocketSource) -> None:
        nonlocal cursor
        clock.seconds += PACE.settle
        reading = await source.read(cursor)
        cursor = reading.cursor
        told.extend((one.kind, one.id) for one in reading.observations)

    async with real_host(daemon) as (_, gateway):
        source = SocketSource(gateway, lambda: datetime.now(UTC), clock.monotonic, tells_unbans=True)
        await gateway.perform(BanIds("sshd", ("198.51.100.1", "198.51.100.2", "any; text")))
        await read(source)
        assert set(told) == {(EventKind.BAN, id) for id in ("198.51.100.1", "198.51.100.2", "any; text")}
        async with asyncio.timeout(20):
            while b"any; text" not in daemon.database_path.read_bytes():
                await asyncio.sleep(0.05)
    await daemon.restart()
    async with real_host(daemon) as (_, gateway):
        source = SocketSource(gateway, lambda: datetime.now(UTC), clock.monotonic, tells_unbans=True)
        async with asyncio.timeout(20):
            while len(await gateway.perform(ReadBans("sshd"))) < 3:
                await read(source)
                await asyncio.sleep(0.1)
        clock.seconds += PACE.restoring
        await read(source)
        assert len(told) == 3
        await gateway.perform(UnbanIds(("198.51.100.2",)))
        await read(source)
        assert told[3:] == [(EventKind.UNBAN, "198.51.100.2")]
