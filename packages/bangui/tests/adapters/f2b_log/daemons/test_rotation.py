"""Real daemons whose log is rotated, cut and read again from the middle, and other layouts of it."""

from __future__ import annotations

import asyncio
import gzip
import os
import shutil
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation
from bangui.adapters.f2b_log import LogSource
from bangui.domain.history import EventKind
from packages.bangui.tests.adapters.f2b_log.daemons.scene import Scene, identity, kinds, scene

A, B = "198.51.100.1", "198.51.100.2"


async def rotate(it: Scene, how: str, count: int) -> None:
    """Do what logrotate does."""
    for number in range(count - 1, 0, -1):
        for suffix in ("", ".gz"):
            old = it.log.with_name(f"{it.log.name}.{number}{suffix}")
            if old.exists():
                old.rename(it.log.with_name(f"{it.log.name}.{number + 1}{suffix}"))
    first = it.log.with_name(f"{it.log.name}.1")
    if how == "copytruncate":
        shutil.copyfile(it.log, first)
        os.truncate(it.log, 0)
        return
    it.log.rename(first)
    if how == "create":
        it.log.touch(mode=0o640)
    await it.run("flushlogs")
    if how == "compress":
        packed = it.log.with_name(f"{it.log.name}.1.gz")
        packed.write_bytes(gzip.compress(first.read_bytes()))
        shutil.copystat(first, packed)
        first.unlink()


@pytest.mark.parametrize("is_read", [True, False])
async def test_nothing_is_lost_or_told_twice_through_every_kind_of_rotation(
    installation: Fail2BanInstallation, tmp_path: Path, *, is_read: bool
) -> None:
    """Read all the time, or only once before the first rotation and once after the last."""
    async with scene(installation, tmp_path) as it:
        ways = ["create", "nocreate", "copytruncate", "compress"]
        for number, how in enumerate(ways, start=1):
            for id in (f"198.51.100.{number}", f"2001:db8::{number}"):
                it.fail("one", id, 3)
                it.fail("two", id, 2)
                await it.until(f"[one] Ban {id}")
                await it.until(f"[two] Found {id}", 2)
                if is_read or number == 1:
                    it.observe()
            await rotate(it, how, number)
        it.fail("two", A, 1)
        await it.until(f"[two] Found {A}", 3)
        it.observe_to_the_end()
        assert it.failures_told() == it.failures
        assert it.observations == it.from_scratch()
        assert len({identity(one) for one in it.observations}) == len(it.observations)
        assert sum(one.kind is EventKind.BAN for one in it.observations) == 2 * len(ways)


async def test_a_daemon_that_was_killed_reads_entries_again_and_they_are_the_same_failures(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with scene(installation, tmp_path) as it:
        it.fail("one", A, 2)
        await it.until(f"[one] Found {A}", 2)
        for round in range(3):
            it.observe()
            it.daemon.kill()
            it.fail("two", B)  # nobody sees it before the next start
            await it.daemon.start()
            await it.until(f"[two] Found {B}", round + 1)
            await asyncio.sleep(1.1)  # one second in two runs could not be told from the same entries read twice
        # The polling backend writes down how far it has read, so the trap is laid by hand: as if it had not.
        await it.daemon.stop()
        told = [line for line in it.log.read_bytes().split(b"\n") if b"] Found " in line]
        start = [line for line in it.log.read_bytes().split(b"\n") if b"Starting Fail2ban" in line][-1]
        with it.log.open("ab") as log:
            log.write(b"\n".join([start, *told, b""]))
        it.observe_to_the_end()
        assert it.failures_told() == it.failures
        assert len([one for one in it.observations if one.kind is EventKind.FAILURE]) >= 2 * len(told)


async def test_a_jails_log_that_is_read_from_its_beginning_again_tells_of_the_same_failures(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    """A daemon whose database is gone does not know how far it has read."""
    async with scene(installation, tmp_path, default={"maxretry": "100"}) as it:
        for id in (A, A, B):
            it.fail("one", id, 2)
            await asyncio.sleep(1.1)
        await it.until("[one] Found", 6)
        await it.daemon.stop()
        it.daemon.database_path.unlink()
        await it.daemon.start()
        await it.until("[one] Found", 12)
        it.observe_to_the_end()
        assert it.failures_told() == it.failures
        assert sum(one.kind is EventKind.FAILURE for one in it.observations) == 12


async def test_without_messages_of_level_info_bans_are_told_all_the_same(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with scene(installation, tmp_path, level="NOTICE") as it:
        await it.run("set", "one", "banip", A)
        await it.run("set", "one", "unbanip", A)
        await it.run("set", "one", "banip", A)
        await it.daemon.restart()
        await it.until(f"[one] Restore Ban {A}")
        assert [one.kind.name for one in it.observe_to_the_end()][:3] == ["BAN", "UNBAN", "BAN"]
        # The daemon was back at once, with another process id: so it had been stopped.
        assert kinds(it.observations)[3:] == [f"REPEAL one {A}", f"RESTORE one {A}"]


async def test_every_message_of_the_highest_log_level_changes_nothing(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with scene(installation, tmp_path, level="1") as it:
        it.fail("one", A, 3)
        await it.until(f"[one] Ban {A}")
        await it.run("set", "one", "unbanip", A)
        await it.daemon.stop()
        assert kinds(it.observe_to_the_end()) == [*[f"FAILURE one {A}"] * 3, f"BAN one {A}", f"UNBAN one {A}"]
        assert it.failures_told() == it.failures


# The layouts are made by the same code in all four versions.


@pytest.mark.parametrize("option", ["-vv", "-vvv", "-vvvv"])
async def test_the_layouts_of_a_talkative_daemon_are_understood(
    one_installation: Fail2BanInstallation, tmp_path: Path, option: str
) -> None:
    talkative = replace(one_installation, server=(*one_installation.server, option))
    async with scene(talkative, tmp_path) as it:
        it.fail("one", A, 3)
        await it.until_in_log(f"[one] Ban {A}")
        await it.run("set", "one", "unbanip", A)
        await it.run("set", "one", "banip", B)
        await it.daemon.stop()
        assert kinds(it.observe_to_the_end()) == [
            *[f"FAILURE one {A}"] * 3,
            f"BAN one {A}",
            f"UNBAN one {A}",
            f"BAN one {B}",
            f"REPEAL one {B}",
        ]
        assert it.failures_told() == it.failures
        # Without a time of day the entries tell it, to a second or two.
        assert all(abs(one.time / 1000 - time.time()) < 60 for one in it.observations)


@pytest.mark.parametrize("target", ["STDOUT", "SYSOUT", "{log}[padding=off]", "{log}[datetime=off]"])
async def test_a_log_that_goes_somewhere_else_is_understood_there(
    one_installation: Fail2BanInstallation, tmp_path: Path, target: str
) -> None:
    async with scene(one_installation, tmp_path) as it:
        path = it.daemon.directory / ("other.log" if "{log}" in target else "console.log")
        await it.run("set", "logtarget", target.format(log=path))
        it.log = path
        it.mark()
        it.fail("one", A, 3)
        await it.until_in_log(f"[one] Ban {A}")
        await it.run("set", "one", "banip", B)
        await it.daemon.stop()
        with closing(LogSource("h", path, lambda: time.time() + 1_000)) as source:
            found = Counter(kinds(list(source.read(None).observations)))
        assert found == {
            f"FAILURE one {A}": 3,
            **{f"{kind} one {id}": 1 for kind in ("BAN", "REPEAL") for id in (A, B)},
        }
