"""Reads a host as cheaply as possible: counters every time, a list of bans only where something moved.

Listing bans costs the daemon about 10 microseconds each, during which it answers nobody; counters cost next to
nothing. A list is therefore read when its jail's counters changed, once more a little later (`Pace.settle`), and now
and then to be sure (`Pace.refresh`, at most one jail a poll). Lists of more than `LONGEST_LIST` bans are never asked of
the daemon; fail2ban's database has them as well (`LongList`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bangui.domain.bans import JailBans
from bangui.domain.errors import UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.jails import JailCounters
from bangui.domain.operations import ReadBans, ReadCounters, ReadStart, ReadVersion
from bangui.services.long_list import LongList
from bangui.services.pace import Pace

# 40 ms of the daemon's time; the next client must not wait longer because a page is open.
LONGEST_LIST = 4_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What one poll found."""

    version: str
    started_at: datetime | None
    jails: tuple[JailCounters, ...]
    bans: tuple[JailBans, ...]
    read_at: datetime


@dataclass(slots=True)
class _KnownList:
    """A list that was read, the counters that it belongs to, and when to look again (monotonic)."""

    counters: JailCounters
    bans: JailBans
    look_again_at: float


class HostReader:
    """Remembers what it has read, so that it can leave out what cannot have changed."""

    def __init__(
        self, gateway: Gateway, pace: Pace, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._gateway = gateway
        self._pace = pace
        self._now = now
        self._monotonic = monotonic
        self._version: str | None = None
        self._started_at: datetime | None = None
        self._version_due = 0.0
        self._lists: dict[str, _KnownList] = {}
        self._long_lists: dict[str, LongList] = {}

    def forget(self) -> None:
        """Read everything anew next time: the daemon was away and may be another one now."""
        self._version = None
        self._lists.clear()
        self._long_lists.clear()

    async def read(self) -> Reading:
        """Return the host as it is now."""
        await self._read_daemon()
        jails = await self._gateway.perform(ReadCounters())
        if any(_started_over(self._lists[jail.name].counters, jail) for jail in jails if jail.name in self._lists):
            # The daemon was restarted so quickly that nobody saw it away.
            self.forget()
            await self._read_daemon()
        await self._read_lists(jails)
        bans = tuple(self._lists[jail.name].bans for jail in jails if jail.name in self._lists)
        return Reading(self._version or "", self._started_at, jails, bans, self._now())

    async def _read_daemon(self) -> None:
        # A quick upgrade can go unnoticed between two polls, so both are asked again now and then.
        if self._version is None or self._monotonic() >= self._version_due:
            self._version = await self._gateway.perform(ReadVersion())
            self._started_at = await self._gateway.perform(ReadStart())
            self._version_due = self._monotonic() + self._pace.refresh

    async def _read_lists(self, jails: tuple[JailCounters, ...]) -> None:
        names = {jail.name for jail in jails}
        self._lists = {name: known for name, known in self._lists.items() if name in names}
        self._long_lists = {name: known for name, known in self._long_lists.items() if name in names}
        overdue = []
        for jail in jails:
            known = self._lists.get(jail.name)
            if known is None or _bans_moved(known.counters, jail):
                await self._read_list(jail, look_again_in=self._pace.settle)
            elif self._monotonic() >= known.look_again_at:
                overdue.append((known.look_again_at, jail.name, jail))
        if overdue:
            _, _, jail = min(overdue, key=lambda entry: entry[:2])
            await self._read_list(jail, look_again_in=self._pace.refresh)

    async def _read_list(self, jail: JailCounters, look_again_in: float) -> None:
        if jail.currently_banned > LONGEST_LIST:
            bans = await self._long_list(jail.name).read(jail)
            # Its database is behind the daemon for a moment, and no counter tells when it has caught up.
            look_again_in = 0.0 if bans.complete and len(bans.bans) != bans.total else look_again_in
        else:
            self._long_lists.pop(jail.name, None)
            try:
                listed = await self._gateway.perform(ReadBans(jail.name)) if jail.currently_banned else ()
            except UnknownJail:
                self._lists.pop(jail.name, None)  # stopped between the two commands; the next poll leaves it out
                return
            bans = JailBans(jail.name, listed, len(listed), True, self._now())
        previous = self._lists.get(jail.name)
        if previous is not None and previous.bans.bans == bans.bans:
            # The same objects, so that comparing two snapshots stays cheap.
            bans = JailBans(bans.jail, previous.bans.bans, bans.total, bans.complete, bans.read_at)
        self._lists[jail.name] = _KnownList(jail, bans, self._monotonic() + look_again_in)

    def _long_list(self, jail: str) -> LongList:
        if jail not in self._long_lists:
            self._long_lists[jail] = LongList(
                self._gateway, jail, refresh=self._pace.refresh, now=self._now, monotonic=self._monotonic
            )
        return self._long_lists[jail]


def _bans_moved(before: JailCounters, after: JailCounters) -> bool:
    return (before.currently_banned, before.total_banned) != (after.currently_banned, after.total_banned)


def _started_over(before: JailCounters, after: JailCounters) -> bool:
    return after.total_failed < before.total_failed or after.total_banned < before.total_banned
