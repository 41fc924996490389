"""A daemon whose clock is stepped, forwards and back, as an administrator or a time server may do."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.proofs.collecting import UNSURE_SECONDS, Collecting, counted, stop
from packages.bangui.tests.proofs.truth import read_truth

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

_JAIL = """
[app]
enabled = true
filter = sshd
backend = polling
logpath = {log}
action =
bantime = 1d
"""


# Python runs this file first; the daemon, which is Python, then sees another time than everybody else.
_CUSTOMIZE = """
import time

_real = time.time


def _offset():
    with open({path!r}) as file:
        return float(file.read() or 0)


time.time = lambda: _real() + _offset()
time.time_ns = lambda: int(time.time() * 1e9)
"""


class Clock:
    """The clock of a daemon: the real time, and an offset that can be changed while it runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "offset"
        self.step(0)
        (folder / "usercustomize.py").write_text(_CUSTOMIZE.format(path=str(self._file)))

    def step(self, seconds: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self._file)

    def given_to(self, installation: Fail2BanInstallation) -> Fail2BanInstallation:
        environment = {name: text for name, text in installation.environment.items() if name != "PYTHONNOUSERSITE"}
        folders = [str(self._folder), *filter(None, [environment.get("PYTHONPATH")])]
        return replace(installation, environment={**environment, "PYTHONPATH": os.pathsep.join(folders)})


async def test_bans_are_kept_once_each_whatever_the_clock_says(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    log = tmp_path / "auth.log"
    log.touch()
    clock = Clock(tmp_path)
    async with Fail2BanProcess(clock.given_to(one_installation), jail_local=_JAIL.format(log=log)) as daemon:
        collecting = Collecting(daemon, tmp_path / "data")
        process = collecting.start()
        try:
            for round, offset in enumerate((0, 7200, -3600, 0)):
                clock.step(offset)
                await _ban_and_unban(daemon, round)
                await asyncio.sleep(1.5)
            assert process.poll() is None
        finally:
            stop(process)
        await asyncio.sleep(UNSURE_SECONDS)
        await asyncio.to_thread(collecting.catch_up)
        truth = read_truth(daemon.log_path)
        bans = await asyncio.to_thread(collecting.events, "ban")
        unbans = await asyncio.to_thread(collecting.events, "unban")
    assert truth.bans.total() == 16
    assert counted(bans) == truth.bans
    assert counted(unbans) == truth.unbans
    now = datetime.now().astimezone()
    ahead = [ban for ban in bans if datetime.fromisoformat(ban.time) > now + timedelta(hours=1)]
    behind = [ban for ban in bans if datetime.fromisoformat(ban.time) < now - timedelta(minutes=30)]
    assert (len(ahead), len(behind)) == (4, 4)


async def _ban_and_unban(daemon: Fail2BanProcess, round: int) -> None:
    async with Fail2BanClient(daemon.socket_path, timeout=30) as client:
        own = [f"203.0.113.{10 * round + number}" for number in range(3)]
        await client.jail("app").ban([*own, "198.51.100.1"])
        await asyncio.sleep(1.2)
        # One that comes back in every round, and one of each round.
        await client.jail("app").unban(["198.51.100.1", own[0]])
