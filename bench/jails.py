"""Jails for measuring: without filter and actions, so that only the daemon and its client work."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from aiofail2ban import Fail2BanClient, Fail2BanCommandError, Fail2BanResponse

_FIRST_ADDRESS = int(ipaddress.ip_address("11.0.0.0"))
_CHUNK = 1000


def addresses(count: int) -> Iterator[str]:
    """Yield `count` different addresses."""
    for number in range(_FIRST_ADDRESS, _FIRST_ADDRESS + count):
        yield str(ipaddress.ip_address(number))


async def add_jail(client: Fail2BanClient, name: str, bans: int = 0) -> None:
    """Start a jail in which `bans` addresses are banned for good."""
    commands: list[tuple[object, ...]] = [("add", name, "polling"), ("set", name, "bantime", -1), ("start", name)]
    ids = list(addresses(bans))
    commands += [("set", name, "banip", *ids[start : start + _CHUNK]) for start in range(0, bans, _CHUNK)]
    for command in commands:
        _expect(command, await client.send(command))


async def jail_of(client: Fail2BanClient, bans: int) -> str:
    """Return the name of the jail with so many bans; it is made when it is not there yet."""
    name = f"holds-{bans}"
    if (await client.send(["status", name, "short"]))[0] != 0:
        await add_jail(client, name, bans)
    return name


async def remove_jail(client: Fail2BanClient, name: str) -> None:
    """Stop a jail and forget it with all its bans."""
    _expect(("stop", name), await client.send(["stop", name]))


def _expect(command: tuple[object, ...], response: Fail2BanResponse) -> None:
    if response[0] != 0:
        raise Fail2BanCommandError("", str(response), command[:4])
