"""Print every new ban, in all jails, as it happens: a line with the jail, the address and the end of the ban.

fail2ban tells nobody of its bans, so they have to be asked for. Asking for the counters of all jails costs it next to
nothing; the list of a jail's bans, which costs 10 µs a ban, is asked for only when its counters have moved.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sys
from datetime import datetime

from aiofail2ban import Fail2BanClient, Fail2BanConnectionError, UnknownJailError
from aiofail2ban.types import Ban, JailStatistics


class Watcher:
    """Remembers the bans that it has seen."""

    def __init__(self, client: Fail2BanClient) -> None:
        self._client = client
        self._counters: dict[str, JailStatistics] = {}
        # By id and start: the end of a ban may be moved while it lasts.
        self._seen: dict[str, frozenset[tuple[str, datetime]]] = {}

    async def look(self) -> list[tuple[str, Ban]]:
        """Return the bans that are new since the last time, with their jails."""
        new: list[tuple[str, Ban]] = []
        counters = await self._client.statistics()
        for jail, numbers in counters.items():
            if numbers == self._counters.get(jail):
                continue
            try:
                bans = await self._client.jail(jail).bans()
            except UnknownJailError:
                continue  # it was stopped a moment ago
            before = self._seen.get(jail, frozenset())
            new += [(jail, ban) for ban in bans if (ban.id, ban.banned_at) not in before]
            self._seen[jail] = frozenset((ban.id, ban.banned_at) for ban in bans)
        self._counters = counters
        return new


async def watch(socket_path: str, seconds: float) -> None:
    """Look every few seconds, whether the daemon is there or not."""
    async with Fail2BanClient(socket_path) as client:
        watcher = Watcher(client)
        while True:
            try:
                for jail, ban in await watcher.look():
                    # An id is text that an attacker may have chosen: `repr` keeps it from steering the terminal.
                    print(f"{jail}: {ban.id!r} until {ban.ends_at or 'for ever'}", flush=True)
            except Fail2BanConnectionError as error:
                print(f"{error}. {error.hint}", file=sys.stderr, flush=True)
            await asyncio.sleep(seconds)


def main() -> None:
    """Read the command line and watch until Ctrl-C."""
    parser = argparse.ArgumentParser(description="Print every new ban, in all jails, as it happens.")
    parser.add_argument("--socket", default="/var/run/fail2ban/fail2ban.sock", help="fail2ban's socket")
    parser.add_argument("--every", type=float, default=2.0, metavar="SECONDS", help="how often to look")
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watch(options.socket, options.every))


if __name__ == "__main__":
    main()
