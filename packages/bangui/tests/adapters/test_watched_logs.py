from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.safe_open import NotARegularFile, StrangeLink
from bangui.adapters.watched_logs import DaemonLogs, away
from bangui.domain.errors import DaemonAway
from bangui.domain.watched_logs import LogAway, WatchedLog


@asynccontextmanager
async def logs_of(daemon: Fail2BanProcess, *jails: str) -> AsyncIterator[tuple[Fail2BanClient, DaemonLogs]]:
    async with Fail2BanClient(daemon.socket_path) as client:
        yield client, DaemonLogs(client, lambda: jails)


async def test_what_a_real_daemon_writes_and_watches_is_listed_and_read(
    daemon: Fail2BanProcess, tmp_path: Path
) -> None:
    log = tmp_path / "auth.log"
    log.write_text("Failed password for root from 192.0.2.7 port 22 ssh2\n")
    async with logs_of(daemon, "one", "two", "gone") as (client, logs):
        for jail in ("one", "two"):
            await client.add_jail(jail, "polling")
            await client.jail(jail).add_logpath(str(log))
        own, watched = await logs.list()
        assert (own.name, own.jails, own.is_own, own.is_file) == (await client.get_logtarget(), (), True, True)
        assert (watched.name, watched.jails, watched.is_own, watched.is_file) == (str(log), ("one", "two"), False, True)
        assert str(log) not in watched.key
        tail = logs.open(watched)
        try:
            assert [line.text for line in tail.read().lines] == [log.read_text().strip()]
        finally:
            tail.close()
        await client.jail("one").del_logpath(str(log))
        await client.jail("two").del_logpath(str(log))
        assert [one.is_own for one in await logs.list()] == [True]


async def test_a_daemon_that_is_away_names_nothing(tmp_path: Path) -> None:
    async with Fail2BanClient(str(tmp_path / "nobody"), timeout=1) as client:
        with pytest.raises(DaemonAway):
            await DaemonLogs(client, lambda: ("sshd",)).list()


def a_log(name: str) -> WatchedLog:
    return WatchedLog("key", name, ("app",), False, True)


def unused_logs() -> DaemonLogs:
    return DaemonLogs(Fail2BanClient("/nowhere"), lambda: ())


async def test_a_daemon_that_writes_to_the_journal_and_a_jail_that_reads_it(one_daemon: Fail2BanProcess) -> None:
    async with logs_of(one_daemon, "one", "two") as (client, logs):
        await client.add_jail("one", "systemd")
        await client.jail("one").add_journalmatch("_SYSTEMD_UNIT=sshd.service", "_COMM=sshd", "+", "_COMM=sshd-session")
        await client.add_jail("two", "polling")
        await client.set_logtarget("STDOUT")
        own, watched = await logs.list()
    assert (own.name, own.is_own, own.is_file, own.matches[0]) == ("STDOUT", True, False, "_UID=0")
    assert (watched.jails, watched.is_file) == (("one",), False)
    assert watched.matches == ("_SYSTEMD_UNIT=sshd.service", "_COMM=sshd", "+", "_COMM=sshd-session")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "BanGUI may not read /x"),
        (FileNotFoundError(2, "No such file"), "there is no such file here"),
        (NotADirectoryError(20, "Not a directory"), "there is no such file here"),
        (NotARegularFile(22, "no regular file"), "/x is no regular file"),
        (ValueError("embedded null byte"), "/x is no regular file"),
        (StrangeLink(40, "a link"), "belongs neither to root nor to BanGUI"),
        (OSError(5, "Input/output error"), "/x cannot be read: Input/output error"),
    ],
)
def test_each_trouble_has_its_words(error: OSError | ValueError, words: str) -> None:
    assert words in away("/x", error).message


def test_a_file_that_is_missing_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(LogAway, match="there is no such file here"):
        unused_logs().open(a_log(str(tmp_path / "gone")))


def test_trouble_while_reading_is_told_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_text("a line\n")
    tail = unused_logs().open(a_log(str(path)))
    tail.read()
    path.unlink()
    path.mkdir()
    try:
        with pytest.raises(LogAway, match="is no regular file"):
            tail.read()
    finally:
        tail.close()
