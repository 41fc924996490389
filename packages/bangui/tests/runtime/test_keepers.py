from __future__ import annotations

import asyncio
from pathlib import Path

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.sql.accounts import SqlAccountStore
from bangui.domain.accounts import Actor, Via
from bangui.domain.addresses import parse_address
from bangui.runtime.keepers import keeping
from bangui.runtime.late import LateDatabase
from bangui.services.allow_changes import NewAllowed
from bangui.services.audit import AuditTrail
from bangui.services.live import LiveState
from bangui.services.pace import Pace
from packages.bangui.tests.memory import MemoryGateway, MemoryJail

JAIL = """
[one]
enabled = true
filter =
failregex = ^never <HOST>$
logpath = {log}
backend = polling
action =
"""
ADA = Actor("ada", Via.SESSION, "192.0.2.1")


async def test_what_was_allowed_is_put_back_by_the_next_run_of_bangui_as_well(tmp_path: Path) -> None:
    database = LateDatabase(str(tmp_path / "history.sqlite3"))
    trail = AuditTrail(SqlAccountStore(database.engine()))
    gateway = MemoryGateway("here")
    gateway.jails["sshd"] = MemoryJail()
    live = LiveState(gateway, Pace(interval=0.01))
    async with keeping(database, gateway, live, trail) as service:
        await service.add(NewAllowed((parse_address("192.0.2.7"),), note="office"), ADA)
    gateway.jails["sshd"] = MemoryJail()
    async with keeping(database, gateway, live, trail) as service, asyncio.timeout(20):
        while gateway.jails["sshd"].allowed != ("192.0.2.7",):
            await asyncio.sleep(0.01)
        (line,) = (await service.view()).lines
        assert (line.note, line.author) == ("office", "ada")
    database.close()


async def test_a_daemon_that_was_restarted_gets_back_what_was_allowed(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    database = LateDatabase(str(tmp_path / "history.sqlite3"))
    log = tmp_path / "app.log"
    log.touch()
    trail = AuditTrail(SqlAccountStore(database.engine()))
    async with (
        Fail2BanProcess(one_installation, jail_local=JAIL.format(log=log)) as daemon,
        Fail2BanClient(daemon.socket_path) as client,
        asyncio.TaskGroup() as group,
    ):
        gateway = Fail2BanGateway("here", client, client.aclose)
        live = LiveState(gateway)
        polling = group.create_task(live.run())
        async with keeping(database, gateway, live, trail) as service, asyncio.timeout(60):
            await service.add(NewAllowed((parse_address("192.0.2.7"),)), ADA)
            assert "192.0.2.7" in await client.jail("one").get_ignoreip()
            await daemon.restart()
            while "192.0.2.7" not in await client.jail("one").get_ignoreip():
                await asyncio.sleep(0.1)
        polling.cancel()
    database.close()
