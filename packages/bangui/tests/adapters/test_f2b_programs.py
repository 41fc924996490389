from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.f2b_programs import find_programs, programs_of
from bangui.domain.errors import OperationRefused


@pytest.fixture
def server(tmp_path: Path) -> str:
    for name in ("fail2ban-server", "fail2ban-client"):
        (tmp_path / name).touch()
    return str(tmp_path / "fail2ban-server")


async def test_the_programs_of_a_daemon_are_those_that_it_was_started_with(one_daemon: Fail2BanProcess) -> None:
    programs = find_programs(one_daemon.socket_path)
    assert programs.server == one_daemon.installation.server
    assert programs.client[: len(one_daemon.installation.client)] == one_daemon.installation.client
    options = programs.client[len(one_daemon.installation.client) :]
    assert options[:2] == ("-c", str(one_daemon.config_directory))
    assert "start" not in options
    assert programs.environment["PYTHONPATH"] == one_daemon.installation.environment["PYTHONPATH"]
    assert programs.folder == str(one_daemon.directory)


@pytest.mark.parametrize(
    ("options", "passed_on"),
    [
        (["-xf", "start"], ()),
        (["-f", "-c/etc/f2b", "-s", "/run/s", "--pname=x", "start"], ("-c", "/etc/f2b", "-s", "/run/s")),
        (
            ["--async", "-b", "--conf", "/etc/f2b", "--logtarget=SYSLOG"],
            ("--conf", "/etc/f2b", "--logtarget", "SYSLOG"),
        ),
    ],
)
def test_options_that_decide_about_the_configuration_are_passed_on(
    server: str, options: list[str], passed_on: tuple[str, ...]
) -> None:
    programs = programs_of(["/usr/bin/python3", server, *options], {"PATH": "/bin", "SECRET": "x"}, "/")
    client = server.replace("-server", "-client")
    assert programs.client == ("/usr/bin/python3", client, *passed_on)
    assert programs.server == ("/usr/bin/python3", server)
    assert programs.environment == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["/sbin/init"],
        ["/usr/bin/python3", "-m", "http.server"],
        ["/usr/bin/python3", "{server}", "--what-is-this"],
        ["/usr/bin/python3", "fail2ban-server", "-f"],
        ["/usr/bin/python3", "/nowhere/at/all/fail2ban-server", "-f"],
    ],
)
def test_what_is_not_surely_fail2ban_is_never_run(server: str, words: list[str]) -> None:
    with pytest.raises(OperationRefused) as refusal:
        programs_of([word.format(server=server) for word in words], {}, "/")
    assert "fail2ban-client reload" in refusal.value.hint


def test_another_program_at_the_socket_is_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        with pytest.raises(OperationRefused):
            find_programs(str(tmp_path / "s"))


def test_a_daemon_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        user = os.geteuid()
        monkeypatch.setattr("os.geteuid", lambda: user + 1)
        with pytest.raises(OperationRefused) as refusal:
            find_programs(str(tmp_path / "s"))
    assert "another user" in refusal.value.message


def test_a_socket_that_is_not_there_is_refused() -> None:
    with pytest.raises(OperationRefused):
        find_programs("/nowhere/at/all")
