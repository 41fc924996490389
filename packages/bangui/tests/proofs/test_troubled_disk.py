"""A disk that is full, and a history that is damaged: said, survived, and made up for."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.proofs.collecting import Collecting, Kept, counted, stop
from packages.bangui.tests.proofs.small_disk import small_disk
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


async def ban(daemon: Fail2BanProcess, round: int, count: int) -> None:
    async with Fail2BanClient(daemon.socket_path, timeout=60) as client:
        await client.jail("app").ban([f"10.{round}.{number // 250}.{number % 250}" for number in range(count)])


def jail_local(tmp_path: Path) -> str:
    (tmp_path / "auth.log").touch()
    return _JAIL.format(log=tmp_path / "auth.log")


def complaints(process: subprocess.Popen[bytes], word: str, seconds: float = 30) -> str:
    """Read what a collector says until the word is in it, without waiting for ever."""
    assert process.stderr is not None
    os.set_blocking(process.stderr.fileno(), False)
    said = ""
    deadline = time.monotonic() + seconds
    while word not in said and time.monotonic() < deadline:
        said += (process.stderr.read() or b"").decode()
        time.sleep(0.05)
    assert word in said, said
    return said


async def until_kept(collecting: Collecting, count: int) -> list[Kept]:
    deadline = time.monotonic() + 60
    while len(kept := await asyncio.to_thread(collecting.events, "ban")) < count and time.monotonic() < deadline:
        await asyncio.sleep(0.3)
    return kept


async def test_a_full_disk_is_said_and_what_happened_meanwhile_is_made_up_for(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", "4m") as disk:
        async with Fail2BanProcess(one_installation, jail_local=jail_local(tmp_path)) as daemon:
            collecting = Collecting(daemon, disk.path, prefix=disk.prefix)
            await asyncio.to_thread(collecting.catch_up)
            process = collecting.start()
            try:
                await ban(daemon, 1, 200)
                await until_kept(collecting, 200)
                disk.fill()
                await ban(daemon, 2, 3_000)
                said = await asyncio.to_thread(complaints, process, "history_trouble")
                assert "full" in said
                assert process.poll() is None
                # What is there can be read all the same.
                assert len(await asyncio.to_thread(collecting.events, "ban")) >= 200
                disk.make_room()
                await asyncio.to_thread(complaints, process, "history_works_again", 60)
                bans = await until_kept(collecting, 3_200)
            finally:
                stop(process)
            assert counted(bans) == read_truth(daemon.log_path).bans


async def test_a_damaged_history_is_put_aside_and_made_anew_with_what_can_be_saved(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    async with Fail2BanProcess(one_installation, jail_local=jail_local(tmp_path)) as daemon:
        collecting = Collecting(daemon, data)
        await ban(daemon, 1, 500)
        await asyncio.sleep(1)
        await asyncio.to_thread(collecting.catch_up)
        assert len(await asyncio.to_thread(collecting.events, "ban")) == 500
        history = data / "history.sqlite3"
        _damage(history)
        process = collecting.start()
        try:
            await ban(daemon, 2, 500)
            await asyncio.to_thread(complaints, process, "damaged_history_put_aside", 60)
            bans = await until_kept(collecting, 1_000)
        finally:
            stop(process)
        assert counted(bans) == read_truth(daemon.log_path).bans
    aside = [path.name for path in data.iterdir() if "damaged" in path.name]
    assert aside, list(data.iterdir())


def _damage(history: Path) -> None:
    """Overwrite pages in the middle of the file, as a disk that fails does."""
    for name in ("history.sqlite3-wal", "history.sqlite3-shm"):
        history.with_name(name).unlink(missing_ok=True)
    size = history.stat().st_size
    with history.open("r+b") as file:
        for page in range(4, size // 4096, 3):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)


async def test_a_history_of_somebody_else_is_left_alone(one_installation: Fail2BanInstallation, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    foreign = data / "history.sqlite3"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE mine(x)")
    before = foreign.read_bytes()
    async with Fail2BanProcess(one_installation, jail_local=jail_local(tmp_path)) as daemon:
        done = await asyncio.to_thread(Collecting(daemon, data).run, "collect", "--once", "--json")
    assert done.returncode == 1
    assert "history" in json.loads(done.stderr.splitlines()[-1])["error"]["message"]
    assert foreign.read_bytes() == before
