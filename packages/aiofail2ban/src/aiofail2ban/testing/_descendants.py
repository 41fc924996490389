"""End a process together with everything that it has started, also what moved to another session."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def kill_tree(pid: int) -> None:
    """Kill `pid`, a child of ours, and its descendants.

    It is stopped first, so that it cannot start another one between the look and the kill. fail2ban runs each shell
    action in a session of its own: killing a process group would miss them.
    """
    _send(pid, signal.SIGSTOP)
    family = [pid]
    for member in family:  # grows while it is walked: children of children are found too
        family += _children(member)
    for member in family:
        _send(member, signal.SIGKILL)


def _children(pid: int) -> list[int]:
    children: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            children += [int(word) for word in path.read_text().split()]
    return children


def _send(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
