from __future__ import annotations

from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanCommandError, InvalidCommandError, InvalidValueError
from aiofail2ban.jail import Jail
from aiofail2ban.testing import Fail2BanProcess

pytestmark = pytest.mark.daemon


async def test_the_log_level_is_a_name_or_digits(client: Fail2BanClient) -> None:
    before = await client.get_loglevel()
    assert await client.set_loglevel("debug") == "DEBUG"
    assert await client.set_loglevel("20") == "20"
    assert await client.get_loglevel() == "20"
    with pytest.raises(InvalidValueError, match="NOPE"):
        await client.set_loglevel("NOPE")
    await client.set_loglevel(before)


async def test_the_log_target_changes_and_its_file_is_reopened(
    client: Fail2BanClient, module_daemon: Fail2BanProcess, tmp_path: Path
) -> None:
    target = str(tmp_path / "other.log")
    assert await client.set_logtarget(target) == target
    assert await client.get_logtarget() == target
    assert await client.flushlogs() == "rolled over"
    with pytest.raises(InvalidValueError, match="log target"):
        await client.set_logtarget("/no/such/folder/x.log")
    assert await client.set_logtarget("STDERR") == "STDERR"
    assert await client.flushlogs() == "flushed"
    await client.set_logtarget(str(module_daemon.log_path))


async def test_the_socket_of_syslog(client: Fail2BanClient) -> None:
    assert await client.get_syslogsocket() == "auto"
    assert await client.set_syslogsocket("/dev/log") == "/dev/log"
    assert await client.set_syslogsocket("auto") == "auto"


async def test_the_stack_of_threads(client: Fail2BanClient) -> None:
    assert await client.get_thread_stacksize() == 0
    await client.set_thread_stacksize(64)
    assert await client.get_thread_stacksize() == 64
    await client.set_thread_stacksize(0)
    with pytest.raises(InvalidValueError):
        await client.set_thread_stacksize(7)


async def test_a_daemon_without_a_database_says_none(client: Fail2BanClient) -> None:
    assert await client.set_dbfile(None) is None
    assert await client.get_dbfile() is None
    assert await client.set_dbpurgeage("1d") is None
    assert await client.get_dbpurgeage() is None
    assert await client.set_dbmaxmatches(5) is None
    assert await client.get_dbmaxmatches() is None


async def test_the_database_and_what_it_keeps(client: Fail2BanClient, tmp_path: Path) -> None:
    path = str(tmp_path / "bans.sqlite3")
    assert await client.set_dbfile(path) == path
    assert await client.get_dbfile() == path
    assert await client.set_dbpurgeage("2d") == 172800
    assert await client.get_dbpurgeage() == 172800
    assert await client.set_dbmaxmatches(5) == 5
    assert await client.get_dbmaxmatches() == 5
    await client.set_dbfile(None)


async def test_the_database_stays_while_there_are_jails(client: Fail2BanClient, jail: Jail, tmp_path: Path) -> None:
    assert jail.name in (await client.status()).jail_names
    with pytest.raises(Fail2BanCommandError, match="jails present") as caught:
        await client.set_dbfile(str(tmp_path / "other.sqlite3"))
    assert caught.value.error_class == "RuntimeError"


async def test_addresses_of_ipv6_are_allowed_or_the_daemon_is_too_old_to_be_told(client: Fail2BanClient) -> None:
    try:
        for is_allowed in (False, True, None):
            await client.set_allowipv6(is_allowed)
    except InvalidCommandError:
        assert (await client.version()).startswith("0.")
