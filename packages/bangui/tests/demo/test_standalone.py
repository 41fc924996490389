from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanInstallation
from aiofail2ban.testing.pytest_plugin import unavailable

pytestmark = pytest.mark.daemon


@contextmanager
def running(installation: Fail2BanInstallation, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], Path, int]]:
    """The demo as a program of its own: the process, its folder and its daemon's process number."""
    with subprocess.Popen(
        [sys.executable, "-m", "bangui.demo", str(installation.config_directory.parents[1])],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            assert program.stdout is not None
            program.stdout.readline()
            socket = Path(program.stdout.readline().removeprefix("Socket: ").strip())
            assert socket.is_socket()
            yield program, socket.parents[1], int((socket.parent / "fail2ban.pid").read_text())
        finally:
            program.kill()


@pytest.fixture
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("t")
    if len(str(folder)) > 50:
        unavailable(f"pytest's temporary folder is too long for sockets: {folder}")
    return folder


def wait_until_gone(pid: int, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists():
        assert time.monotonic() < deadline, f"process {pid} is left"
        time.sleep(0.05)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_good_order(
    one_installation: Fail2BanInstallation, temporary: Path, number: signal.Signals
) -> None:
    with running(one_installation, temporary) as (program, folder, pid):
        os.killpg(program.pid, number)
        assert program.wait(timeout=20) == 0
        assert not folder.exists()
        wait_until_gone(pid)
        assert list(temporary.iterdir()) == []


def test_killed_it_leaves_no_process_and_the_next_one_removes_its_folder(
    installation: Fail2BanInstallation, temporary: Path
) -> None:
    with running(installation, temporary) as (program, folder, pid):
        program.kill()
        program.wait()
        wait_until_gone(pid)
        assert folder.exists()
    with running(installation, temporary) as (program, second, _):
        assert not folder.exists()
        program.send_signal(signal.SIGTERM)
        program.wait(timeout=20)
        assert not second.exists()


def test_two_demos_live_side_by_side(one_installation: Fail2BanInstallation, temporary: Path) -> None:
    with running(one_installation, temporary) as (_, first, _), running(one_installation, temporary) as (_, second, _):
        assert first != second
        assert first.exists()
