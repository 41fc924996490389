"""A daemon that is restarted, reloaded, stopped and rotated under a collector: one event for what happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.proofs.collecting import UNSURE_SECONDS, Collecting, counted, stop
from packages.bangui.tests.proofs.truth import Truth, read_truth

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

_JAILS = """
[DEFAULT]
backend = polling
usedns = no
maxretry = 2
findtime = 1h
action =

[sshd]
enabled = true
# Newer Debian packages have another one in this very section.
backend = polling
filter = sshd
logpath = {log}
bantime = 1h

[short]
enabled = true
filter = sshd
logpath = {log}
bantime = 2
"""


class Attack:
    """Writes failures of logins, as sshd does, and keeps count of them."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.written: Counter[tuple[str, str]] = Counter()
        log.touch()

    def fail(self, id: str, times: int = 2) -> None:
        with self.log.open("a") as file:
            for number in range(times):
                stamp = datetime.now().astimezone().strftime("%b %d %H:%M:%S")
                file.write(f"{stamp} host sshd[{4000 + number}]: Invalid user eve from {id} port 4022\n")
        for jail in ("sshd", "short"):
            self.written[jail, id] += times


@contextmanager
def running(collecting: Collecting) -> Iterator[None]:
    process = collecting.start()
    try:
        yield
        assert process.poll() is None, process.stderr and process.stderr.read()
    finally:
        stop(process)


async def settle(daemon: Fail2BanProcess, jail: str, bans: int) -> None:
    """Wait until a jail holds so many bans."""
    async with Fail2BanClient(daemon.socket_path, timeout=30) as client, asyncio.timeout(60):
        while (await client.jail(jail).status()).currently_banned != bans:
            await asyncio.sleep(0.1)


async def banned(daemon: Fail2BanProcess, jail: str, id: str) -> None:
    """Wait until the log of the daemon, as it is now, tells of a ban."""
    async with asyncio.timeout(60):
        while not read_truth(daemon.log_path).bans[jail, id]:
            await asyncio.sleep(0.1)


async def test_each_thing_that_happened_is_one_event(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    attack = Attack(tmp_path / "auth.log")
    async with Fail2BanProcess(installation, jail_local=_JAILS.format(log=attack.log)) as daemon:
        collecting = Collecting(daemon, tmp_path / "data")
        with running(collecting):
            attack.fail("203.0.113.1")
            attack.fail("203.0.113.2")
            await settle(daemon, "sshd", 2)
            async with Fail2BanClient(daemon.socket_path) as client:
                # Erases the rows of this ban in the daemon's own database, and another one by hand comes.
                await client.unban("203.0.113.1")
                await client.jail("sshd").ban("198.51.100.7")
            await settle(daemon, "short", 0)  # these end by themselves
            await asyncio.sleep(UNSURE_SECONDS)
            await daemon.restart()
            await settle(daemon, "sshd", 2)
            attack.fail("203.0.113.3")
            await settle(daemon, "sshd", 3)
            await daemon.run_client("reload")
            await daemon.run_client("reload", "--restart", "sshd")
            await settle(daemon, "sshd", 3)
            rotated = daemon.log_path.rename(daemon.log_path.with_name("fail2ban.log.1"))
            await daemon.run_client("flushlogs")
            attack.fail("203.0.113.1")  # banned once more: a new ban
            await settle(daemon, "sshd", 4)
            await banned(daemon, "short", "203.0.113.1")
            await daemon.stop()
            await asyncio.sleep(1)
        await asyncio.to_thread(collecting.catch_up)
        truth = read_truth(rotated, daemon.log_path)
        await asyncio.to_thread(_compare, collecting, truth, attack)


def _compare(collecting: Collecting, truth: Truth, attack: Attack) -> None:
    bans = collecting.events("ban")
    assert counted(bans) == truth.bans
    assert counted(bans)["sshd", "203.0.113.1"] == 2
    assert counted(collecting.events("restore")) == truth.restores
    # What a daemon reads again after a restart is the same failure as before.
    assert counted(collecting.events("failure")) == attack.written
    origins = {(event.jail, event.id): event.origin for event in bans}
    assert origins["sshd", "198.51.100.7"] == "hand"
    assert origins["sshd", "203.0.113.2"] == "filter"
    unbans = counted(collecting.events("unban"))
    # A ban that is only suspended while its jail stands still has not ended.
    assert unbans["sshd", "203.0.113.1"] == 1
    assert unbans["sshd", "203.0.113.2"] == 0
    assert unbans["sshd", "203.0.113.3"] == 0
    assert unbans["short", "203.0.113.2"] >= 1
    assert collecting.events("repeal")


async def test_what_happened_before_the_collector_came_is_read_from_rotated_logs_and_the_database(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    attack = Attack(tmp_path / "auth.log")
    async with Fail2BanProcess(one_installation, jail_local=_JAILS.format(log=attack.log)) as daemon:
        for number in range(1, 4):
            attack.fail(f"203.0.113.{number}")
            await settle(daemon, "sshd", number)
            for old in (2, 1):
                name = daemon.log_path.with_name(f"fail2ban.log.{old}")
                if name.exists():
                    name.rename(name.with_name(f"fail2ban.log.{old + 1}"))
            daemon.log_path.rename(daemon.log_path.with_name("fail2ban.log.1"))
            await daemon.run_client("flushlogs")
        await settle(daemon, "short", 0)
        await asyncio.sleep(UNSURE_SECONDS)
        collecting = Collecting(daemon, tmp_path / "data")
        for _ in range(2):  # the second time nothing is new
            await asyncio.to_thread(collecting.catch_up)
            logs = [daemon.log_path.with_name(f"fail2ban.log.{number}") for number in (3, 2, 1)]
            truth = read_truth(*logs, daemon.log_path)
            events = await asyncio.to_thread(collecting.events)
            assert counted([one for one in events if one.kind == "ban"]) == truth.bans
            assert counted([one for one in events if one.kind == "unban"]) == truth.unbans
            assert counted([one for one in events if one.kind == "failure"]) == attack.written


async def test_bans_that_the_daemon_purges_stay_in_the_history(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    attack = Attack(tmp_path / "auth.log")
    config = {"fail2ban.d/purge.local": "[DEFAULT]\ndbpurgeage = 2\n"}
    async with Fail2BanProcess(
        one_installation, jail_local=_JAILS.format(log=attack.log), config_files=config
    ) as daemon:
        collecting = Collecting(daemon, tmp_path / "data")
        attack.fail("203.0.113.1")
        await settle(daemon, "sshd", 1)
        await asyncio.to_thread(collecting.catch_up)
        before = await asyncio.to_thread(collecting.events, "ban")
        await asyncio.sleep(3)
        daemon.log_path.write_text("")  # and its log is emptied as well
        await daemon.restart()
        await asyncio.to_thread(collecting.catch_up)
        assert await asyncio.to_thread(collecting.events, "ban") == before
