"""Where the daemon's number is not the one to expect; the ordinary ways are in `test_fail2ban.py`."""

from __future__ import annotations

from typing import TypeVar

import pytest

from aiofail2ban import Command, Fail2BanCommandError, ServerCommands, UnknownJailError
from bangui.adapters.ban_commands import ban_ids, renew_ids, unban_ids
from bangui.domain.outcomes import BannedId, BanResult, UnbannedId

T = TypeVar("T")


class Daemon(ServerCommands):
    """Bans in memory; refuses the ids in `refused`, and forgets those in `forgotten` at once."""

    def __init__(self, *, refused: str = "", forgotten: str = "") -> None:
        super().__init__()
        self.banned_ids: list[object] = []
        self.refused = refused
        self.forgotten = forgotten
        self.sent: list[tuple[object, ...]] = []

    async def execute(self, command: Command[T]) -> T:
        self.sent.append(command.request)
        match command.request:
            case ("set", "gone", *_):
                raise UnknownJailError("UnknownJailException", "gone", command.request)
            case ("set", _, "banip" | "unbanip", *ids) if self.refused in ids:
                raise Fail2BanCommandError("ValueError", "I do not like it", command.request)
            case ("set", _, "banip", *ids):
                kept = [id for id in ids if id != self.forgotten]
                self.banned_ids += kept
                return command.parse(len(kept))
            case ("get", _, "banned", *ids):
                return command.parse([int(id in self.banned_ids) for id in ids])
            case _:
                return command.parse(1)


async def test_the_one_that_is_refused_is_found_and_the_others_are_banned() -> None:
    results = await ban_ids(Daemon(refused="b").jail("sshd"), ["a", "b", "c"])
    assert results == (
        BannedId("a", BanResult.BANNED),
        BannedId("b", BanResult.FAILED, "I do not like it"),
        BannedId("c", BanResult.BANNED),
    )


async def test_an_id_that_is_not_listed_afterwards_was_not_banned() -> None:
    results = await ban_ids(Daemon(forgotten="b").jail("sshd"), ["a", "b"])
    assert [one.result for one in results] == [BanResult.BANNED, BanResult.FAILED]
    assert "does not list it" in (results[1].problem or "")


async def test_no_ids_are_no_command() -> None:
    daemon = Daemon()
    assert await ban_ids(daemon.jail("sshd"), []) == ()
    assert await unban_ids(daemon, [], None) == ()
    assert await unban_ids(daemon, [], "sshd") == ()
    assert daemon.sent == []


async def test_a_jail_that_is_gone_is_no_failure_of_an_id() -> None:
    daemon = Daemon()
    daemon.banned_ids = ["a"]
    with pytest.raises(UnknownJailError):
        await ban_ids(daemon.jail("gone"), ["b"])
    with pytest.raises(UnknownJailError):
        await unban_ids(daemon, ["a"], "gone")


async def test_what_is_not_banned_is_not_sent_because_the_daemon_would_ask_dns() -> None:
    daemon = Daemon()
    assert await unban_ids(daemon, ["example.org", "192.0.2.1"], "sshd") == (
        UnbannedId("example.org", (), 0),
        UnbannedId("192.0.2.1", (), 0),
    )
    assert not any("unbanip" in request for request in daemon.sent)


async def test_an_unban_that_is_refused_is_told() -> None:
    daemon = Daemon(refused="a")
    daemon.banned_ids = ["a"]
    assert await unban_ids(daemon, ["a"], "sshd") == (UnbannedId("a", (), 0, "I do not like it"),)


async def test_a_ban_in_force_is_asked_for_again_and_a_new_one_with_it() -> None:
    daemon = Daemon()
    daemon.banned_ids = ["a"]
    assert await renew_ids(daemon.jail("sshd"), ["b", "a"]) == (
        BannedId("b", BanResult.BANNED),
        BannedId("a", BanResult.ALREADY_BANNED),
    )
    assert ("set", "sshd", "banip", "a") in daemon.sent


async def test_a_ban_in_force_that_is_refused_when_asked_for_again_has_failed() -> None:
    daemon = Daemon(refused="a")
    daemon.banned_ids = ["a"]
    assert await renew_ids(daemon.jail("sshd"), ["a"]) == (BannedId("a", BanResult.FAILED, "I do not like it"),)
    with pytest.raises(UnknownJailError):
        await renew_ids(daemon.jail("gone"), ["a"])
