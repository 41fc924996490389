"""When the daemon behind a socket was started, as far as this machine can tell.

The daemon itself does not say. But the kernel knows which process listens on a Unix socket (`SO_PEERCRED`), and since
when that process runs (`/proc`). Where the daemon is in another container, or `/proc` hides other people's processes,
nobody can say; then the answer is None and never a guess.

Finding the process takes a connection that asks nothing and is closed at once. It is made once for each process: while
the one that was found is still there, its start is known.
"""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_PROC = Path("/proc")
_CREDENTIALS = struct.Struct("3i")
# What follows the name of the program, which may hold anything, also brackets: field 22 is the start.
_START_FIELD = 22 - 3


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    ticks: int
    started_at: datetime


class DaemonStart:
    """The start of the process that listens on a socket."""

    def __init__(self, socket_path: str, proc: Path = _PROC) -> None:
        self._socket_path = socket_path
        self._proc = proc
        self._known: _Process | None = None

    def find(self) -> datetime | None:
        """Return when it was started (aware, UTC); None where that cannot be known."""
        known = self._known
        if known is None or _start_ticks(self._proc, known.pid) != known.ticks:
            self._known = self._look()
        return self._known.started_at if self._known else None

    def _look(self) -> _Process | None:
        pid = _listener(self._socket_path)
        ticks = _start_ticks(self._proc, pid) if pid else None
        boot = _boot_time(self._proc)
        if not pid or ticks is None or boot is None:
            return None
        seconds = boot + ticks / os.sysconf("SC_CLK_TCK")
        return _Process(pid, ticks, datetime.fromtimestamp(int(seconds), UTC))


def _listener(socket_path: str) -> int | None:
    """Return the number of the process that listens; None or 0 where it is out of sight."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK) as connection:
        try:
            # With a full queue of connections there is no answer now; the next look may have one.
            connection.connect(socket_path)
            credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        except (OSError, ValueError):
            return None
    pid: int = _CREDENTIALS.unpack(credentials)[0]
    return pid


def _start_ticks(proc: Path, pid: int) -> int | None:
    """Return when a process was started, in ticks since the machine was."""
    try:
        fields = (proc / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        return int(fields[_START_FIELD])
    except (OSError, ValueError, IndexError):
        return None


def _boot_time(proc: Path) -> int | None:
    try:
        for line in (proc / "stat").read_bytes().splitlines():
            if line.startswith(b"btime "):
                return int(line.split()[1])
    except (OSError, ValueError, IndexError):
        pass
    return None
