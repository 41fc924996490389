"""The sample programs in docs/samples, run as a reader runs them, against real daemons."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess

pytestmark = pytest.mark.daemon

SAMPLES = Path(__file__).parents[4] / "docs" / "samples"
LIMIT = 20.0


async def start(sample: str, socket_path: str, *arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, str(SAMPLES / sample), "--socket", socket_path, *arguments, stdout=PIPE, stderr=PIPE
    )


async def run(sample: str, socket_path: str, *arguments: str) -> tuple[int | None, str, str]:
    program = await start(sample, socket_path, *arguments)
    async with asyncio.timeout(LIMIT):
        output, errors = await program.communicate()
    return program.returncode, output.decode(), errors.decode()


async def read_line(program: Process) -> str:
    assert program.stdout is not None
    async with asyncio.timeout(LIMIT):
        return (await program.stdout.readline()).decode()


async def make_jails(client: Fail2BanClient) -> None:
    for name in ("sshd", "recidive"):
        jail = await client.add_jail(name, "polling")
        await jail.set_bantime(3600)
        await jail.start()


async def test_watch_bans_prints_the_bans_that_are_there_and_then_each_new_one(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await make_jails(client)
        await client.jail("sshd").ban("192.0.2.1")
        program = await start("watch_bans.py", daemon.socket_path, "--every", "0.05")
        try:
            assert (await read_line(program)).startswith("sshd: '192.0.2.1' until 2")
            await client.jail("recidive").ban("2001:db8::7")
            assert (await read_line(program)).startswith("recidive: '2001:db8::7' until 2")
            await client.jail("sshd").set_bantime(-1)
            await client.jail("sshd").ban("\x1b[2J")
            assert await read_line(program) == "sshd: '\\x1b[2J' until for ever\n"
        finally:
            program.terminate()
            await program.communicate()


async def test_watch_bans_goes_on_when_the_daemon_was_away(one_daemon: Fail2BanProcess) -> None:
    program = await start("watch_bans.py", one_daemon.socket_path, "--every", "0.05")
    try:
        await one_daemon.restart()
        async with Fail2BanClient(one_daemon.socket_path) as client:
            await make_jails(client)
            await client.jail("sshd").ban("192.0.2.1")
            assert (await read_line(program)).startswith("sshd: '192.0.2.1' until 2")
    finally:
        program.terminate()
        await program.communicate()


async def test_unban_everywhere_says_where_an_address_was_banned(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await make_jails(client)
        await client.ban(["192.0.2.1", "192.0.2.2"], ["sshd", "recidive"])

        status, output, errors = await run("unban_everywhere.py", daemon.socket_path, "192.0.2.1", "203.0.113.9")

        assert (status, errors) == (0, "")
        assert output.splitlines() == [
            "192.0.2.1: was banned in sshd (192.0.2.1), recidive (192.0.2.1); bans ended: 2",
            "203.0.113.9: was banned in no jail; bans ended: 0",
        ]
        assert await client.banned() == {"sshd": ("192.0.2.2",), "recidive": ("192.0.2.2",)}


async def test_export_bans_writes_every_ban_as_json(daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(daemon.socket_path) as client:
        await make_jails(client)
        await client.jail("sshd").ban(["192.0.2.1", "2001:db8::7"])
        await client.jail("recidive").set_bantime(-1)
        await client.jail("recidive").ban("192.0.2.1")

    status, output, errors = await run("export_bans.py", daemon.socket_path)

    assert (status, errors) == (0, "")
    bans = json.loads(output)
    found = sorted((ban["jail"], ban["id"], ban["seconds"], ban["ends_at"] is None) for ban in bans)
    assert found == [
        ("recidive", "192.0.2.1", None, True),
        ("sshd", "192.0.2.1", 3600, False),
        ("sshd", "2001:db8::7", 3600, False),
    ]


@pytest.mark.parametrize("sample", ["export_bans.py", "unban_everywhere.py"])
async def test_a_missing_daemon_is_told_in_one_line(sample: str, tmp_path: Path) -> None:
    arguments = ["192.0.2.1"] if sample == "unban_everywhere.py" else []

    status, output, errors = await run(sample, str(tmp_path / "no.sock"), *arguments)

    assert (status, output) == (1, "")
    assert errors.count("\n") == 1
    assert "no.sock" in errors


def test_every_sample_is_run_here() -> None:
    tested = {"watch_bans.py", "unban_everywhere.py", "export_bans.py"}
    assert {path.name for path in SAMPLES.glob("*.py")} == tested
