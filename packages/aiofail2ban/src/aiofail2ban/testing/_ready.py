"""Is a daemon that was just started ready? Asked with fail2ban's own protocol."""

from __future__ import annotations

import socket

from aiofail2ban.client import Fail2BanClient
from aiofail2ban.errors import Fail2BanError

# Generous for one answer; a daemon that is busy with its start is asked again.
_ANSWER_SECONDS = 2.0


async def list_jails(socket_path: str) -> frozenset[str] | None:
    """The names of the daemon's jails, or None while it does not answer."""
    if not _accepts(socket_path):
        return None
    async with Fail2BanClient(socket_path, timeout=_ANSWER_SECONDS, connect_attempts=1) as client:
        try:
            reply = await client.send(["status"])
        except Fail2BanError:
            return None
    match reply:
        case (0, [(str(), int()), (str(), str(names))]):
            return frozenset(name.strip() for name in names.split(",") if name.strip())
        case _:  # a start that failed takes its jails down again, and the list with them
            return None


def _accepts(socket_path: str) -> bool:
    # The client would log a warning for each look at a socket that is not there yet.
    with socket.socket(socket.AF_UNIX) as probe:
        probe.setblocking(False)
        return probe.connect_ex(socket_path) == 0
