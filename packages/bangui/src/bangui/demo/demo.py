"""The demo: a real fail2ban of its own, attacked by made-up traffic.

    async with Demo() as demo:
        print(demo.banner, demo.socket_path)
        await demo.run()

Nothing of the machine's own fail2ban or firewall is touched. Everything lies in one folder, which goes with the
`async with` block; the daemon is ended by force there, because nothing outside its folder and its namespaces knows of
it, and an orderly stop of twelve jails takes newer versions a quarter of a minute.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from aiofail2ban import Fail2BanClient, Fail2BanError
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.demo.errors import DemoFailed
from bangui.demo.firewall import Firewall, probe_firewall
from bangui.demo.folder import make_folder, remove_folder
from bangui.demo.jails import config_files, jail_local
from bangui.demo.logs import LogEvent
from bangui.demo.traffic import traffic
from bangui.demo.writer import LARGEST_LOG, LogWriter, rotate

# Addresses of documentation (RFC 5737, RFC 3849): nobody has them.
OWNER = ("192.0.2.10", "2001:db8::10")
_SEED = 1
_UPKEEP_SECONDS = 30.0
# Somebody may stop the daemon from the page or the command line; as a service manager would, the demo starts it again.
_RESTART_SECONDS = 5.0

T = TypeVar("T")

_log = logging.getLogger(__name__)


class Demo:
    """A private fail2ban and the traffic that it watches.

    `installation` is the fail2ban to run (default: the programs installed on this machine). `seed` decides what
    happens; `owner` are addresses that fail as they like and are never banned. `firewall` says where bans go; it is
    found out when not given.
    """

    def __init__(
        self,
        installation: Fail2BanInstallation | None = None,
        *,
        seed: int = _SEED,
        owner: Sequence[str] = OWNER,
        firewall: Firewall | None = None,
    ) -> None:
        self._installation = installation
        self._owner = tuple(owner)
        self._firewall = firewall
        self._events: Iterator[LogEvent] = traffic(seed, self._owner)
        self._next: LogEvent | None = None
        self._started = 0.0
        self._folder: Path | None = None
        self._writer: LogWriter | None = None
        self._daemon: Fail2BanProcess | None = None

    @property
    def directory(self) -> Path:
        """The folder that holds everything of the demo."""
        return _ready(self._folder)

    @property
    def daemon(self) -> Fail2BanProcess:
        """The private fail2ban."""
        return _ready(self._daemon)

    @property
    def socket_path(self) -> str:
        """The socket of the private fail2ban."""
        return self.daemon.socket_path

    @property
    def banner(self) -> str:
        """What is run here, and where its bans go."""
        version = self.daemon.installation.version
        return f"A private fail2ban {version} is being attacked with made-up traffic. {_ready(self._firewall).banner}"

    async def __aenter__(self) -> Self:
        try:
            await self._start()
        except Fail2BanError as problem:
            self._end()
            raise DemoFailed(f"the demo's fail2ban did not start: {problem}", problem.hint) from problem
        except BaseException:
            self._end()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    async def run(self) -> None:
        """Write the traffic as it happens, until cancelled; a daemon that ends meanwhile is started again."""
        problem: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._write_traffic())
                group.create_task(self._look_after())
        except* OSError as problems:
            problem = problems.exceptions[0]
        if problem is not None:  # raised out here, as `except*` would wrap it in a group
            raise DemoFailed(f"the demo cannot write its files: {problem}") from problem

    async def _start(self) -> None:
        installation = self._installation
        if installation is None:
            installation = await asyncio.to_thread(Fail2BanInstallation.find)
        firewall = self._firewall
        if firewall is None:
            firewall = self._firewall = await asyncio.to_thread(probe_firewall, installation.environment)
        # Not in a thread: cancelled meanwhile, the folder would be left without anybody who knows of it.
        self._folder = make_folder()
        logs, home = self._folder / "logs", self._folder / "fail2ban"
        self._writer = LogWriter(logs)
        (logs / "bans.log").touch(mode=0o600)
        home.mkdir(mode=0o700)
        self._daemon = Fail2BanProcess(
            installation,
            jail_local=jail_local(logs, home / "fail2ban.log", owner=self._owner, with_nftables=firewall.with_nftables),
            config_files=config_files(logs / "bans.log"),
            isolate=firewall.isolated,
            directory=home,
        )
        self._write_past(self._writer)
        self._started = asyncio.get_running_loop().time()
        await self._daemon.start()

    def _end(self) -> None:
        # No await: nothing can interrupt it, whatever ends the demo.
        if self._daemon is not None:
            self._daemon.kill()
        if self._folder is not None:
            remove_folder(self._folder)

    def _write_past(self, writer: LogWriter) -> None:
        """Write what has happened before the demo: the daemon finds it in the files when it starts."""
        now = datetime.now().astimezone()
        for event in self._events:
            if event.at >= 0:
                self._next = event
                return
            writer.write(event.line, now + timedelta(seconds=event.at))

    async def _write_traffic(self) -> None:
        writer, loop = _ready(self._writer), asyncio.get_running_loop()
        event = self._next or next(self._events)
        while True:
            delay = self._started + event.at - loop.time()
            if delay > 0:
                await asyncio.sleep(delay)
            writer.write(event.line, datetime.now().astimezone())
            self._next = event = next(self._events)

    async def _look_after(self) -> None:
        """Keep the daemon running and its logs small."""
        while True:
            for _ in range(int(_UPKEEP_SECONDS / _RESTART_SECONDS)):
                await asyncio.sleep(_RESTART_SECONDS)
                await self._keep_running()
            rotate(self.directory / "logs" / "bans.log", LARGEST_LOG)
            if rotate(self.daemon.log_path, LARGEST_LOG):
                await _reopen_log(self.socket_path)

    async def _keep_running(self) -> None:
        if self.daemon.is_running:
            return
        _log.warning("demo_daemon_ended", extra={"log_tail": self.daemon.log_tail()[-200:]})
        try:
            await self.daemon.start()
        except Fail2BanError as problem:
            _log.error("demo_daemon_does_not_start", extra={"problem": str(problem)[:200]})


async def _reopen_log(socket_path: str) -> None:
    async with Fail2BanClient(socket_path, timeout=10.0) as client:
        try:
            await client.send(["flushlogs"])
        except Fail2BanError as problem:  # the daemon is going away; it opens the new file when it starts again
            _log.info("demo_log_not_reopened", extra={"problem": str(problem)[:200]})


def _ready(value: T | None) -> T:
    if value is None:
        raise RuntimeError("the demo was not started yet: use it in `async with`")
    return value
