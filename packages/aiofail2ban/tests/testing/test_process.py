from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess, Fail2BanStartError, ProcessDeadlines
from aiofail2ban.testing.pytest_plugin import unavailable

pytestmark = pytest.mark.daemon

JAIL_LOCAL = """
[DEFAULT]
backend = polling
action =

[sshd]
enabled = true
backend = polling
logpath = {log}

[vsftpd]
enabled = false
"""


def jail_local(folder: Path) -> str:
    log = folder / "auth.log"
    log.touch()
    return JAIL_LOCAL.format(log=log)


def exists(pid: int) -> bool:
    """Does that process run (a zombie does not)?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until_gone(pid: int, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while exists(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not exists(pid)


async def test_a_bare_daemon_has_no_jail_and_lies_in_one_private_folder(
    installation: Fail2BanInstallation,
) -> None:
    async with Fail2BanProcess(installation) as daemon:
        folder, pid = daemon.directory, daemon.pid
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_ISSOCK(Path(daemon.socket_path).stat().st_mode)
        assert daemon.log_path.parent == folder
        assert list(daemon.config_directory.iterdir()) == []
        answer = await daemon.run_client("status")
        assert "Number of jail:\t0" in answer.output
    assert not folder.exists()
    assert not exists(pid)


async def test_a_configured_daemon_is_ready_with_its_jails_and_its_database(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with Fail2BanProcess(installation, jail_local=jail_local(tmp_path)) as daemon:
        answer = await daemon.run_client("status")
        assert "Jail list:\tsshd\n" in answer.output
        answer = await daemon.run_client("get", "dbfile")
        assert str(daemon.database_path) in answer.output
        assert daemon.database_path.is_file()


async def test_files_and_settings_reach_the_private_configuration_only(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    async with Fail2BanProcess(
        one_installation,
        jail_local=jail_local(tmp_path) + "action = note\n",
        config_files={
            "action.d/note.conf": "[Definition]\nactionban = true <ip>\n",
            "fail2ban.d/mine.local": "[DEFAULT]\ndbpurgeage = 7200\nloglevel = DEBUG\n",
        },
    ) as daemon:
        assert "7200" in (await daemon.run_client("get", "dbpurgeage")).output
        assert "DEBUG" in (await daemon.run_client("get", "loglevel")).output
        config = daemon.config_directory
        assert (config / "action.d/note.conf").is_file()
        assert not (one_installation.config_directory / "action.d/note.conf").exists()
        assert {path.name for path in config.rglob("*.local")} == {
            "fail2ban.local",
            "jail.local",
            "mine.local",
        }
        assert not (config / "jail.d").exists()


async def test_a_restart_keeps_folder_and_bans(installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with Fail2BanProcess(installation, jail_local=jail_local(tmp_path)) as daemon:
        first = daemon.pid, daemon.directory
        await daemon.run_client("set", "sshd", "banip", "203.0.113.7")
        await ban_row(daemon, "203.0.113.7")
        await daemon.restart()
        assert daemon.directory == first[1]
        assert daemon.pid != first[0]
        await restored(daemon, "203.0.113.7")


async def ban_row(daemon: Fail2BanProcess, address: str) -> None:
    """Wait for the row: the daemon writes it from a thread of its own, a moment after its answer."""
    for _ in range(200):
        database = sqlite3.connect(f"file:{daemon.database_path}?mode=ro", uri=True)
        try:
            if database.execute("select 1 from bips where ip = ?", (address,)).fetchall():
                return
        finally:
            database.close()
        await asyncio.sleep(0.05)
    pytest.fail(f"no row for {address}\n{daemon.log_tail()}")


async def restored(daemon: Fail2BanProcess, address: str) -> None:
    for _ in range(200):
        if f"Restore Ban {address}" in daemon.log_path.read_text():
            return
        await asyncio.sleep(0.05)
    pytest.fail(f"{address} was not restored\n{daemon.log_tail()}")


async def test_kill_leaves_a_socket_that_refuses_and_a_restart_takes_it_over(
    one_daemon: Fail2BanProcess,
) -> None:
    pid = one_daemon.pid
    one_daemon.kill()
    one_daemon.kill()
    assert not one_daemon.is_running
    assert not exists(pid)
    assert Path(one_daemon.socket_path).exists()
    await one_daemon.restart()
    assert one_daemon.is_running


async def test_stop_twice_and_start_again(one_daemon: Fail2BanProcess) -> None:
    await one_daemon.stop()
    await one_daemon.stop()
    assert not one_daemon.is_running
    assert not Path(one_daemon.socket_path).exists()
    await one_daemon.start()
    with pytest.raises(Fail2BanStartError, match="runs already"):
        await one_daemon.start()


async def test_a_daemon_that_will_not_stop_is_killed(one_installation: Fail2BanInstallation) -> None:
    async with Fail2BanProcess(one_installation, deadlines=ProcessDeadlines(stop=0.3)) as daemon:
        pid = daemon.pid
        os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
    assert time.monotonic() - begun < 5
    assert not exists(pid)


async def test_kill_takes_the_running_action_with_it(one_installation: Fail2BanInstallation, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    action = f"[Definition]\nactionstart_on_demand = false\nactionstart = echo $$ > {mark}; exec sleep 600\n"
    async with Fail2BanProcess(
        one_installation,
        jail_local=jail_local(tmp_path).replace("action =", "action = slow"),
        config_files={"action.d/slow.conf": action},
    ) as daemon:
        for _ in range(500):
            if mark.exists() and mark.read_text().strip():
                break
            await asyncio.sleep(0.02)
        child = int(mark.read_text())
        assert exists(child)
        daemon.kill()
        assert wait_until_gone(child)


async def test_a_configuration_that_fails_is_told_with_the_log(
    installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    bad = jail_local(tmp_path).replace("backend = polling\nlogpath", "backend = bogus\nlogpath")
    # 0.11 does not end when its configuration fails: it stays, without jails, until the deadline.
    daemon = Fail2BanProcess(installation, jail_local=bad, deadlines=ProcessDeadlines(start=6))
    with pytest.raises(Fail2BanStartError) as caught:
        async with daemon:
            pytest.fail("it started")
    assert "bogus" in caught.value.log_tail
    assert caught.value.log_tail in str(caught.value)
    assert not daemon.is_running


async def test_a_jail_that_does_not_come_up_is_named(one_installation: Fail2BanInstallation, tmp_path: Path) -> None:
    skipped = jail_local(tmp_path) + "\n[nosuch]\nenabled = true\nfilter = nosuch\n"
    daemon = Fail2BanProcess(one_installation, jail_local=skipped, deadlines=ProcessDeadlines(start=1.5))
    with pytest.raises(Fail2BanStartError, match="nosuch"):
        async with daemon:
            pytest.fail("it started")
    assert not daemon.is_running


async def test_cancelled_while_it_starts_nothing_is_left(
    one_installation: Fail2BanInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    log = jail_local(tmp_path)
    for delay in (0.0, 0.001, 0.02, 0.06, 0.12):
        daemon = Fail2BanProcess(one_installation, jail_local=log)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(daemon.__aenter__(), delay)
        assert not daemon.is_running
    assert [path.name for path in tmp_path.iterdir()] == ["auth.log"]


def test_one_loop_starts_it_and_another_restarts_it(one_installation: Fail2BanInstallation) -> None:
    daemon = Fail2BanProcess(one_installation)
    asyncio.run(daemon.start())
    asyncio.run(daemon.restart())
    asyncio.run(daemon.__aexit__(None, None, None))
    assert not daemon.is_running


async def test_a_socket_path_that_is_too_long_is_refused_before_the_start(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    with pytest.raises(Fail2BanStartError, match="too long"):
        async with Fail2BanProcess(one_installation, directory=folder):
            pytest.fail("it started")


async def test_a_long_temporary_folder_is_avoided(
    one_installation: Fail2BanInstallation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("x" * 100)
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    async with Fail2BanProcess(one_installation) as daemon:
        assert daemon.directory.parent == Path("/tmp")
    assert list(folder.iterdir()) == []


async def test_a_given_folder_is_used_and_kept(one_installation: Fail2BanInstallation, tmp_path: Path) -> None:
    async with Fail2BanProcess(one_installation, directory=tmp_path) as daemon:
        assert daemon.directory == tmp_path
    assert (tmp_path / "fail2ban.log").is_file()


def test_what_needs_a_started_daemon_says_so(one_installation: Fail2BanInstallation) -> None:
    daemon = Fail2BanProcess(one_installation)
    with pytest.raises(Fail2BanStartError, match="not started"):
        _ = daemon.socket_path
    with pytest.raises(Fail2BanStartError, match="not started"):
        _ = daemon.pid
    daemon.kill()


OWNER = """
    import asyncio, sys
    from pathlib import Path
    from aiofail2ban.testing import Fail2BanInstallation, Fail2BanProcess

    async def main():
        installation = Fail2BanInstallation.from_root(Path(sys.argv[1]))
        isolate = sys.argv[3] == "isolate"
        async with Fail2BanProcess(installation, directory=Path(sys.argv[2]), isolate=isolate) as daemon:
            print(daemon.pid, flush=True)
            await asyncio.sleep(600)

    asyncio.run(main())
"""


@contextmanager
def running_owner(
    installation: Fail2BanInstallation, folder: Path, mode: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Another process that owns a daemon, and the daemon's process id."""
    root = str(installation.config_directory.parents[1])
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER), root, str(folder), mode],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as owner:
        try:
            assert owner.stdout is not None
            pid = int(owner.stdout.readline())
            assert exists(pid)
            yield owner, pid
        finally:
            owner.kill()


@pytest.mark.parametrize("mode", ["plain", "isolate"])
def test_the_daemon_dies_with_an_owner_that_is_killed(
    installation: Fail2BanInstallation, tmp_path: Path, mode: str
) -> None:
    if mode == "isolate" and not can_isolate():
        unavailable("this kernel allows no user namespace here (unshare -Urn)")
    with running_owner(installation, tmp_path, mode) as (owner, pid):
        owner.kill()
        assert wait_until_gone(pid)


def test_ctrl_c_in_the_owners_terminal_reaches_the_owner_only_and_it_stops_the_daemon(
    one_installation: Fail2BanInstallation, tmp_path: Path
) -> None:
    with running_owner(one_installation, tmp_path, "plain") as (owner, pid):
        assert os.getpgid(pid) != os.getpgid(owner.pid)
        os.killpg(owner.pid, signal.SIGINT)
        owner.wait(timeout=30)
        assert not exists(pid)


def can_isolate() -> bool:
    return subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode == 0


async def test_an_isolated_daemon_sees_no_network_of_the_machine(
    one_installation: Fail2BanInstallation,
) -> None:
    if not can_isolate():
        unavailable("this kernel allows no user namespace here (unshare -Urn)")
    async with Fail2BanProcess(one_installation, isolate=True) as daemon:
        for kind in ("net", "user"):
            assert Path(f"/proc/{daemon.pid}/ns/{kind}").readlink() != Path(f"/proc/self/ns/{kind}").readlink()


async def test_a_program_that_is_missing_is_told(
    one_installation: Fail2BanInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_program(*arguments: object, **options: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "setpriv")

    monkeypatch.setattr("subprocess.Popen", no_program)
    with pytest.raises(Fail2BanStartError, match="setpriv"):
        async with Fail2BanProcess(one_installation):
            pytest.fail("it started")
