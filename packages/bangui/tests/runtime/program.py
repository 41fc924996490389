"""The program `bangui` as people run it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from aiofail2ban import Fail2BanClient
from packages.bangui.tests.runtime.console import Person

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
        [*BANGUI, *words], env={**os.environ, **environment}, capture_output=True, text=True, timeout=60, check=False
    )


async def prepare(socket_path: str, bans: int = 0) -> None:
    """Give a daemon without configuration two jails, and bans in one of them."""
    async with Fail2BanClient(socket_path, timeout=60) as client:
        for command in JAILS:
            assert (await client.send(command))[0] == 0
        await client.jail("sshd").ban([f"10.0.{number // 250}.{number % 250}" for number in range(bans)])


def one_line(answer: subprocess.CompletedProcess[str]) -> str:
    """Return what was complained about, which must be a single line and all that was said."""
    assert answer.stdout == ""
    assert answer.stderr.startswith("bangui: ")
    assert answer.stderr.count("\n") == 1, answer.stderr
    return answer.stderr


def _somebody(told: dict[str, str]) -> Person:
    person, link = Person(told["url"]), told.get("link", "")
    if "setup" in link:
        person.set_up(link)
    elif link:
        person.page(link.removeprefix(told["url"]))
    return person


@contextmanager
def serving(*words: str) -> Iterator[tuple[subprocess.Popen[str], Person]]:
    """A service of its own, and somebody who is logged in to it where that can be; killed if it does not end itself."""
    process = subprocess.Popen(
        [*BANGUI, *words, "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    with process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("{"):
                    yield process, _somebody(json.loads(line))
                    break
        finally:
            process.kill()
