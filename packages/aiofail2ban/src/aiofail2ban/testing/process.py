"""A real fail2ban daemon of one's own, in one private folder.

Rules that everything here keeps:

- Nothing of the machine's own fail2ban is touched: socket, pid file, log, database and configuration lie in the
  folder, and administrators' `*.local` and `jail.d` files are not copied. Without an action in `jail_local` no firewall
  is changed (the stock `action` of a jail changes one, so say `action =` or use `isolate`).
- "Started" means that the daemon answers *and* lists its jails: the socket answers some 100 ms earlier.
- The daemon dies with the thread that started it (`setpriv --pdeathsig`), is in a session of its own, so that
  Ctrl-C reaches the owner only, and is gone when `stop`, `kill` or the end of the `async with` block is through.
- Every wait has a deadline, and what goes wrong is told with the end of the daemon's log.

The process is a plain `subprocess.Popen` watched by short sleeps, not an asyncio transport: it belongs to no event
loop, so a fixture may start it in one loop and a test may restart it in another, and cleaning up never needs a loop.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from aiofail2ban.errors import Fail2BanError
from aiofail2ban.testing._descendants import kill_tree
from aiofail2ban.testing._private_config import enabled_jails, write_private_config
from aiofail2ban.testing._ready import list_jails
from aiofail2ban.testing.installation import Fail2BanInstallation

_POLL_SECONDS = 0.01
_TAIL_LINES = 15
# `sun_path` holds 108 bytes including the closing zero.
_LONGEST_SOCKET_PATH = 107
_SOCKET_NAME = "fail2ban.sock"


class Fail2BanStartError(Fail2BanError):
    """The daemon did not come up; `log_tail` holds the end of what it said."""

    def __init__(self, message: str, *, log_tail: str = "", hint: str = "") -> None:
        super().__init__(f"{message}\n{log_tail}" if log_tail else message, hint=hint)
        self.log_tail = log_tail


@dataclass(frozen=True, slots=True)
class ClientRun:
    """What one run of `fail2ban-client` gave: its exit status, and what it printed on both streams."""

    status: int
    output: str


@dataclass(frozen=True, slots=True)
class ProcessDeadlines:
    """How many seconds a daemon may take to be ready, and to end by itself before it is killed."""

    start: float = 30.0
    stop: float = 15.0


_DEADLINES = ProcessDeadlines()


class Fail2BanProcess:
    """One daemon, from `async with` to its end.

    Without `jail_local` the daemon starts without any configuration, and jails are added over its socket. With it,
    the stock configuration is copied and `jail_local` is its `jail.local`; `config_files` adds or replaces files, by
    their path in the configuration folder (`fail2ban.d/mine.local` may set the log level or the purge age).
    `isolate` gives the daemon a user and a network namespace of its own (`unshare -Urn`): there it is root and may
    change a firewall that nobody else has.

    `directory` is an existing empty folder to use; without it a temporary one is made, and removed at the end.
    """

    def __init__(
        self,
        installation: Fail2BanInstallation,
        *,
        jail_local: str | None = None,
        config_files: Mapping[str, str] | None = None,
        isolate: bool = False,
        directory: Path | None = None,
        deadlines: ProcessDeadlines = _DEADLINES,
    ) -> None:
        self.installation = installation
        self._jail_local = jail_local
        self._config_files = dict(config_files or {})
        self._isolate = isolate
        self._given_directory = directory
        self._deadlines = deadlines
        self._directory: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def directory(self) -> Path:
        """The folder that holds everything of this daemon."""
        if self._directory is None:
            raise Fail2BanStartError("the daemon was not started yet", hint="use it in `async with`")
        return self._directory

    @property
    def socket_path(self) -> str:
        """The daemon's socket."""
        return str(self.directory / _SOCKET_NAME)

    @property
    def config_directory(self) -> Path:
        """The daemon's own configuration folder; empty for a daemon without configuration."""
        return self.directory / "config"

    @property
    def log_path(self) -> Path:
        """The daemon's log."""
        return self.directory / "fail2ban.log"

    @property
    def _pid_path(self) -> Path:
        return self.directory / "fail2ban.pid"

    @property
    def database_path(self) -> Path:
        """Where the database of a configured daemon is; a daemon without configuration has none until it is told."""
        return self.directory / "fail2ban.sqlite3"

    @property
    def pid(self) -> int:
        """The daemon's process id, also after its end."""
        if self._process is None:
            raise Fail2BanStartError("the daemon was not started yet", hint="use it in `async with`")
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process lives; it need not answer."""
        return self._process is not None and self._process.poll() is None

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            self._remove_directory()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self.stop()
        finally:
            self._remove_directory()

    async def start(self) -> None:
        """Start the daemon and return when it is ready; the folder is prepared by the first start."""
        if self.is_running:
            raise Fail2BanStartError(f"the daemon runs already, as process {self.pid}")
        if self._directory is None:
            self._prepare()
        self._launch()
        try:
            await self._until_ready()
        except BaseException:
            self.kill()
            raise

    async def stop(self) -> None:
        """Ask the daemon to end (SIGTERM) and wait for it; when it takes too long, kill it. The folder stays."""
        process = self._process
        if process is None:
            return
        try:
            if process.poll() is None:
                process.terminate()
            deadline = time.monotonic() + self._deadlines.stop
            while process.poll() is None and time.monotonic() < deadline:
                await asyncio.sleep(_POLL_SECONDS)
        finally:
            self.kill()

    def kill(self) -> None:
        """End the daemon by force (SIGKILL), with what its actions have started; its socket file stays."""
        if self._process is not None:
            if self._process.poll() is None:
                kill_tree(self._process.pid)
            self._process.wait()

    async def restart(self) -> None:
        """Stop the daemon, if it still runs, and start it again in the same folder."""
        await self.stop()
        await self.start()

    async def run_client(self, *words: str, seconds: float = 60.0) -> ClientRun:
        """Run fail2ban's own `fail2ban-client` against this daemon: `await daemon.run_client("reload")`."""

        def run() -> ClientRun:
            done = subprocess.run(
                self.client_command(*words),
                env=dict(self.installation.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=seconds,
                check=False,
            )
            return ClientRun(done.returncode, done.stdout.decode(errors="replace"))

        return await asyncio.to_thread(run)

    def client_command(self, *words: str) -> list[str]:
        """The command line of `fail2ban-client` for this daemon; run it with `installation.environment`."""
        return [*self.installation.client, *self._places(), *words]

    def log_tail(self) -> str:
        """The last lines of the daemon's log and of what it printed."""
        lines: list[str] = []
        for path in (self.directory / "console.log", self.log_path):
            with contextlib.suppress(FileNotFoundError):
                lines += path.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return "\n".join(lines)

    def _prepare(self) -> None:
        directory = self._given_directory or _make_directory()
        self._directory = directory
        if len(self.socket_path.encode()) > _LONGEST_SOCKET_PATH:
            raise Fail2BanStartError(
                f"the path of the socket would be too long: {self.socket_path}",
                hint=f"a Unix socket's path has at most {_LONGEST_SOCKET_PATH} bytes; give a shorter folder",
            )
        # The stock jail `recidive` reads this log, and a jail without its log stops the whole start.
        self.log_path.touch(mode=0o600)
        write_private_config(
            self.installation.config_directory,
            self.config_directory,
            jail_local=self._jail_local,
            settings={
                "logtarget": str(self.log_path),
                "socket": self.socket_path,
                "pidfile": str(self._pid_path),
                "dbfile": str(self.database_path),
            },
            config_files=self._config_files,
        )

    def _places(self) -> list[str]:
        places = ["-c", str(self.config_directory), "-s", self.socket_path, "-p", str(self._pid_path)]
        if self._jail_local is None:  # no fail2ban.conf tells the rest
            places += ["--logtarget", str(self.log_path), "--loglevel", "INFO", "--syslogsocket", "auto"]
        return places

    def _launch(self) -> None:
        # `unshare` changes credentials, which would clear the death signal: so `setpriv` comes after it. Each of
        # them replaces itself by the next, so the process id is the daemon's own.
        command = ["unshare", "--user", "--map-root-user", "--net"] if self._isolate else []
        # A firewall in a namespace goes with its last process; another one has to be tidied up by the daemon.
        command += ["setpriv", "--pdeathsig", "KILL" if self._isolate else "TERM", *self.installation.server]
        command += [*self._places(), "-f", "-x"]
        if self._jail_local is None:
            command.append("--async")  # do not read and send any configuration
        try:
            with (self.directory / "console.log").open("wb") as console:
                self._process = subprocess.Popen(
                    [*command, "start"],
                    env=dict(self.installation.environment),
                    cwd=self.directory,
                    stdin=subprocess.DEVNULL,
                    stdout=console,
                    stderr=console,
                    start_new_session=True,
                )
        except OSError as problem:
            raise Fail2BanStartError(f"fail2ban-server cannot be run: {problem}") from problem

    async def _until_ready(self) -> None:
        expected = enabled_jails(self._jail_local) if self._jail_local is not None else frozenset()
        deadline = time.monotonic() + self._deadlines.start
        missing: Collection[str] = expected
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                status = None if self._process is None else self._process.returncode
                raise Fail2BanStartError(
                    f"fail2ban-server ended while it started, with exit status {status}",
                    log_tail=self.log_tail(),
                )
            jails = await list_jails(self.socket_path)
            if jails is not None:
                missing = expected - jails
                if not missing:
                    return
            await asyncio.sleep(_POLL_SECONDS)
        lacking = f"; without the jails {', '.join(sorted(missing))}" if missing else ""
        raise Fail2BanStartError(
            f"fail2ban-server was not ready after {self._deadlines.start:g} s{lacking}",
            log_tail=self.log_tail(),
        )

    def _remove_directory(self) -> None:
        if self._directory is not None and self._given_directory is None:
            shutil.rmtree(self._directory, ignore_errors=True)
            self._directory = None


def _make_directory() -> Path:
    """A new folder for this user only (0700), near the root where the usual place has too long a path."""
    path = Path(tempfile.mkdtemp(prefix="fail2ban-"))
    if len(str(path / _SOCKET_NAME).encode()) <= _LONGEST_SOCKET_PATH:
        return path
    path.rmdir()
    return Path(tempfile.mkdtemp(prefix="fail2ban-", dir="/tmp"))
