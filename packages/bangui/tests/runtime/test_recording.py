"""The history beside a service that runs, with the program as people start it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from packages.bangui.tests.runtime.program import BANGUI, bangui, serving

_JAIL = """
[sshd]
enabled = true
backend = polling
usedns = no
logpath = {log}
action =
"""


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.1)


def jail_local(tmp_path: Path) -> str:
    (tmp_path / "auth.log").touch()
    return _JAIL.format(log=tmp_path / "auth.log")


async def test_bans_are_on_record_while_the_page_is_served_and_afterwards(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with Fail2BanProcess(one_installation, jail_local=jail_local(tmp_path)) as daemon:
        async with Fail2BanClient(daemon.socket_path) as client:
            await client.jail("sshd").ban(["8.8.8.8", "203.0.113.7"])
        with serving("serve", "--socket", daemon.socket_path) as (process, person):
            until(lambda: "Google" in person.page())
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
            assert process.stderr is not None
            assert process.stderr.read() == ""
    kept = bangui("history", "--kind", "ban", "--json")
    assert kept.returncode == 0, kept.stderr
    assert {event["id"] for event in json.loads(kept.stdout)["events"]} == {"8.8.8.8", "203.0.113.7"}


async def test_a_reason_is_remembered_with_the_ban(one_installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with Fail2BanProcess(one_installation, jail_local=jail_local(tmp_path)) as daemon:
        socket = daemon.socket_path
        assert bangui("collect", "--once", BANGUI_SOCKET=socket).returncode == 0
        banned = bangui("ban", "sshd", "203.0.113.7", "--reason", "seen in the mail log", BANGUI_SOCKET=socket)
        assert (banned.returncode, banned.stderr) == (0, "")
        await asyncio.sleep(1)
        assert bangui("collect", "--once", BANGUI_SOCKET=socket).returncode == 0
        why = bangui("why", "203.0.113.7", BANGUI_SOCKET=socket)
    assert why.returncode == 0
    assert "seen in the mail log" in why.stdout


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_collecting_ends_in_good_order(tmp_path: Path, ending: signal.Signals) -> None:
    process = subprocess.Popen(
        [*BANGUI, "collect", "--socket", str(tmp_path / "none.sock")],
        env=os.environ | {"BANGUI_DATA": str(tmp_path / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        until((tmp_path / "data" / "history.sqlite3").exists)
        time.sleep(1)
        process.send_signal(ending)
        assert process.wait(15) in {0, 130}
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_where_nothing_can_be_kept_nobody_gets_in_until_it_can(tmp_path: Path) -> None:
    place = tmp_path / "a-file"
    place.write_text("in the way")
    with serving("serve", "--socket", str(tmp_path / "none.sock"), "--data", str(place)) as (process, person):
        with pytest.raises(HTTPError) as refused:
            person.page()
        with refused.value:
            assert refused.value.code == 503
        place.unlink()
        assert "There is no account yet" in person.page()
        process.terminate()
        assert process.wait(10) == 0
