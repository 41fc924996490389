"""The bans of a jail that holds too many to be listed over the socket, kept up to date from fail2ban's database.

The whole list is read from the database once, and again when the daemon counts other bans than the list holds for a
while. In between only the newest bans are read, and those whose time is over are left out. The database is a little
behind the daemon, and so is the list: `JailBans.total` is always the daemon's own number.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bangui.domain.bans import Ban, JailBans, newest_first
from bangui.domain.errors import OperationRefused
from bangui.domain.gateway import Gateway
from bangui.domain.jails import JailCounters
from bangui.domain.operations import ReadRecentlyRecordedBans, ReadRecordedBans


class LongList:
    """The bans of one jail."""

    def __init__(
        self,
        gateway: Gateway,
        jail: str,
        *,
        refresh: float,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._gateway = gateway
        self._jail = jail
        self._refresh = refresh
        self._now = now
        self._monotonic = monotonic
        self._bans: tuple[Ban, ...] | None = None
        self._read_whole_at = 0.0

    async def read(self, counters: JailCounters) -> JailBans:
        """Return the list that goes with the counters; not complete where the database cannot be read."""
        total = counters.currently_banned
        try:
            bans = await self._read_bans(total)
        except OperationRefused:
            self._bans = None
            return JailBans(self._jail, (), total, False, self._now())
        self._bans = bans
        return JailBans(self._jail, bans, total, True, self._now())

    async def _read_bans(self, total: int) -> tuple[Ban, ...]:
        if self._bans is None:
            return await self._read_whole()
        recent = await self._gateway.perform(ReadRecentlyRecordedBans(self._jail))
        bans = _merged(self._bans, recent, self._now())
        is_due = self._monotonic() >= self._read_whole_at + self._refresh
        return await self._read_whole() if is_due and len(bans) != total else bans

    async def _read_whole(self) -> tuple[Ban, ...]:
        self._read_whole_at = self._monotonic()
        return await self._gateway.perform(ReadRecordedBans(self._jail))


def _merged(known: tuple[Ban, ...], recent: tuple[Ban, ...], now: datetime) -> tuple[Ban, ...]:
    """Return the known bans that are not over, with the recent ones in their places; the same object if nothing moved.

    Bans that are known already keep their object, so that comparing two lists stays cheap.
    """
    newest = {ban.id: ban for ban in recent}
    kept = [ban for ban in known if (ban.ends_at is None or ban.ends_at > now) and newest.get(ban.id, ban) == ban]
    added = newest_first([*newest.values()])
    same = {ban.id for ban in kept if ban.id in newest}
    added = tuple(ban for ban in added if ban.id not in same)
    if not added:
        return known if len(kept) == len(known) else tuple(kept)
    if not kept or added[-1].banned_at > kept[0].banned_at:
        return (*added, *kept)
    return newest_first([*added, *kept])
