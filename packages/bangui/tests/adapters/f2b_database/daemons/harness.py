"""Real daemons with databases, and a reader that reads on from where it left off."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.f2b_database.source import DatabaseSource
from bangui.domain.history import Observation
from bangui.domain.history_ports import SourceAway

_PURGE = "import sys; from fail2ban.server.database import Fail2BanDb; Fail2BanDb(sys.argv[1], purgeAge=-10).purge()"


@asynccontextmanager
async def jails(daemon: Fail2BanProcess, *names: str) -> AsyncIterator[Fail2BanClient]:
    """Give the daemon its database and jails without actions."""
    async with Fail2BanClient(daemon.socket_path) as client:
        await run(client, "set", "dbfile", str(daemon.database_path))
        for name in names:
            await run(client, "add", name, "polling")
            await run(client, "set", name, "bantime", "600")
            await run(client, "set", name, "maxretry", "2")
            await run(client, "start", name)
        yield client


async def run(client: Fail2BanClient, *command: object) -> object:
    """Send a command that succeeds, and return what it answers."""
    response = await client.send(list(command))
    assert not isinstance(response, str), (command, response)
    assert response[0] == 0, (command, response)
    return response[1]


def purge(daemon: Fail2BanProcess) -> None:
    """Take away all history, as the daemon does once an hour with what is old."""
    subprocess.run(
        [daemon.installation.server[0], "-c", _PURGE, str(daemon.database_path)],
        env=dict(daemon.installation.environment),
        check=True,
        capture_output=True,
    )


class Reader:
    """Reads on from where it left off, and remembers what it was told."""

    def __init__(self, path: Path) -> None:
        self.source = DatabaseSource("here", path)
        self.cursor: str | None = None
        self.told: dict[tuple[str, str, int], Observation] = {}

    def read(self) -> int:
        """Read to the end; return how many observations there were."""
        count = 0
        while True:
            reading = self.source.read(self.cursor)
            count += len(reading.observations)
            for one in reading.observations:
                known = self.told.get((one.jail, one.id, one.time // 1000))
                if known is None or len(known.lines) <= len(one.lines):
                    self.told[one.jail, one.id, one.time // 1000] = one
            self.cursor = reading.cursor
            if not reading.has_more:
                return count

    def ids(self) -> set[str]:
        """Return the ids of all bans that were told."""
        return {id for _, id, _ in self.told}

    async def until_seen(self, *ids: str) -> None:
        """Read again and again until all these were told; a thread of the daemon's writes the rows, a little later."""
        await self._until(lambda: self.ids().issuperset(ids))

    async def until_told(self, count: int) -> None:
        """Read again and again until so many bans were told."""
        await self._until(lambda: len(self.told) >= count)

    async def _until(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while True:
                self.read()
                if is_true():
                    return
                await asyncio.sleep(0.02)


def rows(path: Path) -> set[tuple[str, str, int]]:
    """Return the jail, id and time of all bans in the history of a database."""
    connection = sqlite3.connect(path)
    try:
        return set(connection.execute("SELECT jail, ip, timeofban FROM bans").fetchall())
    finally:
        connection.close()


@contextmanager
def busy_threads() -> Iterator[None]:
    """Let other threads of this process compute, as a busy service does."""
    done = threading.Event()

    def compute() -> None:
        while not done.is_set():
            sum(range(5_000))

    threads = [threading.Thread(target=compute) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


@contextmanager
def reading_all_the_time(reader: Reader) -> Iterator[list[str]]:
    """Read in a thread without a pause; yields what could not be read."""
    done = threading.Event()
    problems: list[str] = []

    def read() -> None:
        while not done.is_set():
            try:
                reader.read()
            except SourceAway as error:
                problems.append(error.message)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield problems
    finally:
        done.set()
        thread.join()
