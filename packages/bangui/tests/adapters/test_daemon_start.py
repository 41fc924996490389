from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aiofail2ban.testing import Fail2BanProcess
from bangui.adapters.daemon_start import DaemonStart

TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def listening(path: Path) -> Iterator[str]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(8)
        yield str(path)


def write_proc(proc: Path, pid: int, *, ticks: object, name: str = "f2b/server", boot: object = 1_000_000) -> Path:
    """Make up what the kernel says of one process."""
    (proc / str(pid)).mkdir(parents=True, exist_ok=True)
    fields = ["S", *map(str, range(4, 22)), str(ticks), "23", "24"]
    (proc / str(pid) / "stat").write_text(f"{pid} ({name}) {' '.join(fields)}\n")
    (proc / "stat").write_text(f"cpu 1 2 3\nbtime {boot}\nprocesses 9\n")
    return proc


def test_the_start_is_that_of_the_process_that_listens(tmp_path: Path) -> None:
    proc = write_proc(tmp_path / "proc", os.getpid(), ticks=7 * TICKS)
    with listening(tmp_path / "socket") as path:
        assert DaemonStart(path, proc).find() == datetime.fromtimestamp(1_000_007, UTC)


def test_a_program_may_be_called_anything(tmp_path: Path) -> None:
    proc = write_proc(tmp_path / "proc", os.getpid(), ticks=7 * TICKS, name="a) S 1 2 (b")
    with listening(tmp_path / "socket") as path:
        assert DaemonStart(path, proc).find() == datetime.fromtimestamp(1_000_007, UTC)


def test_a_process_that_is_known_is_not_looked_for_again(tmp_path: Path) -> None:
    proc = write_proc(tmp_path / "proc", os.getpid(), ticks=7 * TICKS)
    with listening(tmp_path / "socket") as path:
        start = DaemonStart(path, proc)
        first = start.find()
    # Nobody listens any more, and the machine's clock was set: the answer is the same.
    write_proc(proc, os.getpid(), ticks=7 * TICKS, boot=2_000_000)
    assert start.find() == first
    write_proc(proc, os.getpid(), ticks=9 * TICKS)
    assert start.find() is None


@pytest.mark.parametrize("ticks", ["-", "many"])
def test_what_the_kernel_does_not_say_is_not_known(tmp_path: Path, ticks: str) -> None:
    with listening(tmp_path / "socket") as path:
        assert DaemonStart(path, tmp_path / "nothing").find() is None
        assert DaemonStart(path, write_proc(tmp_path / "proc", os.getpid(), ticks=ticks)).find() is None
        odd = write_proc(tmp_path / "odd", os.getpid(), ticks=1, boot="soon")
        assert DaemonStart(path, odd).find() is None


@pytest.mark.parametrize("name", ["missing", "x" * 200, "nul\0byte"])
def test_a_socket_that_cannot_be_reached_has_no_start(tmp_path: Path, name: str) -> None:
    assert DaemonStart(f"{tmp_path}/{name}").find() is None


async def test_a_real_daemon_was_started_a_moment_ago(daemon: Fail2BanProcess) -> None:
    started_at = DaemonStart(str(daemon.socket_path)).find()
    assert started_at is not None
    assert abs((datetime.now(UTC) - started_at).total_seconds()) < 300
