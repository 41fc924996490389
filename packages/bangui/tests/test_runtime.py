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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess

BANGUI = [sys.executable, "-m", "bangui"]
JAILS = [
    ["set", "dbfile", ":memory:"],
    ["add", "app", "polling"],
    ["set", "app", "bantime", "-1"],
    ["add", "sshd", "polling"],
    ["set", "sshd", "bantime", "3600"],
    ["start", "app"],
    ["start", "sshd"],
]


def bangui(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*BANGUI, *words], env={**os.environ, **environment}, capture_output=True, text=True, timeout=30, check=False
    )


async def prepare(socket_path: str, bans: int = 0) -> None:
    async with Fail2BanClient(socket_path, timeout=60) as client:
        for command in JAILS:
            assert (await client.send(command))[0] == 0
        await client.jail("sshd").ban([f"10.0.{number // 250}.{number % 250}" for number in range(bans)])


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


async def test_watch_tells_bans_and_unbans_and_a_restart_on_every_version(daemon: Fail2BanProcess) -> None:
    await prepare(daemon.socket_path)
    with watching(daemon.socket_path) as process:
        assert read_event(process)["event"] == "start"
        async with Fail2BanClient(daemon.socket_path) as client:
            await client.jail("sshd").ban("203.0.113.7")
            event = read_event(process)
            assert (event["event"], event["jail"], event["id"]) == ("ban", "sshd", "203.0.113.7")
            await client.unban("203.0.113.7")
            assert read_event(process)["event"] == "unban"
        await daemon.stop()
        assert read_event(process)["event"] == "away"
        await daemon.start()
        await prepare(daemon.socket_path)
        assert read_event(process)["event"] == "back"
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 130
        assert process.stderr is not None
        assert process.stderr.read() == ""


@contextmanager
def watching(socket_path: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [*BANGUI, "watch", "--json", "--socket", socket_path],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def read_event(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "the program ended"
    event = json.loads(line)
    assert isinstance(event, dict)
    return event


def one_line(answer: subprocess.CompletedProcess[str]) -> str:
    assert answer.stdout == ""
    assert answer.stderr.startswith("bangui: ")
    assert answer.stderr.count("\n") == 1, answer.stderr
    return answer.stderr


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

    assert complete("bangui st") == ["status"]
    assert complete("bangui bans ") == ["app", "sshd"]
    assert complete("bangui ban sshd --f") == ["--force"]
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


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A service of its own and its address; killed if it does not end by itself."""
    process = subprocess.Popen(
        [*BANGUI, *words, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("{"):
                    yield process, json.loads(line)["url"]
                    break
        finally:
            process.kill()


def fetch(url: str) -> str:
    with urlopen(url, timeout=10) as response:
        text: str = response.read().decode()
        return text


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_shows_the_page_and_ends_in_good_order(one_daemon: Fail2BanProcess, ending: signal.Signals) -> None:
    asyncio.run(prepare(one_daemon.socket_path))
    with serving("serve", "--socket", one_daemon.socket_path) as (process, url):
        assert "sshd" in fetch(url)
        with urlopen(f"{url}events", timeout=10) as stream:  # an open stream must not hold up the end
            assert stream.status == 200
            process.send_signal(ending)
            start = time.monotonic()
            assert process.wait(10) == 0
            assert time.monotonic() - start < 4
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_waits_for_a_daemon_that_is_away(tmp_path: Path) -> None:
    with serving("serve", "--socket", str(tmp_path / "none.sock")) as (process, url):
        assert "no fail2ban socket" in fetch(url)
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert "fail2ban_away" in process.stderr.read()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_serve_refuses_an_address_that_others_can_reach(host: str) -> None:
    answer = bangui("serve", "--host", host)
    assert answer.returncode == 2
    assert "no login yet" in one_line(answer)


def test_serve_tells_when_the_port_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        answer = bangui("serve", "--port", port, "--socket", str(tmp_path / "none.sock"))
    assert answer.returncode == 1
    assert "try another --port" in one_line(answer)


def test_the_demo_serves_its_own_fail2ban_and_leaves_nothing(fail2ban_trees: Path, tmp_path: Path) -> None:
    root = fail2ban_trees / "trixie"
    if not root.is_dir():
        pytest.skip("the unpacked fail2ban of Debian trixie is missing: script/bootstrap puts it there")
    with serving("demo", "--fail2ban", str(root)) as (process, url):
        assert "sshd" in fetch(url)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)
