from __future__ import annotations

import asyncio
import ipaddress
import json
import random
import re
import subprocess
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from aiofail2ban import Fail2BanClient
from aiofail2ban.testing import Fail2BanInstallation
from aiofail2ban.testing.pytest_plugin import unavailable
from bangui.demo import OWNER, Demo, DemoFailed, Firewall, probe_firewall
from bangui.demo.jails import JAILS
from bangui.demo.world import Person, World

LOG_ONLY = Firewall(isolated=False, with_nftables=False, problem="the test wants it so")
SECONDS = 20.0


@asynccontextmanager
async def running(demo: Demo) -> AsyncIterator[Fail2BanClient]:
    """The demo with its traffic, and a client of its fail2ban."""
    async with demo, Fail2BanClient(demo.socket_path) as client:
        task = asyncio.create_task(demo.run())
        try:
            yield client
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def bans(client: Fail2BanClient) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for jail in JAILS:
        reply = await client.send(["get", jail.name, "banip"])
        assert reply[0] == 0, reply
        found[jail.name] = set(reply[1].split() if isinstance(reply[1], str) else reply[1])
    return found


def total(found: dict[str, set[str]]) -> int:
    return sum(map(len, found.values()))


async def eventually(client: Fail2BanClient, good: Callable[[dict[str, set[str]]], bool]) -> dict[str, set[str]]:
    deadline = time.monotonic() + SECONDS
    while not good(found := await bans(client)):
        assert time.monotonic() < deadline, found
        await asyncio.sleep(0.1)
    return found


@pytest.mark.daemon
async def test_the_first_page_has_bans_and_neither_staff_nor_owner_are_among_them(
    installation: Fail2BanInstallation,
) -> None:
    demo = Demo(installation, firewall=LOG_ONLY)
    staff = {person.address for person in staff_of_the_default_seed()}
    async with running(demo) as client:
        begun = time.monotonic()
        found = await eventually(client, lambda found: total(found) >= 15)
        assert time.monotonic() - begun < 10
        await asyncio.sleep(3)
        found = await bans(client)
        assert 15 <= total(found) <= 45
        assert len([jail for jail, banned in found.items() if banned]) >= 6
        everybody = set().union(*found.values())
        assert any(":" in address for address in everybody)
        assert not everybody & (staff | set(OWNER))
        log = demo.daemon.log_path.read_text()
        assert any(f"Found {address}" in log for address in staff), "nobody mistyped"
        assert f"Ignore {OWNER[0]} by ip" in log
        assert " ERROR " not in log
        assert "ban sshd" in (demo.directory / "logs" / "bans.log").read_text()
    assert "not into a firewall: the test wants it so" in demo.banner


def staff_of_the_default_seed() -> tuple[Person, ...]:
    return World(random.Random(1)).staff


@pytest.mark.daemon
async def test_bans_are_elements_of_a_real_nftables_table_that_only_the_demo_has(
    installation: Fail2BanInstallation,
) -> None:
    firewall = probe_firewall(installation.environment)
    if not firewall.with_nftables:
        unavailable(firewall.problem)
    demo = Demo(installation, firewall=firewall)
    async with running(demo) as client:
        assert "real nftables table" in demo.banner
        assert Path(f"/proc/{demo.daemon.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        await eventually(client, lambda found: total(found) >= 15)
        deadline = time.monotonic() + SECONDS
        while (sets := nftables_sets(demo.daemon.pid)) != (banned := await by_set(client)):
            differing = [(name, sets.get(name), banned.get(name)) for name in sets.keys() | banned.keys()]
            assert time.monotonic() < deadline, [entry for entry in differing if entry[1] != entry[2]]
            await asyncio.sleep(0.2)
        assert len(sets) >= 8


async def by_set(client: Fail2BanClient) -> dict[str, set[str]]:
    """The bans by the name of the set in which the stock action keeps them."""
    found: dict[str, set[str]] = {}
    for jail, addresses in (await bans(client)).items():
        for address in addresses:
            found.setdefault(f"addr{'6' if ':' in address else ''}-set-{jail}", set()).add(address)
    return found


def nftables_sets(pid: int) -> dict[str, set[str]]:
    listed = subprocess.run(
        [
            *("nsenter", "--target", str(pid), "--user", "--net", "--preserve-credentials"),
            *("nft", "-j", "list", "ruleset"),
        ],
        capture_output=True,
        check=True,
    )
    found: dict[str, set[str]] = {}
    for entry in json.loads(listed.stdout)["nftables"]:
        if elements := entry.get("set", {}).get("elem"):
            # The stock jail for telephones bans on both protocols, in a set for each.
            name = entry["set"]["name"].removesuffix("-tcp").removesuffix("-udp")
            found.setdefault(name, set()).update(map(str, elements))
    return found


@pytest.mark.daemon
async def test_new_bans_keep_coming(one_installation: Fail2BanInstallation) -> None:
    async with running(Demo(one_installation, firewall=LOG_ONLY)) as client:
        first = set().union(*(await eventually(client, lambda found: total(found) >= 15)).values())
        later = await eventually(client, lambda found: len(set().union(*found.values()) - first) >= 2)
        assert later


@pytest.mark.daemon
@pytest.mark.parametrize("end", [None, RuntimeError("on purpose"), asyncio.CancelledError()])
async def test_however_it_ends_no_process_and_no_file_is_left(
    one_installation: Fail2BanInstallation, end: BaseException | None
) -> None:
    demo = Demo(one_installation)
    with suppress(RuntimeError, asyncio.CancelledError):
        async with running(demo):
            folder, pid = demo.directory, demo.daemon.pid
            if end is not None:
                raise end
    assert not folder.exists()
    assert not Path(f"/proc/{pid}").exists()


@pytest.mark.daemon
async def test_cancelled_while_it_starts_it_leaves_nothing(
    one_installation: Fail2BanInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("bangui.demo.folder._LONGEST_PARENT", 70)
    for delay in (0.01, 0.05, 0.15):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(Demo(one_installation, firewall=LOG_ONLY).__aenter__(), delay)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.daemon
async def test_a_daemon_that_was_stopped_is_started_again(
    one_installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bangui.demo.demo._RESTART_SECONDS", 0.2)
    demo = Demo(one_installation, firewall=LOG_ONLY)
    async with running(demo) as client:
        first = demo.daemon.pid
        await eventually(client, lambda found: total(found) >= 15)
        await client.send(["stop"], timeout=60)
        deadline = time.monotonic() + SECONDS
        while demo.daemon.pid == first or not await client.ping():
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        await eventually(client, lambda found: total(found) >= 10)


@pytest.mark.daemon
async def test_the_daemons_own_log_is_kept_small_while_it_is_read_and_written(
    installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bangui.demo.demo._RESTART_SECONDS", 0.1)
    monkeypatch.setattr("bangui.demo.demo._UPKEEP_SECONDS", 0.1)
    monkeypatch.setattr("bangui.demo.demo.LARGEST_LOG", 20_000)
    demo = Demo(installation, firewall=LOG_ONLY)
    async with running(demo) as client:
        log, old = demo.daemon.log_path, demo.daemon.log_path.with_name("fail2ban.log.1")
        deadline = time.monotonic() + SECONDS
        while not (old.exists() and log.stat().st_size):
            assert time.monotonic() < deadline
            await client.send(["set", "vsftpd", "banip", "192.0.2.77"])
            await client.send(["set", "vsftpd", "unbanip", "192.0.2.77"])
            await asyncio.sleep(0.05)
        # The jail that reads this log goes on reading the new one.
        for jail in ("vsftpd", "dovecot", "postfix"):
            await client.send(["set", jail, "banip", "192.0.2.99"])
        await eventually(client, lambda found: "192.0.2.99" in found["recidive"])


async def test_a_fail2ban_that_does_not_start_is_one_error_with_the_reason(
    one_installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bangui.demo.demo.jail_local", lambda *_, **__: "[sshd]\nenabled = true\nlogpath = /nowhere\n")
    demo = Demo(one_installation, firewall=LOG_ONLY)
    with pytest.raises(DemoFailed, match="Have not found any log file for"):
        await demo.__aenter__()
    assert not demo.directory.exists()


async def test_a_full_disk_is_one_error_with_the_reason(
    one_installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Demo(one_installation, firewall=LOG_ONLY) as demo:

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("bangui.demo.writer.LogWriter.write", full)
        with pytest.raises(DemoFailed, match="No space left"):
            await asyncio.wait_for(demo.run(), SECONDS)


def test_before_its_start_it_has_no_folder() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = Demo().directory


@pytest.mark.daemon
async def test_ten_minutes_at_once_ban_every_kind_of_attacker_and_nobody_who_mistypes(
    installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bangui.demo.traffic.WARM_UP_SECONDS", 595.0)
    demo = Demo(installation, firewall=LOG_ONLY)
    async with running(demo) as client:
        found = await eventually(client, lambda found: total(found) >= 30)
        await asyncio.sleep(1)
        log = demo.daemon.log_path.read_text()
        banned = set(re.findall(r"\] Ban (\S+)", log)).union(*found.values())
        staff = {person.address for person in staff_of_the_default_seed()}
        assert len([address for address in staff if f"Found {address} " in log]) >= 4
        assert not banned & (staff | set(OWNER))
        networks = Counter(ipaddress.ip_network((address, 64), strict=False) for address in banned if ":" in address)
        assert networks.most_common(1)[0][1] >= 3
        assert len([jail for jail, addresses in found.items() if addresses]) >= 7
