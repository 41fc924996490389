"""One contract for every gateway: the one in memory, and the real one over both exchanges on real daemons."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from aiofail2ban.testing.pytest_plugin import SUITES, load_installation
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.oneshot import OneShotCommands
from bangui.domain.allow_list import AllowResult
from bangui.domain.errors import AwayReason, DaemonAway, InvalidInput, UnknownJail
from bangui.domain.further_operations import AddAllowed, RemoveAllowed, RenewIds
from bangui.domain.gateway import Gateway
from bangui.domain.operations import (
    BanIds,
    LookUp,
    Operation,
    ReadAllowList,
    ReadBans,
    ReadCounters,
    ReadRule,
    ReadVersion,
    UnbanIds,
)
from bangui.domain.outcomes import BanResult
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

T = TypeVar("T")


def memory_gateway() -> MemoryGateway:
    gateway = MemoryGateway("here")
    gateway.jails = {
        "app, with comma": MemoryJail(max_retry=3, ban_time=None, allows_own_addresses=False),
        "sshd": MemoryJail(ban_time=3600, find_time=600, grows=True, allowed=("192.0.2.0/24", "::1")),
    }
    return gateway


async def prepare(socket_path: str) -> None:
    """Make the jails of the memory gateway in a real daemon."""
    async with Fail2BanClient(socket_path) as client:
        for command in (
            ["set", "dbfile", ":memory:"],
            ["add", "app, with comma", "polling"],
            ["set", "app, with comma", "maxretry", "3"],
            ["set", "app, with comma", "bantime", "-1"],
            ["set", "app, with comma", "ignoreself", "false"],
            ["add", "sshd", "polling"],
            ["set", "sshd", "bantime", "3600"],
            ["set", "sshd", "maxretry", "5"],
            ["set", "sshd", "bantime.increment", "true"],
            ["set", "sshd", "addignoreip", "192.0.2.0/24", "::1"],
            ["start", "app, with comma"],
            ["start", "sshd"],
        ):
            response = await client.send(command)
            assert response[0] == 0, (command, response)


@pytest.fixture(scope="module")
def daemons() -> Iterator[dict[str, Fail2BanProcess]]:
    """The daemons that were started for this module, by Debian release."""
    running: dict[str, Fail2BanProcess] = {}
    yield running
    for daemon in running.values():
        run(daemon.__aexit__(None, None, None))


@pytest.fixture(params=["memory", *(f"{suite}-{exchange}" for suite in SUITES for exchange in ("client", "oneshot"))])
def place(request: pytest.FixtureRequest, daemons: dict[str, Fail2BanProcess], fail2ban_trees: Path) -> tuple[str, str]:
    """Where the gateway is, and through which exchange: ("", "memory") or a socket and "client" or "oneshot"."""
    if request.param == "memory":
        return "", "memory"
    suite, exchange = request.param.split("-")
    if suite not in daemons:
        daemons[suite] = run(Fail2BanProcess(load_installation(suite, fail2ban_trees)).__aenter__())
        run(prepare(daemons[suite].socket_path))
    return daemons[suite].socket_path, exchange


def run(work: Coroutine[object, object, T]) -> T:
    # In this thread, because a daemon dies with the thread that started it; no loop runs while fixtures are set up.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


@pytest.fixture
async def gateway(place: tuple[str, str]) -> AsyncIterator[Gateway]:
    path, exchange = place
    if exchange == "memory":
        yield memory_gateway()
        return
    async with Fail2BanClient(path) as client:
        await client.unban_all()
        if exchange == "client":
            yield Fail2BanGateway("here", client, client.aclose)
            return
    commands = OneShotCommands(path, 5.0)
    yield Fail2BanGateway("here", commands, commands.aclose)
    commands.close()


async def test_the_version_is_a_number_with_dots(gateway: Gateway) -> None:
    assert (await gateway.perform(ReadVersion()))[0].isdigit()


async def test_counters_are_in_the_order_of_names_and_name_the_host(gateway: Gateway) -> None:
    before = (await gateway.perform(ReadCounters()))[1]
    await gateway.perform(BanIds("sshd", ("203.0.113.7", "203.0.113.8")))
    jails = await gateway.perform(ReadCounters())
    assert [(jail.host, jail.name) for jail in jails] == [("here", "app, with comma"), ("here", "sshd")]
    assert (jails[1].currently_banned, jails[1].currently_failed) == (2, 0)
    assert jails[1].total_banned == before.total_banned + 2


async def test_bans_carry_aware_times_and_their_duration(gateway: Gateway) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    await gateway.perform(BanIds("app, with comma", ("203.0.113.7",)))
    (ban,) = await gateway.perform(ReadBans("sshd"))
    assert (ban.host, ban.jail, ban.id, ban.duration) == ("here", "sshd", "203.0.113.7", 3600)
    assert before <= ban.banned_at <= datetime.now(UTC)
    assert ban.ends_at == ban.banned_at + timedelta(seconds=3600)
    (permanent,) = await gateway.perform(ReadBans("app, with comma"))
    assert (permanent.duration, permanent.ends_at) == (None, None)


@pytest.mark.parametrize("seconds", ["300000000000", "999999999999999"])
async def test_a_ban_beyond_the_year_9999_has_no_end(one_daemon: Fail2BanProcess, seconds: str) -> None:
    await prepare(one_daemon.socket_path)
    async with Fail2BanClient(one_daemon.socket_path) as client:
        await client.send(["set", "sshd", "bantime", seconds])
        gateway = Fail2BanGateway("here", client, client.aclose)
        await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
        (ban,) = await gateway.perform(ReadBans("sshd"))
    assert (ban.id, ban.duration, ban.ends_at) == ("203.0.113.7", None, None)


async def test_each_id_has_a_result_of_its_own(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    outcome = await gateway.perform(BanIds("sshd", ("203.0.113.9", "203.0.113.7", "2001:db8::1", "203.0.113.0/24")))
    assert [(one.id, one.result) for one in outcome.ids] == [
        ("203.0.113.9", BanResult.BANNED),
        ("203.0.113.7", BanResult.ALREADY_BANNED),
        ("2001:db8::1", BanResult.BANNED),
        ("203.0.113.0/24", BanResult.BANNED),
    ]


async def test_a_renewed_ban_keeps_its_start_and_lasts_longer(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    (first,) = await gateway.perform(ReadBans("sshd"))
    assert first.ends_at is not None
    async with asyncio.timeout(20):
        while True:  # the daemon tells whole seconds, and one must have passed
            outcome = await gateway.perform(RenewIds("sshd", ("203.0.113.7",)))
            assert [(one.id, one.result) for one in outcome.ids] == [("203.0.113.7", BanResult.ALREADY_BANNED)]
            (renewed,) = await gateway.perform(ReadBans("sshd"))
            assert renewed.banned_at == first.banned_at
            if renewed.ends_at is not None and renewed.ends_at > first.ends_at:
                break
            await asyncio.sleep(0.1)
    outcome = await gateway.perform(RenewIds("sshd", ("203.0.113.9",)))
    assert [one.result for one in outcome.ids] == [BanResult.BANNED]


@pytest.mark.parametrize("id", ["user admin", "\x1b[2J\u202e", "a \t2026-11-23 09:25:01 + 3600 = 2026-11-23 10:25:01"])
async def test_any_text_can_be_banned_looked_up_and_unbanned(gateway: Gateway, id: str) -> None:
    await gateway.perform(BanIds("sshd", (id,)))
    assert [ban.id for ban in await gateway.perform(ReadBans("sshd"))] == [id]
    assert await gateway.perform(LookUp((id,))) == (("sshd",),)
    (one,) = (await gateway.perform(UnbanIds((id,)))).ids
    assert (one.jails, one.lifted) == (("sshd",), 1)


async def test_looking_up_is_exact(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.0/24",)))
    await gateway.perform(BanIds("app, with comma", ("203.0.113.0/24",)))
    found = await gateway.perform(LookUp(("203.0.113.7", "203.0.113.0/24")))
    assert found[0] == ()
    assert sorted(found[1]) == ["app, with comma", "sshd"]
    assert await gateway.perform(LookUp(())) == ()


async def test_unban_tells_where_it_was_banned(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7", "203.0.113.8")))
    await gateway.perform(BanIds("app, with comma", ("203.0.113.7",)))
    outcome = await gateway.perform(UnbanIds(("203.0.113.7", "198.51.100.1", "no address")))
    assert [(one.id, sorted(one.jails), one.lifted) for one in outcome.ids] == [
        ("203.0.113.7", ["app, with comma", "sshd"], 2),
        ("198.51.100.1", [], 0),
        ("no address", [], 0),
    ]
    (one,) = (await gateway.perform(UnbanIds(("203.0.113.8",), "sshd"))).ids
    assert (one.jails, one.lifted) == (("sshd",), 1)


async def test_unbanning_a_network_lifts_the_addresses_inside_it(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7", "203.0.113.8", "198.51.100.1")))
    (one,) = (await gateway.perform(UnbanIds(("203.0.113.0/24",), "sshd"))).ids
    assert (one.jails, one.lifted) == ((), 2)
    assert [ban.id for ban in await gateway.perform(ReadBans("sshd"))] == ["198.51.100.1"]


async def test_the_rule_of_a_jail(gateway: Gateway) -> None:
    sshd = await gateway.perform(ReadRule("sshd"))
    assert (sshd.max_retry, sshd.find_time, sshd.ban_time, sshd.grows) == (5, 600, 3600, True)
    app = await gateway.perform(ReadRule("app, with comma"))
    assert (app.max_retry, app.ban_time, app.grows) == (3, None, False)


async def test_the_allow_list_of_a_jail(gateway: Gateway) -> None:
    sshd = await gateway.perform(ReadAllowList("sshd"))
    assert (sorted(sshd.entries), sshd.own_addresses) == (["192.0.2.0/24", "::1"], True)
    app = await gateway.perform(ReadAllowList("app, with comma"))
    assert (app.entries, app.own_addresses) == ((), False)


async def test_what_is_allowed_and_what_was_already_is_told(gateway: Gateway) -> None:
    entries = ("198.51.100.0/24", "2001:db8::1", "192.0.2.0/24")
    outcome = await gateway.perform(AddAllowed("sshd", entries))
    assert [(one.entry, one.result) for one in outcome.entries] == [
        ("198.51.100.0/24", AllowResult.DONE),
        ("2001:db8::1", AllowResult.DONE),
        ("192.0.2.0/24", AllowResult.ALREADY),
    ]
    listed = await gateway.perform(ReadAllowList("sshd"))
    assert set(listed.entries) == {*entries, "::1"}
    outcome = await gateway.perform(RemoveAllowed("sshd", ("2001:db8::1", "203.0.113.1", "198.51.100.0/24")))
    assert [(one.entry, one.result) for one in outcome.entries] == [
        ("2001:db8::1", AllowResult.DONE),
        ("203.0.113.1", AllowResult.ALREADY),
        ("198.51.100.0/24", AllowResult.DONE),
    ]
    listed = await gateway.perform(ReadAllowList("sshd"))
    assert set(listed.entries) == {"192.0.2.0/24", "::1"}
    assert (await gateway.perform(AddAllowed("sshd", ()))).entries == ()
    assert (await gateway.perform(RemoveAllowed("sshd", ()))).entries == ()


async def test_allowing_an_address_lifts_no_ban(gateway: Gateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    await gateway.perform(AddAllowed("sshd", ("203.0.113.0/24",)))
    assert [ban.id for ban in await gateway.perform(ReadBans("sshd"))] == ["203.0.113.7"]
    await gateway.perform(RemoveAllowed("sshd", ("203.0.113.0/24",)))


@pytest.mark.parametrize(
    "operation",
    [
        ReadBans("nope"),
        ReadRule("nope"),
        ReadAllowList("nope"),
        BanIds("nope", ("203.0.113.7",)),
        UnbanIds(("203.0.113.7",), "nope"),
        AddAllowed("nope", ("203.0.113.7",)),
        RemoveAllowed("nope", ("203.0.113.7",)),
    ],
)
async def test_an_unknown_jail_is_named(gateway: Gateway, operation: Operation[object]) -> None:
    with pytest.raises(UnknownJail) as refusal:
        await gateway.perform(operation)
    assert refusal.value.jail == "nope"


async def test_a_gateway_can_be_used_again_after_it_was_closed(gateway: Gateway) -> None:
    await gateway.aclose()
    assert await gateway.perform(ReadVersion())


@pytest.mark.parametrize(
    "operation",
    [
        ReadBans("x<F2B_END_COMMAND>"),
        BanIds("sshd", ("<F2B_END_COMMAND>",)),
        LookUp(("a<F2B_END_COMMAND>b",)),
        UnbanIds(("a",), "<F2B_END_COMMAND>"),
        ReadRule("--all"),
    ],
)
async def test_what_would_mean_something_else_to_the_daemon_is_refused(operation: Operation[object]) -> None:
    gateway = Fail2BanGateway("here", OneShotCommands("/nowhere/at/all", 1), OneShotCommands("", 1).aclose)
    with pytest.raises(InvalidInput):
        await gateway.perform(operation)


async def test_a_daemon_that_is_away_has_a_reason() -> None:
    client = Fail2BanClient("/nowhere/at/all")
    with pytest.raises(DaemonAway) as away:
        await Fail2BanGateway("here", client, client.aclose).perform(ReadVersion())
    assert away.value.reason is AwayReason.MISSING
