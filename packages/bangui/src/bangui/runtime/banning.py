"""What bans and unbans by hand while a service runs, and the task that ends bans with a duration of their own.

Where no history is kept, nobody could remember when to end a ban: then people ban for as long as the jail does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bangui.adapters.sql.timed_bans import SqlTimedBans
from bangui.adapters.sql.writer import SqlHistoryWriter
from bangui.runtime.late import LateDatabase
from bangui.runtime.protection import protected_here
from bangui.services.ban_actions import BanActions
from bangui.services.ban_records import BanRecords
from bangui.services.ban_reviews import BanReviews
from bangui.services.threads import in_thread
from bangui.services.timed_bans import TimedBans

if TYPE_CHECKING:
    from bangui.domain.gateway import Gateway
    from bangui.domain.places import PlaceFinder
    from bangui.services.audit import AuditTrail
    from bangui.services.live import LiveState


class ServedHost(NamedTuple):
    """A host whose bans people change: how it is reached, what is known of it, and where its daemon listens."""

    gateway: Gateway
    live: LiveState
    socket_path: str


@asynccontextmanager
async def banning(
    database: LateDatabase,
    host: ServedHost,
    trail: AuditTrail,
    *,
    places: PlaceFinder | None,
    proxies: Iterable[IPv4Network | IPv6Network] = (),
) -> AsyncIterator[BanActions]:
    """Lend what bans and unbans until the block ends; `places` is None where no history is kept."""
    gateway, live, socket_path = host
    known_proxies = tuple(proxies)
    reviews = BanReviews(gateway, lambda: live.snapshot, lambda: protected_here(known_proxies))
    if places is None:
        yield BanActions(gateway, reviews, BanRecords(gateway.host, None, trail))
        return
    engine = await in_thread(database.engine)
    records = BanRecords(gateway.host, SqlHistoryWriter(engine, places), trail)
    timed = TimedBans(gateway, SqlTimedBans(engine), records, instance=lambda: instance_behind(socket_path))
    async with asyncio.TaskGroup() as group:
        keeper = group.create_task(timed.run())
        try:
            yield BanActions(gateway, reviews, records, timed)
        finally:
            keeper.cancel()


def instance_behind(socket_path: str) -> str:
    """Return a word for the daemon behind a socket that is another one after each restart; empty where there is none.

    fail2ban makes its socket anew whenever it starts.
    """
    try:
        found = Path(socket_path).stat()
    except (OSError, ValueError):
        return ""
    return f"{found.st_ino}:{found.st_mtime_ns}"
