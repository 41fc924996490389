"""The PostgreSQL server that other tests stand on: private, and gone with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from packages.bangui.tests.postgres import PostgresServer, PostgresStartError
from packages.bangui.tests.postgres_programs import PostgresPrograms

ROOT = Path(__file__).parents[3]

OWNER = """
    import sys, time
    from pathlib import Path
    from packages.bangui.tests.postgres import PostgresServer
    from packages.bangui.tests.postgres_programs import PostgresPrograms

    class Slow(PostgresServer):
        def _initialise(self):
            print(0, self.directory, flush=True)
            super()._initialise()

    with (Slow if sys.argv[2] == "initdb" else PostgresServer)(PostgresPrograms.find(Path(sys.argv[1]))) as server:
        print(server.pid, server.directory, flush=True)
        time.sleep(60)
"""


def execute(url: str, statement: str) -> list[object]:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            result = connection.execute(text(statement))
            return list(result.scalars()) if result.returns_rows else []
    finally:
        engine.dispose()


def processes_of(directory: Path) -> list[str]:
    """The command lines of what works in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == directory or str(directory) in (process / "cmdline").read_text():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found


def wait_until_gone(directory: Path) -> bool:
    deadline = time.monotonic() + 30
    while directory.exists() or processes_of(directory):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_each_test_has_an_empty_database_of_its_own(postgres_server: PostgresServer, postgres_url: str) -> None:
    execute(postgres_url, "CREATE TABLE bans (id text)")
    with postgres_server.database() as other:
        assert other != postgres_url
        execute(other, "CREATE TABLE bans (id text)")


def test_a_database_is_gone_after_its_test_although_somebody_is_connected_to_it(
    postgres_server: PostgresServer,
) -> None:
    with postgres_server.database("short_lived") as url:
        forgotten = psycopg.connect(url.replace("+psycopg", ""))
    with forgotten, pytest.raises(psycopg.OperationalError):
        forgotten.execute("SELECT 1")
    with pytest.raises(OperationalError, match="short_lived"):
        execute(url, "SELECT 1")


def test_a_database_can_be_made_from_another_one_with_a_schema(postgres_server: PostgresServer) -> None:
    with postgres_server.database("migrated") as template:
        execute(template, "CREATE TABLE bans (id text)")
        execute(template, "INSERT INTO bans VALUES ('192.0.2.1')")
        with postgres_server.database(template="migrated") as url:
            assert execute(url, "SELECT id FROM bans") == ["192.0.2.1"]


def test_nobody_can_reach_the_server_over_a_network_or_from_another_users_account(
    postgres_server: PostgresServer, postgres_url: str
) -> None:
    assert execute(postgres_url, "SHOW listen_addresses") == [""]
    assert postgres_server.directory.stat().st_mode & 0o777 == 0o700


def test_text_sorts_by_the_rules_of_a_language_and_times_are_utc(postgres_url: str) -> None:
    assert execute(postgres_url, "SELECT 'a' < 'B'") == [True]
    assert execute(postgres_url, "SHOW timezone") == ["UTC"]


def test_a_server_leaves_nothing_behind(postgres_programs: PostgresPrograms) -> None:
    with PostgresServer(postgres_programs) as server:
        directory = server.directory
        assert any("postgres" in command for command in processes_of(directory))
    assert not directory.exists()
    assert processes_of(directory) == []


@pytest.mark.parametrize("moment", ["initdb", "ready"])
@pytest.mark.usefixtures("postgres_programs")
def test_a_killed_test_run_leaves_no_process_and_no_file(moment: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER), str(ROOT / ".cache/postgresql"), moment],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        directory = Path(owner.stdout.readline().split(" ", 1)[1].strip())
        assert directory.exists()
        owner.kill()
    assert wait_until_gone(directory)


def test_a_server_that_has_ended_before_is_no_hindrance(postgres_programs: PostgresPrograms) -> None:
    with PostgresServer(postgres_programs) as server:
        directory = server.directory
        os.kill(server.pid, signal.SIGINT)
    assert not directory.exists()


def test_where_there_is_no_user_namespace_root_runs_it_as_another_user(
    postgres_programs: PostgresPrograms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(tmp_path, "unshare")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with PostgresServer(postgres_programs) as server, server.database() as url:
        assert execute(url, "SELECT 1") == [1]
        if os.geteuid() == 0:
            assert Path(f"/proc/{server.pid}").stat().st_uid != 0


def test_what_initdb_says_is_told_when_it_fails(tmp_path: Path) -> None:
    programs = tmp_path / "tree/bin"
    programs.mkdir(parents=True)
    refuse(programs, "initdb", "initdb: error: no room")
    (programs / "postgres").symlink_to("/bin/true")
    server = PostgresServer(PostgresPrograms(programs, tmp_path / "tree"))
    with pytest.raises(PostgresStartError, match="initdb ended with exit status 1\ninitdb: error: no room"), server:
        pass


def refuse(folder: Path, name: str, message: str = "no") -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{message}' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
