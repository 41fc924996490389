"""The source against databases that real daemons write, while they write them."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from bangui.domain.history import PERMANENT, EventKind, Observation, Origin, Source
from bangui.domain.history_ports import SourceAway
from packages.bangui.tests.adapters.f2b_database.daemons.harness import (
    Reader,
    busy_threads,
    jails,
    purge,
    reading_all_the_time,
    rows,
    run,
)


async def test_bans_of_filters_and_of_hands_are_told_as_they_are(daemon: Fail2BanProcess, tmp_path: Path) -> None:
    log = tmp_path / "auth.log"
    log.touch()
    async with jails(daemon, "hand") as client:
        await run(client, "add", "sshd", "polling")
        await run(client, "set", "sshd", "addfailregex", r"^ fail (?P<user>\S+) from <HOST>$")
        await run(client, "set", "sshd", "maxretry", "3")
        await run(client, "set", "sshd", "bantime", "-1")
        await run(client, "set", "sshd", "addlogpath", str(log), "tail")
        await run(client, "start", "sshd")
        reader = Reader(daemon.database_path)
        await run(client, "set", "hand", "banip", "192.0.2.1", "2001:db8::/48", "any text; even ' this")
        await run(client, "set", "hand", "attempt", "192.0.2.9", "first line", "a caf\u00e9 \U0001f600")
        await asyncio.sleep(1.5)  # from `tail` on
        moment = datetime.now().astimezone().replace(microsecond=0)
        with log.open("a") as file:
            file.writelines(f"{moment:%Y-%m-%d %H:%M:%S} fail user{n} from 192.0.2.7\n" for n in range(3))
        await reader.until_told(5)
    told = {observation.id: observation for observation in reader.told.values()}
    found = told["192.0.2.7"]
    assert found == Observation(
        *("here", "sshd", "192.0.2.7", EventKind.BAN, int(moment.timestamp()) * 1000, Source.DATABASE),
        duration=PERMANENT,
        count=1,
        failures=3,
        lines=tuple(f"{moment:%Y-%m-%d %H:%M:%S} fail user{n} from 192.0.2.7" for n in range(3)),
    )
    assert told["192.0.2.9"].lines == ("first line", "a caf\u00e9 \U0001f600")
    by_hand = {one.id for one in told.values() if one.origin is Origin.HAND}
    assert by_hand == {"192.0.2.1", "2001:db8::/48", "any text; even ' this"}
    assert {told[id].duration for id in by_hand} == {600}


async def test_increased_bans_carry_their_own_duration_and_count(daemon: Fail2BanProcess) -> None:
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "bantime.increment", "true")
        await run(client, "set", "sshd", "bantime", "1")
        reader = Reader(daemon.database_path)
        for number in range(1, 3):
            await run(client, "set", "sshd", "banip", "192.0.2.1")
            await reader.until_told(number)
            async with asyncio.timeout(30):
                while await run(client, "get", "sshd", "banned", "192.0.2.1"):
                    await asyncio.sleep(0.1)
    counts = sorted((one.count or 0, one.duration or 0) for one in reader.told.values())
    assert counts == [(1, 1), (2, 2)]


async def test_an_unban_that_erases_rows_hides_none_that_come_after(daemon: Fail2BanProcess) -> None:
    async with jails(daemon, "sshd", "other") as client:
        reader = Reader(daemon.database_path)
        for number in range(40):
            await run(client, "set", "sshd", "banip", *(f"198.51.100.{number} {part}" for part in range(5)))
            await run(client, "set", "other", "banip", f"203.0.113.{number}")
            if number % 3 == 0:
                reader.read()
            # The newest rows go, and their numbers are given to the next ones.
            await run(client, "set", "other", "unbanip", f"203.0.113.{number}")
            await run(client, "set", "sshd", "unbanip", f"198.51.100.{number} 4")
        await run(client, "set", "other", "banip", "the last")
        await reader.until_seen("the last")
        wanted = {f"198.51.100.{number} {part}" for number in range(40) for part in range(4)}
        assert wanted <= reader.ids()
        await run(client, "unban", "--all")
        await run(client, "set", "sshd", "banip", "after all")
        await reader.until_seen("after all")


async def test_a_daemon_that_is_read_all_the_time_loses_nothing(daemon: Fail2BanProcess) -> None:
    """Reading in a loop, in a process that is busy besides, while bans come in and others are lifted."""
    async with jails(daemon, "sshd") as client:
        reader = Reader(daemon.database_path)
        with busy_threads(), reading_all_the_time(reader) as problems:
            for start in range(0, 3_000, 50):
                await run(client, "set", "sshd", "banip", *(f"id {number}" for number in range(start, start + 50)))
                await run(client, "set", "sshd", "unbanip", f"id {start}", f"id {start + 49}")
            await run(client, "set", "sshd", "banip", "the last")
            async with asyncio.timeout(60):
                while "the last" not in reader.ids():
                    await asyncio.sleep(0.05)
        reader.read()
        listed = await run(client, "get", "sshd", "banned")
    log = daemon.log_path.read_text(errors="replace")
    assert "locked" not in log
    assert "ERROR" not in log
    assert isinstance(listed, list)
    kept = {id for _, id, _ in rows(daemon.database_path)}
    # A row may follow the unban of its ban, when the thread that writes it is late.
    assert set(listed) <= kept
    assert kept <= reader.ids()
    assert all("is busy" in problem for problem in problems)


async def test_what_a_purge_takes_was_told_or_is_told_by_the_last_ban_of_each(daemon: Fail2BanProcess) -> None:
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "bantime", "-1")
        reader, late = Reader(daemon.database_path), Reader(daemon.database_path)
        await run(client, "set", "sshd", "banip", "one", "two")
        await reader.until_seen("one", "two")
    await daemon.stop()
    purge(daemon)
    assert rows(daemon.database_path) == set()
    await daemon.start()
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "banip", "three")
        await reader.until_seen("three")
        await late.until_seen("three")
    assert late.ids() == {"one", "two", "three"}
    assert {one.duration for one in late.told.values() if one.id != "three"} == {PERMANENT}


async def test_restarts_tell_nothing_twice_and_lose_nothing(daemon: Fail2BanProcess) -> None:
    reader = Reader(daemon.database_path)
    for number in range(3):
        async with jails(daemon, "sshd") as client:
            await run(client, "set", "sshd", "banip", f"before {number}", f"with {number}")
            await reader.until_seen(f"with {number}")
            # Restored bans are no new rows.
            assert reader.read() == 0
            await daemon.restart()
    assert reader.ids() == {f"{word} {number}" for number in range(3) for word in ("before", "with")}
    assert len(reader.told) == 6


async def test_a_database_that_was_moved_away_or_broke_is_followed_by_the_new_one(daemon: Fail2BanProcess) -> None:
    path = daemon.database_path
    reader = Reader(path)
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "banip", "first")
        await reader.until_seen("first")
    await daemon.stop()
    path.rename(path.with_suffix(".old"))
    await daemon.start()
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "banip", "second")
        await reader.until_seen("second")
    await daemon.stop()
    content = path.read_bytes()
    path.write_bytes(b"not a database at all" + content[21:])
    with pytest.raises(SourceAway, match="is no database"):
        reader.read()
    await daemon.start()
    async with jails(daemon, "sshd") as client:
        assert len(list(path.parent.glob(f"{path.name}.*-*"))) == 1  # moved aside by the daemon
        await run(client, "set", "sshd", "banip", "third")
        await reader.until_seen("third")


async def test_a_database_in_wal_mode_is_put_right_by_the_daemon(daemon: Fail2BanProcess) -> None:
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "banip", "one")
        reader = Reader(daemon.database_path)
        await reader.until_seen("one")
    await daemon.stop()
    connection = sqlite3.connect(daemon.database_path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    files = sorted(daemon.directory.iterdir())
    with pytest.raises(SourceAway, match="is in WAL mode"):
        reader.read()
    assert sorted(daemon.directory.iterdir()) == files
    await daemon.start()
    async with jails(daemon, "sshd") as client:
        await run(client, "set", "sshd", "banip", "two")
        await reader.until_seen("two")
