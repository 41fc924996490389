from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bangui.domain.accounts import Via
from bangui.domain.ban_wishes import make_wish
from bangui.domain.bans import Ban
from bangui.domain.errors import AwayReason, DaemonAway
from bangui.domain.further_operations import RenewIds
from bangui.domain.history import Origin
from bangui.domain.operations import BanIds, UnbanIds
from bangui.domain.outcomes import BannedId, BanResult
from bangui.domain.timed_asking import Wanted
from bangui.services.host_reader import LONGEST_LIST
from bangui.services.timed_bans import TimedBans, TimedPace
from packages.bangui.tests.ban_desk import ADA, Desk, a_desk

IP = "203.0.113.1"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with a_desk(tmp_path) as made:
        yield made


async def ban(desk: Desk, seconds: int, jail: str = "sshd", id: str = IP) -> None:
    await desk.actions.ban(make_wish([id], [jail], "scans", seconds), ADA)


async def test_a_short_ban_ends_in_time_and_the_audit_trail_tells(desk: Desk) -> None:
    await ban(desk, 120)
    await desk.pass_time(119)
    assert desk.is_banned(IP)
    await desk.pass_time(1)
    assert not desk.is_banned(IP)
    assert desk.timed_ban(IP) is None
    entry = desk.entries("ban.remove")[-1]
    assert (entry.actor, entry.via, entry.target) == ("ada", Via.SERVICE, IP)
    assert entry.detail == "unbanned in sshd; its time was over"


async def test_a_ban_for_ever_ends_in_time(desk: Desk) -> None:
    await ban(desk, 120, "recidive")
    await desk.pass_time(120)
    assert not desk.is_banned(IP, "recidive")


async def test_a_long_ban_holds_without_a_gap_and_ends_by_itself(desk: Desk) -> None:
    await ban(desk, 1_500)
    for _ in range(1_499):
        await desk.pass_time(1)
        assert desk.is_banned(IP)
    await desk.pass_time(1)
    assert not desk.is_banned(IP)
    await desk.pass_time(1)
    assert desk.timed_ban(IP) is None
    assert sum(isinstance(one, RenewIds) for one in desk.gateway.performed) == 2
    assert not any(isinstance(one, UnbanIds) for one in desk.gateway.performed)


async def test_it_ends_in_time_also_when_bangui_was_not_there(desk: Desk) -> None:
    await ban(desk, 120, "app")
    desk.clock.move(1_000)
    restarted = TimedBans(desk.gateway, desk.store, desk.records, instance=lambda: desk.instance, now=desk.clock)
    await restarted.look()
    assert not desk.is_banned(IP, "app")


async def test_a_long_ban_that_ended_while_bangui_was_not_there_goes_on(desk: Desk) -> None:
    await ban(desk, 3_600)
    await desk.pass_time(20)
    desk.clock.move(1_000)
    desk.end_what_is_over()
    await desk.timed.look()
    assert desk.is_banned(IP)
    assert [note[2:] for note in desk.notes()] == [(Origin.HAND, "ada", "scans"), (Origin.BANGUI, "ada", "scans")]


async def test_a_ban_that_somebody_lifts_does_not_come_back(desk: Desk) -> None:
    await ban(desk, 3_600)
    await desk.pass_time(30)
    await desk.gateway.perform(UnbanIds((IP,), "sshd"))
    await desk.pass_time(700)
    assert not desk.is_banned(IP)
    assert desk.timed_ban(IP) is None


async def test_a_ban_that_somebody_lifts_and_the_jail_makes_anew_is_the_jails(desk: Desk) -> None:
    await ban(desk, 86_400, "app")
    await desk.pass_time(30)
    await desk.gateway.perform(UnbanIds((IP,), "app"))
    await desk.pass_time(400)
    await desk.gateway.perform(BanIds("app", (IP,)))
    await desk.pass_time(60)
    assert desk.timed_ban(IP, "app") is None
    assert desk.is_banned(IP, "app")


async def test_a_ban_that_a_jail_has_renewed_meanwhile_is_not_lifted(desk: Desk) -> None:
    await ban(desk, 300)
    await desk.pass_time(100)
    desk.gateway.prolong("sshd", IP, 900)
    await desk.pass_time(200)
    assert desk.is_banned(IP)
    assert desk.timed_ban(IP) is None


async def test_a_ban_that_was_there_before_is_made_longer_and_never_shorter(desk: Desk) -> None:
    await desk.gateway.perform(BanIds("sshd", (IP,)))
    await desk.gateway.perform(BanIds("app", (IP,)))
    await desk.pass_time(10)
    await ban(desk, 900)
    await ban(desk, 120, "app")
    await desk.pass_time(1)
    assert desk.timed_ban(IP, "app") is None
    await desk.pass_time(800)
    assert desk.is_banned(IP)
    assert desk.is_banned(IP, "app")
    await desk.pass_time(110)
    assert not desk.is_banned(IP)


async def test_the_time_of_a_ban_can_be_changed(desk: Desk) -> None:
    await ban(desk, 3_600, "app")
    await desk.pass_time(5)
    await ban(desk, 300, "app")
    await desk.pass_time(30)
    await ban(desk, 60, "app")
    await desk.pass_time(60)
    assert not desk.is_banned(IP, "app")


async def test_a_restarted_daemon_that_forgot_the_longer_time_is_asked_again(desk: Desk) -> None:
    await ban(desk, 3_600)
    await desk.pass_time(800)
    assert desk.is_banned(IP)
    desk.instance = "second"
    desk.gateway.jails["sshd"].bans.clear()
    await desk.pass_time(400)
    assert desk.is_banned(IP)


async def test_a_daemon_that_is_away_is_waited_for(desk: Desk) -> None:
    await ban(desk, 60, "app")
    await desk.pass_time(20)
    desk.gateway.away = DaemonAway("away", reason=AwayReason.LOST)
    desk.clock.move(60)
    with pytest.raises(DaemonAway):
        await desk.timed.look()
    desk.gateway.away = None
    await desk.pass_time(1)
    assert not desk.is_banned(IP, "app")


async def test_a_stopped_jail_is_waited_for(desk: Desk) -> None:
    await ban(desk, 60, "app")
    stopped = desk.gateway.jails.pop("app")
    await desk.pass_time(90)
    desk.gateway.jails["app"] = stopped
    await desk.pass_time(40)
    assert not desk.is_banned(IP, "app")


async def test_in_a_long_list_a_ban_that_was_made_longer_is_not_missed(desk: Desk) -> None:
    jail = desk.gateway.jails["sshd"]
    await ban(desk, 3_600)
    await desk.pass_time(20)
    now = desk.now()
    jail.bans |= {
        f"{n}": Ban("memory", "sshd", f"{n}", now, 86_400, now + timedelta(days=1)) for n in range(LONGEST_LIST + 1)
    }
    desk.gateway.recorded = {"sshd": tuple(jail.bans.values())}
    await desk.pass_time(600)
    desk.gateway.recorded = {"sshd": ()}  # by the database it is over
    await desk.pass_time(800)
    assert desk.is_banned(IP)
    assert desk.timed_ban(IP) is not None


async def test_a_ban_that_failed_is_not_kept_in_mind(desk: Desk) -> None:
    new = await desk.timed.begin("sshd", [IP], Wanted(desk.clock.now + 60_000, "ada", ""), 600)
    assert new == {IP}
    await desk.timed.confirm("sshd", [BannedId(IP, BanResult.FAILED, "no")], new)
    assert desk.timed_ban(IP) is None


@asynccontextmanager
async def running(timed: TimedBans) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(timed.run())
        yield
        task.cancel()


async def test_the_loop_tells_that_it_is_there_and_does_what_is_due(desk: Desk) -> None:
    await ban(desk, 60, "app")
    desk.clock.move(60)
    async with running(desk.timed), asyncio.timeout(20):
        while desk.is_banned(IP, "app"):
            await asyncio.sleep(0.01)
    assert desk.store.last_watch("memory") == desk.clock.now


async def test_the_loop_outlives_a_daemon_that_is_away(desk: Desk) -> None:
    await ban(desk, 60, "app")
    desk.clock.move(60)
    desk.gateway.away = DaemonAway("away", reason=AwayReason.LOST)
    asked = len(desk.gateway.performed)
    timed = TimedBans(
        desk.gateway,
        desk.store,
        desk.records,
        instance=lambda: "first",
        now=desk.clock,
        pace=TimedPace(look=0.01),
    )
    async with running(timed), asyncio.timeout(20):
        while len(desk.gateway.performed) < asked + 3:
            await asyncio.sleep(0.01)
        desk.gateway.away = None
        while desk.is_banned(IP, "app"):
            await asyncio.sleep(0.01)
