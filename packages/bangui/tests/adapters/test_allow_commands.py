"""Spellings and refusals; the ordinary ways are in `test_fail2ban.py`."""

from __future__ import annotations

from typing import TypeVar

import pytest

from aiofail2ban import Command, Fail2BanClient, Fail2BanCommandError, ServerCommands, UnknownJailError
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.allow_commands import add_allowed, remove_allowed
from bangui.domain.addresses import parse_address
from bangui.domain.allow_list import AllowedOne, AllowResult, canonical_entry

T = TypeVar("T")

SPELLINGS = [
    "192.0.2.1",
    "192.0.2.0/24",
    "10.0.0.0/8",
    "0.0.0.0/0",
    "2001:db8::1",
    "2001:db8::/32",
    "::/0",
    "::1",
    "::192.0.2.9",
    "64:ff9b::192.0.2.9",
    "2001:db8:0:1:0:0:0:0/64",
    "2001:DB8:0:0:1::1",
    "::ffff:192.0.2.44",
    "fe80::1",
]


async def test_a_daemon_takes_and_gives_back_every_spelling(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await client.send(["add", "sshd", "polling"])
        jail = client.jail("sshd")
        for entry in [parse_address(written).text for written in SPELLINGS]:
            assert await add_allowed(jail, [entry]) == (AllowedOne(entry, AllowResult.DONE),)
            assert await add_allowed(jail, [entry]) == (AllowedOne(entry, AllowResult.ALREADY),)
            (listed,) = await jail.get_ignoreip()
            assert canonical_entry(listed) == entry
            assert await remove_allowed(jail, [entry]) == (AllowedOne(entry, AllowResult.DONE),)
            assert await jail.get_ignoreip() == ()


async def test_names_are_taken_away_as_the_daemon_names_them(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await client.send(["add", "sshd", "polling"])
        jail = client.jail("sshd")
        await jail.add_ignoreip(["name.invalid", "192.0.2.1"])
        assert await remove_allowed(jail, ["name.invalid"]) == (AllowedOne("name.invalid", AllowResult.DONE),)
        assert await jail.get_ignoreip() == ("192.0.2.1",)


class Daemon(ServerCommands):
    """An allow list in memory; refuses what is in `refused`, and forgets or keeps what is in `stubborn`."""

    def __init__(self, *listed: str, refused: str = "", stubborn: str = "") -> None:
        super().__init__()
        self.listed = list(listed)
        self.refused = refused
        self.stubborn = stubborn

    async def execute(self, command: Command[T]) -> T:
        match command.request:
            case ("get", _, "ignoreip"):
                pass
            case ("set", "gone", *_):
                raise UnknownJailError("UnknownJailException", "gone", command.request)
            case ("set", _, "addignoreip", *entries):
                for entry in entries:
                    if entry == self.refused:
                        raise Fail2BanCommandError("ValueError", "I do not like it", command.request)
                    self.listed += [str(entry)] if entry != self.stubborn else []
            case ("set", _, "delignoreip", entry):
                if entry == self.refused:
                    raise Fail2BanCommandError("ValueError", "I do not like it", command.request)
                if entry != self.stubborn:
                    self.listed.remove(str(entry))
        return command.parse(list(self.listed))


async def test_one_that_is_refused_is_told_and_so_is_what_came_of_the_others() -> None:
    results = await add_allowed(Daemon(refused="192.0.2.2").jail("sshd"), ["192.0.2.1", "192.0.2.2", "192.0.2.3"])
    assert [(one.result, one.problem) for one in results] == [
        (AllowResult.DONE, None),
        (AllowResult.FAILED, "I do not like it"),
        (AllowResult.FAILED, "I do not like it"),
    ]
    results = await remove_allowed(Daemon("192.0.2.2", refused="192.0.2.2").jail("sshd"), ["192.0.2.2"])
    assert results == (AllowedOne("192.0.2.2", AllowResult.FAILED, "I do not like it"),)


async def test_what_the_daemon_does_not_do_has_failed() -> None:
    daemon = Daemon(stubborn="192.0.2.2")
    (one,) = await add_allowed(daemon.jail("sshd"), ["192.0.2.2"])
    assert (one.result, "does not list" in (one.problem or "")) == (AllowResult.FAILED, True)
    daemon.listed = ["192.0.2.2"]
    (one,) = await remove_allowed(daemon.jail("sshd"), ["192.0.2.2"])
    assert (one.result, "still lists" in (one.problem or "")) == (AllowResult.FAILED, True)


async def test_a_jail_that_is_gone_is_no_failure_of_an_entry() -> None:
    daemon = Daemon("192.0.2.1")
    with pytest.raises(UnknownJailError):
        await add_allowed(daemon.jail("gone"), ["192.0.2.2"])
    with pytest.raises(UnknownJailError):
        await remove_allowed(daemon.jail("gone"), ["192.0.2.1"])
