"""What keeps the daemon to the notes; at the end against real daemons that restart and reload."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import Engine

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.domain.accounts import Via
from bangui.domain.allow_list import AllowedOne, AllowOutcome, AllowResult
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused
from bangui.domain.further_operations import AddAllowed, RemoveAllowed
from bangui.domain.gateway import R
from bangui.domain.operations import Operation
from bangui.services.live import LiveState
from bangui.services.pace import Pace
from packages.bangui.tests.allowing import ADA, Desk
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

JAIL = """
[one]
enabled = true
filter =
failregex = ^never <HOST>$
logpath = {log}
backend = polling
usedns = no
action =
ignoreip = 127.0.0.1/8 name.invalid
"""


@pytest.fixture
def desk(account_engine: Engine) -> Desk:
    return Desk(account_engine)


async def test_what_the_daemon_has_lost_is_put_back(desk: Desk) -> None:
    await desk.add("192.0.2.0/24")
    await desk.add("198.51.100.1", jails=("web",))
    desk.memory.jails = {"sshd": MemoryJail(), "web": MemoryJail(), "new": MemoryJail()}
    await desk.keeper.look()
    assert desk.allowed("sshd") == desk.allowed("new") == {"192.0.2.0/24"}
    assert desk.allowed("web") == {"192.0.2.0/24", "198.51.100.1"}


async def test_what_is_as_it_should_be_costs_no_change(desk: Desk) -> None:
    await desk.add("192.0.2.0/24")
    desk.memory.performed.clear()
    await desk.keeper.look()
    assert not any(operation.changes for operation in desk.memory.performed)


async def test_without_notes_the_daemon_is_not_asked(desk: Desk) -> None:
    await desk.keeper.look()
    assert desk.memory.performed == []


async def test_what_has_ended_is_taken_away_and_told(desk: Desk) -> None:
    await desk.add("192.0.2.0/24", seconds=60)
    await desk.add("192.0.2.0/24", jails=("web",))
    await desk.add("127.0.0.0/8", seconds=60)
    desk.clock.move(59)
    await desk.keeper.look()
    assert desk.allowed("sshd") == {"127.0.0.0/8", "192.0.2.0/24"}
    desk.clock.move(1)
    await desk.keeper.look()
    assert desk.allowed("sshd") == {"127.0.0.0/8"}
    assert desk.allowed("web") == {"192.0.2.0/24"}
    assert [note.jail for note in desk.notes.all("here")] == ["web"]
    ended = [entry for entry in desk.audited() if entry.action == "allow.expire"]
    assert {(entry.actor, entry.via, entry.target) for entry in ended} == {
        ("BanGUI", Via.SERVICE, "192.0.2.0/24"),
        ("BanGUI", Via.SERVICE, "127.0.0.0/8"),
    }
    assert {entry.detail for entry in ended} == {"every jail; of ada; note: the office"}


async def test_a_note_that_ends_soon_is_looked_at_in_time(desk: Desk) -> None:
    await desk.add("192.0.2.0/24", seconds=1)
    assert await desk.keeper.look() == 0.05
    desk.clock.now += 970
    assert await desk.keeper.look() == pytest.approx(0.03)
    desk.clock.now += 29
    assert await desk.keeper.look() == 0.01


class Stubborn(MemoryGateway):
    """A host whose jail `sshd` takes nothing and lets go of nothing."""

    async def perform(self, operation: Operation[R]) -> R:
        if isinstance(operation, AddAllowed) and operation.jail == "sshd":
            raise OperationRefused("no")
        answer = await super().perform(operation)
        if isinstance(operation, RemoveAllowed) and isinstance(answer, AllowOutcome) and operation.jail == "sshd":
            self.jails["sshd"].allowed += operation.entries
            refused = tuple(AllowedOne(entry, AllowResult.FAILED, "still there") for entry in operation.entries)
            return cast("R", replace(answer, entries=refused))
        return answer


async def test_a_jail_that_says_no_keeps_nobody_waiting_and_is_told_once(
    account_engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    gateway = Stubborn("here")
    gateway.jails = {"sshd": MemoryJail(), "web": MemoryJail()}
    desk = Desk(account_engine, gateway)
    with caplog.at_level(logging.WARNING, "bangui.allow_list"):
        await desk.add("192.0.2.0/24")
        assert gateway.jails["web"].allowed == ("192.0.2.0/24",)
        await desk.keeper.look()
        await desk.keeper.look()
    assert [record.getMessage() for record in caplog.records] == ["allow_list_not_kept"]


async def test_what_a_jail_does_not_let_go_of_stays_noted_until_it_does(account_engine: Engine) -> None:
    gateway = Stubborn("here")
    gateway.jails = {"sshd": MemoryJail(allowed=("192.0.2.7",)), "web": MemoryJail()}
    desk = Desk(account_engine, gateway)
    await desk.add("192.0.2.7", jails=("web",), seconds=1)
    gateway.jails["sshd"].allowed = ()
    await desk.add("192.0.2.9", seconds=1)
    gateway.jails["sshd"].allowed = ("192.0.2.9",)
    desk.clock.move(2)
    await desk.keeper.look()
    assert [note.entry for note in desk.notes.all("here")] == ["192.0.2.9"]
    assert gateway.jails["web"].allowed == ()
    gateway.jails["sshd"].allowed = ()
    await desk.keeper.look()
    assert desk.notes.all("here") == []


async def test_it_goes_on_while_the_daemon_is_away_and_after_it(desk: Desk) -> None:
    await desk.add("192.0.2.0/24")
    desk.memory.away = DaemonAway("gone", reason=AwayReason.MISSING)
    desk.memory.performed.clear()
    running = asyncio.create_task(desk.keeper.run())
    await until(lambda: len(desk.memory.performed) > 2)
    desk.memory.jails["web"].allowed = ()
    desk.memory.away = None
    await until(lambda: desk.allowed("web") == {"192.0.2.0/24"})
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_removal_is_not_undone_by_a_look_at_the_same_moment(desk: Desk) -> None:
    await desk.add("192.0.2.0/24")
    desk.memory.jails["web"].allowed = ()
    await asyncio.gather(*(desk.keeper.look() for _ in range(5)), desk.service.remove("192.0.2.0/24", (), ADA))
    assert desk.allowed("web") == set()


async def test_a_daemon_that_comes_back_is_looked_at_at_once(account_engine: Engine) -> None:
    desk = Desk(account_engine)
    await desk.add("192.0.2.0/24")
    live = LiveState(desk.memory, Pace(interval=0.01, away_first=0.01, away_longest=0.01))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work) for work in (desk.keeper.watch(live), live.run(), desk.keeper.run())]
        desk.memory.away = DaemonAway("gone", reason=AwayReason.MISSING)
        await until(lambda: live.snapshot.daemon.problem is not None)
        desk.memory.jails = {"sshd": MemoryJail()}
        desk.memory.away = None
        await until(lambda: desk.allowed("sshd") == {"192.0.2.0/24"})
        for task in tasks:
            task.cancel()


async def test_real_daemons_get_back_what_a_reload_or_a_restart_took(
    installation: Fail2BanInstallation, account_engine: Engine, tmp_path: Path
) -> None:
    log = tmp_path / "app.log"
    log.touch()
    jails = JAIL.format(log=log)
    async with Fail2BanProcess(installation, jail_local=jails) as daemon, Fail2BanClient(daemon.socket_path) as client:
        desk, jail = Desk(account_engine, Fail2BanGateway("here", client, client.aclose)), client.jail("one")
        configured = {"127.0.0.0/8", "name.invalid"}
        assert set(await jail.get_ignoreip()) == configured
        added = await desk.add("192.0.2.0/24", "2001:db8::1", seconds=600)
        assert (added.jails, added.failures) == (("one",), ())
        everything = {*configured, "192.0.2.0/24", "2001:db8::1"}
        assert set(await jail.get_ignoreip()) == everything
        for lose in (lambda: daemon.run_client("reload"), daemon.restart):
            await lose()
            assert set(await jail.get_ignoreip()) == configured
            await desk.keeper.look()
            assert set(await jail.get_ignoreip()) == everything
        desk.clock.move(601)
        await desk.keeper.look()
        assert set(await jail.get_ignoreip()) == configured


async def until(condition: Callable[[], bool]) -> None:
    """Wait until it is so; far longer than it can take."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)
