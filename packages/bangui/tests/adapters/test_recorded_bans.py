from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.fail2ban import Fail2BanGateway
from bangui.adapters.recorded_bans import RecordedBans
from bangui.domain.bans import Ban
from bangui.domain.errors import OperationRefused
from bangui.domain.operations import BanIds, ReadBans, ReadRecentlyRecordedBans, ReadRecordedBans, UnbanIds


@pytest.fixture
async def gateway(daemon: Fail2BanProcess, tmp_path: Path) -> AsyncIterator[Fail2BanGateway]:
    """A daemon with a database and two jails, one of which bans for ever."""
    async with Fail2BanClient(daemon.socket_path) as client:
        for command in (
            ["set", "dbfile", str(tmp_path / "a ?&#% b.sqlite3")],
            ["add", "sshd", "polling"],
            ["set", "sshd", "bantime", "3600"],
            ["add", "for ever", "polling"],
            ["set", "for ever", "bantime", "-1"],
            ["start", "sshd"],
            ["start", "for ever"],
        ):
            response = await client.send(command)
            assert response[0] == 0, (command, response)
        yield Fail2BanGateway("here", client, client.aclose, database=RecordedBans("here"))


async def settled(gateway: Fail2BanGateway, jail: str, count: int) -> tuple[Ban, ...]:
    # A thread of the daemon's writes the rows a little later.
    async with asyncio.timeout(20):
        while True:
            bans = await gateway.perform(ReadRecordedBans(jail))
            if len(bans) == count:
                return bans
            await asyncio.sleep(0.05)


async def test_the_database_lists_the_same_bans_as_the_socket(gateway: Fail2BanGateway) -> None:
    ids = tuple(f"198.51.100.{number}" for number in range(200))
    await gateway.perform(BanIds("sshd", ids))
    await gateway.perform(BanIds("for ever", ("2001:db8::/48", "any text; even ' this")))
    await gateway.perform(UnbanIds(("198.51.100.7",)))
    recorded = await settled(gateway, "sshd", 199)
    listed = await gateway.perform(ReadBans("sshd"))
    assert {(ban.id, ban.jail, ban.duration) for ban in recorded} == {
        (ban.id, ban.jail, ban.duration) for ban in listed
    }
    starts = {ban.id: ban.banned_at for ban in listed}
    # The database rounds to whole seconds, the socket cuts off.
    assert all(0 <= (ban.banned_at - starts[ban.id]).total_seconds() <= 1 for ban in recorded)
    assert await gateway.perform(ReadRecentlyRecordedBans("sshd")) == recorded
    for_ever = await settled(gateway, "for ever", 2)
    assert {(ban.duration, ban.ends_at) for ban in for_ever} == {(None, None)}


async def test_more_bans_than_a_slice_are_listed_whole_and_the_old_ones_left_out(tmp_path: Path) -> None:
    path = make_database(tmp_path, [("sshd", f"id {number}", 1000 + number, 100_000) for number in range(4_501)])
    bans = await RecordedBans("here", lambda: 100_000.0).read(str(path), "sshd")
    assert len(bans) == 4_501
    bans = await RecordedBans("here", lambda: 102_000.0).read(str(path), "sshd")
    assert len(bans) == 3_500
    assert bans[0].id == "id 4500"
    recent = await RecordedBans("here", lambda: 5_600.0).read_recent(str(path), "sshd")
    assert [recent[0].id, recent[-1].id] == ["id 4500", "id 4300"]


@pytest.mark.parametrize("values", [(-5, 10), ("x", 10), (10, None), (10**15, 10), (b"\xff", 1)])
async def test_rows_that_are_no_bans_are_left_out(tmp_path: Path, values: tuple[object, object]) -> None:
    path = make_database(tmp_path, [("sshd", "odd", *values), ("sshd", "good", 50, -1), ("sshd", b"\xff", 50, "y")])
    assert [ban.id for ban in await RecordedBans("here", lambda: 100.0).read(str(path), "sshd")] == ["good"]


async def test_a_ban_beyond_the_year_9999_has_no_end(tmp_path: Path) -> None:
    path = make_database(tmp_path, [("sshd", "long", 50, 10**15)])
    (ban,) = await RecordedBans("here", lambda: 100.0).read(str(path), "sshd")
    assert (ban.duration, ban.ends_at) == (None, None)


async def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no database, but long enough to be looked at as one" * 50)
    for path, problem in (
        (tmp_path / "absent", "is not there"),
        (tmp_path / "text", "no database"),
        (tmp_path, "no file"),
    ):
        with pytest.raises(OperationRefused, match=problem):
            await RecordedBans("here").read(str(path), "sshd")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["text"]


async def test_a_daemon_without_a_database_is_refused(one_daemon: Fail2BanProcess) -> None:
    async with Fail2BanClient(one_daemon.socket_path) as client:
        await client.send(["set", "dbfile", ":memory:"])
        gateway = Fail2BanGateway("here", client, client.aclose, database=RecordedBans("here"))
        with pytest.raises(OperationRefused, match="keeps no database"):
            await gateway.perform(ReadRecordedBans("sshd"))


async def test_a_database_that_somebody_holds_is_not_waited_for(tmp_path: Path) -> None:
    path = make_database(tmp_path, [("sshd", "good", 50, -1)])
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(OperationRefused, match="cannot be read"):
            await RecordedBans("here").read(str(path), "sshd")
    finally:
        holder.close()


def make_database(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    """A database with the table of fail2ban that holds the bans in force, schema version 4."""
    path = folder / "fail2ban.sqlite3"
    connection = sqlite3.connect(path)
    connection.executescript(
        "CREATE TABLE bips(ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, bantime INTEGER,"
        " bancount INTEGER NOT NULL default 1, data JSON, PRIMARY KEY(ip, jail));"
        "CREATE INDEX bips_timeofban ON bips(timeofban);"
    )
    connection.executemany("INSERT INTO bips(jail, ip, timeofban, bantime) VALUES (?, ?, ?, ?)", rows)
    connection.commit()
    connection.close()
    return path
