"""The program as people run it: a process of its own, against real daemons and broken ones."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from packages.bangui.tests.runtime.program import BANGUI, bangui, one_line, prepare


async def test_the_commands_work_together_on_every_version(daemon: Fail2BanProcess) -> None:
    await prepare(daemon.socket_path)
    socket_path = daemon.socket_path

    def ask(*words: str) -> subprocess.CompletedProcess[str]:
        return bangui(*words, BANGUI_SOCKET=socket_path)

    assert ask("ping").stdout == "pong\n"
    assert daemon.installation.version in ask("version").stdout
    assert ask("ban", "sshd", "203.0.113.7", "[2001:db8::1]").returncode == 0
    assert ask("ban", "app", "203.0.113.7").returncode == 0
    assert "already banned" in ask("ban", "app", "203.0.113.7").stdout
    status = json.loads(ask("status", "--json").stdout)
    assert [(jail["name"], jail["currently_banned"]) for jail in status["jails"]] == [("app", 1), ("sshd", 2)]
    jails = json.loads(ask("jails", "--json").stdout)["jails"]
    assert [jail["bantime"] for jail in jails] == [None, 3600]
    bans = json.loads(ask("bans", "--json").stdout)["bans"]
    assert sorted((ban["jail"], ban["id"]) for ban in bans) == [
        ("app", "203.0.113.7"),
        ("sshd", "2001:db8::1"),
        ("sshd", "203.0.113.7"),
    ]
    assert len(ask("bans", "sshd").stdout.splitlines()) == 3
    why = ask("why", "203.0.113.7")
    assert why.returncode == 0
    assert "is banned in app, sshd" in why.stdout
    assert "unbanned 203.0.113.7 in app, sshd" in ask("unban", "203.0.113.7").stdout
    assert ask("why", "203.0.113.7").returncode == 1
    assert "sshd" in ask("__complete", "bans", "").stdout
    assert "2001:db8::1" in ask("__complete", "unban", "2001").stdout


@pytest.mark.parametrize("words", [["--help"], ["ban", "--help"], ["--version"], ["completion", "bash"]])
def test_what_needs_no_daemon_arrives_whole(words: list[str]) -> None:
    answer = bangui(*words)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert answer.stdout.endswith("\n")


def test_bash_completes_commands_jails_and_banned_addresses(one_daemon: Fail2BanProcess, tmp_path: Path) -> None:
    asyncio.run(prepare(one_daemon.socket_path))
    bangui("ban", "sshd", "2001:db8::7", "203.0.113.7", "--socket", one_daemon.socket_path)
    (tmp_path / "bangui").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bangui "$@"\n')
    (tmp_path / "bangui").chmod(0o755)
    (tmp_path / "completion").write_text(bangui("completion", "bash").stdout)

    def complete(line: str) -> list[str]:
        script = f"source {tmp_path}/completion; COMP_LINE=$1; COMP_POINT=${{#1}}; _bangui;"
        script += ' printf "%s\\n" "${COMPREPLY[@]}"'
        answer = subprocess.run(
            ["bash", "-c", script, "bash", line],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin", "BANGUI_SOCKET": one_daemon.socket_path},
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
        assert answer.stderr == ""
        return [word for word in answer.stdout.splitlines() if word]

    assert complete("bangui jai") == ["jails"]
    assert complete("bangui bans ") == ["app", "sshd"]
    assert complete("bangui ban sshd --forc") == ["--force"]
    assert complete("bangui unban 203") == ["203.0.113.7"]
    assert complete("bangui unban 2001:db8:") == [":7"]  # bash keeps what stands before the last colon
    assert complete("bangui unban 203.0.113.7 --jail s") == ["sshd"]
    assert complete("bangui --socket /nowhere bans ") == []


@pytest.mark.parametrize("command", ["status", "bans", "ping"])
def test_without_a_socket_the_answer_says_how_to_start_fail2ban(command: str, tmp_path: Path) -> None:
    answer = bangui(command, "--socket", str(tmp_path / "none.sock"))
    assert answer.returncode == 3
    assert "sudo systemctl start fail2ban" in one_line(answer)


def test_a_file_that_is_no_socket_is_told(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    answer = bangui("status", "--socket", str(tmp_path / "plain"))
    assert answer.returncode == 3
    assert "is not a socket" in one_line(answer)


def test_a_socket_that_a_dead_daemon_left_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "stale.sock"))
    answer = bangui("status", "--socket", str(tmp_path / "stale.sock"))
    assert answer.returncode == 3
    assert "sudo systemctl restart fail2ban" in one_line(answer)


@pytest.mark.parametrize("command", ["status", "watch"])
def test_a_user_who_may_not_open_the_socket_is_told_to_use_sudo(command: str, one_daemon: Fail2BanProcess) -> None:
    if os.geteuid() != 0:
        one_daemon.directory.chmod(0)
    # The interpreter and the sources may lie where a stranger cannot look: they are imported before giving up root.
    code = (
        "import os, sys, asyncio, aiofail2ban._session, bangui.runtime, bangui.adapters.fail2ban,"
        " bangui.adapters.ban_commands, bangui.adapters.oneshot, bangui.services.live, bangui.services.overview,"
        " bangui.cli.status, bangui.cli.watch;"
        " os.geteuid() == 0 and os.setuid(65534); sys.exit(bangui.runtime.run_command(sys.argv[1:]))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, command, "--socket", one_daemon.socket_path],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    one_daemon.directory.chmod(0o700)
    assert answer.returncode == 4, answer.stderr
    assert "sudo" in one_line(answer)


def test_a_daemon_that_hangs_is_given_up_in_time(one_daemon: Fail2BanProcess) -> None:
    os.kill(one_daemon.pid, signal.SIGSTOP)
    try:
        start = time.monotonic()
        answer = bangui("status", "--socket", one_daemon.socket_path, "--timeout", "0.5")
        assert time.monotonic() - start < 5
    finally:
        os.kill(one_daemon.pid, signal.SIGCONT)
    assert answer.returncode == 5
    assert "did not answer in time" in one_line(answer)


def test_something_else_behind_the_socket_is_told(tmp_path: Path) -> None:
    path = tmp_path / "http.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        process = subprocess.Popen(
            [*BANGUI, "status", "--socket", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        connection, _ = listener.accept()
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        _, errors = process.communicate(timeout=30)
        connection.close()
    assert process.returncode == 3
    assert "is it really fail2ban's socket?" in errors


def test_a_reader_that_goes_away_is_no_reason_to_complain(one_daemon: Fail2BanProcess) -> None:
    asyncio.run(prepare(one_daemon.socket_path, bans=5_000))
    process = subprocess.Popen(
        [*BANGUI, "bans", "--socket", one_daemon.socket_path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == 141


def test_a_short_command_imports_no_event_loop_and_no_web_server(one_daemon: Fail2BanProcess) -> None:
    code = (
        "import sys; from bangui.runtime import run_command; code = run_command(['status', '--socket', sys.argv[1]]);"
        " heavy = {'asyncio', 'ssl', 'logging', 'starlette', 'uvicorn', 'jinja2', 'anyio'} & set(sys.modules);"
        " print(code, sorted(heavy), file=sys.stderr)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code, one_daemon.socket_path], capture_output=True, text=True, timeout=30, check=True
    )
    assert answer.stderr == "0 []\n"
