"""A client in use for a long time holds on to nothing.

Here 200,000 commands, which take a few seconds and would show a leak of a single object in a hundred commands;
`script/bench soak` sends the 1,000,000 that a busy console needs in a day.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess

pytestmark = [pytest.mark.daemon, pytest.mark.slow]

BATCH = 1_000
WARM_UP_BATCHES = 20
BATCHES = 200
READING = (["ping"], ["status"], ["version"], ["get", "loglevel"], ["echo", "x" * 100], ["get", "dbfile"])
FAILING = (["nonsense"], ["status", "no-such-jail"])


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def has_more_descriptors(daemon: Fail2BanProcess, before: tuple[int, int]) -> bool:
    # Fewer is fine: what was there before the test may have been closed meanwhile.
    ours, theirs = before
    return descriptors(os.getpid()) > ours or descriptors(daemon.pid) > theirs


def resident_kibibytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:"))


async def send_batches(client: Fail2BanClient, count: int) -> None:
    commands = [READING[number % len(READING)] for number in range(BATCH - len(FAILING))]
    for _ in range(count):
        await asyncio.gather(*[client.send(command) for command in (*commands, *FAILING)])


async def grow(socket_path: str) -> tuple[int, int]:
    """Return by how many objects and kibibytes this process grows while 200,000 commands are sent."""
    async with Fail2BanClient(socket_path, timeout=30.0) as client:
        await send_batches(client, WARM_UP_BATCHES)
        gc.collect()
        objects, memory = len(gc.get_objects()), resident_kibibytes()
        await send_batches(client, BATCHES)
        gc.collect()
        return len(gc.get_objects()) - objects, resident_kibibytes() - memory


# The process of the tests has a memory full of other tests, which comes and goes as it likes.
_ALONE = (
    "import asyncio, sys; from packages.aiofail2ban.tests.daemons.test_endurance import grow;"
    " print(*asyncio.run(grow(sys.argv[1])))"
)


async def test_200_000_commands_leave_no_object_no_memory_and_no_descriptor_behind(
    one_daemon: Fail2BanProcess, pytestconfig: pytest.Config
) -> None:
    async with Fail2BanClient(one_daemon.socket_path, timeout=30.0) as client:
        await send_batches(client, WARM_UP_BATCHES)
        before = descriptors(os.getpid()), descriptors(one_daemon.pid)
        await send_batches(client, WARM_UP_BATCHES)
        assert not has_more_descriptors(one_daemon, before)
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ALONE, one_daemon.socket_path, cwd=pytestconfig.rootpath, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    objects, memory = map(int, said.split())
    assert objects < BATCHES
    assert memory < 1024


async def test_a_thousand_clients_one_after_the_other_leave_no_descriptor_behind(one_daemon: Fail2BanProcess) -> None:
    before = descriptors(os.getpid()), descriptors(one_daemon.pid)

    for number in range(1_000):
        client = Fail2BanClient(one_daemon.socket_path)
        assert await client.ping()
        if number % 2:  # the others are forgotten, as happens
            await client.aclose()
        del client

    gc.collect()
    async with asyncio.timeout(5):
        while has_more_descriptors(one_daemon, before):
            await asyncio.sleep(0.01)
