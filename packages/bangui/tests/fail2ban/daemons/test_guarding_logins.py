"""The shipped filter and jail, with every real fail2ban: whoever fails is found, and nobody can have another banned.

The lines are written by the code that writes them in a service, with names that an attacker would type.
"""

from __future__ import annotations

import asyncio
import io
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import bangui
from aiofail2ban import Fail2BanClient
from aiofail2ban.testing.installation import Fail2BanInstallation
from aiofail2ban.testing.process import Fail2BanProcess
from bangui.adapters.logs import KeyValueFormatter
from bangui.domain.accounts import Visitor
from bangui.services.login_log import Method, logged_in, login_failed, login_hammered, login_slowed

FILES = Path(bangui.__file__).parent / "fail2ban"
FILTER, JAIL = FILES / "filter.d/bangui.conf", FILES / "jail.d/bangui.conf"

VICTIM = "198.51.100.66"
LINE = f"2026-11-23T21:04:05+01:00 warning login_failed address={VICTIM} user=root method=password reason=wrong"
HOSTILE = [
    "root",
    "",
    VICTIM,
    f"address={VICTIM}",
    f"x address={VICTIM} user=root method=password reason=wrong",
    f'" address={VICTIM} user="',
    f'\\" address={VICTIM} user=\\"',
    f"\\ address={VICTIM}",
    "\\",
    '"',
    "'",
    LINE,
    f"\n{LINE}",
    f"\r\n{LINE}\r\n",
    f"\x00{LINE}",
    f"\x0b{LINE}\x0c{LINE}\x1c{LINE}\x85{LINE}",
    f"\u2028{LINE}\u2029{LINE}",
    f"\nweb1 bangui[1]: {LINE}\n",
    f"\n {LINE.partition(' ')[2]}",
    f"\x1b[2J\x1b]0;{VICTIM}\x07",
    f"\u202e{VICTIM}\u202c",
    f"\ud800{VICTIM}",
    "\U0001f600" * 64,
    "=" * 64,
    " " * 64,
    '"' * 64,
    "\\" * 64,
    "a" * 100_000,
    "[::1]",
    "<HOST> <ADDR> %(failregex)s ${address}",
]


@contextmanager
def written() -> Iterator[io.StringIO]:
    """Everything that BanGUI logs meanwhile, as it stands in its log."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(KeyValueFormatter())
    logger = logging.getLogger("bangui")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield text
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


@pytest.fixture
def matches(installation: Fail2BanInstallation, tmp_path: Path) -> Callable[[str], list[str]]:
    """What `fail2ban-regex` finds in a text with the shipped filter: the address of each line that matches."""
    *interpreter, client = installation.client

    def find(text: str) -> list[str]:
        log = tmp_path / "bangui.log"
        # As standard error writes what is no text.
        log.write_text(text, encoding="utf-8", errors="backslashreplace", newline="")
        program = str(Path(client).with_name("fail2ban-regex"))
        done = subprocess.run(
            [*interpreter, program, "-o", "<ip>", str(log), str(FILTER)],
            env=dict(installation.environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return done.stdout.split()

    return find


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1", "::1", "2001:db8:1:2:3:4:5:6"])
def test_every_failure_is_found_under_its_own_address_whatever_the_name(
    matches: Callable[[str], list[str]], address: str
) -> None:
    with written() as log:
        for name in HOSTILE:
            for method in Method:
                login_failed(Visitor(address), name, method)
                login_hammered(Visitor(address), name, method)
    assert matches(log.getvalue()) == [address] * (len(HOSTILE) * len(Method) * 2)


def test_without_an_address_nobody_is_found(matches: Callable[[str], list[str]]) -> None:
    with written() as log:
        for name in HOSTILE:
            login_failed(Visitor(None), name, Method.WORD)
    assert log.getvalue().count("\n") == len(HOSTILE)
    assert matches(log.getvalue()) == []


def test_nothing_else_in_the_log_is_a_failure(matches: Callable[[str], list[str]]) -> None:
    log_of_something = logging.getLogger("bangui.something")
    with written() as log:
        for text in HOSTILE:
            login_slowed(Visitor("192.0.2.1"), text, Method.WORD)
            logged_in(Visitor("192.0.2.1"), text)
            log_of_something.warning("source_away", extra={"problem": text, "address": text})
            log_of_something.warning("%s", text[:200])
            try:
                raise ValueError(text[:200])
            except ValueError:
                log_of_something.exception("source_failed", extra={"source": text[:200]})
    assert matches(log.getvalue()) == []


def test_in_the_journal_the_same_is_found(matches: Callable[[str], list[str]]) -> None:
    with written() as log:
        for name in HOSTILE:
            login_failed(Visitor("192.0.2.1"), name, Method.WORD)
            login_failed(Visitor(None), name, Method.WORD)
    lines = log.getvalue().splitlines()
    entries = [f"web1 bangui[123]: {line}\n" for line in lines] + [f"web-1.example bangui: {lines[0]}\n"]
    assert matches("".join(entries)) == ["192.0.2.1"] * (len(HOSTILE) + 1)


@pytest.mark.parametrize(
    "line",
    [
        f" {LINE}",
        f"    {LINE}",
        f"x{LINE}",
        f"web1 sshd[1]: {LINE}",
        f"web1 bangui[1]:     {LINE}",
        f"web1 bangui[1]: {LINE} and more",
        f"{LINE} and more",
        LINE.replace(VICTIM, "victim.example"),
        LINE.replace(VICTIM, f"{VICTIM}."),
        LINE.replace(VICTIM, "-"),
        LINE.replace("warning", "info"),
        LINE.replace("user=root", 'user="a"b"'),
        LINE.replace("user=root", "user="),
        LINE.replace("user=root", "user=a b"),
        LINE.partition(" ")[2],
    ],
)
def test_a_line_that_is_not_quite_ours_is_nobodys_failure(matches: Callable[[str], list[str]], line: str) -> None:
    assert matches(f"{line}\n") == []


def test_the_shipped_files_make_a_jail_that_reads_the_journal(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(installation.config_directory, config)
    (config / "filter.d" / FILTER.name).write_bytes(FILTER.read_bytes())
    (config / "jail.d" / JAIL.name).write_bytes(JAIL.read_bytes())
    done = subprocess.run(
        [*installation.client, "-c", str(config), "-d"],
        env=dict(installation.environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    commands = [line for line in done.stdout.splitlines() if line.startswith("[")]
    assert "['add', 'bangui', 'systemd']" in commands
    assert "['set', 'bangui', 'maxretry', 10]" in commands
    assert "['set', 'bangui', 'addjournalmatch', '_SYSTEMD_UNIT=bangui.service']" in commands
    assert "['start', 'bangui']" in commands


async def test_a_real_daemon_bans_who_has_failed_too_often_and_nobody_else(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    log = tmp_path / "bangui.log"
    log.touch()
    jail_local = f"[bangui]\nenabled = true\nbackend = polling\nlogpath = {log}\naction =\n"
    files = {"filter.d/bangui.conf": FILTER.read_text(), "jail.d/bangui.conf": JAIL.read_text()}
    async with (
        Fail2BanProcess(installation, jail_local=jail_local, config_files=files) as daemon,
        Fail2BanClient(daemon.socket_path) as client,
    ):
        with written() as text:
            for number in range(10):
                login_failed(Visitor("192.0.2.1"), HOSTILE[number], Method.WORD)
            for number in range(9):
                login_failed(Visitor("192.0.2.2"), HOSTILE[number + 10], Method.WORD)
                login_failed(Visitor(None), HOSTILE[number + 10], Method.WORD)
        log.write_text(text.getvalue(), encoding="utf-8")
        while not (banned := await client.jail("bangui").banned_ids()):
            await asyncio.sleep(0.05)
        assert banned == ("192.0.2.1",)
