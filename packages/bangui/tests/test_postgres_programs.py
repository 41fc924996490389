"""Where PostgreSQL's programs are found, and why not; how they are run as somebody else than root."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from packages.bangui.tests.postgres_programs import PostgresPrograms, PostgresUnavailableError, find_way


def write_program(file: Path, content: str = "exit 0") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{content}\n", encoding="utf-8")
    file.chmod(0o755)


def unpacked(cache: Path) -> PostgresPrograms:
    """A cache as script/bootstrap leaves it where it has unpacked packages."""
    write_program(cache / "tree/usr/lib/postgresql/15/bin/initdb")
    (cache / "tree/usr/lib/x86_64-linux-gnu").mkdir()
    (cache / "bin").symlink_to("tree/usr/lib/postgresql/15/bin")
    return PostgresPrograms.find(cache)


def test_what_is_installed_is_run_with_the_libraries_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", "/somewhere")
    write_program(tmp_path / "installed/initdb")
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "bin").symlink_to(tmp_path / "installed")
    programs = PostgresPrograms.find(cache)
    assert programs == PostgresPrograms(tmp_path / "installed")
    assert programs.environment.keys() == {"PATH", "LC_ALL"}


def test_what_is_unpacked_brings_its_libraries_and_can_be_copied(tmp_path: Path) -> None:
    programs = unpacked(tmp_path / "cache")
    assert programs.environment["LD_LIBRARY_PATH"] == str(tmp_path / "cache/tree/usr/lib/x86_64-linux-gnu")
    copy = programs.copy_to(tmp_path / "copy")
    assert copy.folder == tmp_path / "copy/usr/lib/postgresql/15/bin"
    assert os.access(copy.folder / "initdb", os.X_OK)
    assert copy.environment["LD_LIBRARY_PATH"] == str(tmp_path / "copy/usr/lib/x86_64-linux-gnu")


def test_what_only_root_can_run_is_not_to_be_had(tmp_path: Path) -> None:
    with pytest.raises(PostgresUnavailableError, match="can only be run by root"):
        PostgresPrograms(tmp_path).copy_to(tmp_path / "copy")


def test_the_reason_for_a_missing_server_is_told(tmp_path: Path) -> None:
    with pytest.raises(PostgresUnavailableError, match="there is no PostgreSQL server: script/bootstrap looks for it"):
        PostgresPrograms.find(tmp_path)
    (tmp_path / "tree.missing").write_text("the archive is away\n", encoding="utf-8")
    with pytest.raises(PostgresUnavailableError, match="there is no PostgreSQL server: the archive is away"):
        PostgresPrograms.find(tmp_path)


def test_a_link_to_what_was_removed_since_is_no_server(tmp_path: Path) -> None:
    (tmp_path / "bin").symlink_to(tmp_path / "removed")
    with pytest.raises(PostgresUnavailableError):
        PostgresPrograms.find(tmp_path)


@pytest.mark.parametrize("refused", [[], ["unshare"]])
def test_root_becomes_somebody_else_and_anybody_else_stays_who_they_are(tmp_path: Path, refused: list[str]) -> None:
    for name in refused:
        write_program(tmp_path / name, "exit 1")
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    way = find_way(environment)
    assert way.can_run("sh", "-c", 'test "$(id -u)" -ne 0', environment=environment)
    assert bool(way.prefix) == (os.geteuid() == 0)


def test_root_that_can_become_nobody_else_has_no_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    for name in ("unshare", "setpriv"):
        write_program(tmp_path / name, "exit 1")
    with pytest.raises(PostgresUnavailableError, match="can become nobody else"):
        find_way({"PATH": f"{tmp_path}:{os.environ['PATH']}"})
