from __future__ import annotations

import pytest

from bangui.domain.addresses import parse_address
from bangui.domain.operations import BanIds, ReadBans
from bangui.services.why import explain
from packages.bangui.tests.memory import MemoryGateway, MemoryJail


@pytest.fixture
def gateway() -> MemoryGateway:
    gateway = MemoryGateway()
    gateway.jails = {"app": MemoryJail(), "recidive": MemoryJail(ban_time=None), "sshd": MemoryJail(ban_time=3600)}
    return gateway


async def test_nobody_banned_it(gateway: MemoryGateway) -> None:
    verdict = await explain(gateway, "203.0.113.7")
    assert (verdict.id, verdict.bans, verdict.allowed_by) == ("203.0.113.7", (), ())
    assert verdict.jails == ("app", "recidive", "sshd")


async def test_a_ban_comes_with_its_times_and_the_rule_of_its_jail(gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    (found,) = (await explain(gateway, "[::ffff:203.0.113.7]")).bans
    assert (found.jail, found.banned_id, found.is_exact) == ("sshd", "203.0.113.7", True)
    assert found.ban is not None
    assert found.ban.duration == 3600
    assert found.rule is not None
    assert found.rule.in_words() == "5 failures within 10m: banned for 1h"


async def test_a_network_around_it_is_found_as_well(gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("recidive", ("203.0.113.0/24",)))
    await gateway.perform(BanIds("sshd", ("203.0.113.7",)))
    found = (await explain(gateway, "203.0.113.7")).bans
    assert [(one.jail, one.banned_id, one.is_exact) for one in found] == [
        ("sshd", "203.0.113.7", True),
        ("recidive", "203.0.113.0/24", False),
    ]


async def test_allow_lists_that_cover_it_are_named(gateway: MemoryGateway) -> None:
    gateway.jails["sshd"].allowed = ("localhost", "203.0.0.0/8", "192.0.2.1")
    verdict = await explain(gateway, "203.0.113.7")
    assert [(allowed.jail, allowed.entries) for allowed in verdict.allowed_by] == [("sshd", ("203.0.0.0/8",))]


async def test_the_machines_own_address_is_allowed_where_the_jail_ignores_itself(gateway: MemoryGateway) -> None:
    gateway.jails["app"].allows_own_addresses = False
    verdict = await explain(gateway, "203.0.113.7", [parse_address("203.0.113.7")])
    assert [allowed.jail for allowed in verdict.allowed_by] == ["recidive", "sshd"]
    assert verdict.allowed_by[0].entries == ("ignoreself",)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_loopback_is_always_the_machines_own(gateway: MemoryGateway, address: str) -> None:
    assert len((await explain(gateway, address)).allowed_by) == 3


async def test_a_text_that_is_no_address_is_looked_for_as_it_stands(gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("app", ("user admin",)))
    verdict = await explain(gateway, "user admin")
    assert not verdict.is_address
    assert [found.jail for found in verdict.bans] == ["app"]


async def test_a_list_that_would_hold_up_the_daemon_is_not_read(gateway: MemoryGateway) -> None:
    await gateway.perform(BanIds("app", tuple(f"id {number}" for number in range(100_001))))
    (found,) = (await explain(gateway, "id 5")).bans
    assert found.ban is None
    assert ReadBans("app") not in gateway.performed
