from __future__ import annotations

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban._capabilities import Feature
from aiofail2ban.jail import Jail
from aiofail2ban.testing import Fail2BanProcess, FakeServer
from aiofail2ban.types import JailStatistics, JailStatus, ServerStatus


@pytest.mark.daemon
class TestOnARealDaemon:
    async def test_the_version_is_the_one_that_runs(
        self, client: Fail2BanClient, module_daemon: Fail2BanProcess
    ) -> None:
        assert await client.version() == module_daemon.installation.version

    async def test_the_server_is_ready(self, client: Fail2BanClient) -> None:
        assert await client.ping()
        assert await client.server_status() == "Server ready"

    async def test_the_status_lists_the_jails(self, client: Fail2BanClient, jail: Jail) -> None:
        assert await client.status() == ServerStatus((jail.name,))

    async def test_statistics_of_all_jails(self, client: Fail2BanClient, jail: Jail) -> None:
        await jail.ban(["192.0.2.1", "192.0.2.2"])
        statistics = await client.statistics()
        assert list(statistics) == [jail.name]
        numbers = statistics[jail.name]
        assert (numbers.currently_failed, numbers.total_failed) == (0, 0)
        assert (numbers.currently_banned, numbers.total_banned) == (2, 2)
        assert numbers.backend in {None, "polling"}

    async def test_status_of_all_jails_with_bans_or_without(self, client: Fail2BanClient, jail: Jail) -> None:
        await jail.ban("192.0.2.1")
        assert (await client.status_of_jails())[jail.name] == JailStatus(0, 0, 1, 1, banned_ids=("192.0.2.1",))
        assert (await client.status_of_jails(with_bans=False))[jail.name] == JailStatus(0, 0, 1, 1)

    async def test_what_the_daemon_lacks_is_asked_for_once(self, client: Fail2BanClient, jail: Jail) -> None:
        first = await client.statistics()
        lacking = client.capabilities.lack(Feature.STATISTICS)
        assert await client.statistics() == first
        assert client.capabilities.lack(Feature.STATISTICS) is lacking
        assert all((numbers.backend is None) is lacking for numbers in first.values())

    async def test_names_that_contain_the_separator_of_the_list_are_told_apart(self, client: Fail2BanClient) -> None:
        jails = [await client.add_jail(name, "polling") for name in ("b", "a, b", "")]
        assert (await client.status()).jail_names == ("", "a, b", "b")
        assert set(await client.statistics()) == {"", "a, b", "b"}
        assert set(await client.status_of_jails()) == {"", "a, b", "b"}
        for jail in jails:
            await jail.stop()
        assert await client.status() == ServerStatus(())


STATUS = [
    ("Filter", [("Currently failed", 1), ("Total failed", 2), ("File list", [])]),
    ("Actions", [("Currently banned", 1), ("Total banned", 4), ("Banned IP list", ["192.0.2.1"])]),
]


class OldDaemon:
    """Answers as fail2ban 0.9 does: no `stats`, no `status --all`, no `banned`, every flavour is `basic`."""

    def __call__(self, command: list[object]) -> object:
        match command:
            case ["status"]:
                return [("Number of jail", 2), ("Jail list", "gone, sshd")]
            case ["status", "sshd", *_]:
                return STATUS
            case ["status", name, *_]:
                raise UnknownJailException(name)
        raise Exception("Invalid command")


class UnknownJailException(KeyError):
    """Spelt as the daemon's own."""


UnknownJailException.__module__ = "fail2ban.exceptions"


@pytest.fixture
def picklable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the class above be found under the daemon's name for it, which is what goes over the wire."""
    import sys
    from types import ModuleType

    package, module = ModuleType("fail2ban"), ModuleType("fail2ban.exceptions")
    module.UnknownJailException = UnknownJailException  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fail2ban", package)
    monkeypatch.setitem(sys.modules, "fail2ban.exceptions", module)


@pytest.mark.usefixtures("picklable")
class TestOnAnOldDaemon:
    async def test_statistics_are_gathered_from_each_jail_that_is_still_there(self) -> None:
        async with FakeServer(OldDaemon()) as server, Fail2BanClient(server.socket_path) as client:
            assert await client.statistics() == {"sshd": JailStatistics(1, 2, 1, 4)}
            assert await client.statistics() == {"sshd": JailStatistics(1, 2, 1, 4)}
            assert server.commands.count(["stats"]) == 1

    async def test_bans_are_taken_from_the_status_of_each_jail(self) -> None:
        async with FakeServer(OldDaemon()) as server, Fail2BanClient(server.socket_path) as client:
            assert await client.banned() == {"sshd": ("192.0.2.1",)}
            assert await client.where_banned("192.0.2.1") != ()
            assert server.commands.count(["banned"]) == 1
            assert server.commands.count(["status", "--all", "basic"]) == 1

    async def test_after_a_new_connection_everything_is_asked_anew(self) -> None:
        async with FakeServer(OldDaemon()) as server, Fail2BanClient(server.socket_path) as client:
            await client.statistics()
            await client.aclose()
            await client.statistics()
            client.forget_capabilities()
            await client.statistics()
            assert server.commands.count(["stats"]) >= 2
