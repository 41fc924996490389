"""With a program of that name that does what a test needs; the real one is in `test_journal`."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from bangui.adapters.f2b_log.journalctl import Journalctl


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "journalctl"
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return path


def write(program: Path, script: str) -> None:
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o700)


def read(journalctl: Journalctl) -> bytes:
    data = b""
    deadline = time.monotonic() + 20
    while not journalctl.is_over:
        assert time.monotonic() < deadline
        journalctl.wait(10)
        data += journalctl.read(3)
    return data


def test_what_is_printed_is_read_to_its_end_and_the_arguments_are_no_shell_text(program: Path) -> None:
    write(program, 'printf "%s\\n" "$@"')
    with closing(Journalctl(["--since=@1", "; touch x", "$(id)"])) as journalctl:
        assert read(journalctl) == b"--no-pager\n--quiet\n--since=@1\n; touch x\n$(id)\n"
        assert journalctl.status == 0
        assert journalctl.complaint == ""
        assert journalctl.wait(0)


def test_nothing_is_waited_for_where_nothing_is_printed(program: Path) -> None:
    write(program, "exec sleep 60")
    with closing(Journalctl([])) as journalctl:
        assert journalctl.read(100) == b""
        assert not journalctl.wait(0)
        assert not journalctl.is_over


def test_its_complaints_are_kept_but_not_any_number_of_them(program: Path) -> None:
    write(program, "i=0; while [ $i -lt 20000 ]; do echo 'Failed to seek to cursor' >&2; i=$((i+1)); done; exit 3")
    with closing(Journalctl([])) as journalctl:
        assert read(journalctl) == b""
        assert journalctl.status == 3
        assert journalctl.complaint.startswith("Failed to seek to cursor\n")
        assert len(journalctl.complaint) <= 2_000


def test_one_that_does_not_end_when_it_is_told_to_is_killed(program: Path, tmp_path: Path) -> None:
    write(program, f"trap '' TERM; echo ready; touch {tmp_path}/ready; while :; do sleep 0.1; done")
    with closing(Journalctl([])) as journalctl:
        assert journalctl.wait(10)
    assert journalctl.status < 0


def test_where_there_is_none_that_is_an_error(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program.parent))
    with pytest.raises(FileNotFoundError):
        Journalctl([])
