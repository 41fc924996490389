"""Bans with a duration of their own on real daemons, through restarts of everybody."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.recorded_bans import RecordedBans
from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.migrate import migrate
from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.domain.accounts import Actor, Via
from bangui.domain.ban_wishes import BanWish
from bangui.domain.gateway import Gateway
from bangui.domain.operations import BanIds, ReadBans, ReadRecordedBans
from bangui.domain.outcomes import BanResult
from bangui.domain.timed_asking import Wanted
from bangui.domain.timed_bans import TimedKey
from bangui.runtime.access import access_over
from bangui.runtime.banning import ServedHost, banning, instance_behind
from bangui.runtime.late import LateDatabase
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.clock import unix_milliseconds
from bangui.services.live import LiveState
from bangui.services.timed_bans import TimedBans
from packages.bangui.tests.filled_history import FixedPlaces
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

_JAIL = """
[sshd]
enabled = true
backend = polling
usedns = no
bantime = 1h
logpath = {log}
action =
"""
HOST = socket.gethostname()
ADA = Actor("ada", Via.SESSION, "198.51.100.7")
IP = "203.0.113.7"


class ShiftedClock:
    """The clock of this machine, moved by so many milliseconds."""

    def __init__(self) -> None:
        self.shift = 0

    def __call__(self) -> int:
        return unix_milliseconds() + self.shift


@asynccontextmanager
async def a_service(socket_path: str, folder: Path) -> AsyncIterator[tuple[BanActions, Gateway]]:
    """Run what bans, as `serve` does, over a history in a folder."""
    async with Fail2BanClient(socket_path, timeout=20) as client:
        gateway = Fail2BanGateway(HOST, client, client.aclose, database=RecordedBans(HOST))
        with closing(LateDatabase(str(folder / "history.sqlite3"))) as database:
            trail = access_over(database).trail
            host = ServedHost(gateway, LiveState(gateway), socket_path)
            async with banning(database, host, trail, places=FixedPlaces()) as actions:
                yield actions, gateway


async def end_of_ban(gateway: Gateway) -> float | None:
    """Return when the ban ends, in seconds; None where there is none."""
    for ban in await gateway.perform(ReadBans("sshd")):
        if ban.id == IP and ban.ends_at is not None:
            return ban.ends_at.timestamp()
    return None


def bring_forward(folder: Path, seconds: int) -> None:
    """Let a timed ban be wanted so much shorter, as if the time had gone by."""
    engine = open_engine(str(folder / "history.sqlite3"))
    store = SqlTimedBans(engine)
    (ban,) = store.find(HOST, [TimedKey("sshd", IP)]).values()
    store.put([replace(ban, ends=ban.ends - seconds * 1000, look_at=ban.asked)])
    engine.dispose()


async def make_jail(socket_path: str) -> None:
    """Make a jail that bans for an hour, in a daemon that forgets its bans when it ends."""
    async with Fail2BanClient(socket_path) as client:
        for command in (
            ["set", "dbfile", "None"],
            ["add", "sshd", "polling"],
            ["set", "sshd", "bantime", "3600"],
            ["start", "sshd"],
        ):
            response = await client.send(command)
            assert response[0] == 0, (command, response)


async def until_unbanned(gateway: Gateway) -> None:
    async with asyncio.timeout(60):
        while await end_of_ban(gateway) is not None:
            await asyncio.sleep(0.05)


async def test_a_ban_ends_in_time_also_when_the_service_was_restarted(daemon: Fail2BanProcess, tmp_path: Path) -> None:
    await make_jail(daemon.socket_path)
    async with a_service(daemon.socket_path, tmp_path) as (actions, _):
        await actions.ban(BanWish((IP,), ("sshd",), "scans", 600), ADA)
    bring_forward(tmp_path, 600)
    async with a_service(daemon.socket_path, tmp_path) as (_, gateway):
        await until_unbanned(gateway)


async def test_a_ban_ends_in_time_also_when_fail2ban_was_restarted(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    (tmp_path / "auth.log").touch()
    jail_local = _JAIL.format(log=tmp_path / "auth.log")
    async with Fail2BanProcess(one_installation, jail_local=jail_local) as daemon:
        async with a_service(daemon.socket_path, tmp_path) as (actions, gateway):
            await actions.ban(BanWish((IP,), ("sshd",), "scans", 600), ADA)
            async with asyncio.timeout(60):
                while not await gateway.perform(ReadRecordedBans("sshd")):
                    await asyncio.sleep(0.05)
        first = instance_behind(daemon.socket_path)
        await daemon.restart()
        assert instance_behind(daemon.socket_path) not in {first, ""}
        async with Fail2BanClient(daemon.socket_path) as client, asyncio.timeout(60):
            while (await client.jail("sshd").status()).currently_banned != 1:
                await asyncio.sleep(0.05)
        async with a_service(daemon.socket_path, tmp_path) as (_, gateway):
            assert await end_of_ban(gateway) is not None
            await asyncio.to_thread(bring_forward, tmp_path, 600)
            await until_unbanned(gateway)


async def test_a_long_ban_is_made_longer_and_asked_for_again_after_a_restart_that_forgot_it(
    daemon: Fail2BanProcess, tmp_path: Path
) -> None:
    await make_jail(daemon.socket_path)
    engine = open_engine(str(tmp_path / "history.sqlite3"))
    migrate(engine)
    clock = ShiftedClock()
    async with Fail2BanClient(daemon.socket_path, timeout=20) as client:
        gateway = Fail2BanGateway(HOST, client, client.aclose)
        timed = TimedBans(
            gateway,
            SqlTimedBans(engine),
            BanRecords(HOST, None, None),
            instance=lambda: instance_behind(daemon.socket_path),
            now=clock,
        )
        wanted = Wanted(clock() + 7_200_000, "ada", "scans")
        new = await timed.begin("sshd", [IP], wanted, 3600)
        outcome = await gateway.perform(BanIds("sshd", (IP,)))
        await timed.confirm("sshd", outcome.ids, new)
        first = await end_of_ban(gateway)
        assert first is not None
        clock.shift += 3_590_000  # ten seconds before fail2ban would end it
        async with asyncio.timeout(60):
            while (await end_of_ban(gateway) or 0) <= first:
                await timed.look()
                clock.shift += 20_000
                await asyncio.sleep(0.5)  # the daemon counts whole seconds
        clock.shift = 60_000
        await timed.look()
        await daemon.restart()
        await make_jail(daemon.socket_path)
        assert await end_of_ban(gateway) is None
        async with asyncio.timeout(60):
            while await end_of_ban(gateway) is None:
                clock.shift += 25_000
                await timed.look()
    engine.dispose()


async def test_where_no_history_is_kept_nobody_remembers_durations(tmp_path: Path) -> None:
    gateway = MemoryGateway()
    gateway.jails["sshd"] = MemoryJail()
    with closing(LateDatabase(str(tmp_path / "history.sqlite3"))) as database:
        trail = access_over(database).trail
        host = ServedHost(gateway, LiveState(gateway), "")
        async with banning(database, host, trail, places=None) as actions:
            report = await actions.ban(BanWish((IP,), ("sshd",)), ADA)
            assert (report.changes[0].result, actions.knows_durations) == (BanResult.BANNED, False)


def test_where_no_socket_is_there_is_no_instance(tmp_path: Path) -> None:
    assert instance_behind(str(tmp_path / "none.sock")) == ""
    assert instance_behind("\0") == ""
