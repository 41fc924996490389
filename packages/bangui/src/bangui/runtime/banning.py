"""What bans and unbans by hand while a service runs, and the task that ends bans with a duration of their own.

Where no history is kept, nobody could remember when to end a ban: then people ban for as long as the jail does.
"""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING

from bangui.adapters.sql.engine import open_engine
from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.runtime.protection import protected_here
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.timed_bans import TimedBans

if TYPE_CHECKING:
    from bangui.domain.gateway import Gateway
    from bangui.domain.places import PlaceFinder
    from bangui.services.audit import AuditTrail
    from bangui.services.live import LiveState


@asynccontextmanager
async def banning(
    options: Namespace,
    gateway: Gateway,
    live: LiveState,
    trail: AuditTrail,
    *,
    places: PlaceFinder | None,
    proxies: Iterable[IPv4Network | IPv6Network] = (),
) -> AsyncIterator[BanActions]:
    """Lend what bans and unbans until the block ends; `places` is None where no history is kept."""
    known_proxies = tuple(proxies)
    reviews = BanReviews(gateway, lambda: live.snapshot, lambda: protected_here(known_proxies))
    if places is None:
        yield BanActions(gateway, reviews, BanRecords(gateway.host, None, trail))
        return
    engine = open_engine(options.history)
    try:
        records = BanRecords(gateway.host, SqlHistoryWriter(engine, places), trail)
        timed = TimedBans(gateway, SqlTimedBans(engine), records, instance=lambda: instance_behind(options.socket))
        async with asyncio.TaskGroup() as group:
            keeper = group.create_task(timed.run())
            try:
                yield BanActions(gateway, reviews, records, timed)
            finally:
                keeper.cancel()
    finally:
        await asyncio.to_thread(engine.dispose)


def instance_behind(socket_path: str) -> str:
    """Return a word for the daemon behind a socket that is another one after each restart; empty where there is none.

    fail2ban makes its socket anew whenever it starts.
    """
    try:
        found = Path(socket_path).stat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_ino}:{found.st_mtime_ns}"
