from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bangui.adapters.f2b_database.file import DatabaseFile
from bangui.domain.history_ports import SourceAway
from packages.bangui.tests.adapters.f2b_database.made_database import MadeDatabase
from packages.bangui.tests.adapters.nobody import as_nobody


def make_wal_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.executescript("PRAGMA journal_mode = WAL; CREATE TABLE bans(jail)")
    connection.close()


MAKERS: dict[str, Callable[[Path], object]] = {
    "is not there": lambda path: None,
    "is empty": Path.touch,
    "is no database": lambda path: path.write_text("SQLite, but in words only"),
    "is no file": Path.mkdir,
    "is in WAL mode": make_wal_database,
    "is a symbolic link": lambda path: path.symlink_to("elsewhere"),
}


@pytest.mark.parametrize("problem", MAKERS)
def test_what_cannot_be_read_as_a_database_is_told_with_a_hint(tmp_path: Path, problem: str) -> None:
    path = tmp_path / "fail2ban.sqlite3"
    MAKERS[problem](path)
    before = sorted(tmp_path.iterdir())
    file = DatabaseFile(path)
    with pytest.raises(SourceAway, match=f"fail2ban.sqlite3 {problem}") as caught:
        file.look()
    assert caught.value.hint
    assert sorted(tmp_path.iterdir()) == before
    file.close()


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceAway, match="is no file"):
        DatabaseFile(tmp_path / "pipe").look()


def test_a_path_that_cannot_be_one_is_told() -> None:
    for path in (Path("/dev/null/x"), Path("/tmp/a\0b"), Path("/" + "x" * 5_000)):
        with pytest.raises(SourceAway, match="cannot be read"):
            DatabaseFile(path).look()


def test_a_file_of_somebody_else_is_told_with_what_to_do(database: MadeDatabase) -> None:
    database.path.chmod(0)
    with as_nobody(), pytest.raises(SourceAway, match="may not be read") as caught:
        DatabaseFile(database.path).look()
    assert "root" in caught.value.hint


def test_a_database_is_fine_and_one_that_replaces_it_as_well(database: MadeDatabase, tmp_path: Path) -> None:
    file = DatabaseFile(database.path)
    file.look()
    file.look()
    MadeDatabase(tmp_path / "new").close()
    (tmp_path / "new").replace(database.path)
    file.look()
    (tmp_path / "text").write_text("no database")
    (tmp_path / "text").replace(database.path)
    with pytest.raises(SourceAway, match="is no database"):
        file.look()
    file.close()
    file.close()


def test_looking_takes_away_no_locks_of_this_process(database: MadeDatabase) -> None:
    file = DatabaseFile(database.path)
    database.connection.isolation_level = None
    database.connection.execute("BEGIN EXCLUSIVE")
    file.look()
    file.look()
    # Another process sees locks that this one would not feel.
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('SELECT * FROM bans')"
    assert "database is locked" in run_python(script, str(database.path))
    file.close()


def run_python(script: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    return done.stderr
