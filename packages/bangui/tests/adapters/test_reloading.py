"""Reloads of real daemons of every version: those that go well, and those that would cost every jail."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.reloading import ReloadingGateway
from bangui.domain.errors import AwayReason, DaemonAway, OperationRefused
from bangui.domain.further_operations import PlanReload, ReadJail, Reload, SetJailValue
from bangui.domain.operations import BanIds, ReadBans, ReadCounters

JAIL = """
[{name}]
enabled = true
backend = polling
filter =
logpath = {log}
failregex = ^refused <HOST>$
maxretry = 3
findtime = 10m
bantime = 1h
action =
"""


@dataclass
class Place:
    """A daemon with a configuration, and the gateway to it."""

    daemon: Fail2BanProcess
    gateway: ReloadingGateway

    def configure(self, text: str) -> None:
        (self.daemon.config_directory / "jail.local").write_text(text)

    async def jails(self) -> list[str]:
        return [jail.name for jail in await self.gateway.perform(ReadCounters())]


def jail(name: str, log: Path) -> str:
    return JAIL.format(name=name, log=log)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.touch()
    return path


@asynccontextmanager
async def running(installation: Fail2BanInstallation, log: Path) -> AsyncIterator[Place]:
    async with (
        Fail2BanProcess(installation, jail_local=jail("app", log) + jail("web", log)) as daemon,
        Fail2BanClient(daemon.socket_path) as client,
    ):
        yield Place(daemon, ReloadingGateway(Fail2BanGateway("here", client, client.aclose), client))


@pytest.fixture
async def place(installation: Fail2BanInstallation, log: Path) -> AsyncIterator[Place]:
    async with running(installation, log) as place:
        yield place


@pytest.fixture
async def one_place(one_installation: Fail2BanInstallation, log: Path) -> AsyncIterator[Place]:
    async with running(one_installation, log) as place:
        yield place


async def test_a_reload_does_what_was_planned_and_keeps_the_bans(place: Place, log: Path) -> None:
    await place.gateway.perform(SetJailValue("web", "bantime", "5m"))
    await place.gateway.perform(BanIds("web", ("203.0.113.7",)))
    place.configure(jail("web", log).replace("maxretry = 3", "maxretry = 9") + jail("new", log))
    plan = await place.gateway.perform(PlanReload())
    assert (plan.host, plan.kept, plan.added, plan.removed, plan.late) == ("here", ("web",), ("new",), ("app",), ())
    assert await place.jails() == ["app", "web"]
    assert (await place.gateway.perform(Reload(plan.jails))).jails == ("new", "web")
    assert await place.jails() == ["new", "web"]
    details = await place.gateway.perform(ReadJail("web"))
    assert (details.values["maxretry"], details.values["bantime"]) == (9, 3_600)
    assert [ban.id for ban in await place.gateway.perform(ReadBans("web"))] == ["203.0.113.7"]


MISTAKES = (
    # What fail2ban's own check does not find, and what would cost every jail.
    ("^refused <HOST>$", "^refused (<HOST>$", "failregex"),
    ("bantime = 1h", "bantime = 10x", "bantime"),
    ("backend = polling", "backend = bogus", "bogus"),
    ("maxretry = 3", "maxretry = many", "maxretry"),
    # What it finds.
    ("logpath = ", "logpath = /nowhere/at/all", ""),
    ("findtime = 10m", "findtime = %(nothing)s", ""),
    ("[app]", "[app", ""),
)


async def test_a_configuration_that_would_cost_every_jail_is_refused(place: Place, log: Path) -> None:
    good = jail("app", log) + jail("web", log)
    for old, new, told in MISTAKES:
        assert old in good
        place.configure(good.replace(old, new, 1))
        with pytest.raises(OperationRefused) as refusal:
            await place.gateway.perform(Reload(("app", "web")))
        assert told in refusal.value.detail
        assert "nothing was changed" in refusal.value.hint
    assert await place.jails() == ["app", "web"]
    assert (await place.gateway.perform(ReadJail("app"))).values["bantime"] == 3_600


async def test_an_action_in_python_is_not_risked_and_a_late_one_is_told(place: Place, log: Path) -> None:
    action = place.daemon.config_directory / "action.d" / "noop.conf"
    action.write_text("[Definition]\nactionban =\n")
    good = jail("app", log) + jail("web", log)
    place.configure(good.replace("action =\n", "action = noop\n", 1))
    assert (await place.gateway.perform(PlanReload())).late == ("app",)
    place.configure(good.replace("action =\n", "action = smtp.py\n", 1))
    with pytest.raises(OperationRefused) as refusal:
        await place.gateway.perform(PlanReload())
    assert "app" in refusal.value.detail


async def test_a_configuration_that_has_changed_since_the_plan_is_refused(one_place: Place, log: Path) -> None:
    plan = await one_place.gateway.perform(PlanReload())
    one_place.configure(jail("web", log))
    with pytest.raises(OperationRefused):
        await one_place.gateway.perform(Reload(plan.jails))
    assert await one_place.jails() == ["app", "web"]


async def test_a_configuration_without_jails_or_of_another_database_is_refused(one_place: Place, log: Path) -> None:
    one_place.configure("")
    with pytest.raises(OperationRefused) as refusal:
        await one_place.gateway.perform(PlanReload())
    assert "enables no jail" in refusal.value.message
    one_place.configure(jail("app", log))
    settings = one_place.daemon.config_directory / "fail2ban.local"
    settings.write_text(settings.read_text().replace("fail2ban.sqlite3", "other.sqlite3"))
    with pytest.raises(OperationRefused) as refusal:
        await one_place.gateway.perform(PlanReload())
    assert "another database" in refusal.value.message
    assert await one_place.jails() == ["app", "web"]


async def test_the_first_jail_that_could_hang_an_old_daemon_is_refused(one_place: Place, log: Path) -> None:
    one_place.configure(jail("app", log) + jail("web", log) + jail("new", log).replace("polling", "auto"))
    with pytest.raises(OperationRefused) as refusal:
        await one_place.gateway.perform(PlanReload())
    assert refusal.value.detail == "new"


async def test_a_daemon_that_is_away_cannot_be_reloaded() -> None:
    client = Fail2BanClient("/nowhere/at/all")
    gateway = ReloadingGateway(Fail2BanGateway("here", client, client.aclose), client)
    with pytest.raises(OperationRefused):
        await gateway.perform(PlanReload())
    with pytest.raises(DaemonAway) as away:
        await gateway.perform(ReadCounters())
    assert away.value.reason is AwayReason.MISSING
    await gateway.aclose()
