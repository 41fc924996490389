from __future__ import annotations

from ipaddress import ip_address

import pytest

from aiofail2ban import Fail2BanClient, UnknownJailError
from aiofail2ban.jail import Jail
from aiofail2ban.types import BanLocation

pytestmark = pytest.mark.daemon


@pytest.fixture
async def other(client: Fail2BanClient) -> Jail:
    """A second jail."""
    if "other" in (await client.status()).jail_names:
        await client.jail("other").stop()
    return await client.add_jail("other", "polling")


async def test_bans_of_all_jails(client: Fail2BanClient, jail: Jail, other: Jail) -> None:
    assert await client.ban(["192.0.2.1", "192.0.2.2"], [jail.name, other.name]) == {jail.name: 2, other.name: 2}
    assert await client.ban("192.0.2.3", jail.name) == {jail.name: 1}
    assert await client.banned() == {
        jail.name: ("192.0.2.1", "192.0.2.2", "192.0.2.3"),
        other.name: ("192.0.2.1", "192.0.2.2"),
    }
    with pytest.raises(UnknownJailError):
        await client.ban("192.0.2.4", [jail.name, "nobody"])


async def test_the_jails_of_each_id(client: Fail2BanClient, jail: Jail, other: Jail) -> None:
    await jail.ban("192.0.2.1")
    await other.ban(["192.0.2.1", "not an address"])
    ids = [ip_address("192.0.2.1"), "192.0.2.9", "not an address"]
    assert await client.banned_in(ids) == ((jail.name, other.name), (), (other.name,))
    assert await client.banned_in([]) == ()


async def test_an_address_is_found_by_itself_and_in_networks(client: Fail2BanClient, jail: Jail, other: Jail) -> None:
    await jail.ban(["192.0.2.1", "2001:db8::/32", "not an address"])
    await other.ban(["192.0.2.0/24", "198.51.100.0/24"])
    assert await client.where_banned("192.0.2.1") == (
        BanLocation(jail.name, "192.0.2.1"),
        BanLocation(other.name, "192.0.2.0/24"),
    )
    assert await client.where_banned("2001:db8:0:0::5") == (BanLocation(jail.name, "2001:db8::/32"),)
    assert await client.where_banned("not an address") == (BanLocation(jail.name, "not an address"),)
    assert await client.where_banned("203.0.113.1") == ()


async def test_an_id_is_unbanned_everywhere(client: Fail2BanClient, jail: Jail, other: Jail) -> None:
    await client.ban(["192.0.2.1", "192.0.2.2", "--all"], [jail.name, other.name])
    assert await client.unban(["192.0.2.1", "192.0.2.9"]) == 2
    assert await client.unban("--all") == 2
    assert await client.banned() == {jail.name: ("192.0.2.2",), other.name: ("192.0.2.2",)}


async def test_a_long_list_is_unbanned_in_slices(client: Fail2BanClient, jail: Jail) -> None:
    ids = [f"10.0.0.{number}" for number in range(60)]
    await jail.ban(ids)
    steps: list[tuple[int, int]] = []
    assert await client.unban(ids, on_progress=lambda done, total: steps.append((done, total))) == 60
    assert steps == [(25, 60), (50, 60), (60, 60)]


async def test_everybody_is_unbanned_at_once(client: Fail2BanClient, jail: Jail, other: Jail) -> None:
    await client.ban(["192.0.2.1", "192.0.2.2"], [jail.name, other.name])
    assert await client.unban_all() == 4
    assert await client.banned() == {jail.name: (), other.name: ()}
