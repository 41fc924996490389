"""A daemon that holds 100,000 bans, and the program `bangui serve` beside it, from outside."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bench.jails import add_jail
from packages.bangui.tests.runtime.console import Person

BANS = 100_000
MANY, SMALL = "holds-many", "small"
_SMALL_BANS = 100
_PATIENCE = 300.0
# The start pays for everything once; what is at rest is measured when that is over.
_SETTLE_SECONDS = 20.0
_REST_SHARE = 0.05


@asynccontextmanager
async def full_daemon(installation: Fail2BanInstallation, folder: Path) -> AsyncIterator[Fail2BanProcess]:
    """A daemon with a database, so many bans in one jail, and two ordinary jails."""
    async with (
        Fail2BanProcess(installation) as daemon,
        Fail2BanClient(daemon.socket_path, timeout=120) as client,
    ):
        await client.send(["set", "dbfile", str(folder / "fail2ban.sqlite3")])
        for name, bans in ((MANY, BANS), (SMALL, _SMALL_BANS), ("empty", 0)):
            await add_jail(client, name, bans)
        # A thread of the daemon writes the rows while it goes on.
        await asyncio.sleep(_SETTLE_SECONDS)
        yield daemon


class RunningService:
    """The program `bangui serve`, from outside."""

    def __init__(self, socket_path: str, data: Path) -> None:
        self._command = [sys.executable, "-m", "bangui", "serve", "--socket", socket_path, "--port", "0", "--json"]
        self._command += ["--data", str(data)]
        self._process: asyncio.subprocess.Process | None = None
        self._person = Person("")

    async def set_up(self) -> None:
        """Start it for the first time, make an account and log in; what is measured then is another start."""
        told = await self._run()
        await asyncio.to_thread(self._person.set_up, told["link"])
        await self.stop()

    async def start(self) -> float:
        """Start it and return the seconds until somebody who is logged in sees the first page."""
        started = time.perf_counter()
        await self._run()
        await self._page()
        return time.perf_counter() - started

    async def _run(self) -> dict[str, str]:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        if self._process.stdout is None:
            raise RuntimeError("the service has no output")
        told: dict[str, str] = json.loads(await self._process.stdout.readline())
        self._person.url = told["url"]
        return told

    async def wait_for_every_ban(self) -> None:
        """Wait until the page of bans lists all of them."""
        deadline = time.monotonic() + _PATIENCE
        while not re.search(rf"of {BANS + _SMALL_BANS:,}\b", await asyncio.to_thread(self._person.page, "bans")):
            if time.monotonic() > deadline:
                raise TimeoutError(f"the page does not list {BANS + _SMALL_BANS:,} bans")
            await asyncio.sleep(0.5)

    async def rows(self, path: str) -> float:
        """Return the seconds until a page that lists all bans is there."""
        started = time.perf_counter()
        page = await asyncio.to_thread(self._person.page, path)
        seconds = time.perf_counter() - started
        if f"of {BANS + _SMALL_BANS:,}" not in page:
            raise ValueError(f"{path} does not list {BANS + _SMALL_BANS:,} bans")
        return seconds

    async def wait_for_rest(self) -> None:
        """Wait until the import of the history, and all else that a start brings, is over."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            before = self.cpu_seconds()
            await asyncio.sleep(_SETTLE_SECONDS)
            if self.cpu_seconds() - before < _SETTLE_SECONDS * _REST_SHARE:
                return
        raise TimeoutError("the service does not come to rest")

    async def stop(self) -> None:
        """End it."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()

    @property
    def url(self) -> str:
        """The address of the first page."""
        return self._person.url

    def cookies(self) -> list[tuple[str, str]]:
        """Return what a browser needs to be logged in."""
        return self._person.cookies()

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used so far."""
        fields = self._proc("stat").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        """Return how much memory it holds."""
        found = re.search(r"^VmRSS:\s+(\d+) kB$", self._proc("status"), re.MULTILINE)
        if found is None:
            raise RuntimeError("the kernel does not tell the memory of a process")
        return int(found[1]) / 1000

    def _proc(self, name: str) -> str:
        if self._process is None:
            raise RuntimeError("the service was not started")
        return Path(f"/proc/{self._process.pid}/{name}").read_text(encoding="ascii", errors="replace")

    async def _page(self) -> str:
        return await asyncio.to_thread(self._person.page)
