from __future__ import annotations

import ast
from pathlib import Path

import pytest

from aiofail2ban import (
    Fail2BanClient,
    Fail2BanCommandError,
    Fail2BanConnectionError,
    InvalidCommandError,
    InvalidValueError,
)
from aiofail2ban.errors import DuplicateJailError
from aiofail2ban.jail import Jail
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess, FakeServer

JAIL_LOCAL = """
[sshd]
enabled = true
backend = polling
logpath = {log}
action =
"""

RELOAD: list[list[object]] = [
    ["add", "sshd", "polling"],
    ["set", "sshd", "maxretry", "7"],
    ["multi-set", "sshd", "addfailregex", ["^fail <HOST>$", "^bad <HOST>$"]],
    ["start", "sshd"],
]


@pytest.mark.daemon
class TestOnARealDaemon:
    async def test_a_second_jail_of_the_same_name_is_a_duplicate(self, client: Fail2BanClient, jail: Jail) -> None:
        with pytest.raises(DuplicateJailError) as caught:
            await client.add_jail(jail.name, "polling")
        assert "runs already" in caught.value.hint

    async def test_an_unknown_backend_is_an_invalid_value(self, client: Fail2BanClient) -> None:
        with pytest.raises(InvalidValueError, match="Unknown backend"):
            await client.add_jail("other", "bogus")

    async def test_a_reload_makes_the_jails_of_its_stream_and_removes_all_others(
        self, client: Fail2BanClient, jail: Jail
    ) -> None:
        assert (await client.status()).jail_names == (jail.name,)
        await client.reload(RELOAD)
        assert (await client.status()).jail_names == ("sshd",)
        assert await client.jail("sshd").get_maxretry() == 7
        assert len(await client.jail("sshd").get_failregex()) == 2
        await client.reload([tuple(command) for command in RELOAD], restart=True, unban=True)
        await client.stop_all_jails()
        assert (await client.status()).jail_names == ()

    async def test_a_reload_that_fails_removes_all_jails_and_says_so(self, client: Fail2BanClient) -> None:
        await client.reload(RELOAD)
        with pytest.raises(InvalidValueError) as caught:
            await client.reload([*RELOAD[:-1], ["set", "sshd", "addfailregex", "("], RELOAD[-1]])
        assert "are gone" in caught.value.hint
        assert (await client.status()).jail_names == ()

    async def test_a_stream_runs_until_its_first_error(self, client: Fail2BanClient, jail: Jail) -> None:
        await client.server_stream([["set", jail.name, "maxretry", "8"], ["ping"]])
        with pytest.raises(InvalidCommandError):
            await client.server_stream(
                [["set", jail.name, "maxretry", "9"], ["nosuch"], ["set", jail.name, "maxretry", 1]]
            )
        assert await jail.get_maxretry() == 9

    async def test_echo_returns_what_it_was_given(self, client: Fail2BanClient) -> None:
        assert await client.echo("a", 1, 2.5, True, ["x"], {"k": "v"}) == ["a", 1, 2.5, True, ["x"], {"k": "v"}]

    async def test_sleep_is_granted_the_time_that_it_takes(self, module_daemon: Fail2BanProcess) -> None:
        async with Fail2BanClient(module_daemon.socket_path, timeout=0.25) as client:
            await client.sleep(0.3)

    async def test_a_message_goes_to_the_log(self, client: Fail2BanClient, module_daemon: Fail2BanProcess) -> None:
        await client.config_error("only a test of the message")
        assert "only a test of the message" in module_daemon.log_path.read_text("utf-8")

    async def test_the_server_stops_and_is_gone(self, daemon: Fail2BanProcess) -> None:
        async with Fail2BanClient(daemon.socket_path) as client:
            await client.add_jail("sshd", "polling")
            await client.stop_server()
            with pytest.raises(Fail2BanConnectionError):
                await client.version()

    async def test_the_stream_that_fail2ban_itself_makes_can_be_reloaded(
        self, installation: Fail2BanInstallation, tmp_path: Path
    ) -> None:
        (tmp_path / "auth.log").touch()
        jail_local = JAIL_LOCAL.format(log=tmp_path / "auth.log")
        async with (
            Fail2BanProcess(installation, jail_local=jail_local) as daemon,
            Fail2BanClient(daemon.socket_path, timeout=20.0) as client,
        ):
            jail = client.jail("sshd")
            regexes = await jail.get_failregex()
            await jail.ban("192.0.2.1")
            await jail.set_maxretry(99)
            printed = await daemon.run_client("-d")
            await client.reload([ast.literal_eval(line) for line in printed.output.splitlines() if line[:1] == "["])
            assert (await jail.get_maxretry(), await jail.get_failregex()) == (5, regexes)
            assert await jail.is_banned("192.0.2.1")


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
async def test_sleep_takes_a_number_of_seconds(seconds: float) -> None:
    with pytest.raises(ValueError, match="seconds"):
        await Fail2BanClient("/nowhere").sleep(seconds)


async def test_an_unknown_error_of_the_daemon_keeps_its_class_and_its_command() -> None:
    def answer(command: list[object]) -> object:
        raise RuntimeError("no idea", command[0])

    async with FakeServer(answer) as server, Fail2BanClient(server.socket_path) as client:
        with pytest.raises(Fail2BanCommandError) as caught:
            await client.version()
    assert type(caught.value) is Fail2BanCommandError
    assert (caught.value.error_class, caught.value.message) == ("RuntimeError", "no idea, version")
    assert caught.value.command == ("version",)
