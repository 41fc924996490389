"""What the daemons write, version by version, and what is made of it."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from aiofail2ban.testing import Fail2BanInstallation
from bangui.domain.history import EventKind
from packages.bangui.tests.adapters.f2b_log.daemons.scene import Scene, kinds, scene

A, B, C = "198.51.100.1", "198.51.100.2", "2001:db8::3"


async def test_failures_bans_and_unbans_by_time_and_by_hand(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with scene(installation, tmp_path, one="bantime = 3") as it:
        it.fail("one", A, 3)
        await it.until(f"[one] Ban {A}")
        await it.until(f"[one] Unban {A}")
        it.fail("two", B, 2)
        await it.until(f"[two] Found {B}", 2)
        await it.run("set", "two", "banip", C)
        await it.run("set", "two", "unbanip", C)
        await it.run("set", "two", "attempt", B)
        it.failures["two", B, int(time.time()) * 1000] += 1
        await it.until(f"[two] Ban {B}")
        found = it.observe_to_the_end()
        # An unban waits for what comes after it, so the order is that of each jail.
        assert sorted(kinds(found)) == sorted(
            [
                *[f"FAILURE one {A}"] * 3,
                f"BAN one {A}",
                f"UNBAN one {A}",
                *[f"FAILURE two {B}"] * 3,
                f"BAN two {B}",
                f"BAN two {C}",
                f"UNBAN two {C}",
            ]
        )
        assert kinds(found) == kinds(it.from_scratch())
        assert sum(it.failures_told().values()) == sum(it.failures.values()) == 6
        bans = {one.id: one for one in found if one.kind is EventKind.BAN}
        assert (bans[A].duration, bans[B].duration) == (3, 600)
        # The true time is that of the last failure, as in the daemon's own database.
        assert bans[A].time == max(time for jail, id, time in it.failures if id == A)
        assert all(0 <= (one.logged or 0) - one.time < 10_000 for one in bans.values())


async def test_who_is_ignored_and_who_is_banned_already(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with scene(installation, tmp_path, default={"ignoreip": B}) as it:
        it.fail("one", A, 3)
        await it.until(f"[one] Ban {A}")
        it.fail("one", B, 2)
        await it.until(f"[one] Ignore {B} by ip", 2)
        # The daemon says it in its log only when the ban is three seconds old.
        while f"[one] {A} already banned" not in it.said():
            it.fail("one", A, 3)
            await it.until(f"[one] Found {A}", sum(times for (_, id, _), times in it.failures.items() if id == A))
        found = Counter(one.kind for one in it.observe_to_the_end())
        assert found[EventKind.IGNORED] == 2
        assert found[EventKind.ALREADY_BANNED] >= 1
        assert found[EventKind.BAN] == 1


# What the daemon says when bans of `one` end, and what it is. UNBAN stands for "[one] Unban A" in every version, and
# STOP for the same in 0.11.2, 1.0.2 and 1.1.0, and for "[one] Repeal Ban A" in 1.1.1.
UNBAN, STOP, RESTORE = f"[one] Unban {A}", "STOP", f"[one] Restore Ban {A}"
UNWATCHED, STOPPED = "Removed logfile: ", "Jail 'one' stopped"
CREATED, STARTED = "Creating new jail 'one'", "Jail 'one' started"
ADDED, DONE = "Added logfile: ", "Reload finished."
RELOAD_ONE, RELOAD_ALL = "Reload jail one", "Reload all jails"

TRUTH: dict[str, tuple[list[str], list[str]]] = {
    f"set one unbanip {A}": ([UNBAN], ["UNBAN"]),
    "unban --all": ([UNBAN], ["UNBAN"]),
    "reload one": ([RELOAD_ONE, "Reload jail 'one'", "Jail 'one' reloaded", DONE], []),
    "reload --unban one": ([RELOAD_ONE, UNBAN, "Reload jail 'one'", "Jail 'one' reloaded", DONE], ["UNBAN"]),
    "stop one": ([UNWATCHED, STOP, STOPPED], ["REPEAL"]),
    "reload --restart one": (
        [RELOAD_ONE, UNWATCHED, STOP, STOPPED, CREATED, ADDED, STARTED, DONE, RESTORE],
        ["REPEAL", "RESTORE"],
    ),
    "restart one": (
        [RELOAD_ONE, UNWATCHED, STOP, STOPPED, CREATED, ADDED, STARTED, DONE, RESTORE],
        ["REPEAL", "RESTORE"],
    ),
    "reload --restart --unban one": (
        [RELOAD_ONE, UNBAN, UNWATCHED, STOPPED, CREATED, ADDED, STARTED, DONE],
        ["UNBAN"],
    ),
}


async def test_every_way_in_which_a_ban_ends(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with scene(installation, tmp_path, action="flushed") as it:
        for command, (expected, events) in TRUTH.items():
            it.mark()
            await it.run("set", "one", "banip", A)
            await it.until(f"[one] Ban {A}")
            it.observe_to_the_end()
            it.mark()
            await it.run(*command.split())
            for message in expected:
                await it.until(stop(it) if message == STOP else message)
            # What the action that can be flushed says comes before its unbans, and changes nothing.
            said = [one for one in it.said() if "] Flush ticket(s) with " not in one]
            assert (len(said) < len(it.said())) == any(
                end in expected for end in (STOP, UNBAN) if "unbanip" not in command
            )
            assert [like(one) for one in said] == [stop(it) if one == STOP else one for one in expected], command
            assert kinds(it.observe_to_the_end()) == [f"{kind} one {A}" for kind in events], command
            if command == "stop one":
                await it.run("reload")
                await it.until(RESTORE)
            await it.run("unban", "--all")
            it.observe_to_the_end()
        assert kinds(it.from_scratch()) == kinds(it.observations)


def stop(it: Scene) -> str:
    return f"[one] Repeal Ban {A}" if it.names_stops else UNBAN


def like(message: str) -> str:
    return next((beginning for beginning in (UNWATCHED, ADDED) if message.startswith(beginning)), message)


async def test_a_jail_that_a_reload_drops_and_a_daemon_that_restarts(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with scene(installation, tmp_path) as it:
        jail_local = it.daemon.config_directory / "jail.local"
        whole = jail_local.read_text()
        await it.run("set", "one", "banip", A, B)
        await it.run("set", "two", "banip", C)
        jail_local.write_text(whole.replace("enabled = true", "enabled = false", 1))
        await it.run("reload")
        jail_local.write_text(whole)
        await it.run("reload")
        await it.until("[one] Restore Ban", 2)
        await it.daemon.restart()
        await it.until("[one] Restore Ban", 4)
        await it.until("[two] Restore Ban", 1)
        await it.run("reload", "--restart")
        await it.until("[one] Restore Ban", 6)
        await it.until("[two] Restore Ban", 2)
        await it.daemon.stop()
        counts = Counter(kinds(it.observe_to_the_end()))
        assert counts == {
            f"BAN one {A}": 1,
            f"BAN one {B}": 1,
            f"BAN two {C}": 1,
            **{f"{kind} one {id}": times for id in (A, B) for kind, times in (("REPEAL", 4), ("RESTORE", 3))},
            f"REPEAL two {C}": 3,
            f"RESTORE two {C}": 2,
        }


async def test_a_reload_that_fails_suspends_all_bans(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with scene(installation, tmp_path) as it:
        await it.run("set", "one", "banip", A)
        await it.run("set", "two", "banip", B)
        config = it.daemon.config_directory / "filter.d/test.conf"
        text = config.read_text()
        config.write_text(text.replace("<ADDR>$", "<ADDR>($"))
        assert (await it.daemon.run_client("reload")).status
        config.write_text(text)
        await it.run("reload")
        await it.until(f"[one] Restore Ban {A}")
        await it.until(f"[two] Restore Ban {B}")
        found = kinds(it.observe_to_the_end())
        for jail, id in (("one", A), ("two", B)):
            assert [one.split()[0] for one in found if one.endswith(f"{jail} {id}")] == ["BAN", "REPEAL", "RESTORE"]


async def test_a_ban_whose_action_had_to_be_repaired_is_no_new_ban(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    there = tmp_path / "there"
    async with scene(installation, tmp_path, one=f"action = frail[there='{there}']") as it:
        it.fail("one", A, 3)
        await it.until(f"[one] Ban {A}")
        there.unlink()
        await it.run("set", "one", "banip", B)
        it.fail("one", A, 3)
        await it.until(f"[one] Reban {A}")
        found = Counter(kinds(it.observe_to_the_end()))
        assert (found[f"BAN one {A}"], found[f"REBAN one {A}"]) == (1, 1)


async def test_a_ban_that_is_made_longer(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with scene(installation, tmp_path, default={"bantime": "3", "bantime.increment": "true"}) as it:
        it.fail("one", A, 3)
        await it.until(f"[one] Unban {A}")
        it.observe()
        it.fail("one", A, 3)
        await it.until(f"[one] Increase Ban {A}")
        it.observe()
        prolonged = [one for one in it.from_scratch() if one.kind is EventKind.PROLONG]
        assert [(one.jail, one.id, one.count, one.duration) for one in prolonged] == [("one", A, 2, 6)]
        # "Found A, bad - ..." tells of failures that were told before.
        it.observe_to_the_end()
        assert it.failures_told() == it.failures


HOSTILE = [
    f"x] Ban {B}",
    f"a b - 2026-11-25 12:00:00,000 fail2ban.actions [1]: NOTICE [one] Unban {B}",
    "[two] Restore Ban x",
    "x (2 # 10s -> 2026-11-25 12:00:00)",
    "x already banned",
    "ünï ☃",
]


async def test_ids_that_an_attacker_has_chosen_come_through_as_they_are(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with scene(installation, tmp_path, default={"usedns": "raw"}) as it:
        for id in HOSTILE:
            it.fail("one", id, 3)
        await it.until("[one] Ban", len(HOSTILE))
        await it.daemon.stop()
        counts = Counter(kinds(it.observe_to_the_end()))
        assert counts == {
            f"{kind} one {id}": times for id in HOSTILE for kind, times in (("FAILURE", 3), ("BAN", 1), ("REPEAL", 1))
        }
