from __future__ import annotations

from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, InvalidValueError, UnknownJailError
from aiofail2ban.jail import Jail
from aiofail2ban.testing import Fail2BanProcess
from aiofail2ban.types import JailStatistics, JailStatus

PYTHON_ACTION = """
from fail2ban.server.action import ActionBase

class Action(ActionBase):
    def __init__(self, jail, name, number=1):
        super().__init__(jail, name)
        self.number = number
        self.table = {"x": (1, 2.5, None)}

    def add(self, a, b):
        return a + b

    def fail(self):
        raise RuntimeError("failed on purpose")
"""


@pytest.mark.daemon
class TestOnARealDaemon:
    async def test_the_status_has_numbers_logs_and_bans(self, jail: Jail, module_daemon: Fail2BanProcess) -> None:
        await jail.add_logpath(str(module_daemon.log_path), tail=True)
        await jail.ban(["192.0.2.1", "192.0.2.2"])
        await jail.unban("192.0.2.1")
        expected = JailStatus(0, 0, 1, 2, log_paths=(str(module_daemon.log_path),), banned_ids=("192.0.2.2",))
        assert await jail.status() == expected
        short = await jail.short_status()
        assert (short.currently_banned, short.total_banned, short.banned_ids) == (1, 2, None)
        assert short.log_paths == expected.log_paths

    async def test_the_statistics_name_the_backend_where_the_daemon_does(self, jail: Jail) -> None:
        await jail.ban("192.0.2.1")
        statistics = await jail.statistics()
        assert statistics in {JailStatistics(0, 0, 1, 1), JailStatistics(0, 0, 1, 1, backend="polling")}

    async def test_origins_come_without_dnspython_as_one_error(self, jail: Jail) -> None:
        origins = await jail.look_up_origins()
        assert origins.status.banned_ids == ()
        assert {origins.asns, origins.countries, origins.registries} <= {("error",), ()}

    async def test_a_jail_starts_pauses_and_stops(self, client: Fail2BanClient, jail: Jail) -> None:
        await jail.start()
        await jail.start()
        assert await jail.set_idle(True) is True
        assert await jail.set_idle(False) is False
        await jail.stop()
        assert jail.name not in (await client.status()).jail_names
        with pytest.raises(UnknownJailError):
            await jail.status()

    async def test_a_reload_applies_the_stream_and_keeps_the_bans(self, jail: Jail) -> None:
        await jail.start()
        await jail.ban("192.0.2.1")
        commands = [["add", jail.name, "polling"], ["set", jail.name, "maxretry", "7"], ["start", jail.name]]
        await jail.reload(commands)
        assert await jail.get_maxretry() == 7
        assert await jail.banned_ids() == ("192.0.2.1",)
        await jail.restart(commands)
        assert (await jail.status()).total_banned == 0

    async def test_a_reload_that_fails_says_that_the_jail_is_gone(self, client: Fail2BanClient, jail: Jail) -> None:
        await jail.start()
        commands = [["add", jail.name, "polling"], ["set", jail.name, "bantime", "10x"], ["start", jail.name]]
        with pytest.raises(InvalidValueError) as caught:
            await jail.reload(commands)
        assert "are gone" in caught.value.hint
        assert jail.name not in (await client.status()).jail_names

    async def test_a_reload_of_a_jail_that_does_not_run_is_an_error_or_not_as_asked(
        self, client: Fail2BanClient
    ) -> None:
        jail = client.jail("late")
        commands = [["add", "late", "polling"], ["start", "late"]]
        with pytest.raises(UnknownJailError):
            await jail.reload(commands)
        await jail.reload(commands, if_exists=True)
        assert "late" in (await client.status()).jail_names
        await jail.stop()

    async def test_actions_are_added_and_removed(self, jail: Jail) -> None:
        assert await jail.actions() == ()
        assert (await jail.add_action("first")).name == "first"
        await jail.add_action("second")
        assert await jail.actions() == ("first", "second")
        await jail.del_action("first")
        assert await jail.actions() == ("second",)
        with pytest.raises(InvalidValueError, match="already exists"):
            await jail.add_action("second")
        with pytest.raises(InvalidValueError, match="Invalid Action name"):
            await jail.del_action("first")

    async def test_an_action_in_python_comes_from_a_file_and_gets_its_options(self, jail: Jail, tmp_path: Path) -> None:
        path = tmp_path / "numbers.py"
        path.write_text(PYTHON_ACTION, encoding="utf-8")
        action = await jail.add_action("numbers", str(path), {"number": 7})
        assert await action.get("number") == 7
        assert await action.get("table") == {"x": (1, 2.5, None)}
        assert await action.call("add", {"a": 2, "b": 40}) == 42
        with pytest.raises(InvalidValueError, match="No such file"):
            await jail.add_action("other", str(tmp_path / "missing.py"))

    async def test_every_command_for_a_jail_that_does_not_run_says_so(self, client: Fail2BanClient) -> None:
        jail = client.jail("nobody")
        for call in (
            jail.status(),
            jail.bans(),
            jail.ban("192.0.2.1"),
            jail.get_bantime(),
            jail.stop(),
            jail.actions(),
        ):
            with pytest.raises(UnknownJailError) as caught:
                await call
            assert caught.value.message == "nobody"
            assert "nobody" in caught.value.command


async def test_options_need_a_file() -> None:
    with pytest.raises(ValueError, match="file"):
        await Fail2BanClient("/nowhere").jail("sshd").add_action("noop", options={"a": 1})
