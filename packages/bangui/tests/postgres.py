"""A real PostgreSQL server of the tests' own, in a temporary folder, and pytest fixtures that lend databases of it.

Rules that everything here keeps:

- No server of this machine is used, and none can be disturbed: programs are run, never a service, and the only way to
  this server is a Unix socket in a folder that only this user can enter.
- The server ends with the thread that started it (`setpriv --pdeathsig`), however that ends, and its folder goes with
  the last process that has it open: a small shell waits for that and removes it (`_Sweeper`).
- What is written is lost when the server ends, so nothing waits for a disk.
- Text sorts as on most real servers, by the rules of a language (ICU), not by bytes: a query that counts on the order
  of bytes has to say so.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from aiofail2ban.testing.pytest_plugin import unavailable
from packages.bangui.tests.postgres_programs import PostgresPrograms, PostgresUnavailableError, Way, find_way

USER = "bangui"
_PORT = 5432
_POLL_SECONDS = 0.01
_STOP_SECONDS = 20.0
_TAIL_LINES = 15
# `sun_path` holds 108 bytes including the closing zero; the socket's name is `/.s.PGSQL.5432`.
_LONGEST_DIRECTORY = 107 - len(f"/.s.PGSQL.{_PORT}")

_INITDB_OPTIONS = (
    "--no-sync",
    "--no-instructions",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=icu",
    "--icu-locale=en-US",
    "--wal-segsize=1",
    f"--username={USER}",
)
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "max_connections": "50",
    "shared_buffers": "32MB",
    # Shared memory in files of the data folder, which goes with the rest, whoever is killed.
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
    "max_logical_replication_workers": "0",
    # Statistics change when a test says ANALYZE, and at no other moment.
    "autovacuum": "off",
    # Its library is not in what script/bootstrap unpacks.
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# `$0` is the process that must still be the parent: it may have ended before the death signal was asked for.
_UNLESS_ORPHANED = '[ "$PPID" = "$0" ] && exec "$@"'
_SWEEP = 'trap "" HUP INT TERM; read -r _; exec rm -rf -- "$0"'


class PostgresStartError(Exception):
    """The server did not come up; the text ends with what it said."""


class _SweptFolder:
    """A new folder that a small shell removes when all who have been lent `lifeline` are gone, be it by a kill."""

    def __init__(self) -> None:
        self.path = _make_directory()
        end, self.lifeline = os.pipe()
        with os.fdopen(end, "rb") as stdin:
            self._sweeper = subprocess.Popen(
                ["sh", "-c", _SWEEP, str(self.path)], stdin=stdin, cwd="/", start_new_session=True
            )

    def sweep(self) -> None:
        """Let go of the folder, and return when it is gone."""
        os.close(self.lifeline)
        try:
            self._sweeper.wait(timeout=_STOP_SECONDS)
        except subprocess.TimeoutExpired:  # a process that a test has forked, and left, has it open
            self._sweeper.kill()
            self._sweeper.wait()
            shutil.rmtree(self.path, ignore_errors=True)


class PostgresServer:
    """One server, from `with` to its end; the user `USER` may do everything in it."""

    def __init__(self, programs: PostgresPrograms, *, start_seconds: float = 60.0) -> None:
        self._programs = programs
        self._start_seconds = start_seconds
        self._numbers = itertools.count(1)
        self._way = Way()
        self._folder: _SweptFolder | None = None
        self._server: subprocess.Popen[bytes] | None = None

    @property
    def directory(self) -> Path:
        """The folder that holds everything of this server, its socket as well."""
        return self._open_folder.path

    @property
    def pid(self) -> int:
        """The process id of the server."""
        if self._server is None:
            raise PostgresStartError("the server was not started yet; use it in `with`")
        return self._server.pid

    def url(self, database: str) -> str:
        """Where SQLAlchemy finds a database, with the driver psycopg."""
        return f"postgresql+psycopg://{USER}@/{quote(database)}?host={quote(str(self.directory))}&port={_PORT}"

    @contextlib.contextmanager
    def database(self, name: str | None = None, *, template: str = "template1") -> Iterator[str]:
        """Lend a fresh copy of a database, by its URL, and drop it at the end, whoever is still connected to it.

        Nobody may be connected to the template; one with a schema in it is another database that was made here.
        """
        name = name or f"test_{next(self._numbers)}"
        with self._connect() as connection:
            command = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(command.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield self.url(name)
        finally:
            with self._connect() as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    @property
    def _open_folder(self) -> _SweptFolder:
        if self._folder is None:
            raise PostgresStartError("the server was not started yet; use it in `with`")
        return self._folder

    def _start(self) -> None:
        environment = self._programs.environment
        self._way = find_way(environment)
        self._folder = _SweptFolder()
        if not self._way.can_run(str(self._programs.folder / "postgres"), "--version", environment=environment):
            # In somebody's own folder, into which only its owner and the real root can look.
            self._programs = self._programs.copy_to(self.directory / "programs")
        if self._way.owner is not None:
            os.chown(self.directory, *self._way.owner)
        self._initialise()
        settings = _SETTINGS | {"unix_socket_directories": str(self.directory)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        # SIGQUIT is an "immediate shutdown": nothing is written that nobody will read.
        self._server = self._launch(signal.SIGQUIT, "postgres", "-D", str(self.directory / "data"), *options)
        self._wait_until_ready(self._server)

    def _initialise(self) -> None:
        initdb = self._launch(signal.SIGKILL, "initdb", "-D", str(self.directory / "data"), *_INITDB_OPTIONS)
        try:
            status = initdb.wait(timeout=self._start_seconds)
        except subprocess.TimeoutExpired:
            raise self._failure(f"initdb needs more than {self._start_seconds:g} s") from None
        finally:
            initdb.kill()
            initdb.wait()
        if status != 0:
            raise self._failure(f"initdb ended with exit status {status}")

    def _launch(self, death_signal: signal.Signals, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        # A change of credentials clears the death signal, so it is asked for after that. Each of these programs
        # replaces itself by the next, so the process id is that of the last one.
        guard = ("setpriv", f"--pdeathsig={death_signal.name}", "sh", "-c", _UNLESS_ORPHANED, str(os.getpid()))
        with (self.directory / "log").open("ab") as log:
            return subprocess.Popen(
                [*self._way.prefix, *guard, str(self._programs.folder / program), *arguments],
                env=self._programs.environment,
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=(self._open_folder.lifeline,),
            )

    def _wait_until_ready(self, server: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self._start_seconds
        while time.monotonic() < deadline:
            if server.poll() is not None:
                raise self._failure(f"postgres ended with exit status {server.returncode}")
            with contextlib.suppress(psycopg.OperationalError), self._connect():
                return
            time.sleep(_POLL_SECONDS)
        raise self._failure(f"postgres was not ready after {self._start_seconds:g} s")

    def _failure(self, message: str) -> PostgresStartError:
        lines = (self.directory / "log").read_text(errors="replace").splitlines()
        return PostgresStartError("\n".join([message, *lines[-_TAIL_LINES:]]))

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self.directory), port=_PORT, user=USER, dbname="postgres", autocommit=True, connect_timeout=10
        )

    def _stop(self) -> None:
        server, folder = self._server, self._folder
        self._server = self._folder = None
        if server is not None:
            server.send_signal(signal.SIGQUIT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.wait(timeout=_STOP_SECONDS)
            server.kill()  # its own processes notice that it is gone, and end
            server.wait()
        if folder is not None:
            folder.sweep()


def _make_directory() -> Path:
    """A new folder for this user only (0700), near the root where the usual place has too long a path."""
    path = Path(tempfile.mkdtemp(prefix="bangui-postgres-"))
    if len(str(path).encode()) <= _LONGEST_DIRECTORY:
        return path
    path.rmdir()
    return Path(tempfile.mkdtemp(prefix="bangui-postgres-", dir="/tmp"))


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark that `conftest.py` gives to tests with these fixtures; a hook of pytest's."""
    config.addinivalue_line("markers", "postgres: starts a real PostgreSQL server")


@pytest.fixture(scope="session")
def postgres_programs(pytestconfig: pytest.Config) -> PostgresPrograms:
    """PostgreSQL's programs; where there are none a test skips with the reason, and fails in CI."""
    try:
        programs = PostgresPrograms.find(pytestconfig.rootpath / ".cache/postgresql")
        find_way(programs.environment)
    except PostgresUnavailableError as problem:
        unavailable(str(problem))
    return programs


@pytest.fixture(scope="session")
def postgres_server(postgres_programs: PostgresPrograms) -> Iterator[PostgresServer]:
    """One server for all tests, started by the first that asks for it."""
    with PostgresServer(postgres_programs) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """A fresh, empty database, as a URL of SQLAlchemy's."""
    with postgres_server.database() as url:
        yield url
