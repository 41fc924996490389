"""A wave of bans over a collector that is killed again and again: nothing is lost, and nothing is there twice."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.proofs.collecting import UNSURE_SECONDS, Collecting, counted, stop
from packages.bangui.tests.proofs.truth import read_truth

# A tenth of it is banned already.
_WAVE = 22_500
_BANS = 20_000
_SLICE = 50
_JAIL = """
[DEFAULT]
backend = polling
usedns = no
bantime = 3
action =

[wave]
enabled = true
filter = sshd
logpath = {log}
"""


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "auth.log"
    path.touch()
    return path


def ids() -> Iterator[str]:
    first = int(IPv4Address("11.0.0.0"))
    # Every tenth comes twice in a row: the second time it is banned already.
    return (str(IPv4Address(first + number - number % 10 // 9)) for number in range(_WAVE))


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_is_there_twice(
    one_installation: Fail2BanInstallation, log: Path, tmp_path: Path
) -> None:
    async with Fail2BanProcess(one_installation, jail_local=_JAIL.format(log=log)) as daemon:
        collecting = Collecting(daemon, tmp_path / "data")
        wave = asyncio.create_task(_ban(daemon, list(ids())))
        kills = 0
        chance = random.Random(1)
        while not wave.done():
            process = collecting.start()
            await asyncio.sleep(chance.uniform(0.3, 2.5))
            stop(process)
            kills += 1
        await wave
        await _until_every_ban_has_ended(daemon)
        await asyncio.sleep(UNSURE_SECONDS)
        await asyncio.to_thread(collecting.catch_up)
        truth = read_truth(daemon.log_path)
        bans = counted(await asyncio.to_thread(collecting.events, "ban"))
        unbans = counted(await asyncio.to_thread(collecting.events, "unban"))
    assert kills >= 5
    assert truth.bans.total() >= _BANS
    assert bans == truth.bans
    assert unbans == truth.unbans


async def _ban(daemon: Fail2BanProcess, wanted: list[str]) -> None:
    async with Fail2BanClient(daemon.socket_path, timeout=60) as client:
        for start in range(0, len(wanted), _SLICE):
            await client.send(["set", "wave", "banip", *wanted[start : start + _SLICE]])
            await asyncio.sleep(0.02)


async def _until_every_ban_has_ended(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path, timeout=60) as client, asyncio.timeout(120):
        while (await client.jail("wave").status()).currently_banned:
            await asyncio.sleep(0.2)
