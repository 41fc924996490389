"""One jail over the socket, on real daemons of every version."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.domain.errors import InvalidInput, OperationRefused, UnknownJail
from bangui.domain.further_operations import (
    PauseJail,
    ReadActions,
    ReadJail,
    ResumeJail,
    SetJailValue,
    StartJail,
    StopJail,
)
from bangui.domain.gateway import Gateway
from bangui.domain.jail_settings import JAIL_SETTINGS
from bangui.domain.operations import BanIds, Operation, ReadCounters
from bangui.domain.setting_values import SettingValue

_numbers = count(1)


@pytest.fixture
async def client(module_daemon: Fail2BanProcess) -> AsyncIterator[Fail2BanClient]:
    async with Fail2BanClient(module_daemon.socket_path) as client:
        yield client


@pytest.fixture
async def jail(client: Fail2BanClient, tmp_path: Path) -> str:
    """The name of a jail of the test's own, with something of everything; it does not run, which nothing here needs.

    Some versions need a second to stop a jail that does.
    """
    name = f"<b>sshd</b>, \u202e {next(_numbers)}"
    log = tmp_path / "app.log"
    log.touch()
    await client.send(["set", "dbfile", ":memory:"])
    for command in (
        ["add", name, "polling"],
        ["set", name, "maxretry", "3"],
        ["set", name, "findtime", "600"],
        ["set", name, "bantime", "3600"],
        ["set", name, "usedns", "no"],
        ["set", name, "addignoreip", "192.0.2.0/24"],
        ["set", name, "addlogpath", str(log), "tail"],
        ["set", name, "addfailregex", "^refused <HOST>$"],
        ["set", name, "addignoreregex", "^refused 192"],
        ["set", name, "addaction", "noop"],
        ["set", name, "action", "noop", "actionban", "true --key secret"],
    ):
        response = await client.send(command)
        assert response[0] == 0, (command, response)
    return name


@pytest.fixture
def gateway(client: Fail2BanClient) -> Gateway:
    return Fail2BanGateway("here", client, client.aclose)


async def test_everything_about_a_jail_is_told(gateway: Gateway, jail: str, tmp_path: Path) -> None:
    await gateway.perform(BanIds(jail, ("203.0.113.7",)))
    details = await gateway.perform(ReadJail(jail))
    assert (details.name, details.counters.host, details.counters.currently_banned) == (jail, "here", 1)
    assert (details.rule.max_retry, details.rule.find_time, details.rule.ban_time) == (3, 600, 3600)
    assert details.backend in {None, "polling"}
    assert details.log_paths == (str(tmp_path / "app.log"),)
    assert details.journal_matches == ()
    assert details.actions == ("noop",)
    assert details.filter.prefix == ""
    assert len(details.filter.failures) == 1
    assert "refused" in details.filter.failures[0]
    assert details.filter.ignored == ("^refused 192",)
    assert set(details.values) == set(JAIL_SETTINGS)
    assert details.values["ignoreip"] == ("192.0.2.0/24",)
    assert (details.values["bantime"], details.values["bantime.maxtime"]) == (3600, None)
    assert details.values["bantime.increment"] is False


async def test_what_an_action_runs_is_told_apart(gateway: Gateway, jail: str) -> None:
    (action,) = await gateway.perform(ReadActions(jail))
    assert (action.name, action.commands) == ("noop", (("actionban", "true --key secret"),))
    assert action.timeout == 60


@pytest.mark.parametrize(
    ("name", "written", "before", "after"),
    [
        ("bantime", "2h", 3600, 7200),
        ("bantime", "-1", 3600, -1),
        ("findtime", "90", 600, 90),
        ("maxretry", "7", 3, 7),
        ("maxmatches", "2", None, 2),
        ("bantime.increment", "on", False, True),
        ("bantime.overalljails", "on", False, True),
        ("bantime.overalljails", "off", False, False),
        ("bantime.maxtime", "1w", None, 604_800),
        ("bantime.maxtime", "", None, None),
        ("bantime.rndtime", "5m", None, 300),
        ("ignoreself", "off", True, False),
        ("usedns", "warn", "no", "warn"),
        ("logencoding", "latin-1", None, "latin-1"),
        ("logtimezone", "UTC+0200", None, "UTC+0200"),
    ],
)
async def test_a_setting_is_changed(
    gateway: Gateway, jail: str, name: str, written: str, before: SettingValue, after: SettingValue
) -> None:
    change = await gateway.perform(SetJailValue(jail, name, written))
    assert (change.host, change.jail, change.setting.name, change.after) == ("here", jail, name, after)
    if name not in {"maxmatches", "logencoding"}:
        assert change.before == before
    assert (await gateway.perform(ReadJail(jail))).values[name] == after
    # There is a way back.
    back = change.setting.written(change.before)
    if name != "logtimezone":
        assert (await gateway.perform(SetJailValue(jail, name, back))).after == change.before


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("bantime", "__import__('os')"),
        ("bantime.factor", "2"),
        ("bantime.formula", "1"),
        ("ignorecommand", "true"),
        ("nosuch", "1"),
        ("logencoding", "<F2B_END_COMMAND>"),
    ],
)
async def test_what_is_not_safe_is_not_sent(gateway: Gateway, jail: str, name: str, written: str) -> None:
    before = await gateway.perform(ReadJail(jail))
    with pytest.raises(InvalidInput):
        await gateway.perform(SetJailValue(jail, name, written))
    assert await gateway.perform(ReadJail(jail)) == before


@pytest.mark.parametrize(("name", "written"), [("logencoding", "nope-8"), ("logtimezone", "Mars")])
async def test_what_the_daemon_does_not_know_is_refused_in_its_words(
    gateway: Gateway, jail: str, name: str, written: str
) -> None:
    with pytest.raises(OperationRefused) as refusal:
        await gateway.perform(SetJailValue(jail, name, written))
    assert written in refusal.value.message


async def test_a_value_that_makes_no_sense_is_left_out_and_the_rest_is_told(
    gateway: Gateway, jail: str, client: Fail2BanClient
) -> None:
    # What a change leaves behind that somebody else made, and that failed.
    await client.send(["set", jail, "bantime.maxtime", "nonsense"])
    details = await gateway.perform(ReadJail(jail))
    assert set(details.values) == set(JAIL_SETTINGS) - {"bantime.maxtime"}


async def test_a_jail_pauses_and_goes_on(gateway: Gateway, jail: str) -> None:
    await gateway.perform(StartJail(jail))
    await gateway.perform(PauseJail(jail))
    await gateway.perform(ResumeJail(jail))
    await gateway.perform(ResumeJail(jail))
    assert (await gateway.perform(ReadJail(jail))).name == jail


async def test_a_jail_that_was_added_only_is_started(gateway: Gateway, client: Fail2BanClient) -> None:
    await client.add_jail("new", "polling")
    await gateway.perform(StartJail("new"))
    await gateway.perform(StartJail("new"))


async def test_a_jail_that_is_stopped_is_gone_and_cannot_be_started(gateway: Gateway, jail: str) -> None:
    await gateway.perform(StartJail(jail))
    await gateway.perform(StopJail(jail))
    assert jail not in {counters.name for counters in await gateway.perform(ReadCounters())}
    with pytest.raises(UnknownJail):
        await gateway.perform(StartJail(jail))


@pytest.mark.parametrize(
    "operation",
    [
        ReadJail("nope"),
        ReadActions("nope"),
        SetJailValue("nope", "bantime", "1h"),
        PauseJail("nope"),
        ResumeJail("nope"),
        StopJail("nope"),
        StartJail("nope"),
    ],
)
async def test_an_unknown_jail_is_named(gateway: Gateway, operation: Operation[object]) -> None:
    with pytest.raises(UnknownJail) as refusal:
        await gateway.perform(operation)
    assert refusal.value.jail == "nope"
