"""The bans that the daemon itself lists, as a source of history: for what no file tells, or where none can be read.

The socket tells what is in force, not what happened. Two lists of a jail, one after the other, tell which bans are new,
which are longer than before and which are gone; a ban that came and went between them is not seen, nor are failures,
matched lines, and who wanted a ban. Where another source tells of unbans, that one knows their times, and this one
leaves them out (`tells_unbans`).

A list costs the daemon ten microseconds a ban, and it answers nobody meanwhile. So:

    counters are asked for at most once in `SocketPace.interval`, a list only where they moved, once more a little
    later, and now and then, and never more often than so that all lists together cost a hundredth of its time;
    jails with more than `LONGEST_LIST` bans are left out until they have fewer.

What was told and not recorded is told again: the lists in memory count only for the cursor that they belong to.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bangui.adapters.socket_memory import (
    Change,
    InForce,
    SocketCursor,
    changes,
    decode_socket_cursor,
    encode_socket_cursor,
)
from bangui.domain.bans import Ban
from bangui.domain.errors import DaemonAway, OperationRefused, UnknownJail
from bangui.domain.gateway import Gateway
from bangui.domain.history import PERMANENT, EventKind, Observation, Source
from bangui.domain.history_ports import Reading, SourceAway
from bangui.domain.jails import JailCounters
from bangui.domain.operations import ReadBans, ReadCounters

LONGEST_LIST = 4_000
"""Bans; 40 ms of the daemon's time."""

# A list of a ban costs 10 µs, which is a hundredth of this.
_SECONDS_PER_BAN = 0.001


@dataclass(frozen=True, slots=True)
class SocketPace:
    """How often what is asked, in seconds."""

    interval: float = 1.0
    """Between two looks at the counters, and at least between two lists of a jail."""
    settle: float = 12.0
    """From a change to a second look: fail2ban may prolong a ban up to 10 s after it began, and no counter tells."""
    refresh: float = 60.0
    """Between two lists of a jail although no counter moved."""
    restoring: float = 120.0
    """How long a daemon that has started may take to restore its bans: what is missing until then has not ended."""


@dataclass(slots=True)
class _Jail:
    """What is known of a jail: `counters` are those that its list belongs to, None where it has to be read.

    `seen` are its newest counters, None before it was seen running.
    """

    bans: dict[str, InForce] = field(default_factory=dict)
    counters: JailCounters | None = None
    seen: JailCounters | None = None
    not_before: float = 0.0
    look_again_at: float = 0.0


class SocketSource:
    """The bans in force of a host, through its gateway; a `Feed` of the collector."""

    def __init__(
        self,
        gateway: Gateway,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        *,
        tells_unbans: bool,
        pace: SocketPace | None = None,
    ) -> None:
        self._gateway = gateway
        self._now = now
        self._monotonic = monotonic
        self._tells_unbans = tells_unbans
        self._pace = pace or SocketPace()
        self._jails: dict[str, _Jail] = {}
        # The cursor that the lists in memory belong to.
        self._cursor: str | None = None
        self._next_look = 0.0
        self._restored_at = 0.0

    @property
    def name(self) -> str:
        """What its cursor is called."""
        return "socket"

    async def read(self, cursor: str | None, at_most: int = 5_000) -> Reading:
        """Return what changed since the cursor; None tells everything that is in force."""
        if cursor is None or cursor != self._cursor:
            self._recall(cursor)
        elif self._monotonic() < self._next_look:
            return self._reading([], cursor, has_more=False)
        counters = await self._read_counters()
        # Whatever interrupts this leaves lists in memory that nobody was told of.
        self._cursor = None
        try:
            observations, has_more = await self._look(counters, max(1, at_most))
        except (DaemonAway, OperationRefused) as error:
            raise SourceAway(error.message, error.hint) from error
        self._next_look = 0.0 if has_more else self._monotonic() + self._pace.interval
        self._cursor = self._next_cursor() if observations or cursor is None else cursor
        return self._reading(observations, self._cursor, has_more=has_more)

    async def _read_counters(self) -> dict[str, JailCounters]:
        try:
            return {jail.name: jail for jail in await self._gateway.perform(ReadCounters())}
        except (DaemonAway, OperationRefused) as error:
            self._expect_restoring()
            raise SourceAway(error.message, error.hint) from error

    def _recall(self, cursor: str | None) -> None:
        known = decode_socket_cursor(cursor)
        self._jails = {jail: _Jail(dict(bans)) for jail, bans in known.bans.items()} if known else {}
        self._expect_restoring()

    def _expect_restoring(self) -> None:
        self._restored_at = self._monotonic() + self._pace.restoring

    def _next_cursor(self) -> str:
        remembered = {name: jail.bans for name, jail in self._jails.items()} if self._tells_unbans else {}
        return encode_socket_cursor(SocketCursor(secrets.token_hex(8), remembered))

    def _reading(self, observations: list[Observation], cursor: str, *, has_more: bool) -> Reading:
        known = sum(len(jail.bans) for jail in self._jails.values())
        expected = sum(
            jail.counters.currently_banned
            for jail in self._jails.values()
            if jail.counters is not None and jail.counters.currently_banned <= LONGEST_LIST
        )
        return Reading(observations, cursor, has_more, known, max(known, expected) if has_more else known)

    async def _look(self, counters: Mapping[str, JailCounters], at_most: int) -> tuple[list[Observation], bool]:
        """Return up to so many observations, and whether there are more."""
        self._notice_starts(counters)
        observations: list[Observation] = []
        for name in self._due(counters):
            # One more look when there is no more room: only that tells whether it is needed.
            if not await self._look_at(counters[name], observations, at_most):
                return observations, True
        return observations, False

    def _notice_starts(self, counters: Mapping[str, JailCounters]) -> None:
        for name, now in counters.items():
            jail = self._jails.setdefault(name, _Jail())
            before, jail.seen = jail.seen, now
            if before is None:
                # It is new, or was gone: it may be about to restore its bans.
                has_started = bool(jail.bans)
            else:
                has_started = now.total_banned < before.total_banned or now.total_failed < before.total_failed
            if has_started:
                self._expect_restoring()
        for name in self._jails.keys() - counters.keys():
            self._suspend(name)

    def _suspend(self, name: str) -> None:
        """Keep the bans of a jail that is gone until they are over: when it starts again they may be restored."""
        now = self._now().timestamp()
        bans = {id: ban for id, ban in self._jails[name].bans.items() if ban.end > now}
        self._jails[name] = _Jail(bans)
        if not bans:
            del self._jails[name]

    def _due(self, counters: Mapping[str, JailCounters]) -> list[str]:
        """Return the jails whose lists have to be read: all that moved, and one that was not looked at for long."""
        now = self._monotonic()
        due, overdue = [], []
        for name, counted in sorted(counters.items()):
            jail = self._jails[name]
            if counted.currently_banned > LONGEST_LIST or now < jail.not_before:
                continue
            if jail.counters is None or _have_moved(jail.counters, counted):
                due.append(name)
            elif now >= jail.look_again_at:
                overdue.append((jail.look_again_at, name))
        return due + [name for _, name in sorted(overdue)[:1]]

    async def _look_at(self, counted: JailCounters, observations: list[Observation], at_most: int) -> bool:
        """Add what changed in a jail, as far as it fits, and remember that much; False where not all did."""
        jail = self._jails[counted.name]
        try:
            listed = await self._list(counted) if counted.currently_banned or jail.bans else {}
        except UnknownJail:
            return True  # stopped between the two commands; the next look leaves it out
        now, clock = self._now(), self._monotonic()
        is_restoring = clock < self._restored_at
        for change in list(changes(jail.bans, listed, now.timestamp(), may_be_incomplete=is_restoring)):
            is_told = change.began is not None or self._tells_unbans
            if is_told and len(observations) >= at_most:
                jail.counters = None
                return False
            if change.began is not None:
                jail.bans[change.id] = change.began
            else:
                del jail.bans[change.id]
            if is_told:
                observations.append(self._observation(counted.name, change, now))
        self._remember(jail, counted, clock, is_restoring=is_restoring and len(jail.bans) > len(listed))
        return True

    def _remember(self, jail: _Jail, counted: JailCounters, clock: float, *, is_restoring: bool) -> None:
        """Take note of when a list has to be read again."""
        has_moved = jail.counters is None or _have_moved(jail.counters, counted)
        jail.counters = counted
        jail.not_before = clock + max(self._pace.interval, _SECONDS_PER_BAN * counted.currently_banned)
        jail.look_again_at = clock + (self._pace.settle if has_moved else self._pace.refresh)
        if is_restoring:
            jail.look_again_at = min(jail.look_again_at, self._restored_at)

    async def _list(self, counted: JailCounters) -> dict[str, InForce]:
        return {ban.id: _in_force(ban) for ban in await self._gateway.perform(ReadBans(counted.name))}

    def _observation(self, jail: str, change: Change, now: datetime) -> Observation:
        if change.began is not None:
            kind, time, duration = EventKind.BAN, change.began.start * 1000, change.began.duration
            return Observation(self._gateway.host, jail, change.id, kind, time, Source.SOCKET, duration=duration)
        # A ban that was over by now ended when it was over; one that was not was lifted at some time before now.
        end = change.ended.end if change.ended is not None else 0.0
        time = int(min(end, now.timestamp()) * 1000)
        return Observation(self._gateway.host, jail, change.id, EventKind.UNBAN, time, Source.SOCKET)


def _in_force(ban: Ban) -> InForce:
    return InForce(int(ban.banned_at.timestamp()), PERMANENT if ban.duration is None else ban.duration)


def _have_moved(before: JailCounters, now: JailCounters) -> bool:
    return (before.currently_banned, before.total_banned) != (now.currently_banned, now.total_banned)
