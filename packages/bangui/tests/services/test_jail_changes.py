from __future__ import annotations

import pytest

from bangui.domain.access_errors import AccessUnavailable
from bangui.domain.accounts import Actor, Via
from bangui.domain.audit import AuditResult
from bangui.domain.errors import AwayReason, DaemonAway, InvalidInput, OperationRefused, UnknownJail
from bangui.domain.further_operations import PauseJail, ResumeJail, SetJailValue, StartJail, StopJail
from bangui.domain.moments import moment_of
from bangui.domain.operations import BanIds
from bangui.services.jail_changes import JailChanges
from packages.bangui.tests.access import NOW, Console
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

ADA = Actor("ada", Via.SESSION, "192.0.2.1")


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway("here")
    gateway.jails = {"app": MemoryJail(), "sshd": MemoryJail(ban_time=3_600)}
    return gateway


@pytest.fixture
def changes(gateway: MemoryGateway, console: Console) -> JailChanges:
    return JailChanges(gateway, console.trail, console.clock)


async def test_a_change_is_made_and_recorded_with_what_it_was_before(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    change = await changes.set_value(ADA, "sshd", "bantime", "1d 12h")
    assert (change.before, change.after) == (3_600, 129_600)
    assert gateway.performed[-1] == SetJailValue("sshd", "bantime", "129600")
    (entry,) = console.entries("jail.set")
    assert (entry.actor, entry.via, entry.address, entry.host) == ("ada", Via.SESSION, "192.0.2.1", "here")
    assert (entry.target, entry.result, entry.detail) == ("sshd", AuditResult.DONE, "bantime: 1h -> 1d 12h")


@pytest.mark.parametrize(("name", "typed"), [("bantime", "1h30"), ("bantime.formula", "1"), ("nosuch", "1")])
async def test_what_makes_no_sense_is_not_tried(
    changes: JailChanges, gateway: MemoryGateway, console: Console, name: str, typed: str
) -> None:
    with pytest.raises(InvalidInput):
        await changes.set_value(ADA, "sshd", name, typed)
    assert gateway.performed == []
    assert console.entries() == []


async def test_what_did_not_work_is_recorded_as_well(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    with pytest.raises(UnknownJail):
        await changes.set_value(ADA, "gone", "bantime", "2h")
    gateway.away = DaemonAway("it sleeps", reason=AwayReason.SLOW)
    with pytest.raises(DaemonAway):
        await changes.pause(ADA, "sshd")
    assert [(entry.action, entry.target, entry.result, entry.detail) for entry in console.entries()] == [
        ("jail.set", "gone", AuditResult.FAILED, "bantime: 2h: there is no jail named 'gone'"),
        ("jail.idle", "sshd", AuditResult.FAILED, "on: it sleeps"),
    ]
    gateway.away = None
    assert await changes.paused() == {}


async def test_a_jail_is_paused_and_resumed(changes: JailChanges, gateway: MemoryGateway, console: Console) -> None:
    await changes.pause(ADA, "sshd")
    assert await changes.paused() == {"sshd": NOW}
    console.clock.move(60)
    await changes.pause(ADA, "app")
    await changes.resume(ADA, "sshd")
    assert await changes.paused() == {"app": NOW + 60_000}
    assert [operation for operation in gateway.performed if operation.changes] == [
        PauseJail("sshd"),
        PauseJail("app"),
        ResumeJail("sshd"),
    ]
    assert [(entry.target, entry.detail) for entry in console.entries("jail.idle")] == [
        ("sshd", "on"),
        ("app", "on"),
        ("sshd", "off"),
    ]


async def test_what_was_paused_is_known_after_a_restart_of_bangui(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    for jail in ("app", "sshd"):
        await changes.pause(ADA, jail)
    await changes.start(ADA, "app")
    assert gateway.performed[-1] == StartJail("app")
    again = JailChanges(gateway, console.trail, console.clock)
    assert await again.paused() == {"sshd": NOW}
    elsewhere = JailChanges(MemoryGateway("there"), console.trail, console.clock)
    assert await elsewhere.paused() == {}


async def test_what_was_paused_before_the_daemon_started_is_over(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    await changes.pause(ADA, "sshd")
    gateway.started_at = moment_of(NOW - 1)
    assert await changes.paused() == {"sshd": NOW}
    gateway.started_at = moment_of(NOW + 1)
    assert await changes.paused() == {}


async def test_a_reload_is_planned_and_made_and_sets_paused_jails_going(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    await changes.pause(ADA, "sshd")
    gateway.configured = {"sshd": MemoryJail(), "new": MemoryJail()}
    plan = await changes.plan_reload()
    assert (plan.kept, plan.added, plan.removed) == (("sshd",), ("new",), ("app",))
    assert (await changes.reload(ADA, plan.jails)).jails == ("new", "sshd")
    assert await changes.paused() == {}
    (entry,) = console.entries("jail.reload")
    assert (entry.target, entry.result, entry.detail) == ("", AuditResult.DONE, "jails: 2")


async def test_a_reload_that_would_fail_changes_nothing(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    with pytest.raises(OperationRefused):
        await changes.plan_reload()
    with pytest.raises(OperationRefused):
        await changes.reload(ADA, ("app", "sshd"))
    assert set(gateway.jails) == {"app", "sshd"}
    assert [entry.result for entry in console.entries("jail.reload")] == [AuditResult.FAILED]


async def test_a_jail_is_stopped_and_its_bans_are_counted(
    changes: JailChanges, gateway: MemoryGateway, console: Console
) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7", "203.0.113.8")))
    await changes.pause(ADA, "sshd")
    assert await changes.stop(ADA, "sshd") == 2
    assert gateway.performed[-1] == StopJail("sshd")
    assert await changes.paused() == {}
    (entry,) = console.entries("jail.stop")
    assert (entry.target, entry.detail) == ("sshd", "bans lifted: 2")
    with pytest.raises(UnknownJail):
        await changes.stop(ADA, "sshd")


async def test_a_change_that_cannot_be_recorded_is_told(gateway: MemoryGateway, lost_console: Console) -> None:
    changes = JailChanges(gateway, lost_console.trail)
    with pytest.raises(AccessUnavailable):
        await changes.resume(ADA, "sshd")
    with pytest.raises(AccessUnavailable):
        await changes.paused()
