"""The commands that run until they are told to end."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from packages.bangui.tests.runtime.program import BANGUI, bangui, one_line, prepare, serving


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


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serve_shows_the_page_and_ends_in_good_order(one_daemon: Fail2BanProcess, ending: signal.Signals) -> None:
    asyncio.run(prepare(one_daemon.socket_path))
    with serving("serve", "--socket", one_daemon.socket_path) as (process, person):
        assert "sshd" in person.page()
        with person.opener.open(f"{person.url}events", timeout=10) as stream:  # an open stream must not hold up the end
            assert stream.status == 200
            process.send_signal(ending)
            start = time.monotonic()
            assert process.wait(10) == 0
            assert time.monotonic() - start < 4
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_waits_for_a_daemon_that_is_away(tmp_path: Path) -> None:
    with serving("serve", "--socket", str(tmp_path / "none.sock")) as (process, person):
        assert "no fail2ban socket" in person.page()
        process.terminate()
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert "fail2ban_away" in process.stderr.read()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_serve_refuses_an_address_that_others_can_reach(host: str) -> None:
    answer = bangui("serve", "--host", host)
    assert answer.returncode == 2
    assert "no HTTPS" in one_line(answer)


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
    with serving("demo", "--fail2ban", str(root)) as (process, person):
        assert "sshd" in person.page()
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert children
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert not any(Path(f"/proc/{child}").exists() for child in children)
