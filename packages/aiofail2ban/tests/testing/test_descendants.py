from __future__ import annotations

import subprocess
import time
from pathlib import Path

from aiofail2ban.testing._descendants import kill_tree


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_children_in_sessions_of_their_own_die_too(tmp_path: Path) -> None:
    script = f"setsid sh -c 'sleep 600 & echo $! > {tmp_path}/pid; wait' & sleep 600"
    with subprocess.Popen(["sh", "-c", script]) as parent:
        mark = tmp_path / "pid"
        deadline = time.monotonic() + 10
        while not (mark.exists() and mark.read_text().strip()):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        grandchild = int(mark.read_text())
        assert is_alive(grandchild)
        kill_tree(parent.pid)
    while is_alive(grandchild):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_process_that_is_gone_is_no_error() -> None:
    with subprocess.Popen(["true"]) as process:
        process.wait()
    kill_tree(process.pid)
