"""The proof that the demo's lines are what the programs write: the stock filters of every version see each failure."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess
from bangui.demo.jails import JAILS, jail_local
from bangui.demo.logs import Line
from bangui.demo.names import COMMON, HOSTILE, MAILBOXES
from bangui.demo.programs import ATTEMPTS, IPV4_ONLY, dovecot_person, nginx_page, sshd_person
from bangui.demo.writer import LogWriter

USERS = (*COMMON[:8], *MAILBOXES[:4], *HOSTILE)
INNOCENT = ("9.9.9.9", "2620:fe::9")


def addresses() -> Iterator[str]:
    for number in range(1, 60_000):
        yield f"20.1.{number // 250}.{number % 250 + 1}"
        yield f"2a01:4f8:1:{number:x}::1"


def everything(rng: random.Random) -> tuple[list[Line], dict[str, set[str]]]:
    """One attempt of each kind with each name, from an address of its own; and whom each jail has to ban for it."""
    lines: list[Line] = []
    expected: dict[str, set[str]] = {name: set() for name in ATTEMPTS}
    fresh = addresses()
    for jail, attempts in ATTEMPTS.items():
        for attempt in attempts:
            for user in USERS:
                address = next(address for address in fresh if jail not in IPV4_ONLY or ":" not in address)
                lines += attempt(rng, address, user)
                expected[jail].add(address)
    return lines, expected


def test_every_jail_but_recidive_has_its_attempts() -> None:
    assert set(ATTEMPTS) == {jail.name for jail in JAILS if jail.log is not None}


def test_a_line_is_a_single_line_and_in_the_log_that_the_jail_reads() -> None:
    logs = {jail.name: jail.log for jail in JAILS}
    rng = random.Random(1)
    for name, attempts in ATTEMPTS.items():
        for attempt in attempts:
            for user in USERS:
                for line in attempt(rng, "192.0.2.1", user):
                    assert line.log is logs[name]
                    assert "\n" not in line.before + line.after


@pytest.mark.daemon
async def test_the_stock_filters_see_every_attempt_and_nothing_else(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    logs = tmp_path / "logs"
    writer = LogWriter(logs, largest=10_000_000)
    config = jail_local(logs, tmp_path / "no.log", owner=(), with_nftables=False)
    (tmp_path / "no.log").touch()
    for jail in JAILS:  # one failure is enough, and nothing is done about it
        config = config.replace(f"maxretry = {jail.maxretry}\n", "maxretry = 1\n")
    config = config.replace("action = %(action_)s", "action =").replace("increment = true", "increment = false")
    rng = random.Random(2)
    lines, expected = everything(rng)
    for address in INNOCENT:
        lines += [*sshd_person(rng, address, "anna", 0), *dovecot_person(rng, address, "anna", 0)]
        lines += [nginx_page(rng, address)]
    for line in lines:
        writer.write(line, datetime.now().astimezone())
    async with Fail2BanProcess(installation, jail_local=config) as daemon, Fail2BanClient(daemon.socket_path) as client:
        deadline = time.monotonic() + 15
        while (banned := await banned_in(client, list(expected))) != expected and time.monotonic() < deadline:
            await asyncio.sleep(0.2)
        for name, wanted in expected.items():
            assert banned[name] == wanted, name


async def banned_in(client: Fail2BanClient, jails: list[str]) -> dict[str, set[str]]:
    found = {}
    for jail in jails:
        reply = await client.send(["get", jail, "banip"])
        assert reply[0] == 0, reply
        found[jail] = set(reply[1].split() if isinstance(reply[1], str) else reply[1])
    return found
