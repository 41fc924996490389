"""Many clients at once against one daemon, whose queue of connections holds two."""

from __future__ import annotations

import asyncio
import sys

import pytest

from aiofail2ban import Fail2BanClient, Fail2BanResponse
from aiofail2ban.testing import Fail2BanProcess

pytestmark = pytest.mark.daemon

CLIENTS = 24
ROUNDS = 20
BUSY_SECONDS = 0.2

# What one of the processes runs: it says "ready", waits for a line, sends its commands, and names what went wrong.
PROGRAM = """
import asyncio, sys
from aiofail2ban import Fail2BanClient

async def main(path, name, rounds):
    print("ready", flush=True)
    sys.stdin.readline()
    async with Fail2BanClient(path) as client:
        for number in range(rounds):
            reply = await client.send(["echo", name, number])
            assert reply == (0, [name, number]), reply

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def test_no_command_of_24_clients_in_one_process_fails(daemon: Fail2BanProcess) -> None:
    clients = [Fail2BanClient(daemon.socket_path) for _ in range(CLIENTS)]

    async def converse(number: int) -> list[Fail2BanResponse]:
        return [await clients[number].send(["echo", number, line]) for line in range(ROUNDS)]

    try:
        replies = await asyncio.gather(*[converse(number) for number in range(CLIENTS)])
    finally:
        for client in clients:
            await client.aclose()

    assert replies == [[(0, [number, line]) for line in range(ROUNDS)] for number in range(CLIENTS)]


async def test_no_command_of_24_clients_fails_while_the_daemon_is_busy_for_a_moment(daemon: Fail2BanProcess) -> None:
    other = Fail2BanClient(daemon.socket_path)
    clients = [Fail2BanClient(daemon.socket_path) for _ in range(CLIENTS)]
    try:
        assert await other.ping()
        # On a connection of its own: the queue of connections fills meanwhile.
        busy = asyncio.ensure_future(other.sleep(BUSY_SECONDS))
        await asyncio.sleep(0.01)
        replies = await asyncio.gather(*[client.send(["echo", number]) for number, client in enumerate(clients)])
        await busy
    finally:
        for client in [other, *clients]:
            await client.aclose()

    assert replies == [(0, [number]) for number in range(CLIENTS)]


async def test_no_command_of_24_processes_fails(daemon: Fail2BanProcess) -> None:
    programs = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            *("-c", PROGRAM, daemon.socket_path, f"client-{number}", str(ROUNDS)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for number in range(CLIENTS)
    ]
    for program in programs:
        assert program.stdout is not None
        assert await program.stdout.readline() == b"ready\n"

    outcomes = await asyncio.gather(*[program.communicate(b"go\n") for program in programs])

    assert [program.returncode for program in programs] == [0] * CLIENTS, [error for _, error in outcomes]
