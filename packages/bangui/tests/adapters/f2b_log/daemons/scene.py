"""A real daemon with jails whose logs a test writes, and its own log as `LogSource` tells it."""

from __future__ import annotations

import asyncio
import gzip
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, closing
from pathlib import Path

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.adapters.f2b_log import LogSource
from bangui.adapters.f2b_log.files import find_files
from bangui.domain.history import EventKind, Observation

SECONDS = 20.0
# Addresses are told as such, because 0.11 ignores no other ids.
FILTER = "[Definition]\nfailregex = ^ fail <ADDR>$\n            ^ fail <F-ID>.+</F-ID>$\nignoreregex =\n"
# One that is flushed as a whole when its jail stops, as nftables and ipset are.
FLUSHED = "[Definition]\nactionflush = true\nactionban = true\nactionunban = true\n"
# One that finds out that somebody has taken away what its start has made: it starts again, and its bans with it.
FRAIL = """[Definition]
actionstart = touch '<there>'
actionstop = rm -f '<there>'
actioncheck = test -e '<there>'
actionban = test -e '<there>'
actionunban = true
"""
_MESSAGE = re.compile(r"fail2ban\.(\w+) +\[\d+\]: [A-Z]+ +(.*)")

Identity = tuple[str, str, EventKind, int, int]


class Scene:
    """One daemon, with the jails `one` and `two`, and what happened to it."""

    def __init__(self, daemon: Fail2BanProcess, folder: Path) -> None:
        self.daemon = daemon
        self.folder = folder
        self.log = daemon.log_path
        self.failures: Counter[tuple[str, str, int]] = Counter()
        self.observations: list[Observation] = []
        self._cursor: str | None = None
        self._marked = 0

    @property
    def names_stops(self) -> bool:
        """Whether the daemon tells a ban that is suspended from one that is over."""
        return self.daemon.installation.version == "1.1.1"

    async def run(self, *words: str) -> None:
        """Run fail2ban-client."""
        done = await self.daemon.run_client(*words)
        assert done.status == 0, done.output

    def fail(self, jail: str, id: str, times: int = 1) -> None:
        """Let something fail now."""
        now = int(time.time())
        with (self.folder / f"{jail}.log").open("a", encoding="utf-8") as file:
            for _ in range(times):
                file.write(f"{time.strftime('%Y-%m-%d %H:%M:%S', time.localtime(now))} fail {id}\n")
        self.failures[jail, id, now * 1000] += times

    def mark(self) -> None:
        """Look from now on only at what is written to the log from now on."""
        self._marked = len(self._messages())

    def said(self) -> list[str]:
        """Return the daemon's messages since the mark, without those of the configuration."""
        return [message for message in self._messages()[self._marked :] if not message.startswith(_SETTINGS)]

    def _messages(self) -> list[str]:
        text = b""
        for path in find_files(self.log):
            text += gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        lines = text.decode(errors="replace").split("\n")
        return [found[2] for line in lines if (found := _MESSAGE.search(line)) is not None]

    async def until(self, message: str, times: int = 1) -> None:
        """Wait until the daemon has said something since the mark."""
        deadline = time.monotonic() + SECONDS
        while sum(said.startswith(message) for said in self.said()) < times:
            assert time.monotonic() < deadline, f"{message!r} not in {self.said()}"
            await asyncio.sleep(0.02)

    async def until_in_log(self, text: str) -> None:
        """Wait until something stands in the log, whatever its layout."""
        deadline = time.monotonic() + SECONDS
        while text not in self.log.read_text(errors="replace"):
            assert time.monotonic() < deadline, f"{text!r} not in {self.log}"
            await asyncio.sleep(0.02)

    def observe(self) -> list[Observation]:
        """Read on as a new process would that knows the cursor; return what is new."""
        with closing(LogSource("h", self.log)) as source:
            return self._read(source)

    def observe_to_the_end(self) -> list[Observation]:
        """The same, long afterwards."""
        with closing(LogSource("h", self.log, lambda: time.time() + 1_000)) as source:
            return self._read(source)

    def _read(self, source: LogSource) -> list[Observation]:
        new: list[Observation] = []
        has_more = True
        while has_more:
            reading = source.read(self._cursor, at_most=3)
            self._cursor, has_more = reading.cursor, reading.has_more
            new += reading.observations
        self.observations += new
        return new

    def failures_told(self) -> Counter[tuple[str, str, int]]:
        """Count each failure once, however often it was told, as the history does."""
        once = {identity(one): one for one in self.observations if one.kind is EventKind.FAILURE}
        return Counter((one.jail, one.id, one.time) for one in once.values())

    def from_scratch(self) -> list[Observation]:
        """Return all that the log tells."""
        with closing(LogSource("h", self.log, lambda: time.time() + 1_000)) as source:
            return list(source.read(None, at_most=1_000_000).observations)


_SETTINGS = (
    "maxRetry",
    "findtime",
    "banTime",
    "encoding",
    "Initiated",
    "Jail 'one' uses",
    "Jail 'two' uses",
    "default",
)


def kinds(observations: list[Observation]) -> list[str]:
    """Return what a test compares: kind, jail and id as text."""
    return [f"{one.kind.name} {one.jail} {one.id}" for one in observations]


def identity(one: Observation) -> Identity:
    """Return what makes an observation the same event for the history; a ban has its logged time as well."""
    return one.jail, one.id, one.kind, one.logged or 0 if one.kind is EventKind.BAN else one.time, one.ordinal


@asynccontextmanager
async def scene(
    installation: Fail2BanInstallation,
    folder: Path,
    *,
    default: Mapping[str, str] | None = None,
    one: str = "",
    action: str = "",
    level: str = "INFO",
    config_files: Mapping[str, str] | None = None,
) -> AsyncIterator[Scene]:
    """A daemon with two jails; `default` are options of both, `one` those of the first."""
    for jail in ("one", "two"):
        (folder / f"{jail}.log").touch()
    jails = "".join(
        f"[{jail}]\nenabled = true\nfilter = test\nlogpath = {folder}/{jail}.log\n{options}\n"
        for jail, options in (("one", one), ("two", ""))
    )
    settings = {"action": action, "backend": "polling", "bantime": "600", "maxretry": "3", "findtime": "600"}
    settings.update(default or {})
    general = "".join(f"{name} = {value}\n" for name, value in settings.items())
    jail_local = f"[DEFAULT]\n{general}\n{jails}"
    files = {
        "filter.d/test.conf": FILTER,
        "action.d/flushed.conf": FLUSHED,
        "action.d/frail.conf": FRAIL,
        "fail2ban.d/level.local": f"[DEFAULT]\nloglevel = {level}\n",
        **(config_files or {}),
    }
    async with Fail2BanProcess(installation, jail_local=jail_local, config_files=files) as daemon:
        yield Scene(daemon, folder)
