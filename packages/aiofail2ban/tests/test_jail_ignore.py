from __future__ import annotations

from ipaddress import ip_network

import pytest

from aiofail2ban import Fail2BanClient, InvalidValueError
from aiofail2ban.jail import Jail
from aiofail2ban.types import IgnoreCache

pytestmark = pytest.mark.daemon


async def test_own_addresses_are_ignored_or_not(jail: Jail) -> None:
    assert await jail.set_ignoreself(False) is False
    assert await jail.get_ignoreself() is False
    assert await jail.set_ignoreself(True) is True
    with pytest.raises(TypeError, match="True or False"):
        await jail.set_ignoreself("false")  # type: ignore[arg-type]  # a caller without a type checker


async def test_addresses_networks_and_names_are_ignored_in_canonical_form(jail: Jail) -> None:
    await jail.add_ignoreip(["10.0.0.1/8", "host.invalid", "::ffff:192.0.2.1"])
    assert set(await jail.add_ignoreip(ip_network("2001:db8::/32"))) == {
        "10.0.0.0/8",
        "host.invalid",
        "192.0.2.1",
        "2001:db8::/32",
    }
    assert "10.0.0.0/8" not in await jail.del_ignoreip("10.0.0.0/8")
    for entry in await jail.get_ignoreip():
        await jail.del_ignoreip(entry)
    assert await jail.get_ignoreip() == ()
    with pytest.raises(InvalidValueError):
        await jail.del_ignoreip("192.0.2.1")


async def test_a_file_of_ignored_addresses_is_shown_as_it_was_given(client: Fail2BanClient, jail: Jail) -> None:
    try:
        entries = await jail.add_ignoreip("file:relative/list")
    except InvalidValueError:
        # Before 1.1.1 it is neither: the part behind the slash is not the length of a network.
        assert await client.send(["set", jail.name, "addignoreip", "192.0.2.0/nonsense"]) != (0, [])
        return
    assert entries == ("file:relative/list",)
    assert await jail.del_ignoreip("file:relative/list") == ()


async def test_the_ignoring_command_is_empty_at_first(jail: Jail) -> None:
    assert await jail.get_ignorecommand() == ""
    assert await jail.set_ignorecommand("test <ip> = 192.0.2.1") == "test <ip> = 192.0.2.1"
    assert await jail.get_ignorecommand() == "test <ip> = 192.0.2.1"
    assert await jail.set_ignorecommand("") == ""


async def test_the_cache_of_its_answers_has_a_key_a_size_and_a_time(jail: Jail) -> None:
    assert await jail.get_ignorecache() is None
    cache = await jail.set_ignorecache("<F-USER>@<ip>", max_count=10, max_time="5m")
    assert cache == IgnoreCache("<F-USER>@<ip>", 10, 300)
    assert await jail.get_ignorecache() == cache
    for key in ('"', "a, max-time=1", "]", ""):
        with pytest.raises(ValueError, match="key"):
            await jail.set_ignorecache(key)
