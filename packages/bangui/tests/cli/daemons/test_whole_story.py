"""The commands of the history, as programs of their own, over what a real fail2ban does."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess

JAIL = """
[DEFAULT]
usedns = no
action =

[door]
enabled = true
filter = sshd
backend = polling
logpath = {log}
maxretry = 3
findtime = 600
bantime = 3600
"""
ATTACKER = "203.0.113.7"


class Program:
    """`bangui` over a daemon, with a history in a folder of its own."""

    def __init__(self, socket_path: str, folder: Path) -> None:
        self._environment = {
            **os.environ,
            "BANGUI_SOCKET": socket_path,
            "BANGUI_DATA": str(folder / "data"),
            "SUDO_USER": "alice",
        }

    def __call__(self, *words: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "bangui", *words]
        answer = subprocess.run(command, env=self._environment, capture_output=True, text=True, timeout=60, check=False)
        assert answer.returncode == code, answer.stderr
        return answer.stdout

    def is_banned(self, id: str) -> bool:
        command = [sys.executable, "-m", "bangui", "why", id]
        return (
            subprocess.run(command, env=self._environment, capture_output=True, timeout=60, check=False).returncode == 0
        )


def attack(log: Path) -> None:
    """Write what sshd writes of somebody who guesses passwords."""
    now = datetime.now().astimezone().strftime("%b %d %H:%M:%S")
    with log.open("a") as file:
        for number in range(3):
            user = "Failed password for invalid user oracle"
            file.write(f"{now} web sshd[{700 + number}]: {user} from {ATTACKER} port 3000{number} ssh2\n")


@pytest.mark.slow
async def test_what_a_filter_and_a_person_have_banned_is_told_to_the_end(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    log = tmp_path / "auth.log"
    log.touch()
    async with Fail2BanProcess(one_installation, jail_local=JAIL.format(log=log)) as daemon:
        bangui = Program(daemon.socket_path, tmp_path)
        bangui("collect", "--once")  # what the jail is set to is known from now on
        await asyncio.sleep(1)  # logs have whole seconds
        attack(log)
        async with asyncio.timeout(30):
            while not bangui.is_banned(ATTACKER):
                await asyncio.sleep(0.2)
        bangui("collect", "--once")
        bangui("ban", "door", "198.51.100.0/24", "--reason", "scans the shop")
        bangui("unban", ATTACKER)
        async with asyncio.timeout(30):
            while "unban" not in bangui("history", "--json"):
                await asyncio.sleep(0.2)
                bangui("collect", "--once")

        why = bangui("why", ATTACKER, code=1)
        assert "Failed password for invalid user oracle" in why
        assert "3 failures within 10m: banned for 1h" in why
        assert "lifted after" in why
        events = json.loads(bangui("history", "--kind", "ban", "--json"))["events"]
        assert [(event["id"], event["origin"], event["author"], event["reason"]) for event in events] == [
            ("198.51.100.0/24", "hand", "alice", "scans the shop"),
            (ATTACKER, "filter", None, None),
        ]
        assert bangui("top", "--limit", "1").splitlines()[1].split()[1] == "1"
        stats = json.loads(bangui("stats", "--since", "1h", "--json"))
        assert (stats["kinds"]["ban"]["number"], stats["kinds"]["failure"]["number"]) == (2, 3)
        assert bangui("export", "--format", "list") == f"198.51.100.0/24\n{ATTACKER}\n"

    assert "lifted after" in bangui("why", ATTACKER, code=3)  # the history answers alone now
    bangui("backup", str(tmp_path / "backup"))
    elsewhere = str(tmp_path / "elsewhere")
    bangui("restore", str(tmp_path / "backup"), "--data", elsewhere)
    # What happened within the same second has no order.
    assert sorted(bangui("history", "--data", elsewhere).splitlines()) == sorted(bangui("history").splitlines())
